from odoo import api, fields, models
from odoo.exceptions import ValidationError


class NpoDocumentType(models.Model):
    """A kind of document that people bring (glossary 9)."""

    _name = "npo.document.type"
    _description = "Document Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_identity = fields.Boolean(
        "Identity document",
        help="Matched with the original, never copied, unless the association has"
        " recorded a legal basis for it.",
    )
    is_restricted = fields.Boolean(
        "Restricted",
        help="Health and other sensitive matters: only readers of health data see the"
        " number and the file.",
    )
    has_expiry = fields.Boolean("Has an expiry date")
    requires_expiry = fields.Boolean(
        "Expiry date required", help="Without its expiry date it cannot be matched."
    )
    max_age_days = fields.Integer(
        "Oldest (days)",
        help="How many days after its issue it may still be submitted; 0: any age.",
    )
    store_image = fields.Boolean("Keep a file", default=True)

    _code_uniq = models.UniqueIndex("(code)", "This document code exists already.")
    _max_age_positive = models.Constraint(
        "CHECK (max_age_days >= 0)", "The oldest age cannot be negative."
    )

    @api.constrains("has_expiry", "requires_expiry")
    def _check_expiry(self):
        if any(kind.requires_expiry and not kind.has_expiry for kind in self):
            raise ValidationError(
                self.env._("A document without an expiry date cannot require one.")
            )
