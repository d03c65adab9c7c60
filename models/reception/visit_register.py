import secrets
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..core.guards import check_values
from .visit import SECTIONS
from .visit import NpoVisit as Base

# A clock of a counter that is a little fast is no visitor from the future.
CLOCK_SKEW = timedelta(minutes=5)
SECTION_DIGITS = {"men": "1", "women": "2", "family": "3"}


class NpoVisit(models.Model):
    """How visitors are registered: one way in, whoever registers them (R172, D03).

    The counter, what it kept while the line was down, and a contact that was recorded
    on the premises: each is given the number of its day and section here.
    """

    _inherit = Base._name

    @api.model
    def _register_visitors(self, vals_list):
        """Register visitors; what is sent twice with its key is registered once.

        :param vals_list: values of visits; `client_key` is made by who sends them
        :return: the visits, in the order of the values
        """
        keys = [vals["client_key"] for vals in vals_list if vals.get("client_key")]
        known = {}
        if keys:
            domain = [
                ("client_key", "in", keys),
                ("company_id", "=", self.env.company.id),
            ]
            known = {visit.client_key: visit for visit in self.sudo().search(domain)}
        fresh = [vals for vals in vals_list if vals.get("client_key") not in known]
        made = iter(self._create_visits(fresh))
        return self.browse(
            known[vals["client_key"]].id
            if vals.get("client_key") in known
            else next(made).id
            for vals in vals_list
        )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS npo.register.mixin: what the register fills is nobody's to bring in
        if not self.env.su:
            for vals in vals_list:
                self._check_step_fields(set(vals) - self._told_at_arrival)
        visits = self._create_visits(vals_list)
        if not self.env.su:
            visits._check_arrived_today()
        return visits

    # What who registers a visitor says of what the register else fills in.
    _told_at_arrival = frozenset({"company_id", "site_id", "section", "date_arrived"})

    def _create_visits(self, vals_list):
        """Create visits with their day, number and kind; the rights are looked at.

        The register writes them itself (in sudo): nobody draws a number for another.
        """
        for vals in vals_list:
            check_values(self, vals)
        ready = self._ready(self._with_defaults(vals_list))
        visits = super(NpoVisit, self.sudo()).create(ready).with_env(self.env)
        visits.check_access("create")
        return visits

    def _with_defaults(self, vals_list):
        """Return the values with the site, the section and the moment of arrival."""
        names = ["site_id", "section", "date_arrived"]
        given = self.default_get(names)
        return [
            {**given, **{k: v for k, v in vals.items() if v or k not in names}}
            for vals in vals_list
        ]

    def _ready(self, vals_list):
        """Return the values of visits with all that the register fills in."""
        sites = self.env["npo.site"].browse(vals["site_id"] for vals in vals_list)
        sites.fetch(["company_id", "active", "name"])
        people = self.env["res.partner"].browse(
            vals["partner_id"] for vals in vals_list if vals.get("partner_id")
        )
        genders = {person.id: person.sudo().npo_gender for person in people}
        before = self._came_before(people, sites.company_id)
        ready = []
        for vals, site in zip(vals_list, sites, strict=True):
            arrived = self._arrival(vals["date_arrived"])
            person_id = vals.get("partner_id")
            vals = {
                **vals,
                "company_id": site.company_id.id,
                "date_arrived": arrived,
                "day": site.company_id._npo_day_of(arrived),
                "gender": genders.get(person_id) or vals.get("gender"),
                "visitor_kind": "returning" if person_id in before else "new",
            }
            before.update({person_id} if person_id else ())
            ready.append(vals)
        self._draw_numbers(ready)
        return ready

    @api.model
    def _came_before(self, people, companies):
        """Return the ids of the persons who were registered as visitors before."""
        if not people:
            return set()
        domain = [
            ("partner_id", "in", people.ids),
            ("company_id", "in", companies.ids),
        ]
        groups = self.sudo()._read_group(domain, ["partner_id"])
        return {person.id for (person,) in groups}

    def _arrival(self, moment):
        """Return the moment of arrival; nobody arrives in the time to come."""
        moment = fields.Datetime.to_datetime(moment).replace(microsecond=0)
        now = fields.Datetime.now()
        if moment > now + CLOCK_SKEW:
            raise ValidationError(
                self.env._(
                    "Nobody arrives in the future: look at the computer’s clock."
                )
            )
        return min(moment, now)

    def _check_arrived_today(self):
        """Refuse a past day: who came then was counted then (R172)."""
        for visit in self:
            if visit.day != visit.company_id._npo_today():
                raise ValidationError(
                    self.env._(
                        "A visitor is registered on the day of the visit: look at the"
                        " time of arrival."
                    )
                )

    @api.model
    def _today_domain(self):
        """Return the domain of who came to the association today (R086, R172)."""
        company = self.env.company
        today = company._npo_today()
        return Domain("company_id", "=", company.id) & Domain("day", "=", today)

    # ------------------------------------------------------------
    # NUMBERS
    # ------------------------------------------------------------

    def _draw_numbers(self, vals_list):
        """Give each visitor the next number of the day, by site and section."""
        for vals in vals_list:
            self._check_section(vals["section"])
        wanted = Counter(
            (vals["site_id"], vals["day"], vals["section"]) for vals in vals_list
        )
        sheets = self.env["npo.visit.sheet"]
        drawn = {key: sheets._draw(*key, count) for key, count in wanted.items()}
        for vals in vals_list:
            sheet_id, numbers = drawn[vals["site_id"], vals["day"], vals["section"]]
            number = next(numbers)
            vals |= {
                "sheet_id": sheet_id,
                "number": number,
                "rating_code": self._new_code(vals["section"], number),
            }

    @api.model
    def _check_section(self, section):
        """Refuse what is no section, before a column of the sheet is named by it."""
        if section not in [code for code, _name in SECTIONS]:
            raise UserError(self.env._("Choose a section of the list."))

    @api.model
    def _new_code(self, section, number):
        """Return the code by which a visitor rates: of one day and site, not guessed.

        The section and the number make it unique; two digits are drawn.
        """
        return f"{SECTION_DIGITS[section]}{number}{secrets.randbelow(100):02d}"

    # ------------------------------------------------------------
    # WHO IS IT
    # ------------------------------------------------------------

    def _note_appointments(self):
        """Recognise who comes for an appointment; it is noted, not made again."""
        for site, visits in self.filtered("partner_id").grouped("site_id").items():
            expected = self.env["npo.appointment"]._appointments_of(
                visits.partner_id, site
            )
            for visit in visits:
                if appointment := expected.pop(visit.partner_id, None):
                    appointment._arrive(visit)

    @api.model
    def _here_already(self, partner, site):
        """Return the open visit of a person today, who is being registered again."""
        return self.search(
            [
                ("partner_id", "=", partner.id),
                ("site_id", "=", site.id),
                ("day", "=", site.company_id._npo_today()),
                ("state", "!=", "left"),
            ],
            limit=1,
        )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Warn of somebody who was registered today already."""
        if not self.partner_id or self._origin:
            return None
        if earlier := self._here_already(self.partner_id, self.site_id):
            return {
                "warning": {
                    "title": self.env._("Registered today already"),
                    "message": self._twice_sentence(earlier),
                }
            }
        return None

    def _twice_sentence(self, earlier):
        return self.env._(
            "This person has the number %s of today. Register again only for a second"
            " visit.",
            earlier.display_name,
        )

    @api.constrains("site_id")
    def _check_site_active(self):
        for visit in self:
            if not visit.site_id.active:
                raise UserError(
                    self.env._("This site is closed: register at another one.")
                )
