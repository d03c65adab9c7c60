from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import hijri
from ..core.guards import check_values
from .audience_mixin import NpoAudienceMixin

BATCH = 200
# What is told to people: verified as it stands.
CONTENT = frozenset({"name", "body", "source"})


class NpoInfoItem(models.Model):
    """A piece of information that the association keeps accurate (R164–R167).

    It is published after somebody verified it against its source. A change of what
    it says has to be verified anew; past its period it is stale, and its owner told.
    """

    _name = "npo.info.item"
    _description = "Information on File"
    _inherit = [NpoAudienceMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    body = fields.Text("What is told", prefetch=False)
    work_field_id = fields.Many2one(
        "npo.work.field", string="Field of work", index="btree_not_null"
    )
    channel_ids = fields.Many2many("npo.channel", string="Told by")
    owner_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    source = fields.Char(help="Where it is written: the policy, a decision, a rule.")
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_verified = fields.Date("Verified on", readonly=True, copy=False, tracking=True)
    refresh_days = fields.Integer(
        "Looked at every (days)", required=True, default=180, help="⚖"
    )
    date_updated = fields.Date(
        "Last update",
        readonly=True,
        required=True,
        default=fields.Date.context_today,
    )
    date_stale = fields.Date(
        "Stale after", compute="_compute_date_stale", store=True, index=True
    )
    is_stale = fields.Boolean(
        "Stale", compute="_compute_is_stale", search="_search_is_stale"
    )
    is_reminded = fields.Boolean(readonly=True, copy=False)

    _refreshed = models.Constraint(
        "CHECK (refresh_days > 0)", "Information is looked at again at some time."
    )

    @api.depends("date_updated", "refresh_days")
    def _compute_date_stale(self):
        for item in self:
            item.date_stale = item.date_updated + timedelta(days=item.refresh_days)

    @api.depends("date_stale")
    def _compute_is_stale(self):
        for item in self:
            today = (item.company_id or self.env.company)._npo_today()
            item.is_stale = bool(item.date_stale) and item.date_stale < today

    def _search_is_stale(self, operator, value):
        if operator != "in":
            return NotImplemented
        stale = Domain("date_stale", "<", fields.Date.context_today(self))
        return stale if True in value else ~stale

    # ------------------------------------------------------------
    # KEPT ACCURATE
    # ------------------------------------------------------------

    def _missing_to_publish(self):
        # OVERRIDE npo.audience.mixin (R166)
        if not (self.body or "").strip():
            return self.env._("“%s” says nothing yet.", self.name)
        if not self.date_verified:
            return self.env._("“%s” is verified before it is published.", self.name)
        return False

    def _own_fields(self):
        # EXTENDS npo.audience.mixin
        verified = {"verified_by_id", "date_verified", "date_updated", "is_reminded"}
        return super()._own_fields() | verified

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        """What says something else now is verified anew (R166)."""
        check_values(self, vals)
        result = super().write(vals)
        if not CONTENT.isdisjoint(vals):
            self.sudo().write(
                {
                    "is_published": False,
                    "verified_by_id": False,
                    "date_verified": False,
                }
            )
        return result

    def action_verify(self):
        """Confirm that it is right as it stands, today."""
        self.check_access("write")
        for item in self:
            if not (item.source or "").strip():
                raise UserError(
                    self.env._("Write where it is taken from: “%s”.", item.name)
                )
        self.sudo().write(
            {
                "verified_by_id": self.env.uid,
                "date_verified": self.env.company._npo_today(),
                "date_updated": self.env.company._npo_today(),
                "is_reminded": False,
            }
        )
        self.sudo().activity_ids.unlink()

    def _verified_text(self):
        """Return the day of its verification in both calendars, for its reader."""
        lang = self.env.lang or self.env.user.lang or "en_US"
        digits = self.company_id.npo_digits
        return hijri.format_both(self.date_verified, lang, digits)

    def action_report(self):
        """Give its owner the task to correct it."""
        self.check_access("write")
        for item in self:
            item._report_error(self.env._("Look at it: something is not right."))

    def _report_error(self, text):
        """Take in that somebody says it is wrong: a task of its owner (R166)."""
        self.ensure_one()
        check_values(self, {"body": text})
        item = self.sudo()
        item.message_post(body=text)
        item.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Correct the information"),
            user_id=item.owner_id.id,
        )

    @api.model
    def _cron_stale(self, limit=BATCH):
        """Tell the owners of what is past its period, once for each time (R167)."""
        domain = Domain("is_stale", "=", True) & Domain("is_reminded", "=", False)
        items = self.search(domain, limit=limit, order="id").try_lock_for_update()
        for owner, own in items.grouped("owner_id").items():
            own.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Is this still right? Look at it and verify it."),
                user_id=owner.id,
            )
        items.write({"is_reminded": True})
        self.env["ir.cron"]._commit_progress(
            len(items), remaining=self.search_count(domain)
        )
