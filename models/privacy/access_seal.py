from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, hmac

from ..core.access_log import keep_in_database

# What a line says, in this order, for good: a seal is worked out from it.
SEALED_COLUMNS = (
    "id",
    "company_id",
    "user_id",
    "way",
    "res_model",
    "res_id",
    "res_name",
    "person_ref",
    "field_name",
    "entry_count",
    "is_masked",
    "reason",
    "address",
)
LINES = 5000  # in one seal at most: what is worked out at once stays small
BATCH = 50  # seals looked at by one statement
OPEN_TIME = timedelta(hours=1)  # a line that is open longer was kept from its seal


class NpoAccessLog(models.Model):
    _inherit = "npo.access.log"

    seal_id = fields.Many2one(
        "npo.access.seal", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _open_idx = models.Index("(company_id, id) WHERE seal_id IS NULL")


class NpoAccessSeal(models.Model):
    """A seal over lines of the log: what was changed behind its back shows (D13).

    A cron closes the open lines of an association into a seal, which carries a digest
    of what they say and its own mark over that and the mark of the seal before. The
    marks are made with the secret of the database. The last one, written down outside,
    shows as well whether the end of the chain was cut off.

    Lines are sealed by a run of its own and not as they are written: many write at
    once, and none of them sees what the others did.
    """

    _name = "npo.access.seal"
    _description = "Seal of the Log"
    _order = "company_id, number desc"
    _rec_name = "number"

    company_id = fields.Many2one(
        "res.company", string="Association", required=True, readonly=True
    )
    number = fields.Integer(required=True, readonly=True)
    date = fields.Datetime("Sealed on", required=True, readonly=True)
    line_count = fields.Integer("Lines", required=True, readonly=True)
    digest = fields.Char("Digest of the lines", required=True, readonly=True)
    previous_hash = fields.Char("Mark of the seal before", readonly=True)
    hash = fields.Char("Mark", required=True, readonly=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, number)", "This part of the log was sealed already."
    )

    def init(self):
        # EXTENDS base
        super().init()
        keep_in_database(self)

    def write(self, vals):
        raise AccessError(self.env._("What was logged is not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What was logged is not deleted."))

    # ------------------------------------------------------------
    # SEALING
    # ------------------------------------------------------------

    @api.model
    def _cron_seal(self):
        """Close the open lines of every association, a seal after the other."""
        for company in self._unsealed():
            while self._seal(company):
                if not self.env["ir.cron"]._commit_progress(1):
                    return

    @api.model
    def _unsealed(self):
        """Return the associations that have open lines."""
        self.env["npo.access.log"].flush_model()
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT company_id FROM npo_access_log WHERE seal_id IS NULL")
        )
        return self.env["res.company"].browse(company_id for (company_id,) in rows)

    @api.model
    def _seal(self, company):
        """Close the oldest open lines of an association.

        One at a time: who finds another one at it leaves it at that, and of two that
        met all the same the number of the seal lets one through.

        :return: the new seal; none where nothing is open
        """
        seals = self.sudo()
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
            [self._table, company.id],
        )
        if not self.env.cr.fetchone()[0]:
            return seals.browse()
        self.env["npo.access.log"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM npo_access_log WHERE company_id = %s"
                " AND seal_id IS NULL ORDER BY id LIMIT %s",
                company.id,
                LINES,
            )
        )
        if not rows:
            return seals.browse()
        ids = [line_id for (line_id,) in rows]
        [(_none, count, digest, _first)] = self._digests(SQL("id = ANY(%s)", ids))
        last = seals.search([("company_id", "=", company.id)], limit=1)
        vals = {
            "company_id": company.id,
            "number": last.number + 1,
            "date": fields.Datetime.now(),
            "line_count": count,
            "digest": digest,
            "previous_hash": last.hash or "",
        }
        seal = seals.create({**vals, "hash": self._mark(vals)})
        self.env.cr.execute(
            "UPDATE npo_access_log SET seal_id = %s WHERE id = ANY(%s)", [seal.id, ids]
        )
        self.env["npo.access.log"].invalidate_model(["seal_id"])
        return seal

    @api.model
    def _digests(self, where):
        """Return [(seal, lines, digest, moment of the first)] of lines of the log.

        The database puts what the lines say into one text and digests it: the same
        for a million lines as for ten, in little memory.
        """
        said = [SQL.identifier(name) for name in SEALED_COLUMNS]
        said.append(SQL("to_char(date, 'YYYY-MM-DD HH24:MI:SS.US')"))
        return self.env.execute_query(
            SQL(
                """SELECT seal_id, count(*),
                          encode(sha256(convert_to(string_agg(
                              jsonb_build_array(%s)::text, E'\\n' ORDER BY id
                          ), 'UTF8')), 'hex'),
                          min(date)
                     FROM npo_access_log WHERE %s GROUP BY seal_id""",
                SQL(", ").join(said),
                where,
            )
        )

    @api.model
    def _mark(self, seal):
        """Return the mark of a seal, or of the values of one to be."""
        said = [
            seal["company_id"] if isinstance(seal, dict) else seal.company_id.id,
            seal["number"],
            fields.Datetime.to_string(seal["date"]),
            seal["line_count"],
            seal["digest"],
            seal["previous_hash"] or "",
        ]
        return hmac(self.sudo().env, self._name, said)

    # ------------------------------------------------------------
    # CHECKING
    # ------------------------------------------------------------

    @api.model
    def _check_chain(self, company, written=""):
        """Look whether the log of an association is as it was written.

        In batches, by the seals and their lines as they stand in the database.

        :param written: a mark that was written down earlier, outside of the system
        :return: list of (what is wrong, number of the seal or 0, how many)
        """
        self.env["npo.access.log"].flush_model()
        seals, found = self.sudo(), []
        before, marks = seals.browse(), set()
        while batch := seals.search(
            [("company_id", "=", company.id), ("number", ">", before.number)],
            limit=BATCH,
            order="number",
        ):
            batch.invalidate_recordset()
            digests = {
                seal_id: rest
                for seal_id, *rest in self._digests(SQL("seal_id = ANY(%s)", batch.ids))
            }
            for seal in batch:
                found += self._check_seal(seal, before, digests.get(seal.id))
                marks.add(seal.hash)
                before = seal
        found += self._check_open(company) + self._check_hidden(company)
        written = "".join(written.split()).lower() if written else ""
        if written and written not in marks:
            found.append(("cut", before.number, 1))
        return found

    @api.model
    def _check_seal(self, seal, before, lines):
        """Return what is wrong with a seal, after the one before it."""
        found, number = [], seal.number
        count, digest, first = lines or (0, "", None)
        gap = number - before.number - 1
        is_linked = gap or (seal.previous_hash or "") == (before.hash or "")
        if gap:
            found.append(("seal_gone", number - 1, gap))
        if not is_linked or seal.hash != self._mark(seal):
            found.append(("seal_changed", number, 1))
        if count < seal.line_count:
            found.append(("line_gone", number, seal.line_count - count))
        elif count > seal.line_count:
            found.append(("line_added", number, count - seal.line_count))
        elif digest != seal.digest:
            found.append(("line_changed", number, 1))
        elif first and first < before._earliest():
            found.append(("line_late", number, 1))
        return found

    def _earliest(self):
        """Return the moment of which the lines of the next seal are none before.

        After a full seal stands the rest of what had waited as long as it: no moment.
        """
        has_rest = not self or self.line_count >= LINES
        return datetime.min if has_rest else self.date - OPEN_TIME

    @api.model
    def _check_open(self, company):
        """Return what is wrong with lines that have no seal, or one that is gone."""
        [(late, lost)] = self.env.execute_query(
            SQL(
                """SELECT count(*) FILTER (WHERE line.seal_id IS NULL
                                             AND line.date < %s),
                          count(*) FILTER (WHERE line.seal_id IS NOT NULL
                                             AND seal.id IS NULL)
                     FROM npo_access_log line
                LEFT JOIN npo_access_seal seal ON seal.id = line.seal_id
                                              AND seal.company_id = line.company_id
                    WHERE line.company_id = %s""",
                fields.Datetime.now() - OPEN_TIME,
                company.id,
            )
        )
        found = [("line_open", 0, late)] if late else []
        return found + ([("line_lost", 0, lost)] if lost else [])

    @api.model
    def _check_hidden(self, company):
        """Return how many lines are kept from who checks as of a complaint's.

        Whose complaint a line is of, and how close that is kept, follow the record and
        are under no seal: what they say is compared with what it is.
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT line.res_model, line.res_id, line.complaint_id, count(*),
                          count(*) FILTER (WHERE coalesce(line.secrecy, 'normal')
                              <> coalesce(complaint.confidentiality, 'normal'))
                     FROM npo_access_log line
                LEFT JOIN npo_complaint complaint ON complaint.id = line.complaint_id
                    WHERE line.company_id = %s
                      AND (line.complaint_id IS NOT NULL OR line.secrecy <> 'normal')
                 GROUP BY 1, 2, 3""",
                company.id,
            )
        )
        lines, hidden = self.env["npo.access.log"].sudo(), 0
        for model, res_id, complaint_id, count, differ in rows:
            real = lines.new({"res_model": model, "res_id": res_id}).complaint_id
            is_of_it = not complaint_id or real.id == complaint_id
            hidden += differ if is_of_it else count
        return [("line_hidden", 0, hidden)] if hidden else []

    @api.model
    def _finding_texts(self, found):
        """Return what `_check_chain` found, in sentences."""
        _ = self.env._
        texts = {
            "seal_gone": _("Seals are missing up to number %(number)s: %(count)s."),
            "seal_changed": _(
                "Seal %(number)s was changed, or the database is a copy with another"
                " secret."
            ),
            "line_gone": _("Lines were deleted under seal %(number)s: %(count)s."),
            "line_added": _("Lines were added under seal %(number)s: %(count)s."),
            "line_changed": _("A line was changed under seal %(number)s."),
            "line_late": _("A line under seal %(number)s is older than it may be."),
            "line_open": _("Lines without a seal after more than an hour: %(count)s."),
            "line_lost": _("Lines whose seal is gone: %(count)s."),
            "line_hidden": _(
                "Lines that say to be of a complaint kept close, and are not:"
                " %(count)s."
            ),
            "cut": _(
                "The mark that was written down is not in the log any more: its end was"
                " cut off."
            ),
        }
        return [
            texts[code] % {"number": number, "count": count}
            for code, number, count in found
        ]
