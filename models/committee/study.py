from odoo import api, fields, models
from odoo.tools import format_list

from ..people.assessment import LEVELS
from ..request.request_assessment import SCORE_GROUPS
from .guards import CASE_GROUPS
from .item import NpoCommitteeItem as Base

# ⚖ The latest of the history that a member reads on a phone.
HISTORY = 10


class NpoCommitteeItem(models.Model):
    """The screen on which a member studies a request (R124).

    It shows what the member may read by the rules of each thing: nothing is read in
    sudo here.
    """

    _inherit = Base._name

    beneficiary_id = fields.Many2one(
        related="request_id.beneficiary_id", related_sudo=False, groups=CASE_GROUPS
    )
    amount_requested = fields.Monetary(
        related="request_id.amount_requested", related_sudo=False, groups=CASE_GROUPS
    )
    quantity_requested = fields.Float(
        related="request_id.quantity", related_sudo=False, groups=CASE_GROUPS
    )
    description = fields.Text(
        related="request_id.description", related_sudo=False, groups=CASE_GROUPS
    )
    recommendation = fields.Selection(
        related="request_id.recommendation", related_sudo=False, groups=CASE_GROUPS
    )
    research_note = fields.Text(
        related="request_id.research_note", related_sudo=False, groups=CASE_GROUPS
    )
    assessment_id = fields.Many2one(
        related="request_id.assessment_id", related_sudo=False, groups=SCORE_GROUPS
    )
    assessment_score = fields.Integer(
        related="request_id.assessment_score", related_sudo=False, groups=SCORE_GROUPS
    )
    assessment_level = fields.Selection(
        LEVELS,
        related="request_id.assessment_level",
        related_sudo=False,
        groups=SCORE_GROUPS,
    )
    household_id = fields.Many2one(
        "npo.household", compute="_compute_household", groups=CASE_GROUPS
    )
    document_ids = fields.One2many(
        related="request_id.document_ids", related_sudo=False, groups=CASE_GROUPS
    )
    document_note = fields.Char(
        "Documents today", compute="_compute_document_note", groups=CASE_GROUPS
    )
    is_lapsed = fields.Boolean(compute="_compute_document_note", groups=CASE_GROUPS)
    own_history_ids = fields.Many2many(
        "npo.request",
        string="Earlier requests of the person",
        compute="_compute_history",
        groups=CASE_GROUPS,
    )
    household_history_ids = fields.Many2many(
        "npo.request",
        string="Requests of the household",
        compute="_compute_history",
        groups=CASE_GROUPS,
    )
    ceiling_note = fields.Text(
        "Ceilings", compute="_compute_ceiling_note", groups=CASE_GROUPS
    )
    reply_note = fields.Char("The reply", compute="_compute_reply_note")
    studied_by_ids = fields.Many2many(
        "res.users",
        "npo_committee_item_studied_rel",
        "item_id",
        "user_id",
        string="Studied by",
        readonly=True,
    )
    is_studied = fields.Boolean(
        "I have studied it", compute="_compute_is_studied", search="_search_is_studied"
    )

    @api.depends("request_id")
    def _compute_household(self):
        members = self._household_members(self.partner_id)
        by_partner = members.grouped("partner_id")
        for item in self:
            own = by_partner.get(item.partner_id, members.browse())
            item.household_id = own.household_id[:1]

    def _household_members(self, partners):
        """Return the current members of households that the user may read."""
        members = self.env["npo.household.member"]
        if not members.has_access("read"):
            return members
        return members.search(
            [("partner_id", "in", partners.ids), ("is_current", "=", True)]
        )

    @api.depends("request_id")
    @api.depends_context("lang")
    def _compute_document_note(self):
        """Say which documents lapsed while the request was waiting (R109)."""
        for item in self:
            documents = item.document_ids.filtered(
                lambda document: document.state in ("matched", "expired")
            )
            validity = documents._validity(item.company_id._npo_today())
            lapsed = documents.filtered(
                lambda document, found=validity: (
                    found[document.id] not in ("valid", "expires_soon")
                )
            )
            item.is_lapsed = bool(lapsed)
            item.document_note = (
                self.env._(
                    "Lapsed while waiting: %s",
                    format_list(self.env, lapsed.document_type_id.mapped("name")),
                )
                if lapsed
                else self.env._("Matched and valid today: %s", len(documents))
            )

    @api.depends("request_id")
    def _compute_history(self):
        requests = self.env["npo.request"]
        for item in self:
            relatives = item.household_id.member_ids.partner_id - item.partner_id
            for name, persons in (
                ("own_history_ids", item.partner_id),
                ("household_history_ids", relatives),
            ):
                earlier = [
                    ("partner_id", "in", persons.ids),
                    ("id", "!=", item.request_id.id),
                    ("stage_code", "!=", "draft"),
                ]
                item[name] = requests.search(earlier, order="id desc", limit=HISTORY)

    @api.depends("request_id")
    def _compute_ceiling_note(self):
        requests = self.request_id
        texts = requests._ceiling_texts()
        for item in self:
            item.ceiling_note = texts.get(item.request_id.id, "")

    @api.depends("earliest_reply_date", "reply_deadline")
    @api.depends_context("lang")
    def _compute_reply_note(self):
        """Say from when on the decision may be announced, and until when."""
        for item in self:
            request, parts = item.sudo().request_id, []
            if day := item.earliest_reply_date:
                date = request._format_date(day)
                parts.append(self.env._("Not to be announced before %s.", date))
            if day := item.reply_deadline:
                date = request._format_date(day)
                parts.append(self.env._("To be announced by %s.", date))
            item.reply_note = " ".join(parts)

    @api.depends("studied_by_ids")
    @api.depends_context("uid")
    def _compute_is_studied(self):
        for item in self:
            item.is_studied = self.env.user in item.studied_by_ids

    @api.model
    def _search_is_studied(self, operator, value):
        if operator != "in":
            return NotImplemented
        by_me = [("studied_by_ids", "in", self.env.user.ids)]
        return by_me if True in value else ["!", *by_me]

    def action_studied(self):
        """Note that the member has studied the request."""
        self.committee_id._require_seat()
        self._require_open("draft", "convened", "open")
        self.sudo().studied_by_ids = [fields.Command.link(self.env.uid)]
