import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class NpoRating(models.Model):
    """What a person says of a service received: once, and never to who delivered it.

    A model of its own: the ratings of Odoo are read and written by every employee. No
    account is needed; the code of the link is the right to rate.
    """

    _name = "npo.rating"
    _description = "Rating of a Service"
    _order = "date_rated desc, id desc"

    request_id = fields.Many2one(
        "npo.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True
    )
    site_id = fields.Many2one(
        related="request_id.site_id", store=True, index="btree_not_null"
    )
    service_id = fields.Many2one(related="request_id.service_id", store=True)
    deliverer_ids = fields.Many2many("res.users", string="Delivered by")
    token = fields.Char(required=True, copy=False, groups="base.group_system")
    rating = fields.Integer(aggregator="avg")
    comment = fields.Text()
    date_rated = fields.Datetime("Rated on")

    _one_each = models.UniqueIndex(
        "(request_id)", "This request has been asked to be rated already."
    )
    _token_uniq = models.UniqueIndex("(token)", "This code was drawn already.")
    _from_one_to_five = models.Constraint(
        "CHECK (date_rated IS NULL OR rating BETWEEN 1 AND 5)",
        "A rating goes from 1 to 5.",
    )

    @api.model
    def _ask(self, requests):
        """Return the ratings of requests that were served, making those missing."""
        requests = requests.sudo()
        ratings = self.sudo().search([("request_id", "in", requests.ids)])
        return ratings | self.sudo().create(
            [
                {
                    "request_id": request.id,
                    "deliverer_ids": request.delivery_ids.user_id.ids,
                    "token": secrets.token_urlsafe(24),
                }
                for request in requests - ratings.request_id
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
        self.request_id._check_text_lengths({"description": comment})
        self.write(
            {
                "rating": rating,
                "comment": comment,
                "date_rated": fields.Datetime.now(),
            }
        )
