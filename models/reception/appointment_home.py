from odoo import api, fields, models
from odoo.fields import Domain

from ..core.home import NpoHome as Base
from .appointment_flow import ASKERS, TO_ANSWER
from .official_slots import LIVE

MODEL = "npo.appointment"


class NpoHome(models.AbstractModel):
    """Whom an official meets today, and whom the counter expects."""

    _inherit = Base._name

    @api.model
    def _tiles(self):
        # EXTENDS npo.home
        _ = self.env._
        tiles = super()._tiles()
        if self.env["npo.official"].sudo().search_count(self._own(), limit=1):
            mine = self._own()
            past = Domain("stop", "<", fields.Datetime.now())
            tiles += [
                (
                    _("My appointments today"),
                    "primary",
                    MODEL,
                    mine & self._appointments_today(),
                ),
                (
                    _("Appointments to answer"),
                    "warning",
                    MODEL,
                    mine & Domain("state", "in", TO_ANSWER),
                ),
                (
                    _("Appointments without an outcome"),
                    "warning",
                    MODEL,
                    mine & Domain("state", "=", "confirmed") & past,
                ),
            ]
        if self._has_role(*ASKERS):
            label = _("Appointments today")
            tiles.append((label, "primary", MODEL, self._appointments_today()))
        return tiles

    @api.model
    def _own(self):
        return Domain("user_id", "=", self.env.uid) & Domain(
            "company_id", "=", self.env.company.id
        )

    @api.model
    def _appointments_today(self):
        """Return the domain of what is or was agreed for today."""
        today = self.env.company._npo_today()
        since, until = self.env.company._npo_day_bounds(today, today)
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "in", (*LIVE, "held"))
            & Domain("start", ">=", since)
            & Domain("start", "<", until)
        )
