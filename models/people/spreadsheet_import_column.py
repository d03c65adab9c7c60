from odoo import api, fields, models
from odoo.exceptions import UserError


class NpoImportColumn(models.Model):
    """A column of an uploaded sheet, and the field that it goes to."""

    _name = "npo.import.column"
    _description = "Column of an Import"
    _order = "import_id, index"

    import_id = fields.Many2one(
        "npo.import", required=True, index=True, ondelete="cascade", readonly=True
    )
    index = fields.Integer("Column number", readonly=True)
    title = fields.Char("Title in the file", readonly=True)
    example = fields.Char("First value", readonly=True)
    field_name = fields.Selection("_selection_field_name", string="What it is")

    @api.model
    def _selection_field_name(self):
        lang = self.env.lang
        imports = self.env["npo.import"]
        found = {}
        for register, _label in imports._selection_register():
            for column in imports._register_columns(register):
                found.setdefault(column.field, column.title(lang))
        return list(found.items())

    def write(self, vals):
        if not self.env.su:
            if set(vals) - {"field_name"}:
                raise UserError(
                    self.env._("Only what a column is can be said, not what is in it.")
                )
            self.check_access("write")
            if any(column.import_id.created_count for column in self):
                raise UserError(
                    self.env._(
                        "The work on this file has begun: it does not change now."
                    )
                )
        result = super().write(vals)
        if not self.env.su:
            self.import_id.filtered(
                lambda record: record.state == "checked"
            )._back_to_draft()
        return result
