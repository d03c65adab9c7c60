from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("confidentiality", "Confidentiality undertaking"),
    ("ethics", "Code of ethics"),
]


class NpoUndertakingText(models.Model):
    """One version of what staff and volunteers undertake, fixed once signed (R156).

    Without an association it is proposed to all; an association's own goes first.
    """

    _name = "npo.undertaking.text"
    _description = "Text of an Undertaking"
    _order = "kind, date_from desc, version desc"

    kind = fields.Selection(KINDS, required=True, default="confidentiality")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: it holds in every association.",
    )
    version = fields.Integer(readonly=True, copy=False)
    date_from = fields.Date(
        "In force since", required=True, default=fields.Date.context_today
    )
    text = fields.Text(
        required=True,
        translate=True,
        help="{association} becomes the name of the association.",
    )

    _version_uniq = models.UniqueIndex("(kind, COALESCE(company_id, 0), version)")

    @api.depends("kind", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            line.display_name = self.env._(
                "%(kind)s, version %(version)s",
                kind=kinds.get(line.kind, ""),
                version=line.version,
            )

    @api.model_create_multi
    def create(self, vals_list):
        kept = self.sudo()._read_group([], ["kind"], ["version:max"])
        last = dict(kept)
        for vals in vals_list:
            kind = vals.setdefault("kind", "confidentiality")
            vals["version"] = last[kind] = (last.get(kind) or 0) + 1
        return super().create(vals_list)

    def write(self, vals):
        self._check_unsigned()
        result = super().write(vals)
        if "company_id" in vals:
            # an association's own does not become everybody's
            self.check_access("write")
        return result

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # EXTENDS base: a translation is what people sign
        self._check_unsigned()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self._check_unsigned()

    def _check_unsigned(self):
        """Refuse to change what somebody has signed."""
        signed = self.env["npo.undertaking"].sudo()
        if signed.search_count([("text_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._("People were asked to sign this text: add a new version.")
            )

    @api.model
    def _current(self, company):
        """Return {kind: the text in force}, an association's own before ours."""
        texts = self.sudo().search(
            [
                ("company_id", "in", (company.id, False)),
                ("date_from", "<=", company.sudo()._npo_today()),
            ],
            order="date_from DESC, version DESC",
        )
        current = {}
        for text in texts.sorted(lambda line: not line.company_id):
            current.setdefault(text.kind, text)
        return current
