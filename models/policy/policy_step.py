from odoo import fields, models


class NpoPolicyStep(models.Model):
    """A step of handling a request, as the policy lists it: R103–R129.

    A step that the policy does not list but the association does (registration and
    delivery under a policy that ends with the decision) is marked operational.
    """

    _name = "npo.policy.step"
    _description = "Handling Step"
    _inherit = "npo.policy.line.mixin"

    _version_field = "step_ids"

    name = fields.Char(required=True, translate=True)
    stage_code = fields.Selection(
        [
            ("draft", "Draft"),
            ("new", "New"),
            ("data_entry", "Completing data"),
            ("verification", "Matching and verification"),
            ("clarification", "Referred for clarification"),
            ("declaration", "Declaration and signature"),
            ("research", "Social research"),
            ("committee", "With the research committee"),
            ("decided", "Decided"),
            ("registration", "Completing registration"),
            ("delivery", "Service delivery"),
            ("done", "Done"),
        ],
        string="Stage",
        help="The stage of a request that does this step. Empty: none does yet.",
    )
    origin = fields.Selection(
        [("policy", "Policy"), ("operational", "Operational")],
        required=True,
        default="policy",
    )
