from odoo import api, models
from odoo.fields import Domain

LONGEST = 200  # ⚖ rows of a list; the rest is told as a number


class NpoReportTable(models.AbstractModel):
    """The tables that a report can show; a domain of the module adds its own.

    A table is a method ``_table_<code>(run)`` that returns a part: ``headings``,
    ``rows``, and where it has them ``sums``, ``note`` and ``bars`` (the column that is
    drawn). It runs as superuser, so it names records by their reference and never a
    person; a sealed case is in none of them.
    """

    _name = "npo.report.table"
    _description = "Tables of Reports"

    @api.model
    def _tables(self):
        """Return [(code, label)] of the tables there are."""
        return []

    @api.model
    def _build(self, code, run):
        """Return a table of the period of a report."""
        return getattr(self, f"_table_{code}")(run)

    # ------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------

    @api.model
    def _own(self, run, site_field="site_id"):
        """Return the domain of the association, and of the site of the report."""
        domain = Domain("company_id", "=", run.company_id.id)
        if run.site_id and site_field:
            domain &= Domain(site_field, "=", run.site_id.id)
        return domain

    @api.model
    def _days(self, run, name):
        """Return the domain of a date of the period."""
        return Domain(name, ">=", run.date_from) & Domain(name, "<=", run.date_to)

    @api.model
    def _moments(self, run, name):
        """Return the domain of a moment on the days of the period, where it works."""
        start, end = run.company_id._npo_day_bounds(run.date_from, run.date_to)
        return Domain(name, ">=", start) & Domain(name, "<", end)

    @api.model
    def _list(self, model, domain, columns, order):
        """Return a list of records, its longest part.

        :param columns: [(heading, value of a record)]
        """
        records = self.env[model]
        found = records.search(domain, limit=LONGEST, order=order)
        count = len(found)
        if count == LONGEST:
            count = records.search_count(domain)
        note = ""
        if count > LONGEST:
            note = self.env._("Shown: %(shown)s of %(all)s.", shown=LONGEST, all=count)
        return {
            "headings": [heading for heading, _read in columns],
            "rows": [[read(record) for _heading, read in columns] for record in found],
            "note": note,
            "count": count,
        }

    @api.model
    def _counted(self, model, domain, name, heading):
        """Return how many records there are by a field, the most first."""
        records = self.env[model]
        rows = [
            [self._name_of(records, name, value), count]
            for value, count in records._read_group(domain, [name], ["__count"])
        ]
        rows.sort(key=lambda row: (-row[1], row[0]))
        return {
            "headings": [heading, self.env._("Count")],
            "rows": rows,
            "sums": [self.env._("Total"), sum(row[1] for row in rows)],
            "bars": 1,
        }

    @api.model
    def _name_of(self, records, name, value):
        """Return how a value of a field is called."""
        if not value:
            return self.env._("Not told")
        field = records._fields[name]
        if field.type == "many2one":
            return value.sudo().display_name
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        return str(value)

    @api.model
    def _choice(self, record, name):
        """Return what a choice of a record says; a dash for none."""
        if not record[name]:
            return "—"
        return self._name_of(record, name, record[name])

    @api.model
    def _date(self, run, value):
        """Return a cell of a day, where the association works."""
        day = run._npo_day(value)
        return {"date": str(day)} if day else "—"
