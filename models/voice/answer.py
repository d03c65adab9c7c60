import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.arabic import gendered, to_latin_digits
from ..core.guards import check_values
from .inquiry import NpoInquiry as BaseInquiry

LONG_NUMBER = re.compile(r"\d[\d\s-]{6,}\d")
PLACEHOLDER = re.compile(r"\{(name|ref|date|link)\}")
SHORTEST_NAME = 3


class NpoAnswer(models.Model):
    """An answer that is given again, in the association's own words (R063, R074).

    It grows out of the inquiries that were answered. What is published is a frequent
    question on the public page, or a wide-spread notion put right.
    """

    _name = "npo.answer"
    _description = "Answer Library"
    _order = "topic_id, name, id"
    _rec_names_search = ["name", "body"]

    name = fields.Char("Question", required=True, index="trigram")
    kind = fields.Selection(
        [("answer", "Answer to a question"), ("misconception", "Notion put right")],
        required=True,
        default="answer",
    )
    body = fields.Text(
        "Answer",
        required=True,
        help="{name}, {ref}, {date} and {link} are filled; {Dear Mr|Dear Ms} is worded"
        " for a man or a woman.",
    )
    topic_id = fields.Many2one("npo.inquiry.topic", index="btree_not_null")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("ready", "In use"), ("published", "Published")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
    )
    source_id = fields.Many2one(
        "npo.inquiry",
        string="Kept from",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    inquiry_ids = fields.One2many("npo.inquiry", "answer_id", string="Answered by it")
    used_count = fields.Integer("Times used", compute="_compute_used_count")
    privacy_note = fields.Char("To look at", compute="_compute_privacy_note")

    @api.depends("inquiry_ids")
    def _compute_used_count(self):
        groups = (
            self.env["npo.inquiry"]
            .sudo()
            ._read_group([("answer_id", "in", self.ids)], ["answer_id"], ["__count"])
        )
        counts = {answer.id: count for answer, count in groups}
        for answer in self:
            answer.used_count = counts.get(answer._origin.id, 0)

    @api.depends("name", "body", "source_id")
    @api.depends_context("lang")
    def _compute_privacy_note(self):
        """Warn of what looks like a person: their name, a long number (P-privacy)."""
        for answer in self:
            text = to_latin_digits(f"{answer.name or ''}\n{answer.body or ''}")
            inquiry = answer.sudo().source_id
            names = (inquiry.partner_id.name or inquiry.contact_name or "").split()
            if LONG_NUMBER.search(text):
                answer.privacy_note = self.env._(
                    "There is a long number in it: leave out what belongs to a person."
                )
            elif set(re.findall(r"\w+", text)) & {
                name for name in names if len(name) > SHORTEST_NAME
            }:
                answer.privacy_note = self.env._(
                    "It names the person who asked: write {name} instead."
                )
            else:
                answer.privacy_note = False

    @api.constrains("state", "name", "body")
    def _check_published(self):
        """What everybody reads names nobody."""
        for answer in self:
            if answer.state == "published" and answer.privacy_note:
                raise ValidationError(answer.privacy_note)

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
            self._check_own_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        self._check_own_fields(vals)
        return super().write(vals)

    def _check_own_fields(self, vals):
        """An answer comes into use by its buttons."""
        if not self.env.su and {"state", "source_id"} & set(vals):
            raise UserError(self.env._("An answer comes into use by its buttons."))

    # ------------------------------------------------------------
    # USE
    # ------------------------------------------------------------

    def action_ready(self):
        """Let colleagues answer from it."""
        self._set_state("ready")

    def action_publish(self):
        """Put it on the public page, for everybody to read (R074)."""
        self._set_state("published")

    def action_draft(self):
        """Take it back to work on it."""
        self._set_state("draft")

    def _set_state(self, state):
        self.check_access("write")
        self.sudo().state = state

    def _fill(self, inquiry):
        """Return the answer as the person of an inquiry reads it (R063)."""
        self.ensure_one()
        case = inquiry.sudo()
        values = {
            "name": case.partner_id.name or case.contact_name or "",
            "ref": case.name or "",
            "date": case._date_text("date_received"),
            "link": case._portal_link(),
        }
        text = gendered(self.body, case.partner_id.npo_gender)
        return PLACEHOLDER.sub(lambda found: values[found[1]], text).strip()

    @api.model
    def _published(self, company, kind=None):
        """Return the entries that the public page shows of an association."""
        domain = [("company_id", "=", company.id), ("state", "=", "published")]
        if kind:
            domain.append(("kind", "=", kind))
        return self.sudo().search(domain)


class NpoInquiry(models.Model):
    _inherit = BaseInquiry._name

    def action_keep_answer(self):
        """Keep the answer of this inquiry as a draft of the library."""
        self.ensure_one()
        self.check_access("read")
        self.env["npo.answer"].check_access("create")
        if not self.answer:
            raise UserError(self.env._("There is no answer to keep yet."))
        kept = self.env["npo.answer"].sudo().create(self._answer_to_keep())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer Library"),
            "res_model": "npo.answer",
            "res_id": kept.id,
            "view_mode": "form",
        }

    def _answer_to_keep(self):
        """Return the values of a library entry, with the person left out."""
        name = self.sudo().partner_id.name or self.contact_name
        body = self.answer.replace(self.name, "{ref}")
        return {
            "name": self.title,
            "body": body.replace(name, "{name}") if name else body,
            "topic_id": self.topic_id.id,
            "company_id": self.company_id.id,
            "source_id": self.id,
        }
