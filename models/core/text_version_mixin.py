from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class NpoTextVersionMixin(models.AbstractModel):
    """One version of a sentence that people agree to or sign, fixed once they did.

    Without an association it is proposed to all; an association's own goes first.
    What inherits this says which field its versions are counted by, and which model
    names the text, by `text_id`, that somebody agreed to.
    """

    _name = "npo.text.version.mixin"
    _description = "Version of a Text"

    _version_of = None
    _used_by = None

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

    @api.model_create_multi
    def create(self, vals_list):
        of = self._version_of
        default = self.default_get([of]).get(of)
        groups = self.sudo()._read_group([], [of], ["version:max"])
        last = {getattr(key, "id", key): version for key, version in groups}
        for vals in vals_list:
            key = vals.setdefault(of, default)
            vals["version"] = last[key] = (last.get(key) or 0) + 1
        return super().create(vals_list)

    def write(self, vals):
        self._check_unused()
        result = super().write(vals)
        if "company_id" in vals:
            # an association's own does not become everybody's
            self.check_access("write")
        return result

    def _update_field_translations(self, field_name, translations, *args, **kwargs):
        # EXTENDS base: a translation is what people read
        self._check_unused()
        return super()._update_field_translations(
            field_name, translations, *args, **kwargs
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        """Refuse to change what somebody has agreed to."""
        if self._is_used():
            raise UserError(
                self.env._("People have agreed to this text: add a new version.")
            )

    def _is_used(self):
        """Tell whether somebody has agreed to one of these."""
        used = self.env[self._used_by].sudo()
        return bool(used.search_count([("text_id", "in", self.ids)], limit=1))

    @api.model
    def _current(self, company, domain=Domain.TRUE):
        """Return {what its versions are of: the text in force}, in sudo."""
        domain &= Domain("company_id", "in", (company.id, False))
        domain &= Domain("date_from", "<=", company.sudo()._npo_today())
        texts = self.sudo().search(domain, order="date_from DESC, version DESC")
        current = {}
        for text in texts.sorted(lambda line: not line.company_id):
            current.setdefault(text[self._version_of], text)
        return current
