from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..core.text_version_mixin import NpoTextVersionMixin


class NpoConsentPurpose(models.Model):
    """What personal data is used for, each purpose agreed to by itself (D18, P011).

    The notice on how data is used (P015) is one of them: it is shown and not agreed
    to. Without an association a purpose holds for all of them.
    """

    _name = "npo.consent.purpose"
    _description = "Purpose of Personal Data"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("consent", "Agreed to"), ("notice", "Notice that is shown")],
        required=True,
        default="consent",
    )
    is_essential = fields.Boolean(
        "Needed for the service",
        help="Without it a request cannot be studied; all others are free.",
    )
    is_explicit = fields.Boolean(
        "Sensitive data", help="Health, debts: agreed to explicitly (P012)."
    )
    consequence = fields.Text(
        "What withdrawing means",
        translate=True,
        help="Told beside the button, before somebody withdraws.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: it holds in every association.",
    )
    text_ids = fields.One2many("npo.consent.text", "purpose_id", string="Texts")

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Another purpose has this code."
    )

    def write(self, vals):
        if {"code", "kind"} & set(vals) and not self.env.su and self._has_consents():
            raise UserError(
                self.env._("People have agreed to this purpose: add another instead.")
            )
        result = super().write(vals)
        if "company_id" in vals:
            # an association's own becomes everybody's by the administrator only
            self.check_access("write")
        return result

    def _has_consents(self):
        consents = self.env["npo.consent"].sudo()
        return bool(consents.search_count([("purpose_id", "in", self.ids)], limit=1))

    @api.model
    def _of(self, company, kind="consent", codes=None):
        """Return the purposes of an association that have a text, in sudo."""
        domain = Domain("company_id", "in", (company.id, False))
        domain &= Domain("kind", "=", kind)
        if codes is not None:
            domain &= Domain("code", "in", codes)
        purposes = self.sudo().search(domain)
        own = purposes.filtered("company_id").mapped("code")
        purposes = purposes.filtered(
            lambda purpose: purpose.company_id or purpose.code not in own
        )
        texts = purposes._current_texts(company)
        return purposes.filtered(lambda purpose: purpose in texts)

    def _current_texts(self, company):
        """Return {purpose: its text in force}, an association's own before ours."""
        texts = self.env["npo.consent.text"]
        return texts._current(company, Domain("purpose_id", "in", self.ids))


class NpoConsentText(models.Model):
    """One version of the sentence that a person agrees to, fixed once it was used."""

    _name = "npo.consent.text"
    _description = "Text of a Purpose"
    _inherit = [NpoTextVersionMixin._name]
    _order = "purpose_id, date_from desc, version desc"

    _version_of = "purpose_id"
    _used_by = "npo.consent"

    purpose_id = fields.Many2one(
        "npo.consent.purpose", required=True, index=True, ondelete="cascade"
    )

    _version_uniq = models.UniqueIndex("(purpose_id, COALESCE(company_id, 0), version)")

    @api.depends("purpose_id", "version")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(purpose)s, version %(version)s",
                purpose=line.purpose_id.name or "",
                version=line.version,
            )

    def _sentence(self, company):
        """Return the text as somebody reads it, with the association's name."""
        self.ensure_one()
        return (self.text or "").replace("{association}", company.sudo().name or "")
