from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .complaint import NpoComplaint as Base

# ⚖ How alike two titles are, from 0 to 1, to be taken for the same.
ALIKE = 0.4


class NpoComplaint(models.Model):
    """What somebody says again: it points to something that was not solved (R206)."""

    _inherit = Base._name

    similar_ids = fields.Many2many(
        Base._name, string="Said before", compute="_compute_similar_ids"
    )
    repeat_count = fields.Integer(
        "Said before (times)",
        readonly=True,
        copy=False,
        help="How often the same person said the same in the time before.",
    )

    @api.depends("partner_id", "contact_phone", "category_id", "title")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_similar_ids(self):
        """Show of them what the user may read."""
        for case in self:
            similar = self.browse(case._origin._similar().ids)
            case.similar_ids = similar._filtered_access("read")

    def _similar(self):
        """Return what the same person said before of the same kind. In sudo.

        It is the same person by contact or mobile, and the same by category or by the
        words of the title, within the days of the association.
        """
        case = self.sudo()
        mobile = case._mobile()
        if not case.id or not (case.partner_id or mobile):
            return case.browse()
        self.flush_model(["title"])
        person = Domain("partner_id", "=", case.partner_id.id or -1)
        if mobile:
            person |= Domain("contact_phone", "=", mobile)
            person |= Domain("partner_id.phone", "=", mobile)
        same = Domain("category_id", "=", case.category_id.id) | Domain(
            "id", "in", case._alike_titles()
        )
        since = case.date_received - timedelta(days=case.company_id.npo_repeat_days)
        return case.search(
            person
            & same
            & Domain("company_id", "=", case.company_id.id)
            & Domain("date_received", ">=", since)
            & Domain("id", "<", case.id)
        )

    def _alike_titles(self):
        """Return the query of the complaints whose title says about the same."""
        return SQL(
            "(SELECT id FROM npo_complaint WHERE company_id = %s"
            " AND similarity(title, %s) >= %s)",
            self.company_id.id,
            self.title,
            ALIKE,
        )

    def _acknowledge(self):
        # EXTENDS npo.voice.mixin: whoever handles it finds it counted
        for case in self.sudo():
            case.repeat_count = len(case._similar())
        return super()._acknowledge()

    def _is_of_another(self, first):
        """Tell whether a complaint is that of somebody else, as far as is known."""
        mine, theirs = self.sudo(), first.sudo()
        if mine.partner_id and theirs.partner_id:
            return mine.partner_id != theirs.partner_id
        mobiles = {mine._mobile(), theirs._mobile()} - {""}
        return len(mobiles) > 1

    def action_mark_duplicate(self):
        """Close what the same person said before: its answer is on the first one."""
        self.ensure_one()
        self._require_handler()
        self._mark_duplicate(self.browse(self._similar().ids)[-1:])
