from odoo import api, fields, models
from odoo.exceptions import UserError

from .request_flow import NpoRequest as BaseRequest


class NpoRequest(models.Model):
    """A request from outside the service area: referred, or an exception (P135)."""

    _inherit = "npo.request"

    _stage_checks = {
        **BaseRequest._stage_checks,
        "data_entry": ("_check_coverage", *BaseRequest._stage_checks["data_entry"]),
    }

    coverage_note = fields.Char(
        "Service area", compute="_compute_coverage_note", groups="base.group_user"
    )
    coverage_exception = fields.Char(
        "Why an exception is made", tracking=True, copy=False
    )

    @api.depends("beneficiary_id.region_id", "beneficiary_id.city", "site_id")
    @api.depends_context("lang")
    def _compute_coverage_note(self):
        for request in self:
            request.coverage_note = request._coverage_sentence()

    def _coverage_sentence(self):
        """Return the warning for the officer, False for who is served here."""
        if not self.env["npo.service.area"]._areas(self.company_id.id):
            return False  # without reading the file
        file = self.sudo().beneficiary_id
        return file._coverage_sentence(
            self.company_id, self.site_id, file.region_id, file.city
        )

    def _check_coverage(self):
        if not (self.coverage_exception or "").strip():
            if note := self._coverage_sentence():
                raise UserError(note)

    def _portal_is_outside(self):
        """Tell the applicant before sending that a body near them may serve them."""
        file = self.sudo().beneficiary_id
        areas = self.env["npo.service.area"]
        state, _sites = areas._coverage(
            self.sudo().company_id, self.sudo().site_id, file.region_id, file.city
        )
        return state == "outside"

    def _cancel(self, reason, outcome="withdrawn"):
        # EXTENDS npo.request: who is referred to a body of their own area
        if reason.code == "out_of_area":
            outcome = "referred"
        return super()._cancel(reason, outcome=outcome)
