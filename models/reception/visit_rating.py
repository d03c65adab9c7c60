from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq

from ..core.rating import NpoRateableMixin
from ..core.rating import NpoRating as Rating
from .visit import NpoVisit as Base
from .visit_register import SECTION_DIGITS

SECTION_OF_DIGIT = {digit: section for section, digit in SECTION_DIGITS.items()}


class NpoVisit(models.Model):
    """Five faces after the visit; who served never sees the answer (R104, R106)."""

    _name = "npo.visit"
    _inherit = [Base._name, NpoRateableMixin._name]

    def _rating_kind(self):
        # OVERRIDE npo.rateable.mixin: a visit has no stages
        return "visit"

    def _is_rateable(self):
        # OVERRIDE npo.rateable.mixin
        hours = timedelta(hours=self.company_id.npo_pulse_hours)
        return self.state == "done" and fields.Datetime.now() - self.date_ended < hours

    def _rating_about(self):
        # OVERRIDE npo.rateable.mixin
        return self.site_id.name

    @api.model
    def _find_by_code(self, site, code):
        """Return the visit of today that a code stands for, in sudo; none if none."""
        code = (code or "").strip()
        section = SECTION_OF_DIGIT.get(code[:1])
        if not section or not code.isascii() or not code.isdigit() or len(code) < 4:
            return self.sudo().browse()
        visit = self.sudo().search(
            [
                ("site_id", "=", site.id),
                ("day", "=", site.company_id._npo_today()),
                ("section", "=", section),
                ("number", "=", int(code[1:-2][:6])),
            ]
        )
        if visit and not consteq(visit.rating_code, code):
            return visit.browse()
        return visit

    @api.model
    def _open_rating(self, site, code, address):
        """Find the visit that may be rated by a code; who guesses codes waits.

        :param address: of the connection; only what cannot be turned back is kept
        :return: (the visit in sudo or none, the sentence why there is none)
        """
        company = site.company_id
        guard = self.env["npo.flood.guard"]
        key = guard._key_from(company, "pulse", address)
        if guard._is_full(company, {key: company.npo_pulse_tries}):
            return self.sudo().browse(), self.env._(
                "Too many wrong codes. Please try again in an hour, or ask at the"
                " counter."
            )
        visit = self._find_by_code(site, code)
        if not visit:
            guard._count(company, key, 60)
            return visit, self.env._(
                "We do not know this code. Look at the slip again."
            )
        if visit.npo_rating_ids.date_rated:
            return visit.browse(), self.env._("You rated this visit. Thank you.")
        if not visit._is_rateable():
            return visit.browse(), self.env._("You can rate when your visit has ended.")
        return visit, ""

    def _rate_visit(self, rating):
        """Keep what a visitor says at the tablet, once."""
        visit = self.sudo()
        if not visit._is_rateable():
            raise UserError(
                self.env._("The rating is open after the visit, for a few hours.")
            )
        self.env["npo.rating"]._ask(visit)._rate(rating)


class NpoRating(models.Model):
    _inherit = Rating._name

    @api.model
    def _kinds(self):
        # EXTENDS npo.rating
        return [*super()._kinds(), ("visit", self.env._("Visit"))]
