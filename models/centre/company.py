from odoo import fields, models


class ResCompany(models.Model):
    """The association's vision of its service, and since when it is looked after."""

    _inherit = "res.company"

    npo_service_vision = fields.Text("Vision of the service", translate=True)
    npo_centre_start = fields.Date(
        "The centre's tasks are counted from",
        help="Empty: from the day on which the association was set up here.",
    )

    def _npo_centre_since(self):
        """Return the day before which no task of the centre was due."""
        self.ensure_one()
        return self.npo_centre_start or self.create_date.date()
