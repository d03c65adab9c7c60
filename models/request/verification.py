from odoo import api, fields, models
from odoo.exceptions import ValidationError


class NpoVerificationItem(models.Model):
    """What the officer verifies on each request (R116); a list of the office."""

    _name = "npo.verification.item"
    _description = "Item to Verify"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_mandatory = fields.Boolean("Mandatory", default=True)
    is_money = fields.Boolean("For cash services only")

    _code_uniq = models.UniqueIndex("(code)", "This item exists already.")


class NpoVerification(models.Model):
    """One item verified on a request: from which source, with which result."""

    _name = "npo.verification"
    _description = "Verification"
    _order = "request_id, sequence, id"
    _rec_name = "item_id"

    request_id = fields.Many2one(
        "npo.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True
    )
    item_id = fields.Many2one(
        "npo.verification.item", string="Item", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="item_id.sequence", store=True, precompute=True)
    is_mandatory = fields.Boolean("Mandatory")
    source = fields.Selection(
        [
            ("original", "The original"),
            ("platform", "Official platform"),
            ("call", "Call to the body"),
            ("visit", "Visit"),
            ("witness", "Witnesses"),
            ("partner", "Partner body"),
        ]
    )
    result = fields.Selection(
        [
            ("verified", "Verified"),
            ("mismatch", "Does not match"),
            ("not_possible", "Could not be verified"),
        ]
    )
    note = fields.Char()
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    date = fields.Datetime("On", readonly=True)

    _request_item_uniq = models.UniqueIndex(
        "(request_id, item_id)", "This item is on the checklist already."
    )

    @api.constrains("result", "source", "note")
    def _check_result(self):
        for verification in self:
            if verification.result == "verified" and not verification.source:
                raise ValidationError(
                    self.env._(
                        "Say from which source “%s” was verified.",
                        verification.item_id.name,
                    )
                )
            if (
                verification.result in ("mismatch", "not_possible")
                and not (verification.note or "").strip()
            ):
                raise ValidationError(
                    self.env._(
                        "Write a note on what was found about “%s”.",
                        verification.item_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        verifications = super().create([self._stamp(vals) for vals in vals_list])
        verifications.request_id._check_not_frozen()
        return verifications

    def write(self, vals):
        self.request_id._check_papers_not_frozen()
        return super().write(self._stamp(vals))

    def _stamp(self, vals):
        """Return the values with who verified and when, whatever the caller says."""
        if self.env.su:
            return vals
        vals = {key: vals[key] for key in vals if key not in ("user_id", "date")}
        if {"result", "source"} & set(vals):
            vals.update(user_id=self.env.uid, date=fields.Datetime.now())
        return vals
