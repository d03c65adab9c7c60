from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache


class NpoStageTarget(models.Model):
    """How long a case stays in a stage at most, in one association (R067, R103).

    Where an association says nothing, the stage's own number holds. Whoever is named
    here hears of it first when the target is missed.
    """

    _name = "npo.stage.target"
    _description = "Stage Target"
    _inherit = ["npo.kept.mixin"]
    _order = "company_id, stage_id, id"
    _rec_name = "stage_id"
    _check_company_auto = True

    stage_id = fields.Many2one(
        "npo.stage", required=True, index=True, ondelete="cascade"
    )
    service_id = fields.Many2one(
        "npo.service",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: for all services that have no target of their own.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    days = fields.Integer("Target (working days)", required=True, default=2)
    manager_id = fields.Many2one(
        "res.users",
        string="Told first when late",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The head of this level. Empty: the general manager.",
    )

    _days_not_negative = models.Constraint(
        "CHECK (days >= 0)", "A target is not negative."
    )
    _once = models.UniqueIndex(
        "(company_id, stage_id, COALESCE(service_id, 0))",
        "The association has a target for this stage already.",
    )

    @api.constrains("manager_id", "company_id")
    def _check_manager(self):
        for target in self.filtered("manager_id"):
            user = target.manager_id
            if user.share or target.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not work for %(association)s.",
                        person=user.name,
                        association=target.company_id.name,
                    )
                )

    @api.model
    @ormcache("company_id")
    def _days_by_stage(self, company_id):
        """Return the targets of an association: {(stage id, service id): days}."""
        targets = self.sudo().search([("company_id", "=", company_id)])
        return {
            (target.stage_id.id, target.service_id.id): target.days
            for target in targets
        }

    @api.model
    def _manager(self, company, stage_id, service_id):
        """Return who is named to hear first of a stage; of its service before all."""
        targets = self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("stage_id", "=", stage_id)
            & Domain("service_id", "in", (service_id, False))
            & Domain("manager_id", "!=", False)
        )
        return targets.sorted(lambda target: not target.service_id)[:1].manager_id
