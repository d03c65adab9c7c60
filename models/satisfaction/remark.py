import re

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..core.person_key import NpoPersonKeyMixin
from .events import DIMENSIONS, EVENTS

HIDDEN = "•••"
# Parts of names that are words of their own, or too short to tell of anybody.
SHORTEST = 3
VARIANTS = {
    letter: f"[{group}]" for group in ("اأإآ", "هة", "يى", "وؤ") for letter in group
}
PREFIX = "[وفبلك]?"


class NpoOpinionRemark(models.Model):
    """What somebody said in words, or ticked as the reason: for the management.

    Names of the association's staff are masked before it is stored to be read (R079);
    what it is about is one of the dimensions, so that words can be counted (R186).
    """

    _name = "npo.opinion.remark"
    _description = "Remark"
    _inherit = [NpoPersonKeyMixin._name]
    _order = "id desc"
    _rec_name = "event"

    company_id = fields.Many2one(
        "res.company", "Association", required=True, readonly=True, index=True
    )
    event = fields.Selection(EVENTS, "Occasion", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    site_id = fields.Many2one("npo.site", "Site", readonly=True, index="btree_not_null")
    service_id = fields.Many2one("npo.service", "Service", readonly=True)
    kind = fields.Selection(
        [("good", "Was good"), ("bad", "Went wrong"), ("said", "In own words")],
        required=True,
        readonly=True,
    )
    dimension = fields.Selection(DIMENSIONS, "What it is about")
    text = fields.Text(readonly=True)

    def write(self, vals):
        # EXTENDS base: what somebody said stays as it was said, by every way
        if not self.env.su and set(vals) - {"dimension"}:
            raise AccessError(
                self.env._("Of a remark, only what it is about can be changed.")
            )
        return super().write(vals)

    @api.model
    def _said(self, invitation, text):
        """Return the values of what was said in words, with the names masked."""
        masked = invitation.company_id._npo_mask_staff(text)
        return {**self._common(invitation), "kind": "said", "text": masked}

    @api.model
    def _ticked(self, invitation, kind, dimension):
        """Return the values of a reason that was ticked."""
        return {**self._common(invitation), "kind": kind, "dimension": dimension}

    @api.model
    def _common(self, invitation):
        facts = self.env["npo.opinion.answer"]._facts(invitation)
        names = ("company_id", "event", "date", "site_id", "service_id", "person_key")
        return {name: facts[name] for name in names}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _npo_mask_staff(self, text):
        """Return a text in which nobody who works here is named."""
        self.ensure_one()
        names = self._npo_staff_names()
        if not names or not text:
            return text
        pattern = "|".join(
            PREFIX + "".join(VARIANTS.get(letter, re.escape(letter)) for letter in name)
            for name in sorted(names, key=len, reverse=True)
        )
        masked = re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", HIDDEN, text, flags=re.I)
        return re.sub(rf"{HIDDEN}(\s+{HIDDEN})+", HIDDEN, masked)

    def _npo_staff_names(self):
        """Return the names, whole and in parts, of users and employees."""
        users = self.env["res.users"].sudo().with_context(active_test=False)
        people = users.search_fetch(
            [("share", "=", False), ("company_ids", "in", self.ids)], ["name"]
        ).mapped("name")
        staff = self.env["hr.employee"].sudo().with_context(active_test=False)
        people += staff.search_fetch([("company_id", "=", self.id)], ["name"]).mapped(
            "name"
        )
        parts = {part for name in people for part in (name or "").split()}
        return {name for name in {*people, *parts} if len(name or "") >= SHORTEST}
