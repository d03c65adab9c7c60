from odoo import fields, models


class NpoReminder(models.Model):
    """Who was told, when, that a case is about to be late or is late (R067, Annex B).

    Written by the cron together with the mark on the case, in one transaction: what
    is marked was said, and is not said again.
    """

    _name = "npo.reminder"
    _description = "Reminder of a Case"
    _order = "id desc"
    _rec_name = "kind"

    res_model = fields.Char("Kind of case", required=True)
    res_id = fields.Many2oneReference("Case", model_field="res_model", required=True)
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    kind = fields.Selection(
        [
            ("window_1", "Answer due: committee chair"),
            ("window_2", "Answer due: general manager"),
            ("window_3", "Answer late"),
            ("stage_1", "Too long in its stage: head of the level"),
            ("stage_2", "Too long in its stage: general manager"),
        ],
        required=True,
    )
    user_id = fields.Many2one("res.users", string="Told", index=True)
    date = fields.Datetime("On", required=True)
    date_due = fields.Date("Due")
