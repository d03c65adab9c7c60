from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

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
        _ = self.env._
        words = {
            "identity": _("same identity number"),
            "iban": _("same IBAN"),
            "birth_name": _("same birth date and a similar name"),
            "mobile": _("same mobile"),
            "name": _("same name"),
        }
        for pair in self:
            codes = (pair.reasons or "").split(",")
            pair.reason_text = _(", ").join(words[c] for c in codes if c in words)

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
        rows = [row for row in self._pairs(files.ids) if row[3]]
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
    def _pairs(self, file_ids):
        """Return (first, second, company, reasons, score) of the likely pairs."""
        self.env.cr.execute(self._pairs_query(file_ids))
        rows = []
        for first, second, company_id, reasons, against in self.env.cr.fetchall():
            codes = [code for code in POINTS if code in reasons]
            if "birth_name" in codes and "name" in codes:
                codes.remove("name")
            score = sum(POINTS[code] for code in codes) - CONTRADICTION * against
            if score >= THRESHOLD:
                rows.append((first, second, company_id, ",".join(codes), score))
        return rows

    @api.model
    def _pairs_query(self, file_ids):
        """Return the SQL that finds, by an index for each reason, who is alike.

        Files that were merged away are out; ended ones are in: who comes back should
        take the old file up again.
        """
        return SQL(
            """
            WITH mine AS (
                SELECT f.id, f.company_id, f.partner_id, f.birth_date, p.phone,
                       p.npo_search_key AS name, f.identity_number
                  FROM npo_beneficiary f JOIN res_partner p ON p.id = f.partner_id
                 WHERE f.id = ANY(%(ids)s) AND f.merged_into_id IS NULL
            ), found AS (
                SELECT m.id AS a, o.id AS b, 'mobile' AS reason
                  FROM mine m JOIN res_partner p ON p.phone = m.phone
                  JOIN npo_beneficiary o ON o.partner_id = p.id
                UNION
                SELECT m.id, o.id, 'iban' FROM mine m
                  JOIN res_partner_bank n ON n.partner_id = m.partner_id AND n.active
                  JOIN res_partner_bank b
                    ON b.sanitized_acc_number = n.sanitized_acc_number AND b.active
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
            SELECT LEAST(x.id, y.id), GREATEST(x.id, y.id), x.company_id,
                   array_agg(DISTINCT found.reason),
                   COALESCE(bool_or(x.birth_date <> y.birth_date), FALSE)::int
                   + COALESCE(bool_or(px.npo_gender <> py.npo_gender), FALSE)::int
                   + 2 * COALESCE(bool_or(
                             x.identity_type = y.identity_type
                             AND x.identity_number <> y.identity_number), FALSE)::int
              FROM found
              JOIN npo_beneficiary x ON x.id = found.a
              JOIN npo_beneficiary y ON y.id = found.b
              JOIN res_partner px ON px.id = x.partner_id
              JOIN res_partner py ON py.id = y.partner_id
             WHERE x.id <> y.id AND x.company_id = y.company_id
               AND x.partner_id <> y.partner_id
               AND y.merged_into_id IS NULL AND y.active IS TRUE
             GROUP BY LEAST(x.id, y.id), GREATEST(x.id, y.id), x.company_id
            """,
            ids=list(file_ids),
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
    duplicate_text = fields.Char(
        "May be the same person as",
        compute="_compute_duplicate_text",
        groups="base.group_user",
    )

    _birth_idx = models.Index("(company_id, birth_date) WHERE birth_date IS NOT NULL")

    def _compute_duplicate_text(self):
        """Say in words who may be the same person and why, in one search."""
        Pair = self.env["npo.duplicate"]
        texts = {}
        if Pair.has_access("read"):
            domain = [
                ("state", "=", "proposed"),
                "|",
                ("first_id", "in", self.ids),
                ("second_id", "in", self.ids),
            ]
            for pair in Pair.search(domain):
                for own, other in (
                    (pair.first_id, pair.second_id),
                    (pair.second_id, pair.first_id),
                ):
                    text = f"{other.display_name}: {pair.reason_text}"
                    texts.setdefault(own.id, []).append(text)
        for file in self:
            file.duplicate_text = "; ".join(texts.get(file._origin.id, [])) or False

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
