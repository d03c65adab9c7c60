from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

MANAGER = "npo_relations.group_npo_general_manager"


class NpoAbsence(models.Model):
    """Who is away, from when to when, and who stands in (R103).

    Work that is handed to somebody who is away goes to who stands in, and reminders
    reach a person who is there. What is with somebody stays there until it is handed
    over: an absence of a day moves nothing.
    """

    _name = "npo.absence"
    _description = "Absence"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Who is away",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    cover_id = fields.Many2one(
        "res.users",
        string="Who stands in",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id),"
        " ('id', '!=', user_id)]",
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("To", required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    note = fields.Char()

    _days_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "An absence ends after it begins."
    )
    _not_oneself = models.Constraint(
        "CHECK (user_id != cover_id)", "Nobody stands in for oneself."
    )

    @api.constrains("user_id", "cover_id", "company_id")
    def _check_staff(self):
        """Both work for the association."""
        for absence in self:
            staff = absence.user_id | absence.cover_id
            staff._npo_check_works_for(absence.company_id)

    @api.constrains("user_id", "cover_id", "company_id", "date_from", "date_to")
    def _check_overlap(self):
        """One person has one stand-in a day, and nobody stands in in a circle."""
        for absence in self:
            same_days = absence._during(absence.date_from, absence.date_to) - absence
            if absence.user_id in same_days.user_id:
                raise ValidationError(
                    self.env._(
                        "An absence of %s in these days is recorded already.",
                        absence.user_id.name,
                    )
                )
            covers = same_days.grouped("user_id")
            reached, seen = absence.cover_id, self.env["res.users"]
            while reached - seen:
                seen |= reached
                reached = reached.browse(
                    cover.id
                    for user in reached
                    for cover in covers.get(user, same_days.browse()).cover_id
                )
            if absence.user_id in seen:
                raise ValidationError(
                    self.env._(
                        "%(cover)s is away in these days as well, and would be stood in"
                        " for by %(person)s. Choose somebody else.",
                        cover=absence.cover_id.name,
                        person=absence.user_id.name,
                    )
                )

    def _during(self, first, last):
        """Return the absences of the association that touch some days."""
        return self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        absences = super().create(vals_list)
        absences._check_own()
        return absences

    def write(self, vals):
        self._check_own()
        result = super().write(vals)
        self._check_own()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_others(self):
        self._check_own()

    def _check_own(self):
        """One records one's own absence; the general manager that of anybody."""
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        if any(absence.user_id != self.env.user for absence in self):
            raise AccessError(
                self.env._(
                    "You record your own absence. That of a colleague is recorded by"
                    " the general manager."
                )
            )

    @api.model
    def _cover_of(self, users, company, day=None):
        """Return who stands in for those of the users who are away.

        Who stands in and is away as well is stood in for in turn.

        :param day: today, where the association works, by default
        :return: {user who is away: user who stands in}
        """
        day = day or company._npo_today()
        absences = self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", day)
            & Domain("date_to", ">=", day)
        )
        covers = {absence.user_id: absence.cover_id for absence in absences}
        result = {}
        for user in users.sudo():
            cover = user
            while cover in covers:
                cover = covers[cover]
            if cover != user:
                result[user.with_env(users.env)] = cover.with_env(users.env)
        return result

    @api.model
    def _present(self, users, company, day=None):
        """Return the users, with who stands in for those who are away."""
        covers = self._cover_of(users, company, day)
        return users.browse({covers.get(user, user).id for user in users})
