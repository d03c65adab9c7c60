from odoo import api, fields, models
from odoo.exceptions import AccessError

AREAS = [
    ("identity", "Association"),
    ("policy", "Policy"),
    ("time", "Working time"),
    ("people", "People"),
    ("service", "Services"),
    ("money", "Payments"),
    ("system", "System"),
]
# Who must be there for a request to pass from end to end.
ROLES = (
    "relations_officer",
    "social_researcher",
    "committee_member",
    "delivery_officer",
    "governance_officer",
    "general_manager",
)
FRIDAY = "4"  # as Odoo numbers the days
SETTINGS = "npo_relations.res_config_settings_action"
COMPANY = "base.action_res_company_form"
USERS = "base.action_res_users"
LANGUAGES = "base.res_lang_act_window"
MAIL_SERVERS = "base.action_ir_mail_server_list"


class NpoSetupCheck(models.TransientModel):
    """What an association must still enter before it can work (D21, D15).

    Each line is computed from the data: it turns green by entering, not by ticking.
    What the policy does not state is not guessed, and stays red as “Not stated” with a
    hint on whom to ask. A part of the module adds its lines by extending `_checks`.
    """

    _name = "npo.setup.check"
    _description = "Setup Check"
    _order = "sequence, id"

    company_id = fields.Many2one("res.company", string="Association", readonly=True)
    sequence = fields.Integer(readonly=True)
    area = fields.Selection(AREAS, "Part", readonly=True)
    code = fields.Char(readonly=True)
    name = fields.Text("What is needed", readonly=True)
    state = fields.Selection(
        [("done", "Done"), ("missing", "Missing"), ("not_stated", "Not stated")],
        readonly=True,
    )
    why = fields.Text("What is missing", readonly=True)
    hint = fields.Text("What to do", readonly=True)
    action_xmlid = fields.Char(readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True)
    can_enter = fields.Boolean(readonly=True)

    # ------------------------------------------------------------
    # THE LIST
    # ------------------------------------------------------------

    def action_open(self):
        """Open the checklist of the current association, checked now."""
        self.browse()._check_reader()
        return self._new_list(self.env.company)

    @api.model
    def _check_reader(self):
        if not self.env.user.has_group("npo_relations.group_npo_governance_officer"):
            raise AccessError(
                self.env._(
                    "The setup of an association is for its administrator and its"
                    " governance officer."
                )
            )
        self.check_access("read")

    @api.model
    def _new_list(self, company):
        """Return the action that shows an association's checklist.

        The lines are written in sudo and are their reader's own.
        """
        lines = self.sudo().create(self._evaluate(company))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Setup Checklist: %s", company.sudo().name),
            "res_model": self._name,
            "views": [[False, "list"]],
            "domain": [("id", "in", lines.ids)],
            "context": {},
        }

    @api.model
    def _evaluate(self, company):
        """Return the values of the lines of an association."""
        checks = self._checks(company.sudo())
        areas = [area for area, _label in AREAS]
        checks.sort(key=lambda check: areas.index(check["area"]))  # stable
        return [
            {
                **check,
                "company_id": company.id,
                "sequence": number,
                "can_enter": self._can_enter(check),
            }
            for number, check in enumerate(checks, start=1)
        ]

    def _can_enter(self, check):
        """Return whether the user may enter what is missing."""
        if check["res_model"]:
            return self.env[check["res_model"]].has_access("write")
        if check["action_xmlid"] in (SETTINGS, COMPANY, USERS, LANGUAGES, MAIL_SERVERS):
            return self.env.user.has_group("base.group_system")
        return bool(check["action_xmlid"])

    @api.model
    def _progress(self, company):
        """Return {"done": lines that are done, "total": all lines}."""
        checks = self._checks(company.sudo())
        return {
            "done": sum(check["state"] == "done" for check in checks),
            "total": len(checks),
        }

    def action_enter(self):
        """Open the place where the missing thing is entered."""
        self._check_reader()
        self.ensure_one()
        if self.action_xmlid:
            return self.env["ir.actions.actions"]._for_xml_id(self.action_xmlid)
        action = {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
        }
        if self.res_id:
            return {**action, "res_id": self.res_id, "views": [[False, "form"]]}
        return {
            **action,
            "views": [[False, "list"], [False, "form"]],
            "domain": [("company_id", "=", self.company_id.id)],
        }

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.model
    def _check(self, area, code, name, value, **where):
        """Return one line of the checklist.

        :param value: what was entered; a false one is missing
        :param where: `why` and `hint` in words; `is_stated=False` where only the
            association can tell; `action` (an action's xmlid) or `model` and `record`
        """
        unknown = "missing" if where.get("is_stated", True) else "not_stated"
        record = where.get("record")
        return {
            "area": area,
            "code": code,
            "name": name,
            "state": "done" if value else unknown,
            "why": False if value else where.get("why", False),
            "hint": False if value else where.get("hint", False),
            "action_xmlid": where.get("action", False),
            "res_model": record._name if record else where.get("model", False),
            "res_id": record.id if record else False,
        }

    @api.model
    def _checks(self, company):
        """Return the lines of an association, read in sudo; parts extend this."""
        return [
            *self._identity_checks(company),
            *self._time_checks(company),
            *self._people_checks(company),
            *self._system_checks(company),
        ]

    def _identity_checks(self, company):
        _ = self.env._
        ask = _("The policy does not tell: ask the management, and enter it as given.")
        return [
            self._check(
                "identity",
                "license",
                _("Licence number"),
                company.npo_license_no,
                is_stated=False,
                why=_("The licence number is missing."),
                hint=ask,
                action=SETTINGS,
            ),
            self._check(
                "identity",
                "region",
                _("Region of work"),
                company.npo_region_id,
                is_stated=False,
                why=_("The region is missing."),
                hint=ask,
                action=SETTINGS,
            ),
            self._check(
                "identity",
                "supervisor",
                _("Supervising body"),
                company.npo_supervisor,
                is_stated=False,
                why=_("The supervising body is missing."),
                hint=ask,
                action=SETTINGS,
            ),
            self._check(
                "identity",
                "contact",
                _("Telephone and e-mail"),
                company.phone and company.email,
                why=_("People cannot reach the association from a letter."),
                hint=_("Enter both on the company."),
                action=COMPANY,
            ),
            self._check(
                "identity",
                "contact_hours",
                _("Hours for calls and visits"),
                company.npo_contact_hours,
                why=_("The portal cannot tell when somebody can be reached."),
                hint=_("Enter them in the settings."),
                action=SETTINGS,
            ),
            self._check(
                "identity",
                "logo",
                _("Logo"),
                not company.uses_default_logo,
                why=_("Letters go out without a logo."),
                hint=_("Upload it on the company."),
                action=COMPANY,
            ),
            self._check(
                "identity",
                "identity_basis",
                _("Legal basis for copying identity documents"),
                company.npo_identity_copy_basis,
                is_stated=False,
                why=_("No basis is written down: identity documents are matched only."),
                hint=_("Leave it so, unless a lawyer tells which rule allows copies."),
                action=SETTINGS,
            ),
        ]

    def _time_checks(self, company):
        _ = self.env._
        days = set(company.resource_calendar_id.attendance_ids.mapped("dayofweek"))
        missing_years = self._years_without_holidays(company)
        return [
            self._check(
                "time",
                "calendar",
                _("Working hours of the association"),
                days and FRIDAY not in days,
                why=_("There are none, or they take Friday for a day of work."),
                hint=_("Enter the days and hours of work."),
                action="resource.action_resource_calendar_form",
            ),
            self._check(
                "time",
                "ramadan",
                _("Working hours in Ramadan"),
                company.npo_ramadan_calendar_id,
                why=_("Ramadan is counted like the other months."),
                hint=_("Enter the hours of Ramadan, and choose them in the settings."),
                action=SETTINGS,
            ),
            self._check(
                "time",
                "holidays",
                _("Official holidays of this year and the next"),
                not missing_years,
                why=_(
                    "Holidays are missing in: %s", ", ".join(map(str, missing_years))
                ),
                hint=_("Add them; their dates can be moved when the moon is sighted."),
                action="resource.resource_calendar_closing_days",
            ),
        ]

    def _years_without_holidays(self, company):
        """Return this year and the next, where official holidays are not entered."""
        this_year = company._npo_today().year
        years = {
            year: {code for code, *_rest in company._npo_official_holidays(year)}
            for year in (this_year, this_year + 1)
        }
        leaves = self.env["resource.calendar.leaves"].sudo()
        known = set(
            leaves.search(
                [
                    ("company_id", "=", company.id),
                    ("npo_holiday_code", "in", list(set().union(*years.values()))),
                ]
            ).mapped("npo_holiday_code")
        )
        return [year for year, codes in years.items() if codes - known]

    def _people_checks(self, company):
        _ = self.env._
        groups = {
            role: self.env.ref(f"npo_relations.group_npo_{role}") for role in ROLES
        }
        staff = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("company_ids", "in", company.id),
                    ("group_ids", "in", [group.id for group in groups.values()]),
                    ("share", "=", False),
                ]
            )
        )
        vacant = [
            group.name for group in groups.values() if group not in staff.group_ids
        ]
        return [
            self._check(
                "people",
                "roles",
                _("The roles that a request passes through"),
                not vacant,
                why=_("Nobody is: %s", " · ".join(vacant)),
                hint=_("Give each role to who has it in the association."),
                action=USERS,
            ),
            self._check(
                "people",
                "two_persons",
                _("Two persons at least"),
                len(staff) > 1,
                why=_("Who registers a request cannot decide it."),
                hint=_("Give a role to a second person."),
                action=USERS,
            ),
        ]

    def _system_checks(self, company):
        _ = self.env._
        return [
            self._check(
                "system",
                "mail_server",
                _("Outgoing mail"),
                self.env["ir.mail_server"].sudo().search_count([], limit=1),
                why=_("Messages to applicants wait and are not sent."),
                hint=_("Enter the association’s mail server."),
                action=MAIL_SERVERS,
            ),
            self._check(
                "system",
                "arabic",
                _("Arabic"),
                self.env["res.lang"]._get_data(code="ar_001"),
                why=_("Arabic is not installed."),
                hint=_("Activate it among the languages."),
                action=LANGUAGES,
            ),
        ]


class NpoHome(models.AbstractModel):
    _inherit = "npo.home"

    @api.model
    def get_home(self):
        # EXTENDS npo.home
        return {**super().get_home(), "setup": self._setup_progress()}

    @api.model
    def _setup_progress(self):
        """Return how far the setup is, for who answers for it; None when all is done.

        :return: {"done", "total", "label", "action"} or None
        """
        if not self._has_role("governance_officer"):
            return None
        progress = self.env["npo.setup.check"]._progress(self.env.company)
        if progress["done"] == progress["total"]:
            return None
        return {
            **progress,
            "label": self.env._("Setup of the association: %(done)s of %(total)s")
            % progress,
            "action": "npo_relations.npo_setup_check_server_action",
        }
