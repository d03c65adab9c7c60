from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .retention_rule import PERSON

# What is beside a contact, and keeps none: talk, meetings, and its own belongings.
OF_CONTACTS = (
    "bus.",
    "calendar.",
    "discuss.",
    "ir.",
    "mail.",
    "npo.portal.access",
    "rating.",
    "res.partner.",
    "res.users",
    "survey.",
    "website.",
)


class NpoForget(models.AbstractModel):
    """How persons and records are made nameless (D17, P016): nothing of them is left.

    Records stay, so that every count, sum and day of the statistics is what it was;
    all that they say in words goes (`forget_erase`). What is reached is found by the
    rules (`npo.retention.rule`): from a person to the cases, from a case to its parts,
    and to whatever stands beside a record: messages, tasks, meetings, files.

    Written in SQL, past every guard: what is on record cannot be changed, and yet must
    be forgotten. So there is one way in, `_forget`, which only a session that two
    persons approved calls. The number of statements follows from the rules, not from
    how many are forgotten.

    **Accounts.** A bill names who was paid, and the law keeps it for ten years. The
    bills, the orders and the payments of a person that are younger stay as they are,
    and the contact keeps its name, and nothing else, until the last of them is over
    (`npo_kept_until`); then the contact is due once more.

    **What is written of a person elsewhere**, in the words of somebody else's record,
    is not found by a link. `_traces_of` looks for it, and who protects the data reads.

    Core's `privacy_lookup` finds rows that bear a name or an address in a few columns,
    for an administrator to archive or delete one by one; it neither knows cases, files
    and texts, nor keeps a count. `data_recycle` deletes by one date field of a model.
    Neither serves here.
    """

    _name = "npo.forget"
    _description = "Making Nameless"

    @api.model
    def _forget(self, company, persons=(), records=None):
        """Make persons, with all that leads to them, and records nameless.

        :param persons: ids of contacts
        :param dict records: {model: ids} of what goes by itself; its links are cut
        """
        self.env.flush_all()
        persons, records = self._with_addresses(persons), records or {}
        found = self._reached({PERSON: persons, **records}, company)
        kept = self._names_kept(company, persons)
        alone = self._cut(company, records, found)
        if alone:
            persons |= alone
            found = self._join(found, self._reached({PERSON: alone}, company))
        self._cut_from(company, persons)
        self._erase_beside(found, persons)
        self._erase_rows(found)
        self._erase_persons(company, persons, kept)
        self.env.invalidate_all(flush=False)

    @api.model
    def _with_addresses(self, persons):
        """Return persons with the addresses that are contacts below them."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE parent_id = ANY(%s)"
                " AND type <> 'contact'",
                list(persons),
            )
        )
        return {*persons, *(row[0] for row in rows)}

    @api.model
    def _join(self, found, more):
        return {
            name: found.get(name, set()) | more.get(name, set())
            for name in {*found, *more}
        }

    # ------------------------------------------------------------
    # WHAT IS REACHED
    # ------------------------------------------------------------

    @api.model
    def _reached(self, roots, company):
        """Return {model: ids} of all that goes with these records, themselves too."""
        rules = self.env["npo.retention.rule"]._known()
        rules = rules.filtered(lambda rule: rule.method != "keep")
        found = defaultdict(set)
        fresh = {name: set(ids) for name, ids in roots.items() if ids}
        while fresh:
            for name, ids in fresh.items():
                found[name] |= ids
            reached = defaultdict(set)
            for rule in rules:
                for query in self._queries(rule, fresh, company, found[PERSON]):
                    rows = self.env.execute_query(query)
                    reached[rule.res_model].update(row[0] for row in rows)
            fresh = {
                name: ids - found[name]
                for name, ids in reached.items()
                if ids - found[name]
            }
        return dict(found)

    @api.model
    def _queries(self, rule, fresh, company, persons):
        """Yield what asks for the records of a rule that go with the fresh ones.

        What goes by itself is reached from nothing but a person; accounts that are not
        over, what is held, and what another association owns are not reached at all.
        """
        table = SQL.identifier(self.env[rule.res_model]._table)
        only = SQL(" AND ").join(self._reachable(rule, company, persons))
        for link in rule._links():
            column = SQL.identifier("t", link.name)
            if link.kind == "field" and link.model in fresh:
                term = SQL("%s = ANY(%s)", column, list(fresh[link.model]))
                if link.first:
                    names = [
                        SQL.identifier("t", name) for name in rule._person_fields()
                    ]
                    for name in names:
                        term = SQL("%s AND %s IS NULL", term, name)
            elif link.kind == "any":
                term = SQL(
                    "(%s, %s) IN (%s)",
                    SQL.identifier("t", link.model),
                    column,
                    self._pairs(fresh),
                )
            elif link.kind == "reverse" and link.model in fresh:
                term = SQL(
                    "t.id IN (SELECT o.%s FROM %s o WHERE o.id = ANY(%s))",
                    SQL.identifier(link.name),
                    SQL.identifier(self.env[link.model]._table),
                    list(fresh[link.model]),
                )
            else:
                continue
            yield SQL("SELECT t.id FROM %s t WHERE %s AND %s", table, term, only)

    @api.model
    def _reachable(self, rule, company, persons):
        """Yield the SQL of what a row `t` must be to be reached."""
        model = self.env[rule.res_model]
        yield rule._is_over(company) if rule._is_accounts() else SQL("TRUE")
        if rule._has_company():
            yield SQL("(t.company_id = %s OR t.company_id IS NULL)", company.id)
        # held itself, or with another person whom it names as well
        held = [SQL("(h.res_model = %s AND h.res_id = t.id)", rule.res_model)]
        held += [
            SQL("h.partner_id = %s", SQL.identifier("t", field.name))
            for field in self._columns_to(model, PERSON)
        ]
        yield SQL(
            "NOT EXISTS (SELECT FROM npo_legal_hold h WHERE %s AND (%s))",
            self.env["npo.legal.hold"]._is_in_force(company),
            SQL(" OR ").join(held),
        )
        if rule.res_model == "npo.household":
            yield self._is_left(persons)
        if rule.res_model == "res.partner.bank":
            for used in self._young_accounts(company, "res.partner.bank"):
                yield SQL("t.id NOT IN (%s)", used)

    @api.model
    def _is_left(self, persons):
        """Return the SQL of whether no other member of a household has a live file."""
        return SQL(
            """NOT EXISTS (
                SELECT FROM npo_household_member m
                  JOIN npo_beneficiary b ON b.partner_id = m.partner_id
                 WHERE m.household_id = t.id AND m.date_to IS NULL
                   AND m.partner_id <> ALL(%s) AND b.date_ended IS NULL)""",
            list(persons),
        )

    @api.model
    def _columns_to(self, model, comodel):
        """Return the columns of a model that point to another."""
        return [
            field
            for field in model._fields.values()
            if field.store
            and field.column_type
            and field.type == "many2one"
            and field.comodel_name == comodel
        ]

    @api.model
    def _young_accounts(self, company, comodel):
        """Yield what asks to which records of a model accounts point, not over yet."""
        rules = self.env["npo.retention.rule"]._known()
        for rule in rules.filtered(lambda one: one._is_accounts()):
            for field in self._columns_to(self.env[rule.res_model], comodel):
                column = SQL.identifier("t", field.name)
                yield SQL(
                    "SELECT %s FROM %s t WHERE %s IS NOT NULL AND NOT %s",
                    column,
                    SQL.identifier(self.env[rule.res_model]._table),
                    column,
                    rule._is_over(company),
                )

    @api.model
    def _pairs(self, found):
        """Return the SQL of (model, id) of all that was found."""
        names = [name for name, ids in found.items() for _id in ids]
        ids = [one for each in found.values() for one in each]
        return SQL("SELECT * FROM UNNEST(%s::text[], %s::int[])", names, ids)

    # ------------------------------------------------------------
    # ACCOUNTS
    # ------------------------------------------------------------

    @api.model
    def _names_kept(self, company, persons):
        """Return {person: day} of whose name stands in accounts that are not over."""
        rules = self.env["npo.retention.rule"]._known()
        rules = rules.filtered(lambda rule: rule._is_accounts())
        kept = {}
        for rule in rules:
            years = rule.class_id.with_company(company).years
            columns = self._columns_to(self.env[rule.res_model], PERSON)
            names = {field.name for field in columns} & {"partner_id"}  # of a line
            for name in sorted(names.union(rule._person_fields())):
                person = SQL.identifier("t", name)
                rows = self.env.execute_query(
                    SQL(
                        """SELECT %(person)s, (max(%(day)s)
                                  + make_interval(years => %(years)s))::date
                             FROM %(table)s t
                            WHERE %(person)s = ANY(%(ids)s) AND NOT %(over)s
                            GROUP BY 1""",
                        person=person,
                        day=rule._day(),
                        years=years,
                        table=SQL.identifier(self.env[rule.res_model]._table),
                        ids=list(persons),
                        over=rule._is_over(company),
                    )
                )
                for person_id, until in rows:
                    kept[person_id] = max(until, kept.get(person_id, until))
        return kept

    # ------------------------------------------------------------
    # LINKS THAT ARE CUT
    # ------------------------------------------------------------

    @api.model
    def _cut(self, company, records, found):
        """Cut what leads from records that go by themselves to persons.

        :return: ids of the persons to whom nothing leads any more
        """
        named = set()
        for name, ids in records.items():
            if not ids:
                continue
            table = SQL.identifier(self.env[name]._table)
            links = self._links_to_cut(name)
            persons = [link for link in links if link.comodel_name == PERSON]
            if persons:
                columns = SQL(", ").join(SQL.identifier(link.name) for link in persons)
                named |= {
                    one
                    for row in self.env.execute_query(
                        SQL(
                            "SELECT %s FROM %s WHERE id = ANY(%s)",
                            columns,
                            table,
                            list(ids),
                        )
                    )
                    for one in row
                    if one
                }
            values = [self._cut_value(link, company) for link in links]
            if values:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s t SET %s WHERE id = ANY(%s)",
                        table,
                        SQL(", ").join(values),
                        list(ids),
                    )
                )
        return self._alone(company, named, found) if named else set()

    @api.model
    def _links_to_cut(self, name):
        """Return the links of a model that lead on to persons.

        A link to what goes by itself too may stay: it leads nowhere once that is cut.
        """
        rules = self.env["npo.retention.rule"]._known()
        leading = {
            rule.res_model for rule in rules if rule.method in ("person", "part")
        }
        return [
            field
            for field in self.env[name]._fields.values()
            if field.store
            and field.column_type
            and field.name not in ("create_uid", "write_uid", "sealed_complaint_id")
            and (
                (
                    field.type == "many2one"
                    and field.comodel_name in leading
                    and not (field.required and field.comodel_name != PERSON)
                )
                or (field.type == "many2one_reference" and not field.required)
            )
        ]

    @api.model
    def _cut_value(self, link, company):
        """Return the SQL that cuts one link: to nobody, or to nobody of this gender."""
        column = SQL.identifier(link.name)
        if link.comodel_name != PERSON:
            return SQL("%s = NULL", column)
        nameless = self.env[PERSON]._npo_nameless(company)
        return SQL(
            """%(column)s = (
                SELECT CASE p.npo_gender WHEN 'female' THEN %(female)s::int
                       WHEN 'male' THEN %(male)s::int ELSE %(other)s::int END
                  FROM res_partner p WHERE p.id = t.%(column)s)""",
            column=column,
            female=nameless["female"].id,
            male=nameless["male"].id,
            other=nameless[False].id,
        )

    @api.model
    def _alone(self, company, persons, found):
        """Return which of the persons nothing leads to any more: their time is over.

        Nobody listed them, so that any row of any model keeps them, an association's
        own or another's, unless it goes now as well.
        """
        left = set(persons)
        pointing = SQL(" UNION ALL ").join(self._pointing(left, found))
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id FROM res_partner p
                    WHERE p.id = ANY(%s) AND p.is_company IS NOT TRUE
                      AND p.npo_nameless_of_id IS NULL
                      AND NOT EXISTS (SELECT FROM res_users u WHERE u.partner_id = p.id
                                         AND u.share IS NOT TRUE)
                      AND NOT EXISTS (SELECT FROM res_partner c
                                       WHERE c.parent_id = p.id AND c.type = 'contact')
                      AND (p.company_id = %s OR p.company_id IS NULL)
                      AND p.id NOT IN (%s)""",
                list(left),
                company.id,
                pointing,
            )
        )
        return {row[0] for row in rows}

    @api.model
    def _pointing(self, persons, found):
        """Yield what asks which of the persons any column or relation points to."""
        ids = list(persons)
        yield SQL("SELECT 0")
        for name, model in sorted(self.env.items()):
            if model._abstract or model._transient or not model._auto:
                continue
            if name == PERSON or name.startswith(OF_CONTACTS):
                continue
            gone = list(found.get(name, ()))
            table = SQL.identifier(model._table)
            for field in self._columns_to(model, PERSON):
                column = SQL.identifier("t", field.name)
                yield SQL(
                    "SELECT %s FROM %s t WHERE %s = ANY(%s) AND t.id <> ALL(%s)",
                    column,
                    table,
                    column,
                    ids,
                    gone,
                )
        for relation, column in sorted(self._relations_to_persons()):
            column = SQL.identifier("t", column)
            yield SQL(
                "SELECT %s FROM %s t WHERE %s = ANY(%s)",
                column,
                SQL.identifier(relation),
                column,
                ids,
            )

    @api.model
    def _relations_to_persons(self):
        """Return (table, column of the contact) of relations, those of core apart."""
        return {
            (field.relation, side)
            for name, model in self.env.items()
            if not (model._abstract or model._transient)
            for field in model._fields.values()
            if field.type == "many2many" and field.store and field.relation
            for own, other, side in (
                (name, field.comodel_name, field.column2),
                (field.comodel_name, name, field.column1),
            )
            if other == PERSON
            and own != PERSON
            and own in self.env
            and not self.env[own]._transient
            and not own.startswith(OF_CONTACTS)
        }
