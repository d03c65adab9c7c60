from odoo import api, fields, models
from odoo.exceptions import AccessError

LEVELS = [
    ("public", "Public"),
    ("internal", "Internal"),
    ("confidential", "Confidential"),
    ("secret", "Secret"),
]


class NpoClassifiedMixin(models.AbstractModel):
    """How far a paper is told, with the files beside it (R157).

    A secret one is for the groups that a model names in `_secret_groups`, and for who
    is responsible for it: a global rule of the model says so, and its files, messages
    and parts go with it. It is printed on the paper (`PrintDocument.classification`).
    """

    _name = "npo.classified.mixin"
    _description = "Classified Paper"

    _secret_groups = "npo_relations.group_npo_general_manager"

    classification = fields.Selection(
        LEVELS,
        required=True,
        default="internal",
        help="Secret: for the general manager and who is responsible alone, with its"
        " files.",
    )

    @api.depends("classification")
    def _compute_display_name(self):
        # EXTENDS: the name is shown to whoever reads what points to it
        super()._compute_display_name()
        for one in self.filtered(lambda one: one.classification == "secret"):
            one.display_name = one.name

    def write(self, vals):
        # EXTENDS: what is secret is made less so by few
        if (
            "classification" in vals
            and not self.env.su
            and any(one.classification == "secret" for one in self)
            and not self.env.user.has_groups(self._secret_groups)
        ):
            raise AccessError(
                self.env._("What is secret is told further by the general manager.")
            )
        return super().write(vals)
