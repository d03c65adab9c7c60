from odoo import api, fields, models

from ..core.access_log import NpoAccessLog as AccessLog
from .complaint import NpoComplaint

COMPLAINT = NpoComplaint._name
# Field that what belongs to a complaint has -> the one that leads there.
BEHIND = {"secrecy": "complaint_id", "sealed_complaint_id": "sealed_complaint_id"}


def complaints_behind(records):
    """Return the complaints that records are, or belong to; in sudo."""
    if records._name == COMPLAINT:
        return records.sudo()
    for name, path in BEHIND.items():
        if name in records._fields:
            return records.sudo().exists()[path]
    return records.env[COMPLAINT].sudo()


class NpoComplaintRecordMixin(models.AbstractModel):
    """A record of a complaint, seen by who sees the complaint (P092).

    Its rules look at a column of its own; only what is kept close leads them to the
    complaint behind it.
    """

    _name = "npo.complaint.record.mixin"
    _description = "Record of a Complaint"

    complaint_id = fields.Many2one(COMPLAINT)
    secrecy = fields.Selection(
        related="complaint_id.confidentiality",
        string="Confidentiality of the complaint",
        store=True,
        precompute=True,
    )


class NpoCaseRecordMixin(models.AbstractModel):
    """What was logged of a complaint, or of an objection to its decision."""

    _name = "npo.case.record.mixin"
    _inherit = ["npo.case.record.mixin", NpoComplaintRecordMixin._name]

    @api.depends("res_model", "res_id")
    def _compute_complaint_id(self):
        # EXTENDS: what is logged of a record of a complaint belongs to it as well
        super()._compute_complaint_id()
        for record in self.filtered("res_id"):
            if not record.complaint_id and record.res_model in self.env:
                behind = self.env[record.res_model].browse(record.res_id)
                record.complaint_id = complaints_behind(behind)


class NpoAccessLog(models.Model):
    _name = AccessLog._name
    _inherit = [AccessLog._name, "npo.case.record.mixin"]


class NpoImprovement(models.Model):
    """What is made better after a sealed complaint would point to it."""

    _name = "npo.improvement"
    _inherit = ["npo.improvement", "npo.case.record.mixin"]


class NpoComplaintAssignment(models.Model):
    _name = "npo.complaint.assignment"
    _inherit = ["npo.complaint.assignment", NpoComplaintRecordMixin._name]


class NpoComplaintAssignmentReminder(models.Model):
    _name = "npo.complaint.assignment.reminder"
    _inherit = ["npo.complaint.assignment.reminder", NpoComplaintRecordMixin._name]


class NpoComplaintAction(models.Model):
    _name = "npo.complaint.action"
    _inherit = ["npo.complaint.action", NpoComplaintRecordMixin._name]
