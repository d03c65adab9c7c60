from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

# What a measure can be counted for, beside the association.
GROUPS = {"channel_field": "npo.channel", "department_field": "hr.department"}


class NpoKpi(models.Model):
    """One number, one definition: what is counted, and when it was kept.

    A measure counts the records of a model within a period (``domain``) and those of
    them that kept what was promised (``kept_domain``); the others are its exceptions.
    Whoever shows the number takes it from `_figures` and opens the records behind it
    by `_open_records`, so that two pages never disagree.
    """

    _name = "npo.kpi"
    _description = "Measure"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True, help="What is counted, in words that anybody understands."
    )
    unit = fields.Selection(
        [
            ("count", "Count"),
            ("percent", "Per cent"),
            ("days", "Days on average"),
            ("minutes", "Minutes on average"),
            ("amount", "Amount in all"),
        ],
        required=True,
        default="count",
    )
    value_field = fields.Char(
        "Value",
        help="The number of each record of which the average or the sum is shown.",
    )
    res_model = fields.Char("Records of", required=True)
    date_field = fields.Char(
        default="create_date",
        help="Falls into the period; it may be a field of a linked record. Empty: as"
        " it stands now, whatever the period.",
    )
    company_field = fields.Char(required=True, default="company_id")
    channel_field = fields.Char(
        help="Where a clause names channels, the records that came through these are"
        " counted for it."
    )
    department_field = fields.Char(
        "Unit", help="With it, the measure stands on the scorecard of the units."
    )
    domain = fields.Char("What is counted", required=True, default="[]")
    kept_domain = fields.Char(
        "What kept the promise",
        help="Empty: nothing can fail; the records are counted.",
    )
    is_promise = fields.Boolean(
        "The others are exceptions",
        default=True,
        help="Off: a share that nobody promised; what is outside is no exception.",
    )
    topic_ids = fields.Many2many(
        "npo.policy.topic",
        "npo_policy_topic_kpi_rel",
        "kpi_id",
        "topic_id",
        string="Shows that this is kept",
    )

    _code_uniq = models.UniqueIndex("(code)", "Another measure has this code.")

    # ------------------------------------------------------------
    # DEFINITION
    # ------------------------------------------------------------

    @api.constrains(
        "res_model",
        "date_field",
        "company_field",
        "channel_field",
        "department_field",
        "value_field",
        "domain",
        "kept_domain",
    )
    def _check_definition(self):
        """A measure that cannot be computed is refused where it is written."""
        for kpi in self:
            try:
                kpi._validate_definition()
            except Exception as error:
                raise ValidationError(
                    self.env._("The measure “%s” cannot be computed.", kpi.name)
                ) from error

    def _validate_definition(self):
        """Raise what computing the measure would raise, or what it would overlook."""
        model = self.env[self.res_model]
        if not (model._auto and not model._transient):
            raise ValueError(self.res_model)
        if self.date_field and self._date_type() not in ("date", "datetime"):
            raise ValueError(self.date_field)
        if self._field_at(self.company_field).comodel_name != "res.company":
            raise ValueError(self.company_field)
        for name, comodel in GROUPS.items():
            if self[name] and model._fields[self[name]].comodel_name != comodel:
                raise ValueError(self[name])
        if self.value_field and not self._field_at(self.value_field).aggregator:
            raise ValueError(self.value_field)
        for name in ("domain", "kept_domain"):
            self._parse(name, self.env.company).validate(model)

    def _field_at(self, path):
        """Return the field at the end of a path, such as ``request_id.date``."""
        model = self.env[self.res_model]
        *links, name = path.split(".")
        for link in links:
            model = self.env[model._fields[link].comodel_name]
        return model._fields[name]

    def _date_type(self):
        """Return whether a day or a moment falls into the period."""
        return self._field_at(self.date_field).type

    def _parse(self, name, company):
        """Return the domain in a field of the measure."""
        return self._evaluate(self[name], company)

    @api.model
    def _evaluate(self, source, company):
        """Return the domain that a text says.

        `today`, `now` and `policy_channel_ids` can be used in it: the day of the
        association, the moment, and the channels that its version in force allows.
        """
        source = source or "[]"
        values = {"today": company._npo_today(), "now": fields.Datetime.now()}
        if "policy_channel_ids" in source:
            version = company.sudo().npo_policy_version_id
            values["policy_channel_ids"] = (
                list(version._allowed_channel_ids("communication")) if version else []
            )
        return Domain(safe_eval(source, values))

    def _records_domain(self, company, date_from, date_to, kept=None, channels=None):
        """Return the domain of the records of an association in a period.

        :param date date_from: the first day
        :param date date_to: the last day, included
        :param kept: True for those that kept the promise, False for the exceptions
        :param channels: only what came through these, where the measure knows it
        """
        self.ensure_one()
        domain = (
            Domain(self.company_field, "=", company.id)
            & self._period_domain(company, date_from, date_to)
            & self._parse("domain", company)
        )
        if channels and self.channel_field:
            domain &= Domain(self.channel_field, "in", channels.ids)
        if kept is None or not self.kept_domain:
            return domain if kept is not False else Domain.FALSE
        kept_domain = self._parse("kept_domain", company)
        if kept:
            return domain & kept_domain
        return domain & ~kept_domain if self.is_promise else Domain.FALSE

    def _period_domain(self, company, date_from, date_to):
        if not self.date_field:
            return Domain.TRUE
        start, end = date_from, fields.Date.add(date_to, days=1)
        if self._date_type() == "datetime":
            start, end = company._npo_day_bounds(date_from, date_to)
        return Domain(self.date_field, ">=", start) & Domain(self.date_field, "<", end)

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    def _figures(self, company, date_from, date_to):
        """Return {measure: (counted, kept)} of an association in a period.

        The numbers are facts of the association: computed in sudo. Records are opened
        with the rights of who looks.
        """
        figures = {}
        for kpi in self:
            model = self.env[kpi.res_model].sudo()
            counted = model.search_count(
                kpi._records_domain(company, date_from, date_to)
            )
            kept = counted
            if counted and kpi.value_field:
                domain = kpi._records_domain(company, date_from, date_to)
                how = "sum" if kpi.unit == "amount" else "avg"
                [(kept,)] = model._read_group(domain, [], [f"{kpi.value_field}:{how}"])
            elif counted and kpi.kept_domain:
                kept = model.search_count(
                    kpi._records_domain(company, date_from, date_to, kept=True)
                )
            figures[kpi] = (counted, kept)
        return figures

    def _figures_by_channel(self, company, date_from, date_to):
        """Return {measure: {channel: (counted, kept)}} of those that know channels."""
        return self._figures_by("channel_field", company, date_from, date_to)

    def _figures_by(self, name, company, date_from, date_to):
        """Return {measure: {record: (counted, kept)}} of those that know such a record.

        :param name: the field that says where it is, one of `GROUPS`
        """
        figures = {}
        for kpi in self.filtered(name):
            period = (company, date_from, date_to)
            counted = kpi._group(name, *period)
            kept = counted
            if counted and kpi.value_field:
                how = "sum" if kpi.unit == "amount" else "avg"
                kept = kpi._group(name, *period, what=f"{kpi.value_field}:{how}")
            elif counted and kpi.kept_domain:
                kept = kpi._group(name, *period, kept=True)
            figures[kpi] = {
                record: (count, kept.get(record, 0))
                for record, count in counted.items()
            }
        return figures

    def _group(self, name, company, date_from, date_to, kept=None, what="__count"):
        domain = self._records_domain(company, date_from, date_to, kept)
        model = self.env[self.res_model].sudo()
        return dict(model._read_group(domain, [self[name]], [what]))

    def _exceptions(self, counted, kept):
        """Return how many of the records broke the promise."""
        return counted - kept if self.kept_domain and self.is_promise else 0

    def _figure_value(self, counted, kept):
        """Return a figure as the number that a target is set for."""
        if self.unit == "percent":
            return 100 * kept / counted if counted else 0
        return kept

    def _figure_text(self, counted, kept):
        """Return a figure as people read it, without a word that needs a plural."""
        if self.unit == "days" and counted:
            return self.env._("Days: %s", round(kept, 1))
        if self.unit == "minutes" and counted:
            return self.env._("Minutes: %s", round(kept, 1))
        if self.unit == "amount":
            return f"{kept if counted else 0:,.0f}"
        if self.unit == "count" or not self.kept_domain:
            return str(kept if self.kept_domain else counted)
        if not counted:
            return self.env._("None in the period")
        return self.env._(
            "%(kept)s of %(counted)s (%(share)s%%)",
            kept=kept,
            counted=counted,
            share=round(100 * kept / counted),
        )

    def _open_records(self, company, date_from, date_to, kept=None, channels=None):
        """Return the action that shows the records behind the number.

        They open with the rights of who looks, who may see fewer than were counted.
        """
        self.ensure_one()
        domain = self._records_domain(company, date_from, date_to, kept, channels)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "view_mode": "list,form",
            "domain": list(domain),
            "context": {"create": False},
        }
