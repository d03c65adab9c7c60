from odoo import api, fields, models


class NpoPolicyLineMixin(models.AbstractModel):
    """A line of a policy version: frozen with the version (R211).

    The check stands on the line itself, for a line can be written without its version.
    """

    _name = "npo.policy.line.mixin"
    _description = "Policy Line"
    _order = "version_id, sequence, id"

    # the one2many of the version that the line belongs to
    _version_field = None

    version_id = fields.Many2one(
        "npo.policy.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", string="Association", store=True
    )
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_version_open()
        return lines

    def write(self, vals):
        self._check_version_open()
        result = super().write(vals)
        if "version_id" in vals:
            self._check_version_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_version_open()

    def _update_field_translations(self, field_name, *args, **kwargs):
        # EXTENDS base: the dialog of translations does not pass through write
        self._check_version_open()
        return super()._update_field_translations(field_name, *args, **kwargs)

    def _check_version_open(self):
        """Raise when a version of the lines is frozen."""
        for version in self.version_id:
            version._check_content_open({self._version_field})

    @api.model
    def _create_on_frozen(self, vals_list):
        """Create lines past the freezing; the caller has checked what is allowed."""
        return super().create(vals_list)

    def _write_on_frozen(self, vals):
        """Write lines past the freezing; the caller has checked what is allowed."""
        return super().write(vals)
