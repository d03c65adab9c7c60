from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.identity import mask
from .visit import OPEN_STATES, RESULTS

MIN_TYPED = 3
FOUND = 8
# What the counter says of a visitor.
VISITOR = {
    "partner_id": int,
    "visitor_name": str,
    "gender": str,
    "companions": int,
    "section": str,
    "purpose_id": int,
    "other_purpose_ids": list,
    # how long the visitor was kept: the clock of a counter may be wrong
    "seconds_ago": int,
    "client_key": str,
}
MAX_KEY = 64


class NpoReception(models.AbstractModel):
    """What the screen of the counter asks for, in few calls (R104, R172, R189)."""

    _name = "npo.reception"
    _description = "Counter"

    # ------------------------------------------------------------
    # THE SCREEN
    # ------------------------------------------------------------

    @api.model
    def get_counter(self, site_id=False):
        """Return all that the screen of a site shows, lists and queue."""
        site = self._site(site_id)
        visits = self.env["npo.visit"]
        sections = visits._fields["section"]._description_selection(self.env)
        results = dict(visits._fields["result"]._description_selection(self.env))
        sites = site.search([("company_id", "=", site.company_id.id)])
        return {
            "site": {"id": site.id, "name": site.name},
            "sites": [{"id": one.id, "name": one.name} for one in self._own(sites)],
            "association": site.company_id.name,
            "sections": [
                {"code": code, "label": label}
                for code, label in sections
                if code != "women" or site.has_women_section
            ],
            "purposes": self.env["npo.visit.purpose"].search_read([], ["name"]),
            "services": self.env["npo.support.service.type"].search_read(
                [], ["name", "code", "caution"]
            ),
            "results": [
                {"code": code, "label": results[code]}
                for code, _name in RESULTS
                if code != "left"
            ],
            "colleagues": [
                {"id": user.id, "name": user.name} for user in self._colleagues(site)
            ],
            **self.get_queue(site.id),
        }

    @api.model
    def _site(self, site_id):
        """Return the site of the counter, that of the user by default."""
        visits = self.env["npo.visit"]
        visits._check_counter()
        site = self.env["npo.site"].search(
            [("id", "=", site_id or 0), ("company_id", "=", self.env.company.id)]
        )
        site = site or self.env["npo.interaction"]._default_site_id()
        if not site:
            raise UserError(
                self.env._("The association has no site yet: add one in the settings.")
            )
        return site

    def _own(self, sites):
        """Return the sites that the user serves: a delegate's own ones."""
        user = self.env.user.sudo()
        own = user.npo_site_ids & sites
        is_delegate = user.has_group("npo_relations.group_npo_branch_delegate")
        is_front = user.has_group("npo_relations.group_npo_service_representative")
        return own if own and is_delegate and not is_front else sites

    def _colleagues(self, site):
        """Return who else serves visitors, those of the site first."""
        groups = self.env["res.groups"]
        for role in ("service_representative", "branch_delegate", "centre_officer"):
            groups |= self.env.ref(f"npo_relations.group_npo_{role}").sudo()
        users = self.env["res.users"].sudo()
        found = users.search(
            [
                ("all_group_ids", "in", groups.ids),
                ("company_ids", "in", site.company_id.ids),
                ("share", "=", False),
                ("id", "!=", self.env.uid),
            ],
            limit=50,
        )
        staff = site.sudo().staff_ids
        return found.sorted(lambda user: (user not in staff, user.name))

    @api.model
    def get_queue(self, site_id):
        """Return who is here today, in the order of the queue.

        The screen asks it every few seconds: few statements, however many came.
        """
        site = self._site(site_id)
        here = self.env["npo.visit"].search_fetch(
            [
                ("site_id", "=", site.id),
                ("day", "=", site.company_id._npo_today()),
                ("state", "in", OPEN_STATES),
            ],
            self._shown_fields,
            order="date_arrived, id",
        )
        now = fields.Datetime.now()
        return {"queue": [self._visit(visit, now) for visit in here]}

    _shown_fields = (
        "number",
        "section",
        "state",
        "partner_id",
        "visitor_name",
        "purpose_id",
        "companions",
        "date_arrived",
        "date_started",
        "counter",
        "user_id",
        "rating_code",
        "day",
    )

    def _visit(self, visit, now):
        """Return a visit as the screen shows it."""
        return {
            "id": visit.id,
            "number": visit.number,
            "section": visit.section,
            "state": visit.state,
            "name": visit.partner_id.name or visit.visitor_name or "",
            "purpose": visit.purpose_id.name,
            "companions": visit.companions,
            "counter": visit.counter,
            "waits": int(visit._minutes(visit.date_arrived, now)),
            "mine": visit.user_id == self.env.user,
            "user": visit.user_id.name or "",
            "code": visit.rating_code,
            "day": fields.Date.to_string(visit.day),
        }

    # ------------------------------------------------------------
    # WHO COMES
    # ------------------------------------------------------------

    @api.model
    def find(self, site_id, text):
        """Find who stands at the counter: by card, mobile, name or file number.

        An identity number is found whole and never in part; what is shown of it and
        of the mobile is masked.
        """
        site = self._site(site_id)
        text = (text or "").strip() if isinstance(text, str) else ""
        if len(text) < MIN_TYPED:
            return []
        people = self.env["res.partner"]
        people = people.search(
            Domain("id", "in", people._npo_find_ids(text, limit=50))
            & Domain("is_company", "=", False)
            & Domain("company_id", "in", (site.company_id.id, False))
            & Domain("partner_share", "=", True),
            limit=FOUND,
        )
        files = self.env["npo.beneficiary"].search(
            [
                ("partner_id", "in", people.ids),
                ("company_id", "=", site.company_id.id),
            ]
        )
        by_person = {file.partner_id: file for file in reversed(files)}
        here = self._here(people, site)
        expected = self.env["npo.appointment"]._appointments_of(people, site)
        found = [
            {
                "id": person.id,
                "name": person.name,
                "gender": person.npo_gender or "",
                "phone": mask(person.phone, 3) if person.phone else "",
                "identity": by_person[person].identity_masked
                if person in by_person
                else "",
                "file": by_person[person].file_no or "" if person in by_person else "",
                "today": here.get(person, ""),
                "appointment": expected[person].display_name
                if person in expected
                else "",
            }
            for person in people
        ]
        return sorted(found, key=lambda line: not line["file"])

    def _here(self, people, site):
        """Return {person: number of today}, of who was registered today already."""
        visits = self.env["npo.visit"].search(
            [
                ("partner_id", "in", people.ids),
                ("site_id", "=", site.id),
                ("day", "=", site.company_id._npo_today()),
                ("state", "!=", "left"),
            ]
        )
        return {visit.partner_id: visit.display_name for visit in visits}

    @api.model
    def register(self, site_id, visitor):
        """Register who stands at the counter; the same key twice is one visitor.

        :param dict visitor: see VISITOR; what else is sent is refused
        :return: the visit with its number, and `warning` where the person came twice
        """
        site = self._site(site_id)
        vals = self._visitor_vals(site, visitor)
        visits = self.env["npo.visit"]
        person = self.env["res.partner"].browse(vals.get("partner_id") or [])
        person.check_access("read")
        earlier = person and visits._here_already(person, site)
        visit = visits._register_visitors([vals])
        if earlier == visit:  # sent twice
            earlier = visits
        else:
            visit._note_appointments()
        return self._slip(visit, visits._twice_sentence(earlier) if earlier else "")

    def _slip(self, visit, warning=""):
        """Return a visit as its slip says it."""
        return {
            **self._visit(visit, fields.Datetime.now()),
            "warning": warning,
            "before": self._before(visit),
        }

    def _before(self, visit):
        """Return how many wait before a visitor in the section, by their arrival."""
        arrived = visit.date_arrived
        earlier = Domain("date_arrived", "<", arrived) | (
            Domain("date_arrived", "=", arrived) & Domain("id", "<", visit.id)
        )
        return self.env["npo.visit"].search_count(
            Domain("site_id", "=", visit.site_id.id)
            & Domain("day", "=", visit.day)
            & Domain("section", "=", visit.section)
            & Domain("state", "=", "waiting")
            & earlier
        )

    def _visitor_vals(self, site, visitor):
        """Return the values of a visit, of what a counter may say of a visitor."""
        if not isinstance(visitor, dict):
            visitor = {}
        for name, value in visitor.items():
            kind = VISITOR.get(name)
            if kind is None or (value and not isinstance(value, kind)):
                raise UserError(
                    self.env._("The counter sent what it may not: reload the page.")
                )
        vals = {name: value for name, value in visitor.items() if value}
        vals.setdefault(
            "purpose_id", self.env.ref("npo_relations.visit_purpose_other").id
        )
        if len(vals.get("client_key", "")) > MAX_KEY:
            vals.pop("client_key")
        seconds = vals.pop("seconds_ago", 0)
        return {
            **vals,
            "date_arrived": self._arrived(site, seconds),
            "site_id": site.id,
            "company_id": site.company_id.id,
        }

    def _arrived(self, site, seconds):
        """Return when a visitor came, whom the counter kept for so many seconds."""
        hours = site.company_id.sudo().npo_kept_hours
        if seconds > timedelta(hours=hours).total_seconds():
            raise UserError(
                self.env._(
                    "This visitor was kept on the computer for more than %s hours, and"
                    " is not registered any more. Look at the computer’s clock.",
                    hours,
                )
            )
        return fields.Datetime.now() - timedelta(seconds=max(0, seconds))

    # ------------------------------------------------------------
    # WHO IS NEXT
    # ------------------------------------------------------------

    @api.model
    def call_next(self, site_id, section=False, counter=0):
        """Call who waits longest.

        :return: the visit, or nothing when nobody waits
        """
        visit = self.env["npo.visit"]._call_next(self._site(site_id), section, counter)
        return self._visit(visit, fields.Datetime.now()) if visit else {}

    @api.model
    def refer(self, visit_id, section=False, user_id=False):
        """Pass a visitor on to a section or a colleague.

        :return: the visit as its slip says it: a section gives a number of its own
        """
        visits = self.env["npo.visit"]
        visits._check_counter()
        visit = visits.browse(visit_id).exists()
        visit.ensure_one()
        colleague = self.env["res.users"].browse(user_id or [])
        visit._refer(section, colleague)
        return self._slip(visit)
