import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .case_mixin import NpoCaseMixin as BaseCase
from .guards import check_values
from .told_group import NpoToldGroupMixin


class NpoRating(models.Model):
    """What a person says of how a case was dealt with, never to who dealt with it.

    It is said once. A model of its own: the ratings of Odoo are read and written by
    every employee. No account is needed; the code of the link is the right to rate.
    """

    _name = "npo.rating"
    _description = "Rating"
    _inherit = [NpoToldGroupMixin._name]
    _order = "date_rated desc, id desc"

    _said_when = "date_rated"

    name = fields.Char("Case", required=True)
    kind = fields.Selection(
        selection=lambda self: self._kinds(),
        string="Kind of case",
        required=True,
    )
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    site_id = fields.Many2one("npo.site", index="btree_not_null")
    # asked by the rule that keeps a rating from them, and by nobody else (R079)
    deliverer_ids = fields.Many2many(
        "res.users", string="Dealt with by", groups="base.group_system"
    )
    token = fields.Char(required=True, copy=False, groups="base.group_system")
    rating = fields.Integer(aggregator="avg")
    comment = fields.Text()
    date_rated = fields.Datetime("Rated on")

    _one_each = models.UniqueIndex(
        "(res_model, res_id)", "This case has been asked to be rated already."
    )
    _token_uniq = models.UniqueIndex("(token)", "This code was drawn already.")
    _from_one_to_five = models.Constraint(
        "CHECK (date_rated IS NULL OR rating BETWEEN 1 AND 5)",
        "A rating goes from 1 to 5.",
    )

    @api.model
    def _kinds(self):
        """Return (code, label) of what is rated: the kinds of cases, and others."""
        return self.env["npo.stage"]._kinds()

    def _case(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    @api.model
    def _of(self, cases):
        """Return the ratings of cases, in sudo."""
        domain = [("res_model", "=", cases._name), ("res_id", "in", cases.ids)]
        return self.sudo().search(domain)

    @api.model
    def _ask(self, cases):
        """Return the ratings of cases that were dealt with, making those missing."""
        ratings = self._of(cases)
        asked = set(ratings.mapped("res_id"))
        return ratings | self.sudo().create(
            [
                {
                    "name": case.name,
                    "kind": case._rating_kind(),
                    "res_model": case._name,
                    "res_id": case.id,
                    "company_id": case.company_id.id,
                    "site_id": case.site_id.id,
                    "deliverer_ids": case._rating_served_by().ids,
                    "person_key": self._key_of(case.partner_id or case),
                    "token": secrets.token_urlsafe(24),
                }
                for case in cases.sudo()
                if case.id not in asked
            ]
        )

    def _rate(self, rating, comment=""):
        """Keep what the person says; said twice, the first counts. In sudo."""
        self.ensure_one()
        self.env.cr.execute(
            SQL("SELECT 1 FROM npo_rating WHERE id = %s FOR NO KEY UPDATE", self.id)
        )
        self.invalidate_recordset(["date_rated"])
        if self.date_rated:
            return
        if rating not in range(1, 6):
            raise UserError(self.env._("Choose one of the five."))
        comment = (comment or "").strip()
        check_values(self.with_company(self.company_id), {"comment": comment})
        self.write(
            {
                "rating": rating,
                "comment": self.company_id._npo_mask_staff(comment),
                "date_rated": fields.Datetime.now(),
            }
        )


class NpoRateableMixin(models.AbstractModel):
    """What a person may rate once; each model says when it was dealt with."""

    _name = "npo.rateable.mixin"
    _description = "Rated by Its Person"

    npo_rating_ids = fields.One2many(
        "npo.rating",
        "res_id",
        string="Ratings",
        readonly=True,
        domain=lambda self: [("res_model", "=", self._name)],
        groups="base.group_system",
    )

    def _rating_kind(self):
        """Return what kind of thing is rated, one of `_kinds` of the rating."""
        return self._stage_kind

    def _is_rateable(self):
        """Tell whether the case was dealt with, so that the person may rate it."""
        return False

    def _rating_served_by(self):
        """Return the users who dealt with the case: they never see its rating."""
        return self.user_id

    def _rating_about(self):
        """Return what the page of the rating calls the case, beside its number."""
        return ""

    def _portal_may_rate(self):
        """Tell whether the person may say how it was: once it was dealt with, once."""
        case = self.sudo()
        return case._is_rateable() and not self.env["npo.rating"]._of(case).date_rated

    def _rating_link(self):
        """Return the address at which the person rates the case, once."""
        rating = self.sudo().npo_rating_ids or self.env["npo.rating"]._ask(self)
        return f"{self.get_base_url()}/rate/{rating.token}"


class NpoCaseMixin(models.AbstractModel):
    """Cases that their person may rate."""

    _name = "npo.case.mixin"
    _inherit = [BaseCase._name, NpoRateableMixin._name]
