from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.register_mixin import NpoRegisterMixin
from .improvable_mixin import NpoImprovableMixin


class NpoConsultation(models.Model):
    """The opinion of the beneficiaries, asked for at times: a poll, a group (R084).

    What was found leads to a decision; where it does not, the reason is on record.
    """

    _name = "npo.consultation"
    _description = "Consultation of Beneficiaries"
    _inherit = [
        NpoRegisterMixin._name,
        NpoImprovableMixin._name,
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "title"]
    _check_company_auto = True

    _reference_prefix = "CNS"
    _step_fields = NpoRegisterMixin._step_fields | {"state", "date_closed"}

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    title = fields.Char("About what", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    site_id = fields.Many2one("npo.site", check_company=True)
    method = fields.Selection(
        [
            ("poll", "Opinion poll"),
            ("focus_group", "Focus group"),
            ("interviews", "Interviews"),
            ("complaint_channels", "How to complain: channels and rules"),
        ],
        required=True,
        default="poll",
        help="P090: people are asked, too, how they would like to complain.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users",
        "Led by",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    question = fields.Text("What was asked")
    participant_count = fields.Integer("Participants")
    participants = fields.Char("Who took part", help="Groups and not names.")
    findings = fields.Text()
    no_decision_reason = fields.Text("Why nothing follows")
    state = fields.Selection(
        [("open", "Going on"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_closed = fields.Date("Closed on", readonly=True, copy=False)

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another consultation."
    )
    _participants_positive = models.Constraint(
        "CHECK (participant_count >= 0)", "The participants are counted from nobody up."
    )

    @api.depends("name", "title")
    def _compute_display_name(self):
        for one in self:
            one.display_name = " · ".join(filter(None, (one.name, one.title)))

    def _improvement_vals(self):
        # EXTENDS npo.improvable.mixin
        return {
            **super()._improvement_vals(),
            "title": self.title,
            "description": self.findings,
        }

    def write(self, vals):
        # EXTENDS npo.register.mixin
        if not self.env.su and any(one.state == "closed" for one in self):
            told = set(vals) - set(self.env["mail.thread"]._fields)
            if told - set(self.env["mail.activity.mixin"]._fields):
                raise UserError(self.env._("A consultation that is closed stays."))
        return super().write(vals)

    def _step_refusal(self):
        # OVERRIDE npo.register.mixin
        return self.env._("A consultation is closed by its button.")

    def action_finish(self):
        """Close it: who took part, what was found, and what follows from it."""
        self.check_access("write")
        for one in self:
            if one.state == "closed":
                raise UserError(self.env._("It is closed already."))
            if not (one.participant_count and (one.findings or "").strip()):
                raise UserError(
                    self.env._("Write how many took part, and what was found.")
                )
            reason = (one.no_decision_reason or "").strip()
            if not (one.sudo().improvement_ids or reason):
                raise UserError(
                    self.env._(
                        "Open at least one improvement that follows from it, or write"
                        " why nothing follows."
                    )
                )
        self.sudo().write(
            {"state": "closed", "date_closed": fields.Date.context_today(self)}
        )
