from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

KINDS = [("organisational", "Organisational"), ("supervisory", "Supervisory")]


class NpoCentreTask(models.Model):
    """What the measurement centre does, how often, and what shows it (R169, R170).

    The catalogue is data, shared by the associations; who answers for a task is each
    association's own. What shows that a task is done is a measure and, beside it, how
    its records stand for days, weeks, months or quarters (`task_evidence`). A task
    without a measure has no records yet, and the page says so.
    """

    _name = "npo.centre.task"
    _description = "Task of the Centre"
    _order = "number, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    number = fields.Integer(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="organisational")
    frequency = fields.Selection(
        [
            ("day", "Daily"),
            ("week", "Weekly"),
            ("month", "Monthly"),
            ("quarter", "Quarterly"),
            ("event", "As it happens"),
        ],
        required=True,
        default="day",
    )
    group_id = fields.Many2one("res.groups", "Role")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        company_dependent=True,
        domain="[('share', '=', False)]",
        help="Nobody named: whoever has the role.",
    )
    how = fields.Text("How it is done", translate=True)
    action_xmlid = fields.Char("Screen", help="Opened from the page of the tasks.")

    # what shows that it is done
    kpi_id = fields.Many2one("npo.kpi", "Shown by the measure", ondelete="restrict")
    is_each = fields.Boolean(
        "Each record is due by itself",
        help="An inquiry, an emergency. Otherwise one record is due a day, a week…",
    )
    done_domain = fields.Char(
        "What is done",
        help="Of the measure's records. Empty: all of them. What is done and did not"
        " keep the promise of the measure is late.",
    )
    site_field = fields.Char("Site", help="With it, each site has its own.")

    _code_uniq = models.UniqueIndex("(code)", "Another task has this code.")

    # What each association writes of the shared catalogue.
    _own_fields = frozenset({"user_id"})

    @api.constrains("kpi_id", "done_domain", "site_field")
    def _check_evidence(self):
        """An evidence that cannot be counted is refused where it is written."""
        for task in self.filtered("kpi_id"):
            try:
                task._validate_evidence()
            except Exception as error:
                raise ValidationError(
                    self.env._("The evidence of “%s” cannot be counted.", task.name)
                ) from error

    def _validate_evidence(self):
        model = self.env[self.kpi_id.res_model]
        self.kpi_id._evaluate(self.done_domain, self.env.company).validate(model)
        if (
            self.site_field
            and model._fields[self.site_field].comodel_name != "npo.site"
        ):
            raise ValueError(self.site_field)
        if not self.is_each and not model._fields[self.kpi_id.date_field].store:
            raise ValueError(self.kpi_id.date_field)

    def write(self, vals):
        """The catalogue is the administrator's; who answers is the centre's (R170)."""
        if not set(vals) <= self._own_fields and not self._is_administrator():
            raise AccessError(
                self.env._("You name who is responsible; the rest is data of all.")
            )
        return super().write(vals)

    def _is_administrator(self):
        return self.env.su or self.env.user.has_group("npo_relations.group_npo_admin")

    @api.constrains("user_id")
    def _check_user(self):
        company = self.env.company
        for task in self:
            user = task.user_id
            if user and (user.share or company not in user.sudo().company_ids):
                raise ValidationError(
                    self.env._("Who is responsible works in the association.")
                )

    def _responsible(self):
        """Return who does it, in words: a person, else the role."""
        return self.user_id.name or self.sudo().group_id.name or ""
