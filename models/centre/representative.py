from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# ⚖ How many hours a year who serves is trained (glossary 22).
TRAINING_HOURS = 16


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_training_hours = fields.Float(
        "Hours of training a year for who serves", default=TRAINING_HOURS
    )

    _npo_training_hours_positive = models.Constraint(
        "CHECK (npo_training_hours >= 0)", "Hours of training are counted from none up."
    )


class NpoServiceRepresentative(models.Model):
    """Who serves the beneficiaries, where, and what they are trained in (R190, R191).

    It is the centre's list, beside what the personnel keeps of an employee.
    """

    _name = "npo.service.representative"
    _description = "Service Representative"
    _order = "site_id, id"
    _rec_name = "employee_id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        "hr.employee", required=True, index=True, check_company=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(default=True)
    site_id = fields.Many2one("npo.site", required=True, check_company=True)
    gender = fields.Selection([("male", "Man"), ("female", "Woman")], required=True)
    languages = fields.Char(help="Beside Arabic.")
    knows_sign_language = fields.Boolean("Sign language")

    # what they are trained in, this year
    training_hours = fields.Float(
        "Hours this year", compute="_compute_training", compute_sudo=True
    )
    missing_hours = fields.Float(
        "Hours missing", compute="_compute_training", compute_sudo=True
    )
    missing_topics = fields.Char(
        "Not trained in", compute="_compute_training", compute_sudo=True
    )
    lacks_hours = fields.Boolean(
        "Fewer hours than the target",
        compute="_compute_training",
        search="_search_lacks_hours",
        compute_sudo=True,
    )

    _employee_uniq = models.UniqueIndex(
        "(company_id, employee_id)", "This employee is on the list already."
    )

    def _first_day(self):
        """Return the day from which the hours of this year count."""
        return self.env.company._npo_today().replace(month=1, day=1)

    def _compute_training(self):
        """Sum the hours of this year, and name the topics that each is to know."""
        lines = self.env["npo.training.attendee"]
        employees = Domain("employee_id", "in", self.employee_id.ids)
        this_year = Domain("date", ">=", self._first_day())
        hours = dict(
            lines._read_group(employees & this_year, ["employee_id"], ["hours:sum"])
        )
        known = dict(
            lines._read_group(
                employees & Domain("is_attended", "=", True),
                ["employee_id"],
                ["topic_id:recordset"],
            )
        )
        required = self.env["npo.training.topic"].search([("is_required", "=", True)])
        for one in self:
            target = one.company_id.npo_training_hours
            one.training_hours = hours.get(one.employee_id, 0)
            one.missing_hours = max(target - one.training_hours, 0)
            one.lacks_hours = bool(one.missing_hours)
            missing = required - known.get(one.employee_id, required.browse())
            one.missing_topics = " · ".join(missing.mapped("name"))

    def _search_lacks_hours(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["npo.training.attendee"].flush_model(["hours", "date", "employee_id"])
        self.env["res.company"].flush_model(["npo_training_hours"])
        lacking = SQL(
            """(
            SELECT one.id
              FROM npo_service_representative one
              JOIN res_company company ON company.id = one.company_id
              LEFT JOIN npo_training_attendee line
                     ON line.employee_id = one.employee_id AND line.date >= %s
             GROUP BY one.id, company.npo_training_hours
            HAVING COALESCE(SUM(line.hours), 0) < company.npo_training_hours
            )""",
            self._first_day(),
        )
        return Domain("id", "in" if True in value else "not in", lacking)

    def action_trainings(self):
        """Open what one attended."""
        self.check_access("read")
        own = Domain("employee_id", "in", self.employee_id.ids)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trainings"),
            "res_model": "npo.training.attendee",
            "view_mode": "list,form",
            "domain": list(own),
            "context": {"create": False},
        }
