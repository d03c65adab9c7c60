from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_list

NEXT_CASES = 8


class NpoHome(models.AbstractModel):
    """The first screen: each person sees their own work and the next step (R096).

    A domain of the module adds its tiles by extending `_tiles`.
    """

    _name = "npo.home"
    _description = "Home"

    @api.model
    def get_home(self):
        """Return what the user's home shows; every count opens its records.

        :return: {"tiles": [{label, count, tone, model, domain}], "actions":
            [{label, icon, action}], "next": [{id, name, partner, sentence, deadline,
            is_late}], "next_domain": [...]}
        """
        tiles = [
            {
                "label": label,
                "count": self.env[model].search_count(domain),
                "tone": tone,
                "model": model,
                "domain": list(domain),
            }
            for label, tone, model, domain in self._tiles()
            if self.env[model].has_access("read")
        ]
        return {
            "tiles": tiles,
            "actions": [
                {"label": label, "icon": icon, "action": action}
                for label, icon, action in self._quick_actions()
            ],
            "next": self._next_cases(),
        }

    @api.model
    def _has_role(self, *roles):
        user = self.env.user
        return any(user.has_group(f"npo_relations.group_npo_{role}") for role in roles)

    @api.model
    def _require_role(self, *roles):
        """Raise unless the user has one of the roles, and say whose step it is.

        :param roles: names of groups without their prefix
        """
        if self._has_role(*roles):
            return
        names = [
            self.env.ref(f"npo_relations.group_npo_{role}").sudo().name
            for role in roles
        ]
        raise AccessError(
            self.env._(
                "This step is for: %s. Ask one of them to do it.",
                format_list(self.env, names, style="or"),
            )
        )

    @api.model
    def _tiles(self):
        """Return the tiles of the user as (label, tone, model, domain).

        The tone is primary, warning or danger: how much the count asks for attention.
        """
        return []

    @api.model
    def _quick_actions(self):
        """Return what the user starts with one key, as (label, icon, action)."""
        return []

    @api.model
    def _next_domain(self):
        """Return the domain of the cases that wait for the user."""
        return Domain.FALSE

    @api.model
    def _next_cases(self):
        """Return the first cases that wait for the user, the most pressing first."""
        requests = self.env["npo.request"]
        domain = self._next_domain()
        if domain.is_false() or not requests.has_access("read"):
            return []
        return [
            {
                "id": request.id,
                "name": request.name,
                "partner": request.partner_id.name,
                "service": request.service_id.name,
                "stage": request.stage_id.name,
                "deadline": request._format_date(request.date_deadline),
                "is_late": request.is_overdue,
            }
            for request in requests.search(
                domain, limit=NEXT_CASES, order="priority desc, date_deadline, id"
            )
        ]
