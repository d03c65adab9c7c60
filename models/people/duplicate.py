from contextlib import suppress

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.arabic import clean_code, fold
from ...tools.identity import IdentityError, check_saudi_mobile

OFFICERS = (
    "npo_relations.group_npo_relations_officer,npo_relations.group_npo_branch_delegate"
)
BATCH = 1000
# What speaks for one person, in points; a pair is proposed from THRESHOLD on.
POINTS = {"identity": 200, "iban": 60, "birth_name": 60, "mobile": 50, "name": 50}
CONTRADICTION = 40
THRESHOLD = 40
# ⚖ How alike two folded names must be (pg_trgm, 0 to 1) for the same birth date.
LIKENESS = 0.5
# ⚖ So many files made in one go are compared at once; more come from an import.
TOLD_AT_ONCE = 20
# ⚖ So many likely persons are named while somebody types.
MAX_TOLD = 5


class NpoDuplicate(models.Model):
    """Two files that may be one person's, and why (R108).

    Proposed in batch by the points above, decided by an officer: merged, and the pair
    is gone, or not the same person: the pair stays and is never proposed again.
    """

    _name = "npo.duplicate"
    _description = "Likely Duplicate"
    _order = "score desc, id desc"
    _rec_name = "first_id"

    first_id = fields.Many2one(
        "npo.beneficiary", string="File", required=True, ondelete="cascade", index=True
    )
    second_id = fields.Many2one(
        "npo.beneficiary",
        string="Other file",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    reasons = fields.Char("Codes of the reasons", required=True)
    reason_text = fields.Char("Why", compute="_compute_reason_text")
    score = fields.Integer("Likelihood")
    state = fields.Selection(
        [
            ("proposed", "To be looked at"),
            ("different", "Not the same person"),
        ],
        required=True,
        default="proposed",
        index=True,
    )
    user_id = fields.Many2one("res.users", string="Decided by")
    date = fields.Datetime("Decided on")
    note = fields.Char()

    _pair_uniq = models.UniqueIndex("(first_id, second_id)", "This pair is known.")

    @api.depends("reasons")
    def _compute_reason_text(self):
        for pair in self:
            pair.reason_text = self._reason_text(pair.reasons or "")

    @api.model
    def _reason_text(self, reasons):
        """Return the words for the codes of the reasons."""
        _ = self.env._
        words = {
            "identity": _("same identity number"),
            "iban": _("same IBAN"),
            "birth_name": _("same birth date and a similar name"),
            "mobile": _("same mobile"),
            "name": _("same name"),
        }
        codes = reasons.split(",")
        return _(", ").join(words[code] for code in codes if code in words)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_groups(OFFICERS):
            raise AccessError(self.env._("Your role does not decide on duplicates."))
        self.check_access("read")
        if any(pair.state != "proposed" for pair in self):
            raise UserError(self.env._("This pair was decided on already."))

    def action_different(self, note=False):
        """Remember that these are two persons."""
        self._check_officer()
        self.sudo().write(
            {
                "state": "different",
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "note": note or False,
            }
        )
        return True

    @api.model
    def _remember_different(self, file, others):
        """Remember that a new file is none of those it was compared with."""
        pairs = self.search(
            [
                ("state", "=", "proposed"),
                ("first_id", "in", (file | others).ids),
                ("second_id", "in", (file | others).ids),
            ]
        )
        pairs.filtered(
            lambda pair: file in (pair.first_id, pair.second_id)
        ).action_different()

    def action_merge(self):
        """Open the review of a merge."""
        self.ensure_one()
        self._check_officer()
        return self.env["npo.beneficiary.merge"]._open(self.first_id | self.second_id)

    # ------------------------------------------------------------
    # PROPOSING
    # ------------------------------------------------------------

    @api.model
    def _propose(self, files):
        """Look for the duplicates of files, whatever their number, in two statements.

        :return: how many pairs are new
        """
        if not files:
            return 0
        files.env.flush_all()
        rows = self._pairs(self._saved_query(files.ids))
        if not rows:
            return 0
        self.env.cr.execute(
            SQL(
                """INSERT INTO npo_duplicate (first_id, second_id, company_id, reasons,
                          score, state, create_uid, create_date, write_uid, write_date)
                   SELECT v.*, 'proposed', %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM (VALUES %(values)s)
                          AS v (first_id, second_id, company_id, reasons, score)
                   ON CONFLICT (first_id, second_id) DO NOTHING RETURNING id""",
                uid=self.env.uid,
                now=fields.Datetime.now(),
                values=SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        new = len(self.env.cr.fetchall())
        self.env["npo.duplicate"].invalidate_model()
        files.invalidate_recordset(["duplicate_text"], flush=False)
        return new

    @api.model
    def _likely(self, company, typed, file):
        """Return whom typed values may mean, the likeliest first, before it is saved.

        Nobody is told of a file that they may not open.

        :param dict typed: values of a file, as they stand on the form
        :param file: the one that is being changed, or none
        :return: [(file, reasons)]
        """
        self.env.flush_all()
        rows = self._pairs(self._typed_query(company, typed, file))
        scores = {(set(row[:2]) - {file.id or 0}).pop(): row for row in rows}
        readable = file.browse(scores)._filtered_access("read")
        decided = self.sudo().search(
            [
                ("state", "=", "different"),
                "|",
                ("first_id", "in", file.ids),
                ("second_id", "in", file.ids),
            ]
        )
        others = readable - decided.first_id - decided.second_id
        best = others.sorted(lambda other: scores[other.id][4], reverse=True)
        return [
            (other, self._reason_text(scores[other.id][3])) for other in best[:MAX_TOLD]
        ]

    @api.model
    def _pairs(self, mine):
        """Return (first, second, company, reasons, score) of the likely pairs.

        :param mine: the query of those who are compared with the register
        """
        self.env.cr.execute(self._pairs_query(mine))
        rows = []
        for first, second, company_id, reasons, against in self.env.cr.fetchall():
            codes = [code for code in POINTS if code in reasons]
            if "birth_name" in codes and "name" in codes:
                codes.remove("name")
            score = sum(POINTS[code] for code in codes) - CONTRADICTION * against
            if codes and score >= THRESHOLD:
                rows.append((first, second, company_id, ",".join(codes), score))
        return rows

    @api.model
    def _saved_query(self, file_ids):
        """Return the query of files; those merged away are nobody's duplicates."""
        return SQL(
            """
            SELECT f.id, f.company_id, f.partner_id, f.birth_date, p.phone,
                   p.npo_search_key AS name, p.npo_gender AS gender,
                   f.identity_type, f.identity_number,
                   ARRAY(SELECT b.sanitized_acc_number FROM res_partner_bank b
                          WHERE b.partner_id = f.partner_id AND b.active) AS ibans
              FROM npo_beneficiary f JOIN res_partner p ON p.id = f.partner_id
             WHERE f.id = ANY(%s) AND f.merged_into_id IS NULL
            """,
            list(file_ids),
        )

    @api.model
    def _typed_query(self, company, typed, file):
        """Return the query of one person who stands on a form; 0 is a new file."""
        phone, iban = typed.get("phone"), typed.get("iban")
        with suppress(IdentityError):
            phone = check_saudi_mobile(phone)
        return SQL(
            """
            SELECT %s AS id, %s AS company_id, %s::int AS partner_id,
                   %s::date AS birth_date, %s AS phone, %s AS name, %s AS gender,
                   %s AS identity_type, %s AS identity_number, %s::varchar[] AS ibans
            """,
            file.id or 0,
            company.id,
            file.sudo().partner_id.id or None,
            typed.get("birth_date") or None,
            phone or None,
            fold(typed.get("name")) or None,
            typed.get("npo_gender") or None,
            typed.get("identity_type") or None,
            clean_code(typed.get("identity_number")).upper() or None,
            [clean_code(iban).upper()] if iban else [],
        )

    @api.model
    def _pairs_query(self, mine):
        """Return the SQL that finds, by an index for each reason, who is alike.

        Files that were merged away are out; ended ones are in: who comes back should
        take the old file up again.
        """
        return SQL(
            """
            WITH mine AS MATERIALIZED (%(mine)s), found AS (
                SELECT m.id AS a, o.id AS b, 'mobile' AS reason
                  FROM mine m JOIN res_partner p ON p.phone = m.phone
                  JOIN npo_beneficiary o ON o.partner_id = p.id
                UNION
                SELECT m.id, o.id, 'iban' FROM mine m
                  JOIN res_partner_bank b
                    ON b.sanitized_acc_number = ANY(m.ibans) AND b.active
                  JOIN npo_beneficiary o ON o.partner_id = b.partner_id
                UNION
                SELECT m.id, o.id, 'birth_name' FROM mine m
                  JOIN npo_beneficiary o ON o.company_id = m.company_id
                   AND o.birth_date = m.birth_date
                  JOIN res_partner p ON p.id = o.partner_id
                 WHERE similarity(p.npo_search_key, m.name) >= %(likeness)s
                UNION
                SELECT m.id, o.id, 'name' FROM mine m
                  JOIN res_partner p ON p.npo_search_key = m.name
                  JOIN npo_beneficiary o ON o.partner_id = p.id
                 WHERE m.name LIKE '%% %% %%'
                UNION
                SELECT m.id, o.id, 'identity' FROM mine m
                  JOIN npo_beneficiary o ON o.identity_number = m.identity_number
                UNION
                SELECT m.id, d.beneficiary_id, 'identity' FROM mine m
                  JOIN npo_document d ON d.number = m.identity_number
                  JOIN npo_document_type t
                    ON t.id = d.document_type_id AND t.is_identity
            )
            SELECT LEAST(m.id, o.id), GREATEST(m.id, o.id), m.company_id,
                   array_agg(DISTINCT found.reason),
                   COALESCE(bool_or(m.birth_date <> o.birth_date), FALSE)::int
                   + COALESCE(bool_or(m.gender <> p.npo_gender), FALSE)::int
                   + 2 * COALESCE(bool_or(
                             m.identity_type = o.identity_type
                             AND m.identity_number <> o.identity_number), FALSE)::int
              FROM found
              JOIN mine m ON m.id = found.a
              JOIN npo_beneficiary o ON o.id = found.b
              JOIN res_partner p ON p.id = o.partner_id
             WHERE m.id <> o.id AND m.company_id = o.company_id
               AND m.partner_id IS DISTINCT FROM o.partner_id
               AND o.merged_into_id IS NULL AND o.active IS TRUE
             GROUP BY LEAST(m.id, o.id), GREATEST(m.id, o.id), m.company_id
            """,
            mine=mine,
            likeness=LIKENESS,
        )

    @api.model
    def _after_merge(self, gone_id, kept_id):
        """Close the pair that was merged; the others of the old file are the kept's."""
        pairs = self.search(
            ["|", ("first_id", "=", gone_id), ("second_id", "=", gone_id)]
        )
        own = pairs.filtered(
            lambda pair: {pair.first_id.id, pair.second_id.id} == {gone_id, kept_id}
        )
        own.unlink()
        for pair in pairs - own:
            first, second = sorted(
                kept_id if side == gone_id else side
                for side in (pair.first_id.id, pair.second_id.id)
            )
            known = self.search(
                [("first_id", "=", first), ("second_id", "=", second)], limit=1
            )
            if not known:
                pair.write({"first_id": first, "second_id": second})
                continue
            if pair.state == "different" and known.state == "proposed":
                known.state = "different"
            pair.unlink()

    @api.model
    def _cron_propose(self):
        """Look at the files that are new or changed, some thousand at a time."""
        done = self._propose_changed()
        self.env["ir.cron"]._commit_progress(
            done, remaining=BATCH if done == BATCH else 0
        )

    @api.model
    def _propose_changed(self):
        """Look at files new or changed since they were looked at; return how many."""
        cr = self.env.cr
        query = """FROM npo_beneficiary f JOIN res_partner p ON p.id = f.partner_id
                  WHERE f.duplicate_date IS NULL
                     OR GREATEST(f.write_date, p.write_date) > f.duplicate_date"""
        cr.execute(f"SELECT f.id {query} ORDER BY f.id LIMIT {BATCH}")  # constants
        ids = [row[0] for row in cr.fetchall()]
        self._propose(self.env["npo.beneficiary"].browse(ids))
        cr.execute(
            SQL(
                "UPDATE npo_beneficiary SET duplicate_date = now() at time zone 'UTC'"
                " WHERE id = ANY(%s)",
                ids,
            )
        )
        return len(ids)


class NpoBeneficiary(models.Model):
    """Likely duplicates on the file, told right when it is made (R108)."""

    _inherit = "npo.beneficiary"

    merged_into_id = fields.Many2one(
        "npo.beneficiary",
        string="Merged into",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    duplicate_date = fields.Datetime(
        "Last compared on", readonly=True, copy=False, groups="base.group_system"
    )
    duplicate_text = fields.Html(
        "May be the same person as",
        compute="_compute_duplicate_text",
        sanitize=False,  # built here
        groups="base.group_user",
    )

    _birth_idx = models.Index("(company_id, birth_date) WHERE birth_date IS NOT NULL")

    @api.depends(
        "name",
        "phone",
        "birth_date",
        "npo_gender",
        "company_id",
        "identity_type",
        "identity_entry",
        "iban_entry",
    )
    def _compute_duplicate_text(self):
        """Say in words who may be the same person and why: while it is typed, too."""
        told = self._proposed_pairs()
        for file in self:
            pairs = told.get(file.id, []) if file.id else file._typed_pairs()
            file.duplicate_text = self._duplicate_list(pairs)

    def _proposed_pairs(self):
        """Return {file id: [(other file, reasons)]} of what waits for a decision."""
        found = {}
        Pair = self.env["npo.duplicate"]
        files = self.filtered("id")
        if not files or not Pair.has_access("read"):
            return found
        domain = [
            ("state", "=", "proposed"),
            "|",
            ("first_id", "in", files.ids),
            ("second_id", "in", files.ids),
        ]
        for pair in Pair.search(domain):
            first, second = pair.first_id, pair.second_id
            found.setdefault(first.id, []).append((second, pair.reason_text))
            found.setdefault(second.id, []).append((first, pair.reason_text))
        return found

    def _typed_pairs(self):
        """Return [(file, reasons)] of whom the values on the form may mean."""
        self.ensure_one()
        # sudo: the user's own typing, in fields that the role may not have
        typed, saved = self.sudo(), self._origin.sudo()
        names = ("name", "phone", "birth_date", "npo_gender", "identity_type")
        values = {name: typed[name] for name in names}
        values["identity_number"] = typed.identity_entry or saved.identity_number
        values["iban"] = typed.iban_entry or saved.iban
        company = self.company_id or self.env.company
        return self.env["npo.duplicate"]._likely(company, values, self._origin)

    @api.model
    def _duplicate_list(self, pairs):
        """Return the files as a list of links, each with its reasons."""
        line = Markup(
            '<li><a href="/odoo/npo.beneficiary/%s" target="_blank">%s</a>: %s</li>'
        )
        lines = [line % (file.id, file.display_name, text) for file, text in pairs]
        if not lines:
            return False
        return Markup('<ul class="mb-0">%s</ul>') % Markup("").join(lines)

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        if len(files) <= TOLD_AT_ONCE:  # the cron compares what came in bulk
            self.env["npo.duplicate"].sudo()._propose(files.sudo())
        return files

    def action_duplicates(self):
        """Open the pairs of the file that wait for a decision."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Likely Duplicates"),
            "res_model": "npo.duplicate",
            "views": [(False, "list")],
            "domain": [
                ("state", "=", "proposed"),
                "|",
                ("first_id", "=", self.id),
                ("second_id", "=", self.id),
            ],
        }


class NpoDocument(models.Model):
    """The number of an identity document, as the search for duplicates finds it."""

    _inherit = "npo.document"

    _number_idx = models.Index("(number) WHERE number IS NOT NULL")


class ResPartner(models.Model):
    """The phone of a contact, as the search for duplicates finds it."""

    _inherit = "res.partner"

    _npo_phone_idx = models.Index("(phone) WHERE phone IS NOT NULL")
