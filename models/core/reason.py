from odoo import fields, models


class NpoReason(models.Model):
    """An entry of one of the lists of reasons (glossary 11.2), kept by the office."""

    _name = "npo.reason"
    _description = "Reason"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("rejection", "Rejection"),
            ("return", "Return"),
            ("hold", "Hold"),
            ("early_reply", "Early reply"),
            ("suspension", "Suspension"),
            ("cancel", "Cancellation"),
            ("reopen", "Reopening"),
        ],
        required=True,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_floor_exempt = fields.Boolean(
        "No committee reply",
        help="A rejection for this reason is no answer of the committee, so the "
        "shortest study time does not apply to it.",
    )

    _kind_code_uniq = models.UniqueIndex(
        "(kind, code)", "This reason exists already in its list."
    )
