from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


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
        [("count", "Count"), ("percent", "Per cent")], required=True, default="count"
    )
    res_model = fields.Char("Records of", required=True)
    date_field = fields.Char(
        required=True, default="create_date", help="Falls into the period."
    )
    company_field = fields.Char(required=True, default="company_id")
    domain = fields.Char("What is counted", required=True, default="[]")
    kept_domain = fields.Char(
        "What kept the promise",
        help="Empty: nothing can fail; the records are counted.",
    )
    topic_ids = fields.Many2many(
        "npo.policy.topic",
        "npo_policy_topic_kpi_rel",
        "kpi_id",
        "topic_id",
        string="Shows that this is kept",
    )

    _code_uniq = models.UniqueIndex("(code)", "Another measure has this code.")

    @api.constrains("res_model", "date_field", "company_field", "domain", "kept_domain")
    def _check_definition(self):
        """A measure that cannot be computed is refused where it is written."""
        for kpi in self:
            model = self.env.get(kpi.res_model)
            names = (kpi.date_field, kpi.company_field)
            try:
                valid = model is not None and all(
                    name in model._fields for name in names
                )
                if valid:
                    for domain in (kpi._parse("domain"), kpi._parse("kept_domain")):
                        domain.validate(model)
            except Exception as error:
                raise ValidationError(
                    self.env._("The measure “%s” cannot be computed.", kpi.name)
                ) from error
            if not valid:
                raise ValidationError(
                    self.env._("The measure “%s” cannot be computed.", kpi.name)
                )

    def _parse(self, name):
        """Return the domain in a field; `today` and `now` can be used in it."""
        values = {"today": fields.Date.today(), "now": fields.Datetime.now()}
        return Domain(safe_eval(self[name] or "[]", values))

    def _records_domain(self, company, date_from, date_to, kept=None):
        """Return the domain of the records of an association in a period.

        :param date date_from: the first day
        :param date date_to: the last day, included
        :param kept: True for those that kept the promise, False for the exceptions
        """
        self.ensure_one()
        model = self.env[self.res_model]
        if model._fields[self.date_field].type == "datetime":
            start, end = company._npo_day_bounds(date_from, date_to)
        else:
            start, end = date_from, fields.Date.add(date_to, days=1)
        domain = (
            Domain(self.company_field, "=", company.id)
            & Domain(self.date_field, ">=", start)
            & Domain(self.date_field, "<", end)
            & self._parse("domain")
        )
        if kept is None or not self.kept_domain:
            return domain if kept is not False else Domain.FALSE
        kept_domain = self._parse("kept_domain")
        return domain & (kept_domain if kept else ~kept_domain)

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
            if counted and kpi.kept_domain:
                kept = model.search_count(
                    kpi._records_domain(company, date_from, date_to, kept=True)
                )
            figures[kpi] = (counted, kept)
        return figures

    def _open_records(self, company, date_from, date_to, kept=None):
        """Return the action that shows the records behind the number."""
        self.ensure_one()
        domain = self._records_domain(company, date_from, date_to, kept)
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "view_mode": "list,form",
            "domain": list(domain),
            "context": {"create": False},
        }
