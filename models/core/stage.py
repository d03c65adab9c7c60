from odoo import api, fields, models
from odoo.tools import ormcache

from .kept_mixin import NpoKeptMixin

LEVELS = [
    ("applicant", "Applicant"),
    ("desk", "Reception"),
    ("officer", "Relations officer"),
    ("researcher", "Social research"),
    ("committee", "Research committee"),
    ("management", "Management"),
    ("finance", "Finance"),
    ("delivery", "Service delivery"),
]


class NpoStage(models.Model):
    """A stage of one kind of case; one table for all kinds.

    The flow of a kind knows its stages by their code, so codes are fixed; names,
    order and the sentence for the portal are the association's to change.
    """

    _name = "npo.stage"
    _description = "Case Stage"
    _inherit = [NpoKeptMixin._name]
    _order = "kind, sequence, id"
    _kept_cache = "stable"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    kind = fields.Selection([("request", "Support request")], required=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean("Folded in kanban")
    category = fields.Selection(
        [
            ("draft", "Not sent yet"),
            ("open", "Open"),
            ("paused", "Paused"),
            ("done", "Closed"),
        ],
        required=True,
        default="open",
    )
    level = fields.Selection(
        LEVELS,
        help="At which level of the association the case is dealt with (R103).",
    )
    target_days = fields.Integer(
        "Target (working days)",
        help="Within how many working days a case leaves the stage. 0: no target. An"
        " association may set its own, for a service as well.",
    )
    portal_sentence = fields.Char(
        translate=True,
        help="How the stage is told to the person concerned. {deadline} stands for "
        "the latest reply date in both calendars.",
    )

    _kind_code_uniq = models.UniqueIndex(
        "(kind, code)", "This stage exists already for its kind of case."
    )
    _target_not_negative = models.Constraint(
        "CHECK (target_days >= 0)", "A target is not negative."
    )

    @ormcache("kind", "code", cache="stable")
    def _get_id(self, kind, code):
        stage = self.sudo().search([("kind", "=", kind), ("code", "=", code)], limit=1)
        return stage.id

    @api.model
    def _kinds(self):
        """Return (code, label) of the kinds of case, in the user's language."""
        return self._fields["kind"]._description_selection(self.env)

    @api.model
    def _get(self, kind, code):
        """Return the stage of a kind by its code; empty when there is none."""
        return self.browse(self._get_id(kind, code))
