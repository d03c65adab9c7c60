from odoo import models

from ...tools import small_groups
from .kpi import MEANS, NpoKpi

# What is told of a measure that cannot be told apart so: not “none”, but not known.
UNKNOWN = (0, None)


class NpoKpi(models.Model):
    """What is asked of measures: the number of a period, and its groups.

    A figure is (counted, kept): of so many records so many kept the promise. For a
    unit with a value, `kept` is their average, sum or percentile; for a ratio it is
    what is divided by `counted`. `kept` is None where nothing is known. A figure of
    opinions and of what tells of persons knows the persons behind it (`Figure`).
    """

    _inherit = NpoKpi._name

    def _figures(self, company, date_from, date_to, site=None):
        """Return {measure: (counted, kept)} of an association in a period.

        One statement, in sudo: the numbers are facts of the association. Records are
        opened with the rights of who looks.

        :param date date_from: the first day
        :param date date_to: the last day, included
        :param site: of this site alone; a measure that knows no sites is unknown then
        """
        asked = self._with_denominators()
        if site:
            asked = asked.filtered("site_field")
        counts = asked._count_all(company, date_from, date_to, site)
        single = {kpi: {None: (0, 0)} | groups for kpi, groups in counts.items()}
        return {
            kpi: kpi._divided(single)[None] if kpi in single else UNKNOWN
            for kpi in self
        }

    def _figures_by(self, by, company, date_from, date_to, site=None):
        """Return {measure: {record or code: (counted, kept)}}: one statement.

        All groups of the measures that know such records. Whoever shows them passes
        them through `_shown_groups` first.

        :param by: one of `BREAKDOWNS`
        """
        own = self.filtered(lambda kpi: kpi._by_field(by))
        asked = own._with_denominators().filtered(lambda kpi: kpi._by_field(by))
        if site:
            asked = asked.filtered("site_field")

        def key(kpi, model, query):
            return kpi._path_sql(model, kpi._by_field(by), query)

        counts = asked._count_all(company, date_from, date_to, site, key)
        divided = {kpi: kpi._divided(counts) for kpi in own & asked}
        ids = {
            int(name) for groups in divided.values() for name in groups if _is_id(name)
        }
        return {
            kpi: {
                kpi._group_key(by, name, ids): figure for name, figure in groups.items()
            }
            for kpi, groups in divided.items()
        }

    def _group_key(self, by, name, prefetch_ids):
        """Return the record, or the code of a choice, of a group that was counted."""
        field = self._field_at(self._by_field(by))
        if field.type != "many2one":
            return name or False
        model = self.env[field.comodel_name]
        record = model.browse(int(name) if name else ())
        return record.with_prefetch(prefetch_ids) if name else record

    def _group_name(self, by, key):
        """Return how a group is called; who has none has no name either."""
        self.ensure_one()
        if isinstance(key, models.BaseModel):
            # a name of a list is no secret, but who reads it may not read the list
            name = key.sudo().display_name
        else:
            field = self._field_at(self._by_field(by))
            name = dict(field._description_selection(self.env)).get(key)
        return name or self.env._("Not stated")

    def _shown_groups(self, groups, company=None, also=()):
        """Return (the groups that are told, the keys of those that are not).

        Of opinions and of what tells of persons, groups of few are hidden, and others
        with them where they could be worked out (R079).

        :param groups: {key: (counted, kept)} of a breakdown
        :param also: keys that are hidden in any case
        """
        self.ensure_one()
        if not (self.is_opinion or self.is_private):
            return dict(groups), set()
        told, hidden = small_groups.shown(groups, self._least(company), also)
        return {key: groups[key] for key in groups if key in told}, hidden

    def _told_of(self, keys, groups, company=None):
        """Return {key: (counted, kept)} of each that is asked for (R079).

        What is hidden is `UNKNOWN`, not nothing. Of opinions the measure itself leaves
        groups out, so of what is not there it is not known whether there was any.

        :param keys: the records or codes of a breakdown that are shown
        :param groups: {key: (counted, kept)} as they were counted
        """
        told, hidden = self._shown_groups(groups, company)
        nothing = UNKNOWN if self.is_opinion else (0, 0)
        return {
            key: UNKNOWN if key in hidden else told.get(key, nothing) for key in keys
        }

    def _is_told(self, figure, company=None):
        """Tell whether a total may be told: not the opinion of a few.

        :param figure: as it was counted, or how many where no more is known
        """
        self.ensure_one()
        return not self.is_opinion or small_groups.is_told(figure, self._least(company))

    def _least(self, company=None):
        """Return the fewest persons of whom a group is told, ⚖ of the association."""
        company = (company or self.env.company).sudo()
        least = company.npo_small_answers
        return least if self.is_opinion else max(least, company.npo_small_count)

    # ------------------------------------------------------------
    # RATIOS
    # ------------------------------------------------------------

    def _with_denominators(self):
        return self | self.denominator_id

    def _divided(self, counts):
        """Return the groups of a measure, a ratio's as (divisor, number)."""
        groups = counts[self]
        if not self.denominator_id:
            return groups
        if self.denominator_id not in counts:
            return dict.fromkeys(groups, UNKNOWN)
        divisors = counts[self.denominator_id]
        return {
            name: (
                self.denominator_id._number(*divisors.get(name, (0, 0))),
                self._number(*groups.get(name, (0, 0))),
            )
            for name in {**divisors, **groups}
        }

    def _number(self, counted, kept):
        """Return the one number of a figure that is no share: records, or a value."""
        is_kept = self.kept_domain and self.unit != "percent"
        return (kept if self.value_field or is_kept else counted) or 0

    def _together(self, figures):
        """Return one figure of several groups: their sum, or the average of all."""
        self.ensure_one()
        figures = [figure for figure in figures if figure[1] is not None]
        counted = sum(count for count, _kept in figures)
        if self.unit not in MEANS:
            return counted, sum(kept for _count, kept in figures)
        total = sum(count * kept for count, kept in figures)
        return counted, total / counted if counted else 0

    def _exceptions(self, counted, kept):
        """Return how many of the records broke the promise."""
        if kept is None:
            return 0
        is_promise = self.kept_domain and self.is_promise and self.unit != "ratio"
        return counted - kept if is_promise else 0


def _is_id(name):
    return name is not None and name.isdigit()
