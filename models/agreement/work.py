from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..core.guards import check_values, without_defaults

USES = [
    ("website", "Website"),
    ("social", "Social media"),
    ("exhibition", "Exhibition"),
    ("print", "Print"),
]


class NpoWork(models.Model):
    """A design, photograph or text of somebody else, and what may be done with it.

    Nothing of it is published without a licence that is valid on the day, and for
    the use (R161).
    """

    _name = "npo.work"
    _description = "Work of Others"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "partner_id"]
    _check_company_auto = True

    name = fields.Char("Work", required=True, index="trigram")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("design", "Design"),
            ("photo", "Photograph of a product"),
            ("text", "Text"),
        ],
        required=True,
        default="photo",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Owner of the work",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    agreement_id = fields.Many2one(
        "npo.agreement",
        string="By the agreement",
        index="btree_not_null",
        check_company=True,
        domain="[('state', 'in', ('active', 'to_review'))]",
        ondelete="restrict",
    )
    image = fields.Image(max_width=1920, max_height=1920)

    # the licence
    licence = fields.Binary("Licence or consent", attachment=True, copy=False)
    licence_name = fields.Char("Name of the licence", copy=False)
    has_licence = fields.Boolean(
        "Licence is kept", compute="_compute_has_licence", store=True
    )
    on_website = fields.Boolean("On the website")
    on_social = fields.Boolean("In social media")
    on_exhibition = fields.Boolean("In exhibitions")
    on_print = fields.Boolean("In print")
    territory = fields.Char(help="Where it may be used. Empty: anywhere.")
    date_from = fields.Date("Valid from", default=fields.Date.context_today)
    date_until = fields.Date("Valid until", help="Empty: without end.")
    is_expired = fields.Boolean(
        "Licence has ended", compute="_compute_is_expired", search="_search_is_expired"
    )
    publication_ids = fields.One2many("npo.work.publication", "work_id", "Published")

    _period_in_order = models.Constraint(
        "CHECK (date_until IS NULL OR date_from IS NULL OR date_until >= date_from)",
        "A licence does not end before it begins.",
    )

    @api.depends("licence")
    def _compute_has_licence(self):
        for work in self:
            work.has_licence = bool(work.licence)

    @api.depends("date_until")
    def _compute_is_expired(self):
        today = self.env.company._npo_today()
        for work in self:
            work.is_expired = bool(work.date_until) and work.date_until < today

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        expired = Domain("date_until", "<", self.env.company._npo_today())
        return expired if True in value else ~expired

    @api.constrains("agreement_id", "partner_id")
    def _check_agreement(self):
        for work in self.filtered("agreement_id"):
            parties = work.agreement_id.sudo().party_ids.partner_id
            owner = work.partner_id | work.partner_id.commercial_partner_id
            if not owner & parties:
                raise ValidationError(
                    self.env._("The agreement is not one with the owner of the work.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unpublished(self):
        if any(work.sudo().publication_ids for work in self):
            raise UserError(
                self.env._("What was published stays on record: archive it.")
            )

    def _check_may_publish(self, use, day=None):
        """Raise unless the work may be used so on a day (R161).

        :param use: one of `USES`
        """
        for work in self:
            day = day or work.company_id._npo_today()
            if not work.has_licence:
                reason = self.env._("no licence or consent of the owner is kept")
            elif not work[f"on_{use}"]:
                reason = self.env._("the owner did not permit this use")
            elif work.date_from and day < work.date_from:
                reason = self.env._("the licence has not begun")
            elif work.date_until and day > work.date_until:
                reason = self.env._("the licence has ended")
            else:
                continue
            raise UserError(
                self.env._(
                    "“%(work)s” cannot be published: %(reason)s.",
                    work=work.name,
                    reason=reason,
                )
            )


class NpoWorkPublication(models.Model):
    """Where a work of somebody else was published; recorded when it may be (R161)."""

    _name = "npo.work.publication"
    _description = "Publication of a Work"
    _order = "date desc, id desc"
    _rec_name = "place"

    work_id = fields.Many2one(
        "npo.work", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="work_id.company_id",
        string="Association",
        store=True,
        precompute=True,
        index=True,
    )
    use = fields.Selection(USES, required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    place = fields.Char("Where", required=True)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, default=lambda self: self.env.user
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
            if not self.env.su:
                vals["user_id"] = self.env.uid
        publications = super(NpoWorkPublication, without_defaults(self)).create(
            vals_list
        )
        for publication in publications:
            publication.work_id._check_may_publish(publication.use, publication.date)
        return publications

    def write(self, vals):
        check_values(self, vals)
        result = super().write(vals)
        for publication in self:
            publication.work_id._check_may_publish(publication.use, publication.date)
        return result
