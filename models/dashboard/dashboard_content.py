from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import periods
from .dashboard import NpoDashboard as Base

# How many periods a trend shows, the chosen one included.
TREND = {"day": 14, "week": 13, "month": 13, "quarter": 9, "year": 5}
LONGEST_LIST = 8
MOST_GROUPS = 12


class NpoDashboard(models.Model):
    """What a dashboard shows of a period: figures, breakdowns, what is late.

    Numbers are facts of the association and counted by `npo.kpi`; records are listed
    and opened with the rights of who looks.
    """

    _inherit = Base._name

    @api.model
    def get_dashboard(self, dashboard_id=None, options=None):
        """Return what the screen shows (D14, R171).

        :param dashboard_id: one of the reader's own; the first of them by default
        :param options: {"period": day, week, month, quarter or year, "day": any day of
            the period, "site": id, "calendar": gregorian or hijri}, each optional
        :return: {"dashboards", "id", "name", "vision", "period", "calendar", "sites",
            "site", "tiles", "breakdowns", "lists"}; without "id" where the reader has
            no dashboard
        """
        own = self.search([])
        if not own:
            return {"dashboards": []}
        dashboard = own.filtered(lambda one: one.id == dashboard_id) or own[0]
        view = dashboard._view(options or {})
        return {
            "dashboards": [{"id": one.id, "name": one.name} for one in own],
            "id": dashboard.id,
            "name": dashboard.name,
            "vision": view["company"].npo_service_vision or "",
            "calendar": view["calendar"],
            "site": view["site"].id,
            "sites": [{"id": one.id, "name": one.name} for one in view["sites"]],
            "period": dashboard._period_said(view),
            "tiles": dashboard._tiles(view),
            "breakdowns": dashboard._breakdowns(view),
            "lists": dashboard._lists(view),
        }

    def open_line(self, line_id, options=None):
        """Return the action that opens the records behind a figure or a list."""
        self.ensure_one()
        self.check_access("read")
        line = self.line_ids.filtered(lambda one: one.id == line_id)
        if not line:
            raise AccessError(self.env._("This figure is not on the dashboard."))
        view = self._view(options or {})
        if line.kind == "list":
            return self._open_list(line, view)
        action = line.kpi_id.sudo()._open_records(
            view["company"], *view["periods"][-1], site=view["site"]
        )
        return {**action, "views": _views(action["view_mode"])}

    # ------------------------------------------------------------
    # WHAT IS LOOKED AT
    # ------------------------------------------------------------

    def _view(self, options):
        """Return what the options mean, as {company, site, kind, periods …}.

        What a client sends is not trusted: anything unknown is told in a sentence.
        """
        company = self.env.company
        today = company._npo_today()
        kind = options.get("period") or self.period
        calendar = options.get("calendar") or "gregorian"
        try:
            day = fields.Date.to_date(options.get("day") or today)
            found = periods.periods(kind, min(day, today), TREND[kind], calendar)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            raise UserError(
                self.env._("This period is not known. Choose one from the list.")
            ) from None
        sites = self.env["npo.site"].search([("company_id", "=", company.id)])
        site = sites.filtered(lambda one: one.id == options.get("site"))
        return {
            "company": company.sudo(),
            "today": today,
            "kind": kind,
            "calendar": calendar,
            "periods": found,
            "sites": sites,
            "site": site,
        }

    def _period_said(self, view):
        """Return how the period is called, and the days that lead to its neighbours."""
        first, last = view["periods"][-1]
        is_open = last >= view["today"]
        return {
            "kind": view["kind"],
            "label": self._label(view, (first, last)),
            "before": self._label(view, view["periods"][-2]),
            "is_open": is_open,
            "previous": fields.Date.to_string(view["periods"][-2][0]),
            "next": None if is_open else fields.Date.to_string(_day_after(last)),
        }

    def _label(self, view, period):
        return periods.period_label(
            view["kind"],
            *period,
            view["calendar"],
            self.env.lang or "en_US",
            view["company"].npo_digits,
        )

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    def _tiles(self, view):
        """Return the figures against their targets, with how they went."""
        lines = self.line_ids.filtered(lambda line: line.kind == "tile")
        kpis = lines.kpi_id.sudo()
        trend = kpis._trend(
            view["company"], view["periods"], site=view["site"], kept=True
        )
        targets = kpis._targets(view["company"], view["periods"][-1][1])
        return [
            self._tile(line, trend[line.kpi_id], targets[line.kpi_id], view)
            for line in lines
        ]

    def _tile(self, line, figures, goal, view):
        kpi = line.kpi_id.sudo()
        figures = [self._told(kpi, figure, view) for figure in figures]
        values = [figure and kpi._figure_value(*figure) for figure in figures]
        texts = [
            self._said(kpi, figure, period, view)
            for figure, period in zip(figures, view["periods"], strict=True)
        ]
        direction, target = goal
        return {
            "id": line.id,
            "name": line.name or kpi.name,
            "help": kpi.description or "",
            "text": texts[-1],
            "is_empty": values[-1] is None,
            "status": values[-1] is not None
            and kpi._status(values[-1], direction, target),
            "target": kpi._target_text(direction, target) if direction else "",
            "before": texts[-2],
            **self._change(values, direction),
            "points": [
                {
                    "label": self._label(view, period),
                    "text": text,
                    "height": height,
                }
                for period, text, height in zip(
                    view["periods"], texts, _heights(values), strict=True
                )
            ],
        }

    def _told(self, kpi, figure, view):
        """Return a figure, or None where it is not told (R079)."""
        if kpi.is_opinion and figure[1] is None:  # kept back by the measure itself
            return None
        return figure if kpi._is_told(figure, view["company"]) else None

    def _said(self, kpi, figure, period, view):
        """Return a figure in words, or why it is not told."""
        if figure:
            return kpi._figure_text(*figure)
        if kpi._withheld(view["company"], *period, view["site"]):
            return self.env._("Told by whole months, when they are over")
        return self.env._("Too few to tell")

    @staticmethod
    def _change(values, direction):
        """Return where it went since the period before, and whether that is good."""
        now, before = values[-1], values[-2]
        if now is None or before is None or now == before:
            return {"change": "", "is_good": None}
        change = "up" if now > before else "down"
        wanted = {"at_least": "up", "up": "up", "at_most": "down", "down": "down"}
        good = wanted.get(direction)
        return {"change": change, "is_good": change == good if good else None}

    def _breakdowns(self, view):
        """Return the measures by site, service, channel …: a statement for each kind.

        With a site chosen nothing is broken down by site again.
        """
        lines = self.line_ids.filtered(
            lambda line: (
                line.kind == "breakdown" and not (line.by == "site" and view["site"])
            )
        )
        period = view["periods"][-1]
        figures = {
            by: lines.filtered(lambda line, by=by: line.by == by)
            .kpi_id.sudo()
            ._figures_by(by, view["company"], *period, site=view["site"])
            for by in set(lines.mapped("by"))
        }
        return [
            self._breakdown(line, figures[line.by].get(line.kpi_id, {}), view)
            for line in lines
        ]

    def _breakdown(self, line, groups, view):
        kpi = line.kpi_id.sudo()
        told, hidden = kpi._shown_groups(groups, view["company"])
        figures = [
            (kpi._group_name(line.by, key), figure, kpi._figure_value(*figure))
            for key, figure in told.items()
            if figure[0]
        ]
        figures.sort(key=lambda row: -(row[2] or 0))
        heights = _heights([value for _name, _figure, value in figures])
        rows = [
            {"name": name, "text": kpi._figure_text(*figure), "width": height}
            for (name, figure, _value), height in zip(figures, heights, strict=True)
        ]
        by = dict(line._fields["by"]._description_selection(self.env))[line.by]
        return {
            "id": line.id,
            "name": line.name or kpi.name,
            "by": by,
            "rows": rows[:MOST_GROUPS],
            "more": max(len(rows) - MOST_GROUPS, 0),
            # the measure itself takes groups of few out below the management
            "hidden": bool(hidden) or (kpi.is_opinion and not kpi._sees_all_opinions()),
        }

    # ------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------

    def _lists(self, view):
        """Return what is late or waits, as far as the reader may read it."""
        return [
            self._list(line, view)
            for line in self.line_ids
            if line.kind == "list" and self.env[line.res_model].has_access("read")
        ]

    def _list(self, line, view):
        model = self.env[line.res_model]
        domain = line._list_domain(view["company"], view["site"])
        order = f"{line.date_field} asc, id" if line.date_field else None
        records = model.search(domain, limit=LONGEST_LIST, order=order)
        count = len(records)
        if count == LONGEST_LIST:
            count = model.search_count(domain)
        return {
            "id": line.id,
            "name": line.name,
            "count": count,
            "rows": [
                {
                    "id": record.id,
                    "name": record.display_name,
                    "date": self._day_said(record, line.date_field, view),
                }
                for record in records
            ],
            "model": line.res_model,
            # its records name no site: the choice does not reach them
            "all_sites": bool(view["site"]) and not line._knows_sites(),
        }

    def _day_said(self, record, name, view):
        if not name or not record[name]:
            return ""
        day = record[name]
        if record._fields[name].type == "datetime":
            day = view["company"]._npo_day_of(day)
        return self._label({**view, "kind": "day"}, (day, day))

    def _open_list(self, line, view):
        domain = line._list_domain(view["company"], view["site"])
        return {
            "type": "ir.actions.act_window",
            "name": line.name,
            "res_model": line.res_model,
            "views": _views("list,form"),
            "domain": list(domain),
            "context": {"create": False},
        }


def _views(modes):
    return [[False, mode] for mode in modes.split(",")]


def _day_after(day):
    return fields.Date.add(day, days=1)


def _heights(values):
    """Return the values as per cent of the greatest; None stays None."""
    greatest = max((value for value in values if value), default=0)
    return [
        None
        if value is None
        else round(100 * max(value, 0) / greatest)
        if greatest > 0
        else 0
        for value in values
    ]
