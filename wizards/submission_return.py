from odoo import api, fields, models
from odoo.exceptions import UserError


class NpoSubmissionReturn(models.TransientModel):
    """Return what was submitted, with remarks; for every model that is submitted."""

    _name = "npo.submission.return"
    _description = "Return a Report"

    res_model = fields.Char(
        required=True, default=lambda self: self.env.context.get("active_model")
    )
    res_id = fields.Integer(
        required=True, default=lambda self: self.env.context.get("active_id")
    )
    report = fields.Char(compute="_compute_report", compute_sudo=False)
    remarks = fields.Text("What is to be changed", required=True)

    @api.depends("res_model", "res_id")
    def _compute_report(self):
        for form in self:
            form.report = form._record().display_name

    def _record(self):
        """Return what is returned; nothing but what is submitted to the manager."""
        model = self.env.get(self.res_model)
        if model is None or "submission_state" not in model._fields:
            raise UserError(self.env._("Only what was submitted is returned."))
        record = model.browse(self.res_id)
        record.check_access("read")
        return record

    def action_confirm(self):
        """Return it; the report checks who may."""
        self.ensure_one()
        self._record().action_return(self.remarks)
