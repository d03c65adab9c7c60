from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.people.consent import METHODS

OFFICERS = (
    "npo_relations.group_npo_service_representative,"
    "npo_relations.group_npo_branch_delegate"
)


class NpoConsentRecord(models.TransientModel):
    """Record at the desk what a person agrees to, or withdraws (D18, P011)."""

    _name = "npo.consent.record"
    _description = "Consent at the Desk"

    partner_id = fields.Many2one("res.partner", string="Person", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    step = fields.Selection(
        [("give", "Agrees"), ("withdraw", "Withdraws"), ("notice", "Notice shown")],
        required=True,
        default="give",
    )
    available_ids = fields.Many2many(
        "npo.consent.purpose", compute="_compute_available_ids"
    )
    purpose_ids = fields.Many2many(
        "npo.consent.purpose",
        string="To",
        domain="[('id', 'in', available_ids)]",
    )
    sentences = fields.Text("Read this to the person", compute="_compute_sentences")
    method = fields.Selection(
        lambda self: [
            item
            for item in self.env["npo.consent"]
            ._fields["method"]
            ._description_selection(self.env)
            if item[0] != "portal"
        ],
        required=True,
        default=METHODS[1][0],
    )
    witness_name = fields.Char("Name of the witness")
    given_by_id = fields.Many2one(
        "res.partner", string="On behalf of the person, by", check_company=True
    )
    proof = fields.Binary("Scan of the page")
    proof_name = fields.Char()

    @api.depends("partner_id", "company_id", "step")
    def _compute_available_ids(self):
        consents = self.env["npo.consent"]
        for form in self:
            kind = "notice" if form.step == "notice" else "consent"
            purposes = self.env["npo.consent.purpose"]._of(form.company_id, kind)
            given = consents._current(form.partner_id, form.company_id).purpose_id
            form.available_ids = (
                purposes & given if form.step == "withdraw" else purposes
            ).with_env(self.env)

    @api.depends("purpose_ids", "company_id", "step")
    def _compute_sentences(self):
        for form in self:
            texts = form.purpose_ids._current_texts(form.company_id)
            form.sentences = "\n".join(
                f"– {text._sentence(form.company_id)}"
                for text in texts.values()
                if form.step != "withdraw"
            )

    @api.onchange("step")
    def _onchange_step(self):
        self.purpose_ids = self.available_ids if self.step == "notice" else False

    def action_confirm(self):
        self.ensure_one()
        if not self.env.user.has_groups(OFFICERS):
            raise AccessError(self.env._("Your role does not record consents."))
        self._check_person()
        if not self.purpose_ids or self.purpose_ids - self.available_ids:
            raise UserError(self.env._("Choose what it is about."))
        consents = self.env["npo.consent"]
        if self.step == "withdraw":
            current = consents._current(
                self.partner_id, self.company_id, self.purpose_ids
            )
            if not current:
                raise UserError(self.env._("This was withdrawn already."))
            self._check_spoken()
            current.with_env(self.env)._withdraw(self.method, self.witness_name)
            return
        consents._give(
            self.partner_id,
            self.purpose_ids,
            self.company_id,
            self.method,
            witness_name=self.witness_name,
            given_by_id=self.given_by_id.id,
            proof=self.proof,
            proof_name=self.proof_name,
        )

    def _check_person(self):
        """The person is one whom the user may read, in an association of theirs."""
        self.partner_id.check_access("read")
        files = self.partner_id.sudo().npo_beneficiary_ids
        if files and not files.with_env(self.env)._filtered_access("read"):
            raise AccessError(self.env._("This person's file is not yours to see."))
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This is another association's form."))

    def _check_spoken(self):
        if self.method == "witness" and not self.witness_name:
            raise UserError(
                self.env._("What was spoken needs a witness: write the name.")
            )
