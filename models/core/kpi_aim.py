from odoo import api, fields, models

from .kpi import NpoKpi


class NpoKpi(models.Model):
    """What a measure should reach (R048, R171)."""

    _inherit = NpoKpi._name

    target_ids = fields.One2many("npo.kpi.target", "kpi_id", "Targets")

    def _targets(self, company, day):
        """Return {measure: (direction, target)} as they stand on a day.

        What the association set last, from a day that has come; else what the product
        proposes. ``(False, 0)`` where nothing is aimed at.
        """
        own = self.env["npo.kpi.target"].sudo()
        own = own.search_fetch(
            [
                ("company_id", "=", company.id),
                ("kpi_id", "in", self.ids),
                ("date_from", "<=", day),
            ],
            ["kpi_id", "direction", "target"],
            order="date_from, id",
        )
        targets = {kpi: (kpi.direction, kpi.default_target) for kpi in self}
        targets |= {line.kpi_id: (line.direction, line.target) for line in own}
        return {kpi: targets[kpi] for kpi in self}

    @api.model
    def _status(self, value, direction, target):
        """Return 'met', 'missed', or False where nothing can be said.

        :param target: for 'up' and 'down' the value of the period before, or None
        """
        if value is None or target is None or not direction:
            return False
        # what is shown with one decimal is judged with no more than two
        value, target = round(value, 2), round(target, 2)
        if direction in ("at_least", "up"):
            is_met = value >= target
        else:
            is_met = value <= target
        return "met" if is_met else "missed"

    def _target_text(self, direction, target):
        """Return a target as people read it; empty where nothing is aimed at."""
        self.ensure_one()
        if not direction:
            return ""
        directions = dict(self._fields["direction"]._description_selection(self.env))
        if direction in ("up", "down"):
            return directions[direction]
        return f"{directions[direction]} {self._value_text(target)}"
