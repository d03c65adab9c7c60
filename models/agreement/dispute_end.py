from odoo import fields, models
from odoo.exceptions import UserError

from .dispute import OPEN_STAGES
from .dispute_flow import BEFORE_OTHERS, HANDLERS


class NpoDispute(models.Model):
    """How a dispute ends: by a deed that both sign, or by a judgment (R144)."""

    _inherit = "npo.dispute"
    _flow_fields = frozenset(
        {
            "closing_note",
            "date_deed",
            "date_party_signed",
            "date_we_signed",
            "date_settled",
            "judgment_amount",
            "judgment_court",
            "judgment_date",
            "judgment_is_final",
            "judgment_number",
            "party_signature",
            "party_signed_by_id",
            "party_typed_name",
            "settled_method",
            "settlement_amount",
            "settlement_terms",
            "we_signed_by_id",
        }
    )

    # the deed
    settlement_terms = fields.Text("Terms of the settlement", readonly=True)
    settlement_amount = fields.Monetary("Amount of the settlement", readonly=True)
    date_deed = fields.Date("Deed offered on", readonly=True, copy=False)
    party_signature = fields.Image(
        "Signature of the other party",
        max_width=1024,
        max_height=1024,
        readonly=True,
        copy=False,
    )
    party_typed_name = fields.Char("Signed by typing", readonly=True, copy=False)
    party_signed_by_id = fields.Many2one(
        "res.partner", string="Other party signed by", readonly=True, copy=False
    )
    date_party_signed = fields.Datetime(
        "Other party signed on", readonly=True, copy=False
    )
    we_signed_by_id = fields.Many2one(
        "res.users", string="Association signed by", readonly=True, copy=False
    )
    date_we_signed = fields.Datetime("Association signed on", readonly=True, copy=False)
    deed_file = fields.Binary("Signed deed", attachment=True, copy=False)
    deed_file_name = fields.Char("Name of the signed deed", copy=False)
    date_settled = fields.Date("Settled on", readonly=True, copy=False)
    settled_method = fields.Char("Settled at the step", readonly=True, copy=False)

    # the judgment
    judgment_number = fields.Char("Number of the judgment", readonly=True, copy=False)
    judgment_court = fields.Char("Given by", readonly=True, copy=False)
    judgment_date = fields.Date("Judged on", readonly=True, copy=False)
    judgment_is_final = fields.Boolean("Final", readonly=True, copy=False)
    judgment_amount = fields.Monetary("Amount adjudged", readonly=True, copy=False)
    judgment_file = fields.Binary("Judgment", attachment=True, copy=False)
    judgment_file_name = fields.Char("Name of the judgment", copy=False)
    closing_note = fields.Text("What came of it", readonly=True, copy=False)

    def write(self, vals):
        # EXTENDS npo.case.mixin: what was signed or judged stays as it was
        files = {"deed_file", "judgment_file"} & set(vals)
        if files and not self.env.su and any(self.mapped("is_closed")):
            raise UserError(
                self.env._("The dispute is settled: its papers stay as they are.")
            )
        if "judgment_file" in vals and not self.env.su:
            raise UserError(self.env._("A judgment is recorded by its button."))
        return super().write(vals)

    # ------------------------------------------------------------
    # SETTLED
    # ------------------------------------------------------------

    def _offer_deed(self, terms, amount=0.0):
        """Write what both agree on; the other party signs it here or on paper."""
        self.ensure_one()
        self._check_step(HANDLERS, *OPEN_STAGES)
        terms = self._words(terms)
        if amount < 0:
            raise UserError(self.env._("An amount is not negative."))
        if self.date_party_signed:
            raise UserError(
                self.env._("The other party has signed the deed: it stays as it is.")
            )
        self.sudo().write(
            {
                "settlement_terms": terms,
                "settlement_amount": amount,
                "date_deed": self.company_id._npo_today(),
                "we_signed_by_id": False,
                "date_we_signed": False,
            }
        )
        self._notify("dispute_deed", once=f"d{self.env.cr.now():%Y%m%d%H%M%S}")

    def action_sign_deed(self):
        """Sign the deed for the association, as who may bind it."""
        self._check_step(["general_manager"], *OPEN_STAGES)
        self._require_deed()
        self.sudo().write(
            {"we_signed_by_id": self.env.uid, "date_we_signed": fields.Datetime.now()}
        )

    def _require_deed(self):
        for dispute in self.sudo():
            if not dispute.date_deed:
                raise UserError(self.env._("Write the terms of the settlement first."))

    def action_settle(self):
        """Note that it is settled: both signed, here or on the paper attached."""
        self._check_step(HANDLERS, *OPEN_STAGES)
        self._require_deed()
        for dispute in self.sudo():
            signed = dispute.date_party_signed and dispute.date_we_signed
            if not (signed or dispute.deed_file):
                raise UserError(
                    self.env._(
                        "Both parties sign the deed first, here and in the portal, or"
                        " the signed deed is attached."
                    )
                )
            method = dispute.step_id.method or dispute.step_ids[:1].method
            dispute._end_step("settled")
            dispute.with_env(self.env)._move(
                "settled",
                settled_method=method,
                date_settled=dispute.company_id._npo_today(),
            )
        self._notify("dispute_settled")

    # ------------------------------------------------------------
    # JUDGED
    # ------------------------------------------------------------

    def _judge(self, vals):
        """Record a judgment; a final one with its paper. Finality may come later.

        :param dict vals: the `judgment_…` fields
        """
        self.ensure_one()
        self._check_step(["legal_adviser"], *BEFORE_OTHERS, "judgment")
        if self.judgment_is_final:
            raise UserError(self.env._("The judgment is final."))
        for name in ("judgment_number", "judgment_court", "judgment_date"):
            if not vals.get(name):
                raise UserError(
                    self.env._("Write the number, the court and the day of it.")
                )
        if vals["judgment_date"] > self.company_id._npo_today():
            raise UserError(self.env._("A judgment was given today or before."))
        if vals.get("judgment_is_final") and not (
            vals.get("judgment_file") or self.judgment_file
        ):
            raise UserError(self.env._("Attach the final judgment."))
        if not vals.get("judgment_file"):
            vals = {
                key: vals[key] for key in vals if not key.startswith("judgment_file")
            }
        self._end_step("judged", vals["judgment_number"])
        if self.stage_code == "judgment":
            self.sudo().write(vals)
        else:
            self._move("judgment", **vals)
        self._notify(
            "dispute_judged", once="final" * bool(vals.get("judgment_is_final"))
        )
