from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..centre.interaction import NpoInteraction as Contact
from ..centre.interaction_visit import NpoInteraction as Ending
from .visit import NpoVisit as Base

SECTION_OF = {"male": "men", "female": "women"}


class NpoVisit(models.Model):
    """The contact of a visit: inquiries, complaints, requests come of it (R105, R212).

    A visitor who is served has one contact on record. A contact that was recorded on
    the premises without a visit makes its visit, so that nobody is counted twice and
    nobody is left out.
    """

    _inherit = Base._name

    interaction_ids = fields.One2many("npo.interaction", "visit_id", string="Contact")

    def _open_contact(self):
        """Open the contact of visits that are served, where the policy knows one."""
        bare = self.filtered(lambda visit: not visit.sudo().interaction_ids)
        if channel := self._contact_channel():
            # in sudo: which visit a contact belongs to is nobody's to write
            self.env["npo.interaction"].sudo().create(
                [visit._contact_vals(channel) for visit in bare]
            )

    def _contact_channel(self):
        """Return the channel of a talk at the counter; none if the policy has none."""
        version = self.company_id[:1].sudo().npo_policy_version_id
        interview = self.env.ref("npo_relations.channel_interview")
        if not version:
            return interview
        channels = self.env["npo.interaction"]._open_channels(version)
        in_person = channels.filtered(lambda channel: channel.kind == "in_person")
        return interview & in_person or in_person[:1]

    def _contact_vals(self, channel):
        return {
            "visit_id": self.id,
            "company_id": self.company_id.id,
            "site_id": self.site_id.id,
            "channel_id": channel.id,
            "partner_id": self.partner_id.id,
            "contact_name": not self.partner_id and self.visitor_name,
            "subject": self.purpose_id.name,
            "date": self.date_started,
            "is_on_premises": True,
        }

    def _contact(self):
        """Return the contact of the visit, or say that it is opened by serving."""
        self.ensure_one()
        self._check_counter()
        if self.interaction_ids:
            return self.interaction_ids
        if self.state != "serving":
            raise UserError(self.env._("Begin to serve the visitor first."))
        self._open_contact()
        if not self.interaction_ids:
            raise UserError(
                self.env._("The policy in force knows no contact in person.")
            )
        return self.interaction_ids

    def action_contact(self):
        """Open the contact of the visit."""
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "npo.interaction",
            "res_id": self._contact().id,
            "view_mode": "form",
        }

    def action_inquiry(self):
        """Record a question of the visitor."""
        return self._contact().action_inquiry()

    def action_complaint(self):
        """Record a complaint of the visitor (R205)."""
        return self._contact().action_complaint()

    def action_request(self):
        """Receive the visitor with a request for support (R212)."""
        return self._contact().action_request()

    def _check_nothing_open(self):
        """Raise while a question is neither answered nor passed on (R105)."""
        for contact in self.interaction_ids:
            contact._check_nothing_open()

    def _end_contact(self):
        """End the contacts of visits that were ended."""
        if contacts := self.interaction_ids.filtered(lambda one: not one.date_ended):
            contacts.action_end()

    # ------------------------------------------------------------
    # A CONTACT WITHOUT A VISIT
    # ------------------------------------------------------------

    @api.model
    def _from_contacts(self, contacts):
        """Register the ended visits of contacts recorded on the premises; in sudo."""
        purpose = self.env.ref("npo_relations.visit_purpose_other")
        vals_list = [
            {
                "site_id": contact.site_id.id,
                "section": SECTION_OF.get(
                    contact.partner_id.sudo().npo_gender, "family"
                ),
                "partner_id": contact.partner_id.id,
                "visitor_name": contact.contact_name,
                "purpose_id": purpose.id,
                "date_arrived": contact.date,
            }
            for contact in contacts
        ]
        visits = self.create(vals_list)
        for visit, contact in zip(visits, contacts, strict=True):
            ended = visit.date_arrived + timedelta(minutes=contact.duration)
            visit._step(
                {
                    "state": "done",
                    "result": "completed",
                    "user_id": contact.user_id.id,
                    "date_called": visit.date_arrived,
                    "date_started": visit.date_arrived,
                    "date_ended": ended,
                    "service_minutes": contact.duration,
                }
            )
            contact.visit_id = visit


class NpoInteraction(models.Model):
    """A contact on the premises is a visit, counted once (R086, R172)."""

    _inherit = Contact._name

    _step_fields = Ending._step_fields | {"visit_id"}

    visit_id = fields.Many2one(
        "npo.visit", "Visit", readonly=True, copy=False, index=False
    )

    _visit_uniq = models.UniqueIndex(
        "(visit_id) WHERE visit_id IS NOT NULL", "This visit has its contact already."
    )

    def _recorded(self):
        # EXTENDS npo.interaction
        super()._recorded()
        self._count_visitors()

    def write(self, vals):
        # EXTENDS npo.interaction
        result = super().write(vals)
        if vals.get("is_on_premises"):
            self._count_visitors()
        if vals.get("partner_id"):
            # who was a visitor without a name is one contact from here on (R212)
            nameless = self.sudo().visit_id.filtered(lambda one: not one.partner_id)
            nameless.partner_id = vals["partner_id"]
        return result

    def _count_visitors(self):
        """Count who was on the premises without having been registered there."""
        uncounted = self.filtered(
            lambda one: (
                one.is_on_premises
                and not one.visit_id
                and not one.is_stripped
                and one.direction == "in"
            )
        )
        if uncounted:
            # in sudo: some who record contacts do not serve at the counter
            self.env["npo.visit"].sudo()._from_contacts(uncounted.sudo())

    def action_end(self):
        # EXTENDS: the visit of a contact ends with it
        result = super().action_end()
        for visit in self.sudo().visit_id.filtered(lambda one: one.state == "serving"):
            visit.action_end(visit.result or "completed")
        return result

    def _strip(self, case=None):
        # EXTENDS: the visit, too, tells nobody who came with a sealed case
        super()._strip(case)
        other = self.env.ref("npo_relations.visit_purpose_other")
        self.sudo().visit_id.write(
            {
                "partner_id": False,
                "visitor_name": False,
                "purpose_id": other.id,
                "other_purpose_ids": False,
            }
        )
