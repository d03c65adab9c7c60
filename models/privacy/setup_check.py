from odoo import api, models
from odoo.fields import Domain

from ..core.setup_check import SETTINGS

# ⚖ What a password should have at least.
LEAST_SIGNS = 8
APPS = "base.open_module_tree"


class NpoSetupCheck(models.TransientModel):
    """Sign-in of the staff: by the applications that Odoo brings along (D05)."""

    _inherit = "npo.setup.check"

    @api.model
    def _checks(self, company):
        # EXTENDS npo.setup.check
        _ = self.env._
        return [
            *super()._checks(company),
            self._check(
                "system",
                "two_factor",
                _("Two-factor sign-in of the staff"),
                self._has_two_factor(company),
                why=_("Who learns a password comes in."),
                hint=_(
                    "Require it of employees in the general settings, or have each of"
                    " them turn it on."
                ),
                action=SETTINGS,
            ),
            self._check(
                "system",
                "session_timeout",
                _("Screens lock after a time"),
                self._has_timeout(),
                why=_("A screen that is left open stays open."),
                hint=_(
                    "Install Odoo’s application for session time-outs and set the"
                    " minutes on the group of employees."
                ),
                action=APPS,
            ),
            self._check(
                "system",
                "password_policy",
                _("Length of passwords"),
                self._least_signs() >= LEAST_SIGNS,
                why=_("Passwords of any length are taken."),
                hint=_(
                    "Install Odoo’s application for password policies: %s signs at"
                    " least.",
                    LEAST_SIGNS,
                ),
                action=APPS,
            ),
        ]

    def _has_two_factor(self, company):
        """Tell whether all staff of an association sign in by two factors."""
        get = self.env["ir.config_parameter"].sudo().get_param
        users = self.env["res.users"].sudo()
        if get("auth_totp.policy") in ("employee_required", "all_required"):
            return "totp_enabled" in users._fields
        if "totp_enabled" not in users._fields:
            return False
        staff = Domain("company_ids", "in", company.id) & Domain("share", "=", False)
        without = staff & Domain("totp_enabled", "=", False)
        return bool(users.search_count(staff, limit=1)) and not users.search_count(
            without, limit=1
        )

    def _has_timeout(self):
        """Tell whether the session of an employee ends by itself."""
        employees = self.env.ref("base.group_user").sudo()
        names = ("lock_timeout", "lock_timeout_inactivity")
        return any(name in employees._fields and employees[name] for name in names)

    def _least_signs(self):
        """Return how long a password must be, where that is looked at."""
        policy = hasattr(self.env["res.users"], "_check_password_policy")
        get = self.env["ir.config_parameter"].sudo().get_param
        return int(get("auth_password_policy.minlength") or 0) if policy else 0
