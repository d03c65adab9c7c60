from odoo import models
from odoo.tools import SQL

from .kpi import MEANS, NpoKpi

# How PostgreSQL reads the bounds of periods.
BOUNDS = {"date": SQL("date[]"), "datetime": SQL("timestamp[]")}


class NpoKpi(models.Model):
    """The one statement that counts any number of measures.

    Each measure is one reading of its table, whatever is asked: all at once, by a
    group, or by the periods of a trend. In sudo: numbers are facts of the association.
    """

    _inherit = NpoKpi._name

    def _count_all(self, company, date_from, date_to, site=None, key=None):
        """Return {measure: {key: (counted, kept)}}: one statement.

        :param key: function of (measure, model, query) that returns the SQL of what
            is grouped by; one group, None, without it
        """
        parts = [kpi._select(company, date_from, date_to, site, key) for kpi in self]
        parts = [part for part in parts if part]
        counts = {kpi: {} for kpi in self}
        if not parts:
            return counts
        # compiling so long a statement would take longer than running it
        statement = SQL("SET LOCAL jit = off; %s", SQL(" UNION ALL ").join(parts))
        for kpi_id, name, counted, kept in self.env.execute_query(statement):
            kpi = self.browse(kpi_id)
            counts[kpi][name] = (counted, kpi._as_number(counted, kept))
        return counts

    def _as_number(self, counted, kept):
        """Return what was kept: records are whole, an average of nothing is 0."""
        if not counted:
            return 0
        if self.value_field:
            return kept
        return int(kept)

    def _select(self, company, date_from, date_to, site, key):
        """Return the reading of one measure; None where nothing can be counted."""
        model = self.env[self.res_model].sudo()
        domain = self._records_domain(company, date_from, date_to, site=site)
        query = model._search(domain)
        if query.is_empty():
            return None
        name = key(self, model, query) if key else SQL("NULL")
        columns = [
            SQL("%s AS kpi", self.id),
            SQL("(%s)::text AS name", name),
            SQL("%s AS counted", self._counted_sql(model, query)),
            SQL("(%s)::float8 AS kept", self._kept_sql(company, model, query)),
        ]
        if key:
            query.groupby = SQL("2")
        return SQL("(%s)", query.select(*columns))

    def _counted_sql(self, model, query):
        paths = self._per_paths()
        if not paths:
            return SQL("count(*)")
        names = SQL(", ").join(self._path_sql(model, path, query) for path in paths)
        present = SQL("num_nulls(%s) = 0", names)
        return SQL("count(DISTINCT (%s)) FILTER (WHERE %s)", names, present)

    def _kept_sql(self, company, model, query):
        if self.value_field:
            value = self._path_sql(model, self.value_field, query)
            if self.percentile:
                share = self.percentile / 100
                return SQL(
                    "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)", share, value
                )
            return SQL("avg(%s)" if self.unit in MEANS else "sum(%s)", value)
        if not self.kept_domain:
            return SQL("count(*)")
        kept = self._parse("kept_domain", company).optimize_full(model)
        condition = kept._to_sql(model, model._table, query)
        return SQL("count(*) FILTER (WHERE %s)", condition)

    def _path_sql(self, model, path, query):
        """Return the SQL of a field, or of one at the end of a path of links."""
        alias = model._table
        *links, name = path.split(".")
        for link in links:
            field = model._fields[link]
            if field.related and not field.store:
                model, field, alias = model._traverse_related_sql(alias, field, query)
            model, alias = field.join(model, alias, query)
        return model._field_to_sql(alias, name, query)
