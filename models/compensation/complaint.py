from odoo import api, fields, models
from odoo.exceptions import UserError

from ..voice.complaint import NpoComplaint as Base
from ..voice.complaint_action import NpoComplaintAction as BaseAction
from .compensation import NpoCompensation as BaseCase


class NpoComplaint(models.Model):
    """A complaint that asks for a compensation (R131, glossary 17.4).

    What is kept close leaves no trace on the case: neither its number nor its words.
    """

    _inherit = Base._name

    def action_compensate(self):
        """Open a compensation case for the person, and note it among the actions."""
        self.ensure_one()
        self._require_handler()
        complaint = self.sudo()
        if not complaint.partner_id:
            raise UserError(
                self.env._("Match the person first: a claim is that of somebody known.")
            )
        if complaint.action_ids.compensation_id.filtered(lambda one: not one.is_closed):
            raise UserError(
                self.env._("A compensation case is open for this complaint already.")
            )
        case = self.env["npo.compensation"]._receive(self._compensation_vals())
        self.env["npo.complaint.action"].sudo().create(
            {
                "complaint_id": self.id,
                "kind": "compensation",
                "user_id": self.env.uid,
                "result": case.name,
                "compensation_id": case.id,
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The compensation case is %s.", case.name),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _compensation_vals(self):
        complaint = self.sudo()
        vals = {
            "company_id": complaint.company_id.id,
            "currency_id": complaint.company_id.currency_id.id,
            "site_id": complaint.site_id.id,
            "partner_id": complaint.partner_id.id,
            "representative_id": complaint.representative_id.id,
        }
        if complaint.confidentiality != "normal":
            return vals | self._generic_claim()
        return vals | {
            "complaint_id": complaint.id,
            "title": complaint.title,
            "description": complaint.description,
            "remedy_asked": complaint.remedy_sought,
            "request_id": complaint.request_id.id,
        }

    @api.model
    def _generic_claim(self):
        """Return what a case says of a complaint that is kept close."""
        return {
            "title": self.env._("Claim for harm"),
            "description": self.env._("What happened is told by the harmed party."),
        }

    def write(self, vals):
        # EXTENDS: what becomes kept close takes its words back
        result = super().write(vals)
        if {"confidentiality", "category_id", "kind"} & set(vals):
            close = self.sudo().filtered(lambda case: case.confidentiality != "normal")
            cases = self.env["npo.compensation"].sudo()
            cases = cases.search([("complaint_id", "in", close.ids)])
            cases._hide_origin()
            cases.write(
                {"complaint_id": False, "remedy_asked": False, **self._generic_claim()}
            )
        return result


class NpoCompensation(models.Model):
    _inherit = BaseCase._name

    def _hide_origin(self):
        """Leave what was said and logged before a complaint was sealed to that (P092).

        The case goes on; its talk, letters and moves until now tell whose it was.
        """
        for case in self.filtered("complaint_id"):
            if sealed := case.complaint_id._sealed_ones():
                messages, _tasks, meetings = sealed._traces(case)
                messages.notification_ids.unlink()
                messages.sealed_complaint_id = sealed
                meetings.sealed_complaint_id = sealed
                case.stage_log_ids.complaint_id = sealed
                case.message_log_ids.complaint_id = sealed


class NpoComplaintAction(models.Model):
    _inherit = BaseAction._name

    compensation_id = fields.Many2one(
        "npo.compensation",
        "Compensation case",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
