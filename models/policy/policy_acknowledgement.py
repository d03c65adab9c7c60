from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class NpoPolicyAcknowledgement(models.Model):
    """Who was asked to read a version of a policy, and who has: R036, R156.

    Written by the circulation and by the reader's own button alone.
    """

    _name = "npo.policy.acknowledgement"
    _description = "Acknowledgement of a Policy"
    _order = "date_due, id"
    _rec_name = "version_id"

    version_id = fields.Many2one(
        "npo.policy.version", required=True, index=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(related="version_id.policy_id", store=True)
    company_id = fields.Many2one(
        related="version_id.company_id", string="Association", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users", string="Reader", required=True, index=True, ondelete="cascade"
    )
    date_asked = fields.Date("Asked on", required=True)
    date_due = fields.Date("To be read by", required=True)
    date_read = fields.Datetime("Read on")
    date_reminded = fields.Date("Reminded on")
    state = fields.Selection(
        [
            ("pending", "To be read"),
            ("late", "Late"),
            ("read", "Read"),
            ("lapsed", "No longer asked"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")
    declaration = fields.Char(compute="_compute_declaration")
    text_html = fields.Html("Text", compute="_compute_text_html", sanitize=False)

    _reader_uniq = models.UniqueIndex(
        "(version_id, user_id)", "This person was asked to read this version already."
    )
    _waiting_idx = models.Index("(user_id, date_due) WHERE date_read IS NULL")

    @api.depends("date_read", "date_due", "version_id.state")
    def _compute_state(self):
        for line in self:
            if line.date_read:
                line.state = "read"
            elif line.version_id.sudo().state != "approved":
                line.state = "lapsed"
            else:
                today = line.company_id.sudo()._npo_today()
                line.state = "late" if line.date_due < today else "pending"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._npo_today()
        is_asked = Domain("version_id.state", "=", "approved")
        unread = Domain("date_read", "=", False)
        domains = {
            "read": Domain("date_read", "!=", False),
            "lapsed": unread & ~is_asked,
            "late": unread & is_asked & Domain("date_due", "<", today),
            "pending": unread & is_asked & Domain("date_due", ">=", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for line in self:
            line.is_mine = line.user_id == self.env.user

    @api.depends("version_id")
    @api.depends_context("lang")
    def _compute_declaration(self):
        for line in self:
            line.declaration = self.env._(
                "I declare that I have read %(policy)s, issue %(version)s, and that I"
                " keep to what it says.",
                policy=line.policy_id.name or "",
                version=line.version_id.number,
            )

    @api.depends("version_id")
    def _compute_text_html(self):
        for line in self:
            line.text_html = line.version_id._text_html()

    @api.depends("version_id", "user_id")
    def _compute_display_name(self):
        for line in self:
            names = (line.version_id.display_name, line.user_id.sudo().name)
            line.display_name = " · ".join(name for name in names if name)

    def action_read(self):
        """Declare that one has read the version: by the person asked alone (R036)."""
        self.check_access("read")
        if any(line.user_id != self.env.user for line in self):
            raise AccessError(
                self.env._("Only the person who was asked can declare to have read it.")
            )
        unread = self.filtered(lambda line: not line.date_read)
        unread.sudo().write({"date_read": fields.Datetime.now()})

    def action_open_document(self):
        """Open the version as it is printed."""
        self.ensure_one()
        report = self.env.ref("npo_relations.action_report_policy")
        return report.report_action(self.version_id)

    # ------------------------------------------------------------
    # REMINDER
    # ------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Ask who joined since, and remind who has not read, every some days (⚖)."""
        versions = self.env["npo.policy.version"].search([("state", "=", "approved")])
        for version in versions:
            version._circulate()
        for company, lines in self._to_remind().grouped("company_id").items():
            lines._remind(company._npo_today())

    @api.model
    def _to_remind(self):
        """Return the unread lines whose last word is older than the setting says."""
        waiting = self.search(
            [("date_read", "=", False), ("version_id.state", "=", "approved")]
        )
        return waiting.filtered(
            lambda line: (
                (
                    (
                        line.company_id._npo_today()
                        - (line.date_reminded or line.date_asked)
                    ).days
                    >= max(line.company_id.npo_reminder_days, 1)
                )
                and line.user_id.active
            )
        )

    def _remind(self, today):
        self._notify_readers()
        self.write({"date_reminded": today})

    def _notify_readers(self):
        """Tell the readers what waits for them, each version once for a language."""
        for version, lines in self.grouped("version_id").items():
            readers = lines.user_id.partner_id
            for lang, partners in readers.grouped("lang").items():
                version.with_context(lang=lang or "en_US")._notify_circulation(partners)


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_acknowledgement_days = fields.Integer("Days to read a policy", default=14)
    npo_reminder_days = fields.Integer("Days between reminders", default=7)
