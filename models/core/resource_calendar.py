from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        self.env.registry.clear_cache()  # the working time of the associations
        return super().write(vals)


class ResourceCalendarAttendance(models.Model):
    """Hours of work: the working time of an association is kept until they change."""

    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "npo.kept.mixin"]
