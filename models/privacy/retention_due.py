from odoo import api, fields, models
from odoo.tools import SQL

from .retention_rule import PERSON

SHOWN = 2000  # records that are opened at once from the list of what is due
OFFICERS = ("data_protection_officer", "governance_officer", "general_manager")


class NpoRetentionRule(models.Model):
    """What is due, worked out in one statement for persons and one for each kind."""

    _inherit = "npo.retention.rule"

    # ------------------------------------------------------------
    # PERSONS
    # ------------------------------------------------------------

    @api.model
    def _persons(self, company, by_law=False, ids=None):
        """Return the SQL of the persons that records of an association lead to.

        Its columns: `id`, `is_free` (nothing holds the person), `held_by` (the rules
        whose records do), `is_on_hold` (a legal hold). Colleagues, companies, whom
        another association or a record that is kept names, and whom nothing is known
        of any more are not among them.

        :param ids: only these persons
        """
        self.env.flush_all()
        rules = self._known()
        parts = [
            rule._rows(name, company, by_law, ids)
            for rule in rules
            if rule.method != "keep" and rule.res_model != PERSON
            for name in rule._person_fields()
        ]
        keeping = [
            SQL(
                "SELECT %s FROM %s",
                SQL.identifier(name),
                SQL.identifier(self.env[rule.res_model]._table),
            )
            for rule in rules
            if rule.method == "keep"
            for name in rule._person_fields()
        ]
        return SQL(
            """
            SELECT p.id,
                   bool_and(s.is_free) AND (p.npo_forgotten IS NULL
                       OR p.npo_kept_until < %(today)s) AS is_free,
                   array_agg(DISTINCT s.rule_id) FILTER (WHERE NOT s.is_free) held_by,
                   EXISTS (SELECT FROM npo_legal_hold h WHERE h.partner_id = p.id
                              AND %(held)s) AS is_on_hold
              FROM (%(rows)s) s
              JOIN res_partner p ON p.id = s.person_id
             WHERE p.is_company IS NOT TRUE
               AND NOT EXISTS (SELECT FROM res_users u WHERE u.partner_id = p.id
                                  AND u.share IS NOT TRUE)
               AND NOT EXISTS (SELECT FROM res_company c WHERE c.partner_id = p.id)
               AND NOT EXISTS (SELECT FROM (%(keeping)s) k(id) WHERE k.id = p.id)
             GROUP BY p.id
            HAVING bool_and(s.company_id = %(company)s) AND bool_or(s.is_known)
            """,
            rows=SQL(" UNION ALL ").join(parts),
            keeping=SQL(" UNION ALL ").join(keeping or [SQL("SELECT NULL::int")]),
            company=company.id,
            today=company._npo_today(),
            held=self.env["npo.legal.hold"]._is_in_force(company),
        )

    def _rows(self, name, company, by_law, ids):
        """Return the SQL of the rows that name a person in one link.

        `is_known`: the row makes of a contact a person with a file or a case.
        """
        person = SQL.identifier("t", name)
        return SQL(
            """SELECT %(person)s AS person_id, %(owner)s AS company_id,
                      %(free)s AS is_free, %(rule)s AS rule_id, %(known)s AS is_known
                 FROM %(table)s t
                WHERE %(person)s IS NOT NULL AND %(only)s""",
            person=person,
            free=self._is_free(company, by_law),
            rule=self.id,
            owner=SQL("t.company_id" if self._has_company() else "NULL::int"),
            known=self.method == "person" and not self._is_accounts(),
            table=SQL.identifier(self.env[self.res_model]._table),
            only=SQL("TRUE") if ids is None else SQL("%s = ANY(%s)", person, list(ids)),
        )

    # ------------------------------------------------------------
    # RECORDS
    # ------------------------------------------------------------

    def _due(self, company, ids=None):
        """Return the SQL of the ids that are due by this rule, held ones left out."""
        self.ensure_one()
        if self.res_model == PERSON:
            return SQL(
                "SELECT id FROM (%s) due WHERE is_free AND NOT is_on_hold",
                self._persons(company, ids=ids),
            )
        return SQL(
            "SELECT id FROM (%s) due WHERE NOT is_on_hold",
            self._over_rows(company, ids),
        )

    def _over_rows(self, company, ids=None):
        """Return the SQL of (id, is_on_hold) of the rows that are over by themselves.

        What goes with its person goes by itself where it names nobody.
        """
        persons = [SQL.identifier("t", name) for name in self._person_fields()]
        terms = [
            SQL("t.company_id = %s", company.id),
            self._is_over(company),
            SQL("NOT EXISTS (%s)", self._done_line(SQL("t.id"))),
        ]
        if self.method == "person":
            terms += [SQL("%s IS NULL", person) for person in persons]
        if ids is not None:
            terms.append(SQL("t.id = ANY(%s)", list(ids)))
        own = SQL("(h.res_model = %s AND h.res_id = t.id)", self.res_model)
        columns = self.env["npo.forget"]._columns_to(self.env[self.res_model], PERSON)
        named = [
            SQL("h.partner_id = %s", SQL.identifier("t", field.name))
            for field in columns
        ]
        return SQL(
            """SELECT t.id, EXISTS (SELECT FROM npo_legal_hold h
                                     WHERE (%s) AND %s) AS is_on_hold
                 FROM %s t WHERE %s""",
            SQL(" OR ").join([own, *named]),
            self.env["npo.legal.hold"]._is_in_force(company),
            SQL.identifier(self.env[self.res_model]._table),
            SQL(" AND ").join(terms),
        )

    def _done_line(self, record):
        """Return the SQL of the line by which a record was made nameless before."""
        return SQL(
            "SELECT FROM npo_destruction_line l WHERE l.rule_id = %s"
            " AND l.res_id = %s AND l.state = 'done'",
            self.id,
            record,
        )

    @api.model
    def _starting(self):
        """Return the rules by which something is due by itself, persons first."""
        rules = self._known().filtered(
            lambda rule: (
                rule.method in ("person", "own")
                and not rule.class_id.is_permanent
                and not any(link.first for link in rule._links())
            )
        )
        return rules.sorted(lambda rule: (rule.res_model != PERSON, rule.id))


class NpoRetentionDue(models.Model):
    """How many records of a kind are due for destruction, as counted last (P009).

    Counting looks through whole tables, so it is done by night and by a button, never
    by opening a page.
    """

    _name = "npo.retention.due"
    _description = "Due for Destruction"
    _order = "due_count desc, id"
    _rec_name = "rule_id"

    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    rule_id = fields.Many2one(
        "npo.retention.rule",
        string="Kind of records",
        required=True,
        index=True,
        ondelete="cascade",
    )
    class_id = fields.Many2one(related="rule_id.class_id")
    due_count = fields.Integer("Records due", readonly=True)
    held_count = fields.Integer("Records on hold", readonly=True)
    date_counted = fields.Datetime("Counted on", readonly=True)

    _rule_uniq = models.UniqueIndex(
        "(company_id, rule_id)", "This kind is counted once."
    )

    @api.model
    def _check_reader(self):
        self.env["npo.home"]._require_role(*OFFICERS, "auditor")

    def action_count(self):
        """Count again now, for the current association, and show the list (D17)."""
        self._check_reader()
        self._count(self.env.company)
        return self.env["ir.actions.actions"]._for_xml_id(
            "npo_relations.npo_retention_due_action"
        )

    def action_open_records(self):
        """Open the records behind the figure, with the rights of who looks."""
        self.ensure_one()
        self._check_reader()
        self.check_access("read")
        rule = self.rule_id.sudo()
        self.env[rule.res_model].check_access("read")
        due = self.env.execute_query(
            SQL("%s ORDER BY id LIMIT %s", rule._due(self.company_id), SHOWN)
        )
        return {
            "type": "ir.actions.act_window",
            "name": rule.name,
            "res_model": rule.res_model,
            "view_mode": "list,form",
            "domain": [("id", "in", [row[0] for row in due])],
            "context": {"create": False, "active_test": False},
        }

    @api.model
    def _count(self, company):
        """Count what is due in an association: one statement for each kind."""
        now = fields.Datetime.now()
        known = self.sudo().search([("company_id", "=", company.id)])
        known = {line.rule_id: line for line in known}
        for rule in self.env["npo.retention.rule"]._starting():
            is_person = rule.res_model == PERSON
            rows = rule._persons(company) if is_person else rule._over_rows(company)
            free = SQL("is_free") if is_person else SQL("TRUE")
            ((due, held),) = self.env.execute_query(
                SQL(
                    "SELECT count(*) FILTER (WHERE NOT is_on_hold),"
                    " count(*) FILTER (WHERE is_on_hold) FROM (%s) due WHERE %s",
                    rows,
                    free,
                )
            )
            vals = {"due_count": due, "held_count": held, "date_counted": now}
            if line := known.get(rule):
                line.write(vals)
            else:
                self.sudo().create(
                    {"company_id": company.id, "rule_id": rule.id, **vals}
                )

    @api.model
    def _cron_count(self):
        """Count for each association, by night: all of them, however long it takes.

        Who was counted longest ago comes first, should the server end the run.
        """
        counted = dict(self._read_group([], ["company_id"], ["date_counted:max"]))
        never = fields.Datetime.to_datetime("1970-01-01")
        for company in (
            self.env["res.company"]
            .search([])
            .sorted(lambda company: counted.get(company) or never)
        ):
            self._count(company)
            self.env["ir.cron"]._commit_progress(1)
