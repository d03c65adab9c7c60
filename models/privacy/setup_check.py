from odoo import models
from odoo.fields import Domain

from ..agreement.agreement import IN_FORCE
from ..core.setup_check import SETTINGS, USERS
from ..core.setup_check import NpoSetupCheck as Base

# ⚖ What a password should have at least.
LEAST_SIGNS = 8
APPS = "base.open_module_tree"


class NpoSetupCheck(models.TransientModel):
    """What the protection of personal data needs (D05, P018, P019, P024, R156)."""

    _inherit = Base._name

    def _checks(self, company):
        # EXTENDS npo.setup.check
        return [
            *super()._checks(company),
            *self._privacy_checks(company),
            *self._processor_checks(company),
            *self._sign_in_checks(company),
        ]

    def _processor_checks(self, company):
        """Return a line for each gateway that is set up: data goes out by it (P024)."""
        _ = self.env._
        gateways = []
        if company.npo_sms_enabled:
            name = _("Data-processing agreement with the text message gateway")
            gateways.append(("processor_sms", name, company.npo_sms_agreement_id))
        if not company._npo_own_mail():
            name = _("Data-processing agreement with the mail provider")
            gateways.append(("processor_mail", name, company.npo_mail_agreement_id))
        return [
            self._check(
                "system",
                code,
                name,
                agreement.kind == "data_processing" and agreement.state in IN_FORCE,
                why=_("Data goes out by this gateway without an agreement in force."),
                hint=_("Sign one of the kind “Data processing”, and link it."),
                action=SETTINGS,
            )
            for code, name, agreement in gateways
        ]

    def _privacy_checks(self, company):
        _ = self.env._
        group = self.env.ref("npo_relations.group_npo_data_protection_officer")
        officers = self.env["res.users"].sudo()
        undertakings = self.env["npo.undertaking"]
        lacking = undertakings._lacking(company)
        activities = self.env["npo.processing.activity"].sudo()
        return [
            self._check(
                "people",
                "privacy_officer",
                _("A data-protection officer"),
                officers.search_count(
                    [
                        ("group_ids", "in", group.ids),
                        ("company_ids", "in", company.ids),
                        ("share", "=", False),
                    ],
                    limit=1,
                ),
                why=_("Nobody answers requests about personal data and incidents."),
                hint=_("Give the role to who answers for personal data."),
                action=USERS,
            ),
            self._check(
                "identity",
                "privacy_contact",
                _("How the data-protection officer is reached"),
                company.npo_privacy_email or company.npo_privacy_phone,
                why=_("The notice on personal data names no way to ask."),
                hint=_("Enter a telephone or an e-mail in the settings."),
                action=SETTINGS,
            ),
            self._check(
                "people",
                "undertakings",
                _("Undertakings of the staff"),
                not lacking and undertakings._staff(company),
                why=_("Without an undertaking in force: %s", len(lacking)),
                hint=_("Ask each person to sign; volunteers sign on paper."),
                action="npo_relations.npo_undertaking_action",
            ),
            self._check(
                "policy",
                "processing",
                _("Records of processing activities"),
                activities.search_count([("company_id", "=", company.id)], limit=1),
                why=_("The authority may ask for them."),
                hint=_("Take over what is proposed, and correct it."),
                action="npo_relations.npo_processing_activity_action",
            ),
        ]

    def _sign_in_checks(self, company):
        """Return the lines on sign-in, by applications that Odoo brings along (D05)."""
        _ = self.env._
        return [
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
                "two_factor_portal",
                _("Two-factor sign-in in the portal"),
                "auth_totp_portal" in self.env["ir.module.module"]._installed(),
                why=_("Who learns a person’s password reads their file."),
                hint=_(
                    "Install Odoo’s application for two factors in the portal, for who"
                    " wants to use it."
                ),
                action=APPS,
            ),
            self._check(
                "system",
                "session_timeout_portal",
                _("Sessions of the portal end after a time"),
                self._has_timeout("base.group_portal"),
                why=_("A telephone that many use stays signed in."),
                hint=_(
                    "Install Odoo’s application for session time-outs and set the"
                    " minutes on the group of the portal."
                ),
                action=APPS,
            ),
            self._check(
                "system",
                "session_timeout",
                _("Screens lock after a time"),
                self._has_timeout("base.group_user"),
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

    def _has_timeout(self, group):
        """Tell whether the session of who is in a group ends by itself."""
        users = self.env.ref(group).sudo()
        names = ("lock_timeout", "lock_timeout_inactivity")
        return any(name in users._fields and users[name] for name in names)

    def _least_signs(self):
        """Return how long a password must be, where that is looked at."""
        policy = hasattr(self.env["res.users"], "_check_password_policy")
        get = self.env["ir.config_parameter"].sudo().get_param
        return int(get("auth_password_policy.minlength") or 0) if policy else 0
