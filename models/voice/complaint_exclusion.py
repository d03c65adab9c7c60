from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .complaint import NpoComplaint as Base

# Whom a complaint goes to, the first of them who is not concerned.
HANDLERS = "npo_relations.group_npo_complaint_officer"
MANAGER = "npo_relations.group_npo_general_manager"
GOVERNOR = "npo_relations.group_npo_governance_officer"
# What the chair of the board has to have to be the last resort.
STAFF = "npo_relations.group_npo_staff"


class NpoComplaint(models.Model):
    """A complaint about somebody never passes through them or their manager (P074).

    Who is barred is stored, and a rule without a group keeps them from it by whatever
    way; work, questions, tasks and messages go round them.
    """

    _inherit = Base._name

    subject_employee_ids = fields.Many2many(
        "hr.employee",
        "npo_complaint_subject_employee_rel",
        string="Employees complained about",
        groups="npo_relations.group_npo_staff",
    )
    subject_user_ids = fields.Many2many(
        "res.users",
        "npo_complaint_subject_user_rel",
        string="Users complained about",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    barred_user_ids = fields.Many2many(
        "res.users",
        "npo_complaint_barred_rel",
        "complaint_id",
        "user_id",
        string="Kept out of it",
        compute="_compute_barred_user_ids",
        store=True,
    )

    @api.depends(
        "subject_user_ids",
        "subject_employee_ids.user_id",
        "subject_employee_ids.parent_id.user_id",
        "subject_employee_ids.department_id.manager_id.user_id",
    )
    def _compute_barred_user_ids(self):
        """Bar whom the complaint is about, and who manages them."""
        about = self.filtered(
            lambda case: case.subject_user_ids or case.subject_employee_ids
        )
        (self - about).barred_user_ids = False
        for case in about:
            users = case.subject_user_ids
            every = users.sudo().with_context(active_test=False).employee_ids
            employees = (case.subject_employee_ids | every).filtered_domain(
                [("company_id", "=", case.company_id.id)]
            )
            managers = employees.parent_id | employees.department_id.manager_id
            case.barred_user_ids = users | employees.user_id | managers.user_id

    # ------------------------------------------------------------
    # KEPT OUT
    # ------------------------------------------------------------

    def _check_not_barred(self, users=None):
        """Raise when one of the users is concerned by one of the complaints."""
        users = users or self.env.user
        for case in self.sudo():
            if users & case.barred_user_ids:
                raise UserError(
                    self.env._(
                        "%s is not handled by whom it concerns, nor by their manager."
                        " Choose somebody else.",
                        case.name,
                    )
                )

    @api.constrains("user_id")
    def _check_handler_not_barred(self):
        for case in self.sudo():
            case._check_not_barred(case.user_id)

    def write(self, vals):
        # EXTENDS npo.case.mixin: naming somebody takes the complaint away from them
        if not {"subject_user_ids", "subject_employee_ids"} & set(vals):
            return super().write(vals)
        result = super().write(vals)
        self.sudo()._go_round_barred()
        return result

    def _go_round_barred(self):
        """Take what the barred have of the complaints away from them."""
        for case in self:
            barred = case.barred_user_ids
            if not barred:
                continue
            case.message_unsubscribe(barred.partner_id.ids)
            tasks = case.activity_ids
            tasks.filtered_domain([("user_id", "in", barred.ids)]).unlink()
            asked = case._open_assignments().filtered_domain(
                [("user_id", "in", barred.ids)]
            )
            asked._end("void")
            if asked:
                case._units_answered()
            if case.user_id in barred:
                case._assign_handler()

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        # OVERRIDE mail: who handles it has it in the list; no mail tells of it
        return []

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        # EXTENDS mail
        barred = self.sudo().barred_user_ids.partner_id.ids
        partner_ids = [one for one in partner_ids or () if one not in barred]
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        # EXTENDS mail: nobody who is barred is told, whoever names them
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        barred = set(self.sudo().barred_user_ids.partner_id.ids)
        return [one for one in recipients if one["id"] not in barred]

    def message_post(self, **kwargs):
        # EXTENDS mail: a recipient could read the message afterwards
        if self and kwargs.get("partner_ids"):
            barred = set(self.sudo().barred_user_ids.partner_id.ids)
            kwargs["partner_ids"] = [
                one for one in kwargs["partner_ids"] if one not in barred
            ]
        return super().message_post(**kwargs)

    # ------------------------------------------------------------
    # TO WHOM IT GOES
    # ------------------------------------------------------------

    def _escalation_users(self, step):
        # EXTENDS npo.voice.mixin: whom it concerns does not hear that it is late
        users = super()._escalation_users(step) - self.sudo().barred_user_ids
        return users or self._free_handler()

    def _assign_handler(self):
        """Give the complaint to who has least to do, and is not concerned."""
        for case in self.sudo():
            case.user_id = case._free_handler()

    def _free_handler(self):
        """Return a complaint officer, else the manager, else the governance officer.

        Where all of them are concerned, or away, it is the chair of the board.
        """
        for group in (HANDLERS, MANAGER, GOVERNOR):
            if users := self._unconcerned(group):
                return self._least_busy(users)
        return self._free_chair()

    def _is_last_resort(self, approvers):
        """Tell whether the chair has it, and every approver is concerned by it."""
        case = self.sudo()
        if not case.barred_user_ids or case.user_id != case._free_chair():
            return False
        groups = [f"npo_relations.group_npo_{name}" for name in approvers]
        return not any(
            case._not_concerned(case._users_of(group), group) for group in groups
        )

    def _free_chair(self):
        """Return the user of the chair of the board, unless the chair is concerned."""
        members = self.env["npo.board.member"].sudo()
        today = self.company_id._npo_today()
        chair = members.search(
            members._in_office_domain(today)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("position", "=", "chair")
        )
        users = self._not_concerned(chair.partner_id.user_ids, STAFF)
        steps = self.env["npo.complaint.step"]
        return users.filtered(lambda user: steps.with_user(user).has_access("create"))[
            :1
        ]

    def _unconcerned(self, group):
        """Return the users of a group who are there, and may have the complaint."""
        users = self._users_of(group)
        users = self.env["npo.absence"]._present(users, self.company_id)
        return self._not_concerned(users, group)

    def _users_of(self, group):
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(group).ids),
                    ("company_ids", "in", self.company_id.ids),
                    ("share", "=", False),
                ]
            )
        )

    def _not_concerned(self, users, group):
        """Return those of the users who have a role and no part in the complaint."""
        own = self.partner_id | self.concerned_id
        return users.filtered(
            lambda user: (
                user not in self.barred_user_ids
                and user.partner_id not in own
                and self.company_id in user.company_ids
                and user.has_group(group)
            )
        )

    def _least_busy(self, users):
        """Return the user with the fewest open complaints; the first of equals."""
        open_counts = dict(
            self.sudo()._read_group(
                Domain("user_id", "in", users.ids) & Domain("is_closed", "=", False),
                ["user_id"],
                ["__count"],
            )
        )
        return users.sorted(lambda user: (open_counts.get(user, 0), user.id))[:1]


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.constrains("user_id", "res_model", "res_id")
    def _check_npo_barred(self):
        """Nobody has a task on a complaint that concerns them (P074)."""
        for task in self:
            if task.res_model == Base._name and task.res_id:
                self.env[Base._name].browse(task.res_id)._check_not_barred(task.user_id)
