from odoo import models

from .kpi import MEANS, NpoKpi


class NpoKpi(models.Model):
    """How a figure is said: as a number, and in words without a plural."""

    _inherit = NpoKpi._name

    def _figure_value(self, counted, kept):
        """Return a figure as the number that a target is set for.

        None where there is none: of nothing there is no share and no average.
        """
        self.ensure_one()
        if kept is None:
            return None
        if self.unit in MEANS:
            return kept if counted else None
        if self.unit == "percent":
            return 100 * kept / counted if counted else None
        if self.unit == "ratio":
            return self.factor * kept / counted if counted else None
        if self.unit == "amount":
            return kept
        return kept if self.kept_domain else counted

    def _figure_text(self, counted, kept):
        """Return a figure as people read it, without a word that needs a plural."""
        self.ensure_one()
        if kept is None:
            return self.env._("Not enough answers") if self.is_opinion else "—"
        if self.unit == "count":
            return f"{kept if self.kept_domain else counted:,}"
        if self.unit == "amount":
            return f"{kept if counted else 0:,.0f}"
        if not counted:
            return self.env._("None in the period")
        if self.unit == "percent":
            return self.env._(
                "%(kept)s of %(counted)s (%(share)s%%)",
                kept=kept,
                counted=counted,
                share=round(100 * kept / counted),
            )
        return self._value_text(self._figure_value(counted, kept))

    def _value_text(self, value):
        """Return the number of a figure, or of its target, as people read it."""
        self.ensure_one()
        if value is None:
            return "—"
        number = f"{round(value, 1):,.10g}"
        if self.unit == "days":
            return self.env._("Days: %s", number)
        if self.unit == "hours":
            return self.env._("Hours: %s", number)
        if self.unit == "minutes":
            return self.env._("Minutes: %s", number)
        if self.unit in ("percent", "score"):
            return f"{number}%"
        return number
