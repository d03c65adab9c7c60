from odoo import api, fields, models


class NpoRequestRefer(models.TransientModel):
    """Refer what the applicant finds unclear to the social researcher (R110–R112)."""

    _name = "npo.request.refer"
    _description = "Refer to the Social Researcher"

    request_id = fields.Many2one("npo.request", required=True)
    company_id = fields.Many2one(related="request_id.company_id", related_sudo=False)
    researcher_id = fields.Many2one(
        "res.users",
        required=True,
        compute="_compute_researcher_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    researcher_phone = fields.Char(
        related="researcher_id.partner_id.phone", related_sudo=False
    )
    mode = fields.Selection(
        [
            ("phone", "By telephone"),
            ("in_person", "In person"),
            ("video", "By video"),
            ("message", "By message"),
        ],
        required=True,
        default="phone",
    )
    aspect = fields.Selection(
        [
            ("organisational", "Organisational"),
            ("documents", "Documents"),
            ("eligibility", "Entitlement"),
            ("timing", "Time"),
            ("legal", "Legal"),
        ],
        required=True,
        default="organisational",
    )
    question = fields.Text("The point not understood", required=True)

    @api.depends("request_id")
    def _compute_researcher_id(self):
        for wizard in self:
            request = wizard.request_id
            wizard.researcher_id = request.researcher_id or request._researcher_on_duty(
                request.company_id
            )

    def action_confirm(self):
        self.ensure_one()
        self.request_id._refer(
            self.researcher_id,
            mode=self.mode,
            aspect=self.aspect,
            question=self.question,
        )
