from odoo import api, fields, models
from odoo.exceptions import UserError

TO_SUGGESTION = ("note", "thanks")


class NpoComplaintDesk(models.TransientModel):
    """Take a complaint in at the desk, or by telephone, in few words (R150, R205).

    Whoever writes it down may do so for somebody who cannot write. A remark or a
    thanks becomes a suggestion.
    """

    _name = "npo.complaint.desk"
    _description = "Take a Complaint In"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    interaction_id = fields.Many2one("npo.interaction", "Came from")
    kind = fields.Selection(
        selection="_selection_kind", string="What is it?", default="complaint"
    )
    title = fields.Char("In one line")
    description = fields.Text("In the person's words")
    category_id = fields.Many2one(
        "npo.complaint.category",
        "About",
        default=lambda self: self.env["npo.complaint"]._default_category_id(),
    )
    channel_ids = fields.Many2many("npo.channel", compute="_compute_channel_ids")
    channel_id = fields.Many2one(
        "npo.channel",
        "How it came",
        domain="[('id', 'in', channel_ids)]",
        compute="_compute_channel_id",
        store=True,
        readonly=False,
    )
    social_link = fields.Char("Link to the post")
    external_reference = fields.Char("Number outside")
    channel_code = fields.Char(related="channel_id.code")

    # who complains
    is_anonymous = fields.Boolean("Wants to stay unknown")
    partner_id = fields.Many2one(
        "res.partner", "Person", domain="[('company_id', '=', company_id)]"
    )
    contact_name = fields.Char("Name")
    contact_phone = fields.Char("Mobile")
    contact_email = fields.Char("E-mail")
    concerned_name = fields.Char("On behalf of")
    remedy_sought = fields.Text("What the person asks for")
    no_messages = fields.Boolean("Send no messages")
    no_letter = fields.Boolean("No letter to the home")
    safe_contact = fields.Char("Safe way to reach the person")
    subject_user_ids = fields.Many2many(
        "res.users",
        string="It is about",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    @api.model
    def _selection_kind(self):
        kinds = self.env["npo.complaint"]._fields["kind"]
        return [
            *kinds._description_selection(self.env),
            ("note", self.env._("Remark or suggestion")),
            ("thanks", self.env._("Thanks and praise")),
        ]

    @api.depends("company_id", "kind")
    def _compute_channel_ids(self):
        for wizard in self:
            version = wizard.company_id.sudo().npo_policy_version_id
            case = self.env[wizard._target()]
            wizard.channel_ids = (
                case._open_channels(version)
                if version
                else self.env["npo.channel"].search([])
            )

    @api.depends("channel_ids", "interaction_id")
    def _compute_channel_id(self):
        """Begin with the contact's channel, or with who stands at the desk."""
        for wizard in self:
            came_by = wizard.interaction_id.channel_id._origin
            by_code = {channel.code: channel for channel in wizard.channel_ids}
            wizard.channel_id = (
                by_code.get(came_by.code)
                or by_code.get("in_person")
                or by_code.get("interview")
                or wizard.channel_ids[:1]
            )

    def _target(self):
        is_suggestion = self.kind in TO_SUGGESTION
        return "npo.suggestion" if is_suggestion else "npo.complaint"

    def action_confirm(self):
        """Take it in; show it, with its receipt to print."""
        self.ensure_one()
        self.check_access("write")
        case = self.env[self._target()]._receive(self._values())
        return {
            "type": "ir.actions.act_window",
            "res_model": case._name,
            "res_id": case.id,
            "view_mode": "form",
        }

    def _values(self):
        """Return what is known of it, as its kind takes it in."""
        missing = [
            self._fields[name]._description_string(self.env)
            for name in ("title", "description", "channel_id")
            if not self[name]
        ]
        if missing:
            raise UserError(
                self.env._("Still missing: %s.", ", ".join(missing)),
            )
        known = ("title", "description", "contact_phone", "contact_email")
        vals = {name: self[name] for name in known}
        vals.update(
            company_id=self.company_id.id,
            channel_id=self.channel_id.id,
            interaction_id=self.interaction_id.id,
            is_anonymous=self.is_anonymous,
            partner_id=not self.is_anonymous and self.partner_id.id,
            contact_name=not self.is_anonymous and self.contact_name,
        )
        if self.interaction_id:
            vals["site_id"] = self.interaction_id.site_id.id
        if self.kind in TO_SUGGESTION:
            return {**vals, "kind": self.kind}
        return {**vals, **self._complaint_values()}

    def _complaint_values(self):
        vals = {
            name: self[name]
            for name in (
                "kind",
                "social_link",
                "external_reference",
                "concerned_name",
                "remedy_sought",
                "no_messages",
                "no_letter",
                "safe_contact",
            )
        }
        return {
            **vals,
            "category_id": self.category_id.id
            or self.env["npo.complaint"]._default_category_id(),
            "subject_user_ids": self.subject_user_ids.ids,
        }
