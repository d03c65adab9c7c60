from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class NpoRetentionClass(models.Model):
    """How long a kind of paper is kept (D17, P009).

    The years are the association's own (⚖); what a law asks at least is below them,
    with its source, and no association goes under it.
    """

    _name = "npo.retention.class"
    _description = "Retention Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    is_permanent = fields.Boolean("Kept for good", readonly=True)
    is_accounts = fields.Boolean(
        "Papers of the accounts",
        readonly=True,
        help="They do not hold up what else is known of a person: until they are over,"
        " they stay with the name that they bear.",
    )
    default_years = fields.Integer("Years proposed", readonly=True)
    own_years = fields.Integer(
        "Years of the association",
        company_dependent=True,
        readonly=True,
        help="⚖ As the association's policy says. Empty: as proposed.",
    )
    years = fields.Integer(compute="_compute_years")
    min_years = fields.Integer("Years by law at least", readonly=True)
    source = fields.Char(
        "Legal source",
        readonly=True,
        translate=True,
        help="Which law or rule says so.",
    )
    rule_ids = fields.One2many("npo.retention.rule", "class_id", "Kinds of records")
    change_ids = fields.One2many(
        "npo.retention.change", "class_id", "Changes of the years", readonly=True
    )

    _code_uniq = models.UniqueIndex("(code)", "Another class has this code.")

    @api.depends("own_years", "default_years")
    @api.depends_context("company")
    def _compute_years(self):
        for one in self:
            one.years = one.own_years or one.default_years

    @api.constrains("own_years")
    def _check_own_years(self):
        for one in self:
            if one.own_years and not max(one.min_years, 1) <= one.own_years <= 100:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is kept for at least so many years by law:"
                        " %(years)s.",
                        name=one.name,
                        years=max(one.min_years, 1),
                    )
                )

    def action_change_years(self):
        """Open the form in which the association's years are changed, with the reason.

        Who may is who may make such a change; nobody writes the years themselves.
        """
        self.ensure_one()
        self.check_access("read")
        self.env["npo.retention.change"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the Years"),
            "res_model": "npo.retention.change",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_class_id": self.id, "default_years": self.years},
        }

    def _cutoff(self, company, by_law=False):
        """Return the day before which what was ended is over; None: never.

        :param bool by_law: what a person asked for: kept as long as a law says
        """
        self.ensure_one()
        if self.is_permanent:
            return None
        own = self.with_company(company)
        years = own.min_years if by_law else own.years
        today = company._npo_today()
        # without a law, what ended today can be destroyed today
        return today - relativedelta(years=years, days=0 if years else -1)
