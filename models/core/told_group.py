from odoo import api, models
from odoo.orm.utils import parse_field_expr
from odoo.tools import SQL

from .person_key import NpoPersonKeyMixin

PERSONS = "person_key:persons"


class NpoToldGroupMixin(models.AbstractModel):
    """Opinions that users group: what is of a few persons is left out (R071, R079).

    Lists, graphs and pivots of Odoo and every call of a client group by these two
    methods; what the system counts itself, it hides itself.
    """

    _name = "npo.told.group.mixin"
    _description = "Grouped Where Enough Persons Are"
    _inherit = [NpoPersonKeyMixin._name]

    # The column that is set where somebody said something; None: in every record.
    _said_when = None

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        # EXTENDS base
        if self.env.su:
            return super()._read_group(
                domain, groupby, aggregates, having, offset, limit, order
            )
        if groupby:
            having = [*having, (PERSONS, ">=", self._least_persons())]
            return super()._read_group(
                domain, groupby, aggregates, having, offset, limit, order
            )
        rows = super()._read_group(domain, (), (*aggregates, PERSONS))
        return self._told_rows((), aggregates, rows)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        # EXTENDS base
        if self.env.su:
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        rows = super()._read_grouping_sets(
            domain, grouping_sets, (*aggregates, PERSONS), order
        )
        return [
            self._told_rows(groupby, aggregates, own)
            for groupby, own in zip(grouping_sets, rows, strict=True)
        ]

    def _told_rows(self, groupby, aggregates, rows):
        """Return the rows without what counts the persons; of a few, none.

        A total is one row in any case.
        """
        least = self._least_persons()
        told = [tuple(row[:-1]) for row in rows if (row[-1] or 0) >= least]
        if groupby or told:
            return told
        return [tuple(self._read_group_empty_value(spec) for spec in aggregates)]

    def _least_persons(self):
        return self.env.company.sudo().npo_small_answers

    def _read_group_groupby(self, alias, groupby_spec, query):
        # EXTENDS base: core groups by a many2many whoever may read it
        name = parse_field_expr(groupby_spec.partition(":")[0])[0]
        if field := self._fields.get(name):
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: how many persons there are, who is not known as one each
        if aggregate_spec != PERSONS:
            return super()._read_group_select(aggregate_spec, query)
        key = SQL(
            "COALESCE(%s, '#' || %s)",
            # nobody reads the fingerprints; how many there are is for each reader
            self.sudo()._field_to_sql(self._table, "person_key", query),
            SQL.identifier(self._table, "id"),
        )
        if self._said_when:
            said = self._field_to_sql(self._table, self._said_when, query)
            return SQL("count(DISTINCT %s) FILTER (WHERE %s IS NOT NULL)", key, said)
        return SQL("count(DISTINCT %s)", key)
