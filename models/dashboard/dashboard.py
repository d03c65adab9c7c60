from odoo import fields, models


class NpoDashboard(models.Model):
    """The figures that a role looks at: which measures, in which order (D14).

    What stands on it is data: an association adds a line, or a dashboard of its own.
    """

    _name = "npo.dashboard"
    _description = "Dashboard"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    group_ids = fields.Many2many(
        "res.groups",
        "npo_dashboard_group_rel",
        "dashboard_id",
        "group_id",
        string="For",
        help="The roles that see it. Empty: nobody does.",
    )
    period = fields.Selection(
        [
            ("day", "Day"),
            ("week", "Week"),
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
        ],
        required=True,
        default="month",
        help="The period that it opens with.",
    )
    line_ids = fields.One2many("npo.dashboard.line", "dashboard_id", "Lines", copy=True)
