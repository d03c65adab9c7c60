from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval


class NpoDashboardLine(models.Model):
    """A measure on a dashboard, its breakdown, or a list of what is late."""

    _name = "npo.dashboard.line"
    _description = "Line of a Dashboard"
    _order = "sequence, id"

    dashboard_id = fields.Many2one(
        "npo.dashboard", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("tile", "Figure"), ("breakdown", "Breakdown"), ("list", "List")],
        required=True,
        default="tile",
    )
    kpi_id = fields.Many2one("npo.kpi", "Measure", index=True, ondelete="cascade")
    by = fields.Selection(
        [
            ("site", "Site"),
            ("service", "Service"),
            ("category", "Category"),
            ("gender", "Gender"),
            ("channel", "Channel"),
            ("department", "Unit"),
        ],
        string="Broken down by",
    )
    name = fields.Char("Heading", translate=True)
    res_model = fields.Char("Records of")
    domain = fields.Char("Which")
    date_field = fields.Char("Day shown")

    _list_is_whole = models.Constraint(
        "CHECK (CASE WHEN kind = 'list' THEN name IS NOT NULL AND res_model IS NOT NULL"
        " AND domain IS NOT NULL ELSE kpi_id IS NOT NULL END)",
        "A list needs a heading, its records and which of them; any other line a"
        " measure.",
    )

    @api.constrains("kind", "kpi_id", "by")
    def _check_breakdown(self):
        for line in self.filtered(lambda line: line.kind == "breakdown"):
            if not line.by or not line.kpi_id._by_field(line.by):
                raise ValidationError(
                    self.env._(
                        "The measure “%s” is not broken down by that. Choose another"
                        " breakdown.",
                        line.kpi_id.name,
                    )
                )

    @api.constrains("kind", "res_model", "domain", "date_field")
    def _check_list(self):
        """A list that cannot be read is refused where it is written."""
        for line in self.filtered(lambda line: line.kind == "list"):
            try:
                line._list_domain(self.env.company).validate(self.env[line.res_model])
                if line.date_field:
                    self.env[line.res_model]._fields[line.date_field]
            except Exception as error:
                raise ValidationError(
                    self.env._("The list “%s” cannot be read.", line.name)
                ) from error

    def _knows_sites(self):
        """Tell whether the records of a list name their site."""
        return "site_id" in self.env[self.res_model]._fields

    def _list_domain(self, company, site=None):
        """Return which records stand in the list, for one association and reader.

        :param site: only those of this site; all of them where they name none
        """
        values = {
            "today": company._npo_today(),
            "now": fields.Datetime.now(),
            "uid": self.env.uid,
        }
        domain = Domain(safe_eval(self.domain, values))
        if "company_id" in self.env[self.res_model]._fields:
            domain &= Domain("company_id", "=", company.id)
        if site and self._knows_sites():
            domain &= Domain("site_id", "=", site.id)
        return domain
