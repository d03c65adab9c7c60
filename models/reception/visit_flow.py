from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .visit import OPEN_STATES, RESULTS, SECTIONS
from .visit import NpoVisit as Base

# Who serves visitors.
COUNTER = ("service_representative", "branch_delegate", "centre_officer")
MAX_COUNTER = 99


class NpoVisit(models.Model):
    """How a visit goes on: called, served, ended, referred, left (R104–R106).

    Each step is taken once: of two who press at one moment one takes it, and the
    other, whose transaction begins anew, is told.
    """

    _inherit = Base._name

    # ------------------------------------------------------------
    # CALL
    # ------------------------------------------------------------

    def action_call(self):
        """Call a visitor, whoever waits before; called again, the own one (R104)."""
        self._check_counter()
        self._call(self.env.context.get("npo_counter"))

    def _call(self, counter=None):
        self._require_state("waiting", "called")
        self._require_own_call()
        self._step(
            {
                "state": "called",
                "date_called": fields.Datetime.now(),
                "counter": self._counter_number(counter),
                "user_id": self.env.uid,
            }
        )

    @api.model
    def _call_next(self, site, section=False, counter=None):
        """Call who waits longest; two counters at once get two persons.

        Who was referred to one colleague waits for that one.

        :param section: one section; whoever waits longest in any when there is none
        :return: the visit, or none when nobody waits
        """
        self._check_counter()
        if section:
            self._check_section(section)
        site.check_access("read")
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM npo_visit
                 WHERE site_id = %(site)s AND day = %(day)s AND state = 'waiting'
                   AND section = ANY(%(sections)s)
                   AND (user_id IS NULL OR user_id = %(user)s)
                 ORDER BY date_arrived, id
                 LIMIT 1
                   FOR UPDATE SKIP LOCKED
                """,
                site=site.id,
                day=site.company_id._npo_today(),
                sections=[section] if section else [code for code, _name in SECTIONS],
                user=self.env.uid,
            )
        )
        visit = self.browse(row_id for (row_id,) in rows)
        if visit:
            visit.check_access("write")
            visit._call(counter)
        return visit

    def _counter_number(self, counter):
        """Return the number of a counter, as the waiting room shows it."""
        try:
            counter = int(counter or 0)
        except (TypeError, ValueError):
            counter = -1
        if not 0 <= counter <= MAX_COUNTER:
            raise UserError(
                self.env._("The number of a counter goes from 1 to %s.", MAX_COUNTER)
            )
        return counter

    # ------------------------------------------------------------
    # SERVE
    # ------------------------------------------------------------

    def action_start(self):
        """Begin to serve; the contact is opened of which all else comes (R085)."""
        self._check_counter()
        self._require_state("waiting", "called")
        self._require_own_call()
        now = fields.Datetime.now()
        for visit in self:
            # who was referred has waited for the first service
            started = visit.date_started or max(now, visit.date_arrived)
            visit._step(
                {
                    "state": "serving",
                    "date_called": visit.date_called or started,
                    "date_started": started,
                    "waiting_minutes": self._minutes(visit.date_arrived, started),
                    "user_id": self.env.uid,
                }
            )
        self._open_contact()

    def action_end(self, result=None):
        """End visits with what came of them; no question stays open (R105).

        :param str result: one of the results; what the form says by default
        """
        self._check_counter()
        self._require_state("serving")
        for visit in self:
            kept = result or visit.result
            visit._check_result(kept)
            visit._check_nothing_open()
            ended = max(fields.Datetime.now(), visit.date_started)
            visit._step(
                {
                    "state": "done",
                    "result": kept,
                    "date_ended": ended,
                    "service_minutes": self._minutes(visit.date_started, ended),
                }
            )
        self._end_contact()

    def _check_result(self, result):
        if result not in {code for code, _name in RESULTS} - {"left"}:
            raise UserError(self.env._("Say first what came of the visit."))

    @api.model
    def _minutes(self, start, end):
        """Return the minutes between two moments; a clock set back makes them none."""
        return max(0.0, (end - start).total_seconds() / 60)

    def action_leave(self):
        """Record who left before the service."""
        self._check_counter()
        self._require_state("waiting", "called")
        self._leave()

    def _leave(self):
        now = fields.Datetime.now()
        for visit in self:
            ended = max(now, visit.date_arrived)
            visit._step({"state": "left", "result": "left", "date_ended": ended})

    # ------------------------------------------------------------
    # REFER
    # ------------------------------------------------------------

    def _refer(self, section=False, user=None):
        """Pass a visitor on to another section or a colleague, who calls them.

        The place in the queue is that of the arrival: nobody waits twice. Another
        section has its own numbers, so the visitor is given one of these.
        """
        self.ensure_one()
        self._check_counter()
        self._require_state(*OPEN_STATES)
        section = section or self.section
        self._check_section(section)
        if section == self.section and not user:
            raise UserError(self.env._("Choose a section or a colleague."))
        self._check_colleague(user)
        vals = {
            "state": "waiting",
            "user_id": user.id if user else False,
            "counter": 0,
            "date_called": False,
        }
        if section != self.section:
            sheets = self.env["npo.visit.sheet"]
            _sheet_id, numbers = sheets._draw(self.site_id.id, self.day, section, 1)
            number = next(numbers)
            code = self._new_code(section, number)
            vals |= {"section": section, "number": number, "rating_code": code}
        self._step(vals)

    def _check_colleague(self, user):
        """Raise unless the colleague works here and serves visitors."""
        if not user:
            return
        colleague = user.sudo()
        if (
            colleague.share
            or self.company_id not in colleague.company_ids
            or not self._serves(colleague)
        ):
            raise UserError(
                self.env._("Choose a colleague who serves visitors at the counter.")
            )

    # ------------------------------------------------------------
    # COMMON
    # ------------------------------------------------------------

    @api.model
    def _serves(self, user):
        return any(
            user.has_group(f"npo_relations.group_npo_{role}") for role in COUNTER
        )

    def _check_counter(self):
        """Raise unless the user serves visitors, and those of this site."""
        if not self.env.su and not self._serves(self.env.user):
            raise AccessError(self.env._("Visitors are served by reception."))
        self.check_access("write")

    def _require_state(self, *states):
        """Raise unless the visits stand there, on a day that is still open."""
        self._check_open_day()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for visit in self:
            if visit.state not in states:
                raise UserError(
                    self.env._(
                        "%(visit)s: %(state)s. A colleague was faster; look again.",
                        visit=visit.display_name,
                        state=labels[visit.state],
                    )
                )

    def _require_own_call(self):
        """Raise where a colleague called the visitor, who goes to that counter."""
        for visit in self.filtered(lambda one: one.state == "called"):
            if visit.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(visit)s was called by %(colleague)s: call another visitor.",
                        visit=visit.display_name,
                        colleague=visit.user_id.sudo().name,
                    )
                )

    def _step(self, vals):
        """Write what a step fills; in sudo, after who and when were looked at."""
        self.sudo().write(vals)
