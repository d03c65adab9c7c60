from odoo import fields, models
from odoo.fields import Domain

from ..policy.board import NpoBoardMember


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_mitigation_days = fields.Integer(
        "Days to limit a damage",
        default=3,
        help="⚖ Within how many working days something is done to limit the damage of a"
        " claim.",
    )
    npo_admission_user_ids = fields.Many2many(
        "res.users",
        "npo_admission_signer_rel",
        "company_id",
        "user_id",
        string="Who signs for the association",
        help="⚖ Who may admit a breach and sign a settlement. Empty: the members of"
        " the board in office, and the general manager.",
    )
    npo_release_clause = fields.Text(
        "Release clause of settlements",
        help="⚖ What the harmed party signs. Empty: the clause of the product.",
    )

    _npo_mitigation_days_positive = models.Constraint(
        "CHECK (npo_mitigation_days > 0)",
        "There is one day at least to limit a damage.",
    )

    def _npo_apply_profile(self, code):
        # EXTENDS: with compensations come the proposed bands of their approval
        version = super()._npo_apply_profile(code)
        if version.sudo().use_compensation:
            self.env["npo.authority.line"]._propose_bands(self)
        return version

    def _npo_admission_signers(self):
        """Return the contacts who may sign for the association (R141, R143)."""
        self.ensure_one()
        company = self.sudo()
        if company.npo_admission_user_ids:
            return company.npo_admission_user_ids.partner_id
        members = self.env[NpoBoardMember._name].sudo()
        domain = members._in_office_domain(company._npo_today())
        board = members.search(domain & Domain("company_id", "=", company.id))
        managers = company._npo_role_holders("general_manager")
        return board.partner_id | managers.partner_id
