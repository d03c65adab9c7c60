from odoo import models
from odoo.tools import SQL

from ...tools.small_groups import Figure
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
        for kpi_id, name, counted, kept, persons in self.env.execute_query(statement):
            kpi = self.browse(kpi_id)
            numbers = (counted, kpi._as_number(counted, kept))
            counts[kpi][name] = Figure(numbers, persons)
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
            SQL("(%s)::text[] AS persons", self._persons_sql(company, model, query)),
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

    def _persons_sql(self, company, model, query):
        """Return the SQL of who stands behind the records: as many as the fewest told.

        Who is in several records is one. A record that names nobody is taken for a
        person of its own; so is each where the model does not say who it is of.
        """
        path = self._person_path(model)
        if not (path and (self.is_opinion or self.is_private)):
            return SQL("NULL")
        return SQL(
            "(array_agg(DISTINCT COALESCE(%s::text, '#' || %s)))[:%s]",
            self._path_sql(model, path, query),
            SQL.identifier(model._table, "id"),
            self._least(company),
        )

    def _person_path(self, model):
        """Return where the records of a model say whose they are; None if nowhere."""
        if path := getattr(model, "_counts_person", None):
            return path
        field = model._fields.get("partner_id")
        return "partner_id" if field and (field.store or field.related) else None

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
