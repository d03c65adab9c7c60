from odoo import fields, models
from odoo.exceptions import AccessError

HELD = [
    ("hold", "A legal hold is on it"),
    ("open", "Something of it is open, or its time has not run"),
    ("gone", "It is no longer there"),
    ("failed", "It could not be carried out: the log of the server says why"),
]


class NpoDestructionLine(models.Model):
    """One record of a session: by its number alone, and what became of it (D17).

    Written by the session. It is what shows later that a record was made nameless.
    """

    _name = "npo.destruction.line"
    _description = "Line of a Destruction Session"
    _order = "id"
    _rec_name = "res_id"

    session_id = fields.Many2one(
        "npo.destruction.session", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="session_id.company_id", store=True, precompute=True
    )
    rule_id = fields.Many2one(
        "npo.retention.rule", "Kind of records", required=True, ondelete="restrict"
    )
    class_id = fields.Many2one(
        "npo.retention.class", "Retention class", required=True, ondelete="restrict"
    )
    res_id = fields.Integer("Number", required=True, aggregator=None)
    by_request = fields.Boolean("Asked for by the person")
    date_from = fields.Date("Counted from")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Made nameless"),
            ("held", "Skipped"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
    )
    held_reason = fields.Selection(HELD, "Why it was skipped")
    held_by = fields.Char("What holds it", help="Kinds of records that are not over.")
    date_done = fields.Datetime("On")

    _waiting_idx = models.Index("(session_id, id) WHERE state = 'waiting'")
    _record_idx = models.Index("(rule_id, res_id)")

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("The lines are written by the session."))
        return super().write(vals)
