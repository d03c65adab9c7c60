from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.hijri import format_both
from ..core.guards import without_defaults


class NpoPolicy(models.Model):
    """Publication and circulation of a policy of any kind (R036)."""

    _inherit = "npo.policy"

    is_published = fields.Boolean(
        "Published",
        copy=False,
        tracking=True,
        help="The version in force can be read on the website by everybody.",
    )
    circulation_group_ids = fields.Many2many(
        "res.groups",
        "npo_policy_circulation_rel",
        string="Circulated to",
        help="Who is asked to read each version. Empty: all staff of the association.",
    )
    reader_count = fields.Integer("Asked to read", compute="_compute_readers")
    unread_count = fields.Integer("Have not read", compute="_compute_readers")
    read_share = fields.Integer("Read (%)", compute="_compute_readers")

    @api.depends("current_version_id")
    def _compute_readers(self):
        """Count who was asked to read the version in force, in one statement."""
        rows = self.env["npo.policy.acknowledgement"]._read_group(
            [("version_id", "in", self.current_version_id.ids)],
            ["version_id"],
            ["__count", "date_read:count"],
        )
        counts = {version: (asked, read) for version, asked, read in rows}
        for policy in self:
            asked, read = counts.get(policy.current_version_id, (0, 0))
            policy.reader_count = asked
            policy.unread_count = asked - read
            policy.read_share = round(100 * read / asked) if asked else 0

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._check_publication()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_published"):
            self._check_publication()
        return result

    def _check_publication(self):
        """Raise where a policy without a version in force would be published."""
        for policy in self:
            if policy.is_published and not policy.sudo().current_version_id:
                raise UserError(
                    self.env._(
                        "%(policy)s has no version in force: there is nothing to"
                        " publish.",
                        policy=policy.name,
                    )
                )

    def action_open_readers(self):
        """Open who was asked to read the version in force."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Has Read It"),
            "res_model": "npo.policy.acknowledgement",
            "view_mode": "list,form",
            "domain": [("version_id", "=", self.current_version_id.id)],
            "context": {"search_default_group_by_state_read": 1},
        }

    def _is_public(self):
        # OVERRIDE npo_relations: the switch tells, of what is in force
        self.ensure_one()
        return self.is_published and bool(self.current_version_id)

    @api.model
    def _published_policies(self, company):
        """Return what an association publishes, the operating policy first, in sudo.

        For the public page: only versions in force are ever behind it.
        """
        policies = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("is_published", "=", True),
                ("current_version_id", "!=", False),
            ]
        )
        return policies.sorted(lambda policy: not policy.is_operating)


class NpoPolicyVersion(models.Model):
    """A version that comes into force is circulated to those concerned (R036)."""

    _inherit = "npo.policy.version"

    def _after_in_force(self):
        # EXTENDS npo_relations: who is concerned is asked to read it
        result = super()._after_in_force()
        self._circulate()
        return result

    def action_circulate(self):
        """Ask those to read the version in force who were not asked yet."""
        self._check_governance()
        self._check_state("approved")
        for version in self:
            version._circulate()

    def _circulated_users(self):
        """Return who is to read the version: the groups of the policy, else staff."""
        self.ensure_one()
        groups = self.policy_id.sudo().circulation_group_ids or self.env.ref(
            "npo_relations.group_npo_staff"
        )
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", groups.ids),
                    ("company_ids", "in", self.company_id.ids),
                    ("share", "=", False),
                    ("id", "!=", self.env.ref("base.user_root").id),
                ]
            )
        )

    def _circulate(self):
        """Ask in one batch who was not asked yet; in sudo, for nobody writes these.

        :return: the new acknowledgements
        """
        self.ensure_one()
        lines = without_defaults(self.env["npo.policy.acknowledgement"].sudo())
        asked = lines.search([("version_id", "=", self.id)]).user_id
        users = self._circulated_users() - asked - self._excused_users()
        company = self.company_id.sudo()
        today = company._npo_today()
        due = fields.Date.add(today, days=max(company.npo_acknowledgement_days, 0))
        created = lines.create(
            [
                {
                    "version_id": self.id,
                    "user_id": user.id,
                    "date_asked": today,
                    "date_due": due,
                }
                for user in users
            ]
        )
        created._notify_readers()
        return created

    def _excused_users(self):
        """Return who need not read it again: who read it before its slips were mended.

        A minor version corrects slips of the same text (R020).
        """
        self.ensure_one()
        if not self.minor_no:
            return self.env["res.users"]
        same = self.policy_id.sudo().version_ids.filtered(
            lambda version: version.version_no == self.version_no
        )
        read = [("version_id", "in", same.ids), ("date_read", "!=", False)]
        return self.env["npo.policy.acknowledgement"].sudo().search(read).user_id

    def _notify_circulation(self, partners):
        """Tell contacts that the version waits to be read; it names nobody."""
        self.ensure_one()
        url = f"{self.get_base_url()}/odoo/npo-to-read"
        policy = self.policy_id.name
        body = Markup("<p>%s</p><p><a href='%s'>%s</a></p>") % (
            self.env._(
                "%(policy)s is in force and waits to be read by you.", policy=policy
            ),
            url,
            self.env._("Read it, and declare that you have read it"),
        )
        self.sudo().message_notify(
            partner_ids=partners.ids,
            subject=self.env._("To read: %(policy)s", policy=policy),
            body=body,
        )

    def _date_in_force_text(self):
        """Return since when the version is in force, in both calendars."""
        self.ensure_one()
        digits = self.company_id.sudo().npo_digits
        return format_both(self.date_in_force, self.env.lang or "en_US", digits)

    def _text_html(self):
        """Return the text as markup: for the public page and the reader's screen."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "npo_relations.policy_text",
            {"rows": self._text_rows(self.company_id.sudo().npo_digits)},
        )
