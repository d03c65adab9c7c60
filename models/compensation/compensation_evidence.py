import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.upload import clean_name
from ..core.guards import check_values, without_defaults
from ..core.immutable_mixin import NpoImmutableMixin
from .compensation import READERS
from .compensation import NpoCompensation as Base
from .compensation_finding import CONDITIONS


class NpoCompensationEvidence(models.Model):
    """A file that shows something of a case; it stays as it was handed in (R136).

    It has a table of its own: who pays a case reads the case, and no evidence of it.
    """

    _name = "npo.compensation.evidence"
    _description = "Evidence of a Compensation Case"
    _inherit = [NpoImmutableMixin._name]
    _order = "id"

    compensation_id = fields.Many2one(
        Base._name, required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="compensation_id.company_id", store=True, precompute=True, index=True
    )
    name = fields.Char("What it shows", required=True)
    file = fields.Binary(required=True, attachment=True)
    file_name = fields.Char()
    condition = fields.Selection(CONDITIONS, string="Shows the condition")
    source = fields.Selection(
        [
            ("person", "The harmed party"),
            ("association", "The association"),
            ("minutes", "Minutes of the negotiation"),
            ("admission", "Signed admission"),
            ("performance", "Record of what was done"),
        ],
        string="From",
        required=True,
        default="association",
    )
    user_id = fields.Many2one("res.users", "Added by", readonly=True)
    date = fields.Date("Added on", readonly=True, default=fields.Date.context_today)

    @api.model
    def _keep(self, case, files, **vals):
        """Keep (name, bytes) as evidence of a case, as superuser."""
        case.ensure_one()
        return self.sudo().create(
            [
                {
                    "compensation_id": case.id,
                    "name": clean_name(name),
                    "file": base64.b64encode(data),
                    "file_name": name,
                    "source": "person",
                    "user_id": self.env.uid,
                    **vals,
                }
                for name, data in files
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
            if vals.get("file_name"):
                vals["file_name"] = clean_name(vals["file_name"])
            if not self.env.su:
                vals["user_id"] = self.env.uid
        kept = {"compensation_id", "condition"}
        lines = super(
            NpoCompensationEvidence,
            without_defaults(self, lambda name: name not in kept),
        ).create(vals_list)
        lines._check_case_open()
        check = self.env["npo.document"]._check_content
        for line in lines:
            check(line.file, line.file_name, line.company_id)
        return lines

    @api.model
    def _immutable_refusal(self):
        # OVERRIDE npo.immutable.mixin
        return self.env._("Evidence stays as it was handed in. Add another file.")

    def _check_case_open(self):
        if self.env.su:
            return
        self.compensation_id.check_access("read")
        if any(case.is_closed for case in self.compensation_id):
            raise UserError(self.env._("The case is closed: nothing is added to it."))


class NpoCompensation(models.Model):
    _inherit = Base._name

    evidence_ids = fields.One2many(
        "npo.compensation.evidence",
        "compensation_id",
        string="Evidence",
        groups=READERS,
    )

    def _evidence_of(self, condition):
        """Return the evidence of a condition, as superuser."""
        return self.sudo().evidence_ids.filtered(
            lambda line: line.condition == condition
        )
