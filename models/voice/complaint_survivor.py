from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .complaint import NpoComplaint as Base
from .complaint_records import COMPLAINT

# What the person may want, beside nothing yet.
AGREES = "unit"


class NpoAuthority(models.Model):
    """A body outside that helps, or that must be told (P095); the list is editable."""

    _name = "npo.authority"
    _description = "Authority"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    phone = fields.Char()
    note = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class NpoComplaint(models.Model):
    """What the person who suffered it wants: nothing happens over their head (P096)."""

    _inherit = Base._name

    survivor_choice = fields.Selection(
        [
            ("asked_not", "Not asked yet"),
            ("support", "Support only, no investigation"),
            ("investigate", "Investigation without contact to the unit"),
            (AGREES, "The unit may be contacted"),
            ("authority", "Hand it to an authority"),
        ],
        string="What the person wants",
        default="asked_not",
        required=True,
        copy=False,
        help="Of a sealed complaint. Amicable settlement is not offered.",
    )

    @api.constrains("outcome", "confidentiality")
    def _check_no_settlement(self):
        """Nobody is made to settle what was done to them (P096)."""
        for case in self._sealed_ones():
            if case.outcome == "resolved_informally":
                raise UserError(
                    self.env._("A sealed complaint is not settled amicably: decide it.")
                )

    def _send_to_unit(self, department, question, user=None, date_due=None):
        # EXTENDS: of what is sealed, only who was named for it may be asked
        if self._sealed_ones():
            if self.survivor_choice != AGREES:
                raise UserError(
                    self.env._(
                        "Ask the person first whether the unit may be contacted, and"
                        " record what they want."
                    )
                )
            if not user or user not in self.focal_user_ids:
                raise UserError(
                    self.env._(
                        "A sealed complaint goes to no unit. Name the person who must"
                        " know of it, then ask them."
                    )
                )
        return super()._send_to_unit(department, question, user, date_due)

    # ------------------------------------------------------------
    # REPEATED
    # ------------------------------------------------------------

    def _similar(self):
        # EXTENDS: what is not sealed does not tell that something sealed was said
        similar = super()._similar()
        return similar if self._sealed_ones() else similar - similar._sealed_ones()

    def _mark_duplicate(self, first):
        # EXTENDS: what points to a sealed complaint is sealed
        super()._mark_duplicate(first)
        if self.sudo().duplicate_of_id._sealed_ones() and not self._sealed_ones():
            self.sudo().write({"confidentiality": "sealed"})

    # ------------------------------------------------------------
    # REPRISALS
    # ------------------------------------------------------------

    @api.model
    def _protecting(self, partner, company):
        # EXTENDS: whoever is asked twice about a refusal learns that there is a
        # complaint; of what is sealed the focal persons are told instead
        return (
            super()
            ._protecting(partner, company)
            .filtered_domain(Domain("confidentiality", "!=", "sealed"))
        )

    @api.model
    def _watch(self, partner, company, event):
        """Tell the focal persons what was decided against who complained (P097)."""
        for case in super()._protecting(partner, company)._sealed_ones():
            case._task(case.focal_user_ids[:1], event)


class NpoComplaintAction(models.Model):
    _inherit = "npo.complaint.action"

    authority_id = fields.Many2one("npo.authority", help="To which it was referred.")


class NpoRequest(models.Model):
    _inherit = "npo.request"

    def _decide(self, decision, members, **vals):
        # EXTENDS npo.request
        result = super()._decide(decision, members, **vals)
        if decision == "rejected":
            for request in self.sudo():
                self.env[COMPLAINT]._watch(
                    request.partner_id,
                    request.company_id,
                    self.env._(
                        "Is it a reprisal? A request was refused: %s", request.name
                    ),
                )
        return result


class NpoBeneficiary(models.Model):
    _inherit = "npo.beneficiary"

    def action_suspend(self, reason_id=False, note=False):
        # EXTENDS npo.beneficiary
        result = super().action_suspend(reason_id, note)
        for file in self.sudo():
            self.env[COMPLAINT]._watch(
                file.partner_id,
                file.company_id,
                self.env._("Is it a reprisal? A file was suspended: %s", file.file_no),
            )
        return result
