from odoo import fields, models


class NpoChannel(models.Model):
    """A way in which people reach the association (R085–R095).

    Which of them an association uses is said by its policy version; switching a
    channel off there keeps it on the cases that came through it.
    """

    _name = "npo.channel"
    _description = "Communication Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("in_person", "In person"),
            ("phone", "Telephone"),
            ("social", "Social media"),
            ("letter", "Letter"),
            ("email", "E-mail"),
            ("fax", "Fax"),
            ("web", "Website"),
            ("request_service", "Request service"),
            ("volunteer", "Volunteer"),
            ("delegate", "Delegate"),
            ("system", "System"),
        ],
        required=True,
        default="in_person",
    )
    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing"), ("both", "Both ways")],
        required=True,
        default="both",
    )
    response_hours = fields.Integer(
        "Response target (working hours)",
        help="Within how many working hours a first answer is due. 0: no target.",
    )

    _code_uniq = models.UniqueIndex("(code)", "This channel code exists already.")
