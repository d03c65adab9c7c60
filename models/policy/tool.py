from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class NpoTool(models.Model):
    """A document or form that the relations officer works with: R096–R102.

    The tools that the policy names are content of its version (R211): they are neither
    renamed nor deleted once a version with them left the draft. Their files are
    supplied afterwards; a tool beside the policy is operational and tells its reason.
    """

    _name = "npo.tool"
    _description = "Officer's Tool"
    _inherit = ["npo.kept.mixin"]  # npo.policy.version._available_tool_ids
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
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
            ("regulation", "Regulation"),
            ("guide", "Guide"),
            ("policy", "Policy document"),
            ("form", "Form"),
        ],
        required=True,
        default="guide",
    )
    origin = fields.Selection(
        [("policy", "Policy"), ("operational", "Operational")],
        required=True,
        default="operational",
    )
    reason = fields.Char(help="Why the tool is used beside those of the policy.")
    version_label = fields.Char(string="Version of the document")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    url = fields.Char(string="Link")
    date_from = fields.Date(string="Valid from")
    date_to = fields.Date(string="Valid to")
    is_valid = fields.Boolean(compute="_compute_is_valid", search="_search_is_valid")
    group_ids = fields.Many2many(
        "res.groups",
        string="Audience",
        help="Who sees the tool. Empty: all staff.",
    )
    version_ids = fields.Many2many(
        "npo.policy.version",
        "npo_policy_version_tool_rel",
        "tool_id",
        "version_id",
        string="Policy versions",
        copy=False,
        readonly=True,
    )

    _company_code_uniq = models.UniqueIndex(
        "(company_id, code)", "The association has a tool of this code already."
    )

    @api.depends("date_from", "date_to")
    def _compute_is_valid(self):
        today = self.env.company._npo_today()
        for tool in self:
            started = not tool.date_from or tool.date_from <= today
            tool.is_valid = started and (not tool.date_to or tool.date_to >= today)

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        started = Domain("date_from", "=", False) | Domain("date_from", "<=", today)
        return started & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for tool in self:
            if tool.date_from and tool.date_to and tool.date_from > tool.date_to:
                raise ValidationError(
                    self.env._("The tool is valid to a day before it begins.")
                )

    @api.constrains("origin", "reason")
    def _check_reason(self):
        """R211: an operational addition tells why."""
        if any(tool.origin == "operational" and not tool.reason for tool in self):
            raise ValidationError(
                self.env._("Tell the reason of a tool that the policy does not name.")
            )

    @api.constrains("url")
    def _check_url(self):
        """The link is opened by a click: it leads to a page and runs nothing."""
        for tool in self.filtered("url"):
            if not tool.url.lower().startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._("A link begins with https:// or http://.")
                )

    def write(self, vals):
        if {"name", "code", "kind", "origin", "company_id"} & set(vals):
            self._check_not_frozen()
        return super().write(vals)

    def _update_field_translations(self, field_name, *args, **kwargs):
        # EXTENDS base: the dialog of translations does not pass through write
        self._check_not_frozen()
        return super()._update_field_translations(field_name, *args, **kwargs)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_policy(self):
        self._check_not_frozen()

    def action_open(self):
        """Open the tool, its file or its link, in one click (R097)."""
        self.ensure_one()
        self.check_access("read")
        url = self._get_url()
        if not url:
            raise UserError(
                self.env._(
                    "“%(tool)s” has no file and no link yet. A governance officer "
                    "can add one.",
                    tool=self.name,
                )
            )
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def _get_url(self):
        """Return where the tool is found, or None."""
        if self.url:
            return self.url
        if self.file:
            return f"/web/content/npo.tool/{self.id}/file/{self.file_name or ''}"
        return None

    def _check_not_frozen(self):
        """Raise when a version that left the draft names one of the tools (R211)."""
        frozen = self.sudo().version_ids.filtered(
            lambda version: version.state != "draft"
        )
        if frozen:
            raise UserError(
                self.env._(
                    "%(version)s names this tool: changing it is a change of the "
                    "policy. Make a new version of the policy.",
                    version=frozen[0].display_name,
                )
            )
