from odoo import api, fields, models
from odoo.exceptions import UserError


class NpoPageReview(models.Model):
    """The service centre's page was looked through: what of it is right (R207)."""

    _name = "npo.page.review"
    _description = "Review of the Centre's Page"
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._npo_today()
    )
    user_id = fields.Many2one(
        "res.users",
        "Looked through by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    are_links_right = fields.Boolean("All links open")
    is_content_right = fields.Boolean("Services, hours and channels are right")
    are_guides_right = fields.Boolean("Guides and answers are current")
    are_services_open = fields.Boolean("Asking, following, complaining, rating work")
    is_right = fields.Boolean("All is right", compute="_compute_is_right", store=True)
    note = fields.Text("What is to be mended")

    @api.depends(
        "are_links_right", "is_content_right", "are_guides_right", "are_services_open"
    )
    def _compute_is_right(self):
        for review in self:
            review.is_right = (
                review.are_links_right
                and review.is_content_right
                and review.are_guides_right
                and review.are_services_open
            )

    @api.constrains("is_right", "note", "date")
    def _check_told(self):
        for review in self:
            if not review.is_right and not (review.note or "").strip():
                raise UserError(self.env._("Write what is to be mended on the page."))
            if review.date > review.company_id._npo_today():
                raise UserError(self.env._("A review is recorded once it was done."))

    @api.model_create_multi
    def create(self, vals_list):
        """The page carries the day of its last review."""
        if not self.env.su:
            vals_list = [{**vals, "user_id": self.env.uid} for vals in vals_list]
        reviews = super().create(vals_list)
        for company, own in reviews.grouped("company_id").items():
            days = [*own.mapped("date"), company.npo_page_review_date]
            company.sudo().npo_page_review_date = max(filter(None, days))
        return reviews
