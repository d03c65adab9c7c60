from odoo import api, fields, models

REQUEST = "npo.request"


class NpoCaseRecordMixin(models.AbstractModel):
    """What was logged of a case, tied to the request it is about.

    The log names its case by model and id, over which no record rule can look; the
    rules of the roles that see some requests only go by this column.
    """

    _name = "npo.case.record.mixin"
    _description = "Record of a Case"

    request_id = fields.Many2one(
        REQUEST,
        compute="_compute_request_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("res_model", "res_id")
    def _compute_request_id(self):
        for record in self:
            is_request = record.res_model == REQUEST
            record.request_id = is_request and record.res_id


class NpoStageLog(models.Model):
    _name = "npo.stage.log"
    _inherit = ["npo.stage.log", "npo.case.record.mixin"]


class NpoMessage(models.Model):
    _name = "npo.message"
    _inherit = ["npo.message", "npo.case.record.mixin"]


class NpoDuty(models.Model):
    _name = "npo.duty"
    _inherit = ["npo.duty", "npo.case.record.mixin"]


class NpoReminder(models.Model):
    _name = "npo.reminder"
    _inherit = ["npo.reminder", "npo.case.record.mixin"]


class NpoRating(models.Model):
    _name = "npo.rating"
    _inherit = ["npo.rating", "npo.case.record.mixin"]

    service_id = fields.Many2one(related="request_id.service_id", store=True)
