from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .interaction import NpoInteraction as Base

# What may come of a contact: model -> the field that counts it on the form.
OUTCOMES = {
    "npo.inquiry": "inquiry_count",
    "npo.complaint": "complaint_count",
    "npo.suggestion": "suggestion_count",
    "npo.request": "request_count",
    "npo.appointment": "appointment_count",
}
HANDLERS = (
    "service_representative",
    "relations_officer",
    "branch_delegate",
    "complaint_officer",
    "centre_officer",
)


class NpoInteraction(models.Model):
    """What comes of a contact, by one key: nothing is typed a second time (R085)."""

    _inherit = Base._name

    inquiry_count = fields.Integer(compute="_compute_outcomes")
    complaint_count = fields.Integer(compute="_compute_outcomes")
    suggestion_count = fields.Integer(compute="_compute_outcomes")
    request_count = fields.Integer(compute="_compute_outcomes")
    appointment_count = fields.Integer(compute="_compute_outcomes")

    @api.depends_context("uid")
    def _compute_outcomes(self):
        """Count what came of each, as far as the reader may see it."""
        for model, name in OUTCOMES.items():
            counts = self._outcome_counts(self.env[model])
            for interaction in self:
                interaction[name] = counts.get(interaction._origin.id, 0)

    def _outcome_counts(self, model):
        """Return {id of a contact: how many records of a model came of it}."""
        if not model.has_access("read"):
            return {}
        groups = model._read_group(
            self._outcome_domain(), ["interaction_id"], ["__count"]
        )
        return {interaction.id: count for interaction, count in groups}

    def _outcome_domain(self):
        return Domain("interaction_id", "in", self.ids)

    # ------------------------------------------------------------
    # ONE KEY
    # ------------------------------------------------------------

    def action_inquiry(self):
        """Record the question that the person asks."""
        return self._open_new("npo.inquiry", self.env._("New inquiry"))

    def action_complaint(self):
        """Record the complaint that the person makes."""
        action = self._open_new("npo.complaint.desk", self.env._("New complaint"))
        action["target"] = "new"
        carried = action["context"]
        del carried["default_channel_id"]  # if it is open for complaints, it is chosen
        action["context"] = {
            **carried,
            "default_social_link": self.link,
            "default_external_reference": self.outside_ref,
        }
        return action

    def action_suggestion(self):
        """Record what the person proposes, or thanks for."""
        return self._open_new("npo.suggestion", self.env._("New suggestion"))

    def action_request(self):
        """Receive the person with a request for support (R090)."""
        action = self._open_new("npo.request.intake", self.env._("Receive a Person"))
        file = self._file()
        action["target"] = "new"
        action["context"] = {
            "default_interaction_id": self.id,
            "default_query": file.file_no or self._who(),
            "default_site_id": self.site_id.id,
            "default_description": self._words(),
        }
        return action

    def action_appointment(self):
        """Ask for an appointment with an official for the person (R192)."""
        action = self._open_new("npo.appointment.book", self.env._("New appointment"))
        action["target"] = "new"
        action["context"] = {
            "default_interaction_id": self.id,
            "default_partner_id": self.partner_id.id,
            "default_subject": self.subject,
            "default_source": "counter" if self.is_on_premises else "phone",
        }
        return action

    def action_view_outcome(self):
        """Open what came of the contact, of the kind that the context names."""
        self.ensure_one()
        self.check_access("read")
        kind = self.env.context.get("npo_outcome")
        model = self.env[kind if kind in OUTCOMES else "npo.inquiry"]
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": model._name,
            "view_mode": "list,form",
            "domain": list(self._outcome_domain()),
            "context": {"create": False},
        }

    def _open_new(self, model, name):
        """Return the form of what comes of the contact, filled as far as known."""
        self.ensure_one()
        self._check_handler()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "context": {
                f"default_{key}": value for key, value in self._carried().items()
            },
        }

    def _check_handler(self):
        user = self.env.user
        if not any(
            user.has_group(f"npo_relations.group_npo_{role}") for role in HANDLERS
        ):
            raise AccessError(
                self.env._("Contacts are dealt with by reception and the officers.")
            )
        self.check_access("write")

    def _carried(self):
        """Return what a contact hands on to what comes of it."""
        return {
            "interaction_id": self.id,
            "company_id": self.company_id.id,
            "site_id": self.site_id.id,
            "channel_id": self.channel_id.id,
            "partner_id": self.partner_id.id,
            "contact_name": self.contact_name,
            "contact_phone": self.contact_phone or self.phone_number,
            "contact_email": self.contact_email,
            "title": self.subject,
            "description": self._words(),
        }

    def _words(self):
        """Return what was said, to be handed on."""
        return self.summary or self.subject

    def _who(self):
        """Return by what the person is looked for, where there is no file yet."""
        return (
            self.partner_id.phone
            or self.contact_phone
            or self.phone_number
            or self.partner_id.name
            or self.contact_name
        )

    def _file(self):
        """Return the person's file, if there is one that the user may read."""
        files = self.env["npo.beneficiary"]
        if not self.partner_id or not files.has_access("read"):
            return files
        return files.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )
