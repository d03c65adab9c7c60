import logging

from psycopg2 import DataError, IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .destruction_session import NpoDestructionSession as Session
from .retention_rule import PERSON

_logger = logging.getLogger(__name__)
BATCH = 100
# What a record of its own may be refused for; what befalls the server goes on up.
REFUSED = (IntegrityError, DataError, UserError)


class NpoDestructionSession(models.Model):
    """How a session is carried out: by batches, each looked at again before (D17)."""

    _inherit = Session._name

    @api.model
    def _cron_carry_out(self, batch=BATCH):
        """Carry running sessions out, oldest first, a batch for each transaction."""
        lines = self.env["npo.destruction.line"]
        waiting = [("session_id.state", "=", "running"), ("state", "=", "waiting")]
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=lines.search_count(waiting))
        for session in self.search([("state", "=", "running")], order="id"):
            while done := session._carry_out_batch(batch):
                if not progress(done):
                    return
            session._finish()

    def _carry_out_batch(self, batch=BATCH):
        """Carry the next lines out; nothing of it is half done.

        :return: how many lines were dealt with, 0 when none waits
        """
        self.ensure_one()
        lines = self.env["npo.destruction.line"].sudo()
        own = [("session_id", "=", self.id), ("state", "=", "waiting")]
        lines = lines.search(own, limit=batch, order="id").try_lock_for_update()
        if not lines:
            return 0
        try:
            with self.env.cr.savepoint():
                self._carry_out(lines)
        except REFUSED:
            self._carry_out_singly(lines)
        return len(lines)

    def _carry_out_singly(self, lines):
        """Carry lines out one by one: what the database refuses holds up no other."""
        for line in lines:
            try:
                with self.env.cr.savepoint():
                    self._carry_out(line)
            except REFUSED as error:
                _logger.error(
                    "Destruction line %s was refused: %s", line.id, type(error).__name__
                )
                line.write({"state": "held", "held_reason": "failed"})

    def _carry_out(self, lines):
        """Make what may go nameless; the others are skipped with their reason."""
        free = self._look_again(lines)
        self._note_days(free)
        persons = free.filtered(lambda line: line.rule_id.res_model == PERSON)
        records = {
            rule.res_model: set(own.mapped("res_id"))
            for rule, own in (free - persons).grouped("rule_id").items()
        }
        self.env["npo.forget"]._forget(
            self.company_id, persons.mapped("res_id"), records
        )
        free.write({"state": "done", "date_done": fields.Datetime.now()})
        self.env.flush_all()

    def _finish(self):
        """End a session of which no line waits."""
        own = [("session_id", "=", self.id), ("state", "=", "waiting")]
        if not self.env["npo.destruction.line"].sudo().search_count(own, limit=1):
            self.sudo().write({"state": "done", "date_done": fields.Datetime.now()})

    # ------------------------------------------------------------
    # LOOKED AT AGAIN
    # ------------------------------------------------------------

    def _look_again(self, lines):
        """Return the lines that may go now; the others are skipped with a reason."""
        free = lines.browse()
        for (rule, by_request), own in lines.grouped(
            lambda line: (line.rule_id, line.by_request)
        ).items():
            if rule.res_model == PERSON:
                free |= self._look_at_persons(own, by_request)
            else:
                free |= self._look_at_records(rule, own)
        return free

    def _look_at_persons(self, lines, by_request):
        """Skip persons who are held, or of whom something is open or too young."""
        rules = self.env["npo.retention.rule"]
        ids = lines.mapped("res_id")
        rows = self.env.execute_query(
            SQL(
                "SELECT id, is_free, held_by, is_on_hold FROM (%s) s",
                rules._persons(self.company_id, by_law=by_request, ids=ids),
            )
        )
        found = {row[0]: row[1:] for row in rows}
        free = lines.browse()
        for line in lines:
            is_free, held_by, is_on_hold = found.get(line.res_id, (None, None, False))
            if is_free is None:
                line.write({"state": "held", "held_reason": "gone"})
            elif is_on_hold:
                line.write({"state": "held", "held_reason": "hold"})
            elif not is_free:
                names = rules.sudo().browse(held_by or []).mapped("name")
                names = ", ".join(sorted(names))
                line.write({"state": "held", "held_reason": "open", "held_by": names})
            else:
                free |= line
        return free

    def _look_at_records(self, rule, lines):
        """Skip records that are held, or are not over any more."""
        ids = lines.mapped("res_id")
        over = dict(self.env.execute_query(rule._over_rows(self.company_id, ids)))
        free = lines.filtered(lambda line: over.get(line.res_id) is False)
        held = lines.filtered(lambda line: over.get(line.res_id))
        held.write({"state": "held", "held_reason": "hold"})
        (lines - free - held).write({"state": "held", "held_reason": "open"})
        return free

    def _note_days(self, lines):
        """Keep on the lines from which day each was counted, for the certificate."""
        self.env.flush_all()
        for rule, own in lines.grouped("rule_id").items():
            day = (
                SQL("t.create_date::date") if rule.res_model == PERSON else rule._day()
            )
            self.env.cr.execute(
                SQL(
                    """UPDATE npo_destruction_line l SET date_from = %s
                         FROM %s t WHERE t.id = l.res_id AND l.id = ANY(%s)""",
                    day,
                    SQL.identifier(self.env[rule.res_model]._table),
                    own.ids,
                )
            )
        lines.invalidate_recordset(["date_from"], flush=False)
