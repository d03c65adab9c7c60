from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.channel_mixin import NpoChannelMixin
from ..core.register_mixin import NpoRegisterMixin
from ..people.contact_mixin import NpoContactMixin


class NpoInteraction(models.Model):
    """One contact with somebody, by whichever channel (R085–R095).

    Each kind of channel brings its own fields, in files of their own: calls and
    posts, letters and faxes. What comes of a contact is opened from it.
    """

    _name = "npo.interaction"
    _description = "Contact"
    _inherit = [
        NpoRegisterMixin._name,
        NpoChannelMixin._name,
        NpoContactMixin._name,
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "subject", "partner_id"]
    _check_company_auto = True

    _reference_prefix = "CON"
    _step_fields = NpoRegisterMixin._step_fields | {"is_stripped"}

    # identification
    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one(
        "npo.site",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self._default_site_id(),
    )
    channel_id = fields.Many2one(required=True, index=True, ondelete="restrict")
    channel_kind = fields.Selection(
        related="channel_id.kind", store=True, precompute=True
    )
    channel_code = fields.Char(related="channel_id.code")
    direction = fields.Selection(
        [("in", "Incoming"), ("out", "Outgoing")], required=True, default="in"
    )
    date = fields.Datetime(
        required=True, default=fields.Datetime.now, index=True, copy=False
    )

    # people
    partner_id = fields.Many2one(
        "res.partner", "Person", index="btree_not_null", check_company=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Recorded by",
        index="btree_not_null",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    referrer_id = fields.Many2one(
        "res.partner",
        "Referred by",
        index="btree_not_null",
        check_company=True,
        help="The volunteer who told of the person.",
    )

    # what was said
    subject = fields.Char("In one line", required=True, index="trigram")
    summary = fields.Text(prefetch=False)
    is_stripped = fields.Boolean(
        "Moved to a sealed case", readonly=True, copy=False, default=False
    )

    # in person
    place = fields.Char("Where")
    duration = fields.Integer("Duration in minutes")
    is_on_premises = fields.Boolean(
        "On the premises", help="Counts among the visitors of the day."
    )

    _list_idx = models.Index("(company_id, date DESC, id DESC)")
    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another contact."
    )
    _duration_positive = models.Constraint(
        "CHECK (duration >= 0)", "A contact does not last less than no time."
    )

    @api.model
    def _default_site_id(self):
        """Return the user's own site, else the headquarters."""
        company = self.env.company
        own = self.env.user.sudo().npo_site_ids.filtered(
            lambda site: site.company_id == company
        )
        return own[:1] or self.env["npo.site"]._default_for(company)

    def _open_channels(self, version):
        # EXTENDS npo.channel.mixin: a complaint, too, begins as a contact (R202)
        return super()._open_channels(version) | version._allowed_channels("complaint")

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # The register itself tells who recorded it and when: no message beside it.
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        interactions = super(NpoInteraction, quiet).create(vals_list)
        interactions = interactions.with_env(self.env)
        interactions._recorded()
        return interactions

    def write(self, vals):
        # EXTENDS npo.register.mixin
        if not self.env.su and any(one.is_stripped for one in self):
            raise UserError(
                self.env._("What was moved to a sealed case is not changed here.")
            )
        return super().write(vals)

    def _recorded(self):
        """Do what follows from contacts that were recorded just now."""

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("The number and the kind of a contact are not written.")

    # ------------------------------------------------------------
    # SEALED
    # ------------------------------------------------------------

    @api.model
    def _content_fields(self):
        """Return the fields that tell what was said, and by whom."""
        return {
            "partner_id",
            "contact_name",
            "contact_phone",
            "contact_email",
            "referrer_id",
            "summary",
            "place",
        }

    def _strip(self, case=None):
        """Keep nothing of what became a sealed case but that there was a contact.

        The files go over to the case; the text and the discussion are deleted here.

        :param case: record that the files are moved to
        """
        stripped = self.sudo().with_context(tracking_disable=True)
        stripped._hand_files_over(case)
        for name, model in (("mail.message", "model"), ("mail.activity", "res_model")):
            beside = stripped.env[name].with_context(active_test=False)
            beside.search(
                [(model, "=", self._name), ("res_id", "in", self.ids)]
            ).unlink()
        stripped.write(
            {
                **dict.fromkeys(self._content_fields(), False),
                "subject": self.env._("Moved to a sealed case"),
                "is_stripped": True,
            }
        )

    def _hand_files_over(self, case):
        """Move all files of the contacts to a case, or delete them."""
        files = (
            self.env["ir.attachment"]
            .sudo()
            .with_context(skip_res_field_check=True)
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )
        if not case:
            files.unlink()
        for file in files.exists():
            # a scan is a field here, and a file among others there
            owner = {"res_model": case._name, "res_id": case.id, "res_field": False}
            name = self.browse(file.res_id).scan_name if file.res_field else file.name
            file.write({**owner, "name": name or file.name})
        self.invalidate_recordset()
