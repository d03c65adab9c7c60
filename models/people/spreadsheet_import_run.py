import gzip
import json
import logging

from psycopg2 import DataError, IntegrityError, errors

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL

from .spreadsheet_import import RUNNING
from .spreadsheet_import_reader import RowReader

_logger = logging.getLogger(__name__)

BATCH_ROWS = 1000
ATTEMPTS = 5
BATCH_NAME = "npo-import-rows-%06d"
COUNTERS = {"error": "error_count", "twice": "twice_count", "present": "present_count"}
# Two imports, or an officer at the desk, were at the same row: once more.
CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.UniqueViolation,
    errors.LockNotAvailable,
)
# What is wrong with a row; any other error is of the programme and stops the work.
ROW_ERRORS = (UserError, RedirectWarning, ValueError, DataError, IntegrityError)
# ⚖ A finished import keeps its file so long, for questions about it.
KEEP_DAYS = 30


class NpoImport(models.Model):
    """The work in the background, batch by batch."""

    _inherit = "npo.import"

    # ------------------------------------------------------------
    # THE LOOP
    # ------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Go on with what is under way; each batch is committed with its place."""
        cron = self.env["ir.cron"]
        running = self.search([("state", "in", RUNNING)], order="id")
        cron._commit_progress(remaining=sum(map(self._steps_left, running)))
        for record in running:
            while record.state in RUNNING:
                if not record._run_step():
                    break
                if not cron._commit_progress(1, remaining=record._steps_left()):
                    record._wake()
                    return

    @api.autovacuum
    def _gc_imports(self):
        """Forget files: drafts nobody went on with, finished ones after a while."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        old = self.search(
            [("write_date", "<", before), ("state", "not in", RUNNING)], limit=1000
        )
        for record in old:
            record._drop_batches()
        old.filtered(lambda record: not record.created_count).unlink()
        # the keys of what was imported stay: the same file is known again
        old.exists().write({"file": False, "sample": False, "report_file": False})

    def _steps_left(self):
        if self.state not in RUNNING:
            return 0
        return max(self.batch_count - self.batch_done, 1)

    def _run_step(self):
        """Do one batch, again from the start when somebody else was at its rows.

        :return: False when another process is at work on this register
        """
        for _attempt in range(ATTEMPTS):
            try:
                if not self._take_turn():
                    return False
                self._step()
                self.env.flush_all()
                return True
            except CONFLICTS:
                self.env.cr.rollback()
                self.env.transaction.reset()
            except Exception as error:  # noqa: BLE001 what stops the work is shown
                self._stop(error)
                return True
        self._stop(None)
        return True

    def _take_turn(self):
        """Lock this import, and its register against other imports."""
        if not self.try_lock_for_update():
            return False
        query = SQL(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
            f"npo.import {self.register}",
            self.company_id.id,
        )
        return self.env.execute_query(query)[0][0]

    def _stop(self, error):
        """Keep what is committed, and tell why the work stands still."""
        self.env.cr.rollback()
        self.env.transaction.reset()
        # the text of a database error holds the values of the row: its kind is enough
        _logger.error("Import %s stopped: %s", self.id, type(error).__name__)
        sentence = self.env._("Something unforeseen happened. Press “Continue”.")
        if isinstance(error, UserError):
            sentence = str(error)
        self.write({"state": "failed", "note": sentence})
        self._tell_user()

    def _step(self):
        if self.state == "undoing":
            self._undo_batch()
        elif self.is_cancelling:
            self._cancel_now()
        elif self.state == "checking":
            self._check_batch() if self.batch_count else self._split()
        else:
            self._import_batch()

    def _cancel_now(self):
        if self.mode == "all" and self.created_count:
            self._begin_undo(self.env._("Cancelled: nothing was imported."))
            return
        note = self.env._("Cancelled. Rows imported before: %s.", self.created_count)
        self.write({"state": "cancelled", "is_cancelling": False, "note": note})

    def _tell_user(self):
        self.create_uid._bus_send(
            "simple_notification",
            {
                "title": self.name,
                "message": dict(self._fields["state"]._description_selection(self.env))[
                    self.state
                ],
                "type": "warning" if self.state == "failed" else "success",
            },
        )

    # ------------------------------------------------------------
    # BATCHES OF RAW ROWS
    # ------------------------------------------------------------

    def _batches(self):
        """Return the attachments that hold the rows, in order."""
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", False),
                ("name", "=like", "npo-import-rows-%"),
            ],
            order="name",
        )

    def _drop_batches(self):
        self._batches().unlink()

    def _split(self):
        """Read the file once, and keep its rows in batches."""
        todo, batch, total = [], [], 0
        for number, values in self._sheet_rows(self._sheet()):
            batch.append((number, values))
            if len(batch) == BATCH_ROWS:
                todo.append(self._pack(batch))
                batch, total = [], total + BATCH_ROWS
        if batch:
            todo.append(self._pack(batch))
        self._drop_batches()
        self.env["ir.attachment"].create(
            [
                {
                    "name": BATCH_NAME % index,
                    "res_model": self._name,
                    "res_id": self.id,
                    "raw": content,
                    "mimetype": "application/octet-stream",
                }
                for index, content in enumerate(todo)
            ]
        )
        self.write({"batch_count": len(todo), "row_count": total + len(batch)})

    def _pack(self, rows):
        text = json.dumps(rows, default=_to_text, ensure_ascii=False)
        return gzip.compress(text.encode(), 1, mtime=0)

    def _load(self, index):
        """Return the rows of a batch: [(number, {column: value})]."""
        attachment = self._batches().filtered(lambda a: a.name == BATCH_NAME % index)
        rows = json.loads(gzip.decompress(attachment.raw))
        return [
            (number, {int(column): value for column, value in values.items()})
            for number, values in rows
        ]

    def _reader(self):
        """Return what reads a row, with the eyes of the user who imports."""
        user = self.create_uid
        env = self.env(
            user=user,
            su=False,
            context={
                "lang": user.lang,
                "tz": user.tz,
                "allowed_company_ids": self.company_id.ids,
                "tracking_disable": True,
                "mail_create_nosubscribe": True,
                "mail_create_nolog": True,
            },
        )
        model = env[self._register_model()._name]
        model.check_access("create")
        titles = {column.index: column for column in self.column_ids}
        return RowReader(self, model, titles)

    # ------------------------------------------------------------
    # CHECKING
    # ------------------------------------------------------------

    def _check_batch(self):
        rows = self._load(self.batch_done)
        readings = self._reader().read_all(rows)
        self._mark_twice(readings)
        self._insert_rows(readings)
        counts = self._counts(readings)
        self._advance(len(rows), counts)
        if self.batch_done >= self.batch_count:
            self.state = "checked"
            self._tell_user()

    def _mark_twice(self, readings):
        """Report a row that says the same person, or just the same, as one above."""
        keys = {reading.person_key for reading in readings if reading.state == "ready"}
        query = SQL(
            "SELECT person_key, min(number) FROM npo_import_row"
            " WHERE import_id = %s AND person_key = ANY(%s) GROUP BY person_key",
            self.id,
            list(keys),
        )
        seen = dict(self.env.execute_query(query))
        for reading in readings:
            if reading.state not in ("ready", "present"):
                continue
            first = seen.setdefault(reading.person_key, reading.number)
            if first != reading.number:
                reading.state = "twice"
                reading.problem(
                    None, self.env._("The same as row %s of this file.", first)
                )

    def _insert_rows(self, readings):
        """Keep the outcome of each row, in one statement."""
        if not readings:
            return
        model = self._register_model()._name
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)",
                self.id,
                self.company_id.id,
                self.register,
                model,
                reading.number,
                reading.state,
                reading.key,
                reading.person_key,
                json.dumps(reading.problems) if reading.problems else None,
            )
            for reading in readings
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO npo_import_row (import_id, company_id, register,"
                " res_model, number, state, key, person_key, problems) VALUES %s",
                values,
            )
        )
        self.env["npo.import.row"].invalidate_model(flush=False)

    def _counts(self, readings):
        counts = {}
        for reading in readings:
            if name := COUNTERS.get(reading.state):
                counts[name] = counts.get(name, 0) + 1
        return counts

    def _advance(self, rows, counts):
        vals = {name: self[name] + count for name, count in counts.items()}
        vals["row_done"] = self.row_done + rows
        vals["batch_done"] = self.batch_done + 1
        self.write(vals)

    # ------------------------------------------------------------
    # IMPORTING
    # ------------------------------------------------------------

    def _import_batch(self):
        rows = self._load(self.batch_done)
        lines = self.env["npo.import.row"].search_fetch(
            [
                ("import_id", "=", self.id),
                ("number", "in", [number for number, _values in rows]),
                ("state", "=", "ready"),
            ],
            ["number"],
        )
        ready = {line.number: line.id for line in lines}
        reader = self._reader()
        readings = reader.read_all([row for row in rows if row[0] in ready])
        good = [reading for reading in readings if reading.state == "ready"]
        self._create_good(reader, good)
        self._update_rows(readings, ready)
        counts = self._counts(readings)
        created = sum(reading.state == "created" for reading in readings)
        counts["created_count"] = created
        self._advance(len(rows), counts)
        if self.mode == "all" and any(
            reading.state in ("error", "twice") for reading in readings
        ):
            self._begin_undo(
                self.env._("A row could not be saved, so nothing was imported.")
            )
        elif self.batch_done >= self.batch_count:
            self._finish()

    def _finish(self):
        self.write({"state": "done", "sample": False, "is_cancelling": False})
        self._drop_batches()
        _logger.info("Import %s: %s rows created", self.id, self.created_count)
        self._tell_user()

    def _create_good(self, reader, readings):
        """Create the records in one go; halve the batch where one cannot be saved."""
        if not readings:
            return
        try:
            with self.env.cr.savepoint():
                records = reader.model.create([reading.vals() for reading in readings])
                records._npo_import_created(self.target)
                records.env.flush_all()
        except CONFLICTS:
            raise
        except ROW_ERRORS as e:
            self.env.invalidate_all(flush=False)
            if len(readings) > 1:
                half = len(readings) // 2
                self._create_good(reader, readings[:half])
                self._create_good(reader, readings[half:])
                return
            readings[0].state = "error"
            readings[0].problem(None, self._reason(e))
            return
        for reading, record in zip(readings, records, strict=True):
            reading.state, reading.res_id = "created", record.id
        # what was created is not read again: 50,000 rows take the memory of one batch
        self.env.invalidate_all(flush=False)

    def _reason(self, error):
        if isinstance(error, (UserError, RedirectWarning)):
            return str(error.args[0])
        return self.env._("This row could not be saved.")

    def _update_rows(self, readings, ready):
        if not readings:
            return
        values = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s::jsonb)",
                ready[reading.number],
                reading.state,
                reading.res_id,
                json.dumps(reading.problems) if reading.problems else None,
            )
            for reading in readings
        )
        self.env.cr.execute(
            SQL(
                "UPDATE npo_import_row line SET state = new.state,"
                " res_id = new.res_id::int, problems = new.problems"
                " FROM (VALUES %s) AS new(id, state, res_id, problems)"
                " WHERE line.id = new.id",
                values,
            )
        )
        self.env["npo.import.row"].invalidate_model(flush=False)

    # ------------------------------------------------------------
    # TAKING BACK
    # ------------------------------------------------------------

    def _begin_undo(self, note):
        self.write({"state": "undoing", "note": note, "is_cancelling": False})

    def _undo_batch(self):
        """Delete the records of one batch, the last one first."""
        lines = self.env["npo.import.row"].search(
            [("import_id", "=", self.id), ("state", "=", "created")],
            order="number desc",
            limit=BATCH_ROWS,
        )
        records = self._register_model().browse(lines.mapped("res_id")).exists()
        records._npo_import_undo()
        lines.write({"state": "ready", "res_id": False})
        self.created_count -= len(lines)
        if not self.created_count:
            self.write({"state": "failed", "batch_done": 0, "row_done": 0})
            self._drop_batches()
            self._tell_user()


def _to_text(value):
    """Return a date as ISO text, anything else of a sheet as it shows."""
    return value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)
