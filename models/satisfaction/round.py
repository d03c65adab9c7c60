from odoo import fields, models

from .invitation import NpoOpinionInvitation as Invitation
from .subject_mixin import NpoOpinionSubjectMixin


class NpoBeneficiary(models.Model):
    """Once a year, all with a file in force are asked what they think (R072, R075)."""

    _name = "npo.beneficiary"
    _inherit = ["npo.beneficiary", NpoOpinionSubjectMixin._name]

    _opinion_event = "periodic"


class NpoOpinionPlan(models.Model):
    """A planned round of questions is sent from its plan (R185, P003)."""

    _inherit = "npo.opinion.plan"

    audience = fields.Selection(
        [
            ("beneficiary", "Beneficiaries"),
            ("supporter", "Supporters"),
            ("volunteer", "Volunteers"),
            ("supplier", "Suppliers"),
            ("staff", "Staff"),
        ],
        "Who is asked",
        default="beneficiary",
        required=True,
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Contacts",
        check_company=True,
        help="Whom of the stakeholders; beneficiaries are those with a file in force.",
    )
    invited = fields.Integer("Invited", readonly=True, copy=False)

    def action_invite(self):
        """Ask everybody of the plan, once in its year."""
        self.check_access("write")
        self.sudo().partner_ids.with_env(self.env).check_access("read")
        for plan in self:
            made = plan.sudo()._invite_all()
            plan.sudo().invited += len(made)

    def _invite_all(self):
        """Return the new invitations of a round; others follow their own events."""
        invitations = self.env[Invitation._name]
        rounds = {"round_name": str(self.year)}
        if self.event == "periodic":
            files = self.env["npo.beneficiary"].search(
                [("company_id", "=", self.company_id.id), ("state", "=", "active")],
                order="id",
            )
            return invitations._invite("periodic", files, **rounds)
        if self.event not in ("stakeholder", "internal"):
            return invitations
        rows = [
            invitations._contact_row(self.event, partner, self.company_id)
            for partner in self.partner_ids
        ]
        return invitations._insert(
            self.event,
            [row for row in rows if row],
            "waiting",
            audience=self.audience,
            **rounds,
        )


class NpoOpinionInvitation(models.Model):
    _inherit = Invitation._name

    def _contact_row(self, event, partner, company):
        """Return what is kept of a contact that is asked."""
        facts = {
            "partner": partner,
            "company": company,
            "site": False,
            "service": False,
            "channel": False,
        }
        return self._row(event, partner, facts)
