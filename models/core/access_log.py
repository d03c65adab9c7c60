from odoo import api, fields, models
from odoo.exceptions import AccessError

from .guards import without_defaults


class NpoAccessLog(models.Model):
    """Who was shown which protected value, of whom, why and when (R154, R157).

    Append-only: nobody changes or deletes a line, not the superuser either. A line
    holds a reference to the record and the name of the field, never the value.
    """

    _name = "npo.access.log"
    _description = "Protected Value Shown"
    _order = "id desc"
    _rec_name = "res_name"

    res_model = fields.Char("Kind of record", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    res_name = fields.Char("Reference")
    field_name = fields.Char("Value", required=True)
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Shown to", required=True, index=True)
    date = fields.Datetime("Shown on", required=True, default=fields.Datetime.now)
    way = fields.Selection(
        [
            ("form", "On the form, with a reason"),
            ("read", "Read by a programme"),
            ("export", "Exported"),
        ],
        required=True,
    )
    reason = fields.Char()

    _record_idx = models.Index("(res_model, res_id, id DESC)")

    def write(self, vals):
        raise AccessError(self.env._("What was logged is not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What was logged is not deleted."))

    @api.model
    def _log(self, records, names, way, reason=False):
        """Note that the user is shown these values of the records, in one statement.

        :param names: of the fields; a record without a value in one is passed over
        """
        without_defaults(self.sudo()).create(
            [
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    "res_name": record.sudo()._access_log_name(),
                    "field_name": name,
                    "company_id": record.sudo().company_id.id,
                    "user_id": self.env.uid,
                    "way": way,
                    "reason": reason,
                }
                for record in records
                for name in names
                if record.sudo()[name]
            ]
        )


class NpoProtectedMixin(models.AbstractModel):
    """A model with values that are shown one at a time, and each time noted.

    Screens show the mask. What leaves for a client all the same, by a call of a
    programme or an export, is logged as well; the module's own code is not.
    """

    _name = "npo.protected.mixin"
    _description = "Protected Values"

    # Names of the fields; each carries the groups that may see it.
    _protected_fields = frozenset()

    def _access_log_name(self):
        """Return what a line of the log calls the record: a number, not a name."""
        self.ensure_one()
        return f"{self._name},{self.id}"

    def _read_format(self, fnames, load="_classic_read"):
        # EXTENDS base: all that a client reads passes here
        names = self._protected_fields.intersection(fnames)
        result = super()._read_format(fnames, load)
        if names and self and not self.env.su:
            self.env["npo.access.log"]._log(self, sorted(names), "read")
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        # EXTENDS base: a path through other records passes here too
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        names = self._protected_fields.intersection(path[0] for path in fields if path)
        if names and self and not self.env.su:
            self.env["npo.access.log"]._log(self, sorted(names), "export")
        return rows

    def _reveal(self, name, reason):
        """Return a protected value after noting who is shown it and why."""
        self.ensure_one()
        if name not in self._protected_fields:
            raise AccessError(self.env._("This value is not shown this way."))
        self.check_access("read")
        self._check_field_access(self._fields[name], "read")
        self.env["npo.access.log"]._log(self, [name], "form", reason)
        return self.sudo()[name]
