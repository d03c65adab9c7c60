from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .visit import SECTIONS
from .visit_purpose import NpoVisitPurpose as BasePurpose

# No meeting is planned longer than this, none further ahead.
MAX_MINUTES = 480
MAX_DAYS = 366


class NpoOfficial(models.Model):
    """Somebody of the association who can be met, and when (R192, R193)."""

    _name = "npo.official"
    _description = "Official Who Can Be Met"
    _order = "sequence, id"
    _rec_names_search = ["title", "user_id.name"]
    _check_company_auto = True

    title = fields.Char(
        "Office",
        required=True,
        translate=True,
        help="As people know it: the general manager, the head of the women's section.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Official",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_published = fields.Boolean(
        "Can be chosen in the portal",
        default=True,
        help="Otherwise an appointment is asked for at the counter or by telephone.",
    )
    subjects = fields.Text(
        "What about",
        translate=True,
        help="Told to people who choose whom to meet, in plain words.",
    )

    # where and when
    site_id = fields.Many2one("npo.site", required=True, check_company=True)
    section = fields.Selection(SECTIONS, required=True, default="family")
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Hours for visitors",
        check_company=True,
        help="None: the hours of the site. Always within the hours of the site.",
    )
    slot_minutes = fields.Integer(
        "Minutes of an appointment", help="0: as in the settings."
    )
    lead_hours = fields.Integer(
        "Hours before",
        help="What is asked for in the portal is so many hours ahead. 0: as in the"
        " settings.",
    )
    days_ahead = fields.Integer("Days ahead", help="0: as in the settings.")
    max_a_day = fields.Integer("Appointments in a day", help="0: as in the settings.")

    _user_uniq = models.UniqueIndex(
        "(company_id, user_id) WHERE active IS TRUE",
        "This person can be met already: change what is there.",
    )
    _numbers_in_bounds = models.Constraint(
        f"CHECK (slot_minutes BETWEEN 0 AND {MAX_MINUTES}"
        f" AND days_ahead BETWEEN 0 AND {MAX_DAYS}"
        f" AND lead_hours BETWEEN 0 AND {24 * MAX_DAYS} AND max_a_day >= 0)",
        "An appointment takes 480 minutes at most and is a year ahead at most; no"
        " number is below zero.",
    )

    # ------------------------------------------------------------
    # COMPUTES AND CHECKS
    # ------------------------------------------------------------

    @api.depends("title", "user_id.name")
    def _compute_display_name(self):
        for official in self:
            name = official.sudo().user_id.name
            official.display_name = " · ".join(filter(None, (official.title, name)))

    @api.constrains("user_id", "company_id")
    def _check_works_here(self):
        for official in self:
            official.user_id._npo_check_works_for(official.company_id)
            if not official.user_id.has_group("npo_relations.group_npo_staff"):
                raise ValidationError(
                    self.env._(
                        "%s has no role in this application yet. Give one first: the"
                        " appointments are answered here.",
                        official.user_id.name,
                    )
                )

    @api.constrains("section", "site_id")
    def _check_section(self):
        for official in self:
            if official.section == "women" and not official.site_id.has_women_section:
                raise ValidationError(
                    self.env._(
                        "%s has no section for women. Choose another site or section.",
                        official.site_id.name,
                    )
                )

    def write(self, vals):
        if vals.get("user_id"):
            self._check_never_met(vals["user_id"])
        return super().write(vals)

    def _check_never_met(self, user_id):
        """Refuse to put another person into meetings that somebody held."""
        others = self.filtered(lambda one: one.user_id.id != user_id)
        meetings = self.env["npo.appointment"].sudo()
        if meetings.search_count([("official_id", "in", others.ids)], limit=1):
            raise UserError(
                self.env._(
                    "There are appointments with this official. Archive this line, and"
                    " add one for who holds the office now."
                )
            )

    # ------------------------------------------------------------
    # WHO CAN BE MET
    # ------------------------------------------------------------

    def _receives(self):
        """Return those of the officials who can be met: they work here still."""
        return self.sudo().filtered(
            lambda one: (
                one.active
                and one.user_id.active
                and one.site_id.active
                and one.company_id in one.user_id.company_ids
            )
        )

    def _check_receives(self):
        """Raise unless the official can be met."""
        if not self or self._receives() != self.sudo():
            raise UserError(
                self.env._(
                    "This official receives nobody at present. Choose another one."
                )
            )

    @api.model
    def _portal_offered(self, company, partner):
        """Return, as superuser, whom a person may choose to meet in the portal.

        Who receives in the section of the men or of the women receives those.
        """
        sections = {"male": ["men"], "female": ["women"]}.get(partner.npo_gender, [])
        return (
            self.sudo()
            .search(
                Domain("company_id", "=", company.id)
                & Domain("is_published", "=", True)
                & Domain("section", "in", ["family", *sections])
            )
            ._receives()
        )

    # ------------------------------------------------------------
    # THE ASSOCIATION'S NUMBERS
    # ------------------------------------------------------------

    def _minutes(self, purpose=None):
        """Return how long an appointment takes: by its purpose, else as here (R106).

        :param purpose: `npo.visit.purpose`
        """
        company = self.company_id.sudo()
        own = purpose and purpose.sudo().with_company(company).slot_minutes
        return own or self.slot_minutes or company.npo_slot_minutes

    def _number(self, name):
        """Return one's own number, or that of the association."""
        return self[name] or self.company_id.sudo()[f"npo_appointment_{name}"]


class NpoVisitPurpose(models.Model):
    _inherit = BasePurpose._name

    slot_minutes = fields.Integer(
        "Minutes of an appointment",
        company_dependent=True,
        help="How long an appointment for this takes. 0: as the official's.",
    )

    @api.constrains("slot_minutes")
    def _check_slot_minutes(self):
        if any(not 0 <= purpose.slot_minutes <= MAX_MINUTES for purpose in self):
            raise ValidationError(
                self.env._("An appointment takes 480 minutes at most.")
            )


class ResCompany(models.Model):
    """⚖ What the association chooses of its appointments."""

    _inherit = "res.company"

    npo_slot_minutes = fields.Integer("Minutes of an appointment", default=30)
    npo_appointment_lead_hours = fields.Integer(
        "Hours before an appointment in the portal",
        default=24,
        help="So many hours ahead an official knows who comes.",
    )
    npo_appointment_days_ahead = fields.Integer(
        "Days ahead that appointments are given", default=30
    )
    npo_appointment_max_a_day = fields.Integer(
        "Appointments of an official in a day", default=8
    )
    npo_open_appointments = fields.Integer(
        "Open appointments of one person in the portal", default=3
    )
    npo_appointment_reminder_hours = fields.Integer(
        "Hours before an appointment that both are reminded", default=24
    )
    npo_no_show_minutes = fields.Integer(
        "Minutes after which who did not come is marked",
        default=30,
        help="Counted from the end of the appointment.",
    )

    _npo_slot_minutes = models.Constraint(
        f"CHECK (npo_slot_minutes BETWEEN 5 AND {MAX_MINUTES})",
        "An appointment takes 5 to 480 minutes.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_slot_minutes = fields.Integer(
        related="company_id.npo_slot_minutes", readonly=False
    )
    npo_appointment_lead_hours = fields.Integer(
        related="company_id.npo_appointment_lead_hours", readonly=False
    )
    npo_appointment_days_ahead = fields.Integer(
        related="company_id.npo_appointment_days_ahead", readonly=False
    )
    npo_appointment_max_a_day = fields.Integer(
        related="company_id.npo_appointment_max_a_day", readonly=False
    )
    npo_open_appointments = fields.Integer(
        related="company_id.npo_open_appointments", readonly=False
    )
    npo_appointment_reminder_hours = fields.Integer(
        related="company_id.npo_appointment_reminder_hours", readonly=False
    )
    npo_no_show_minutes = fields.Integer(
        related="company_id.npo_no_show_minutes", readonly=False
    )
