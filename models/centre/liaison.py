from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# Who has what no officer is named for, the first role that is held.
FALLBACK = ("centre_manager", "centre_officer", "relations_officer")


class NpoLiaison(models.Model):
    """Who answers the inquiries about a field of work, from when to when (R168).

    A field has one officer at a time. Who was in office stays on record.
    """

    _name = "npo.liaison"
    _description = "Liaison Officer"
    _order = "work_field_id, date_from desc, id desc"
    _rec_name = "work_field_id"

    work_field_id = fields.Many2one(
        "npo.work.field", string="Field of work", required=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Officer",
        required=True,
        index=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    deputy_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id),"
        " ('id', '!=', user_id)]",
    )
    contact = fields.Char(
        "How to reach", help="A number or an address that everybody may know."
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("To", help="Empty: until somebody else is named.")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _days_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A term ends after it begins.",
    )
    _one_in_office = models.UniqueIndex(
        "(company_id, work_field_id) WHERE date_to IS NULL",
        "This field of work has a liaison officer already: end that term first.",
    )

    @api.constrains("work_field_id", "company_id", "date_from", "date_to")
    def _check_one_at_a_time(self):
        """Two terms of one field do not overlap."""
        for liaison in self:
            domain = Domain("company_id", "=", liaison.company_id.id)
            domain &= Domain("work_field_id", "=", liaison.work_field_id.id)
            domain &= Domain("id", "!=", liaison.id)
            domain &= Domain("date_to", "=", False) | Domain(
                "date_to", ">=", liaison.date_from
            )
            if liaison.date_to:
                domain &= Domain("date_from", "<=", liaison.date_to)
            if other := self.sudo().search(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "In these days %(person)s is the liaison officer of"
                        " “%(field)s”. End that term first.",
                        person=other.user_id.name,
                        field=other.work_field_id.name,
                    )
                )

    @api.constrains("user_id", "deputy_id", "company_id")
    def _check_staff(self):
        """Both work for the association, and are two persons."""
        for liaison in self:
            if liaison.user_id == liaison.deputy_id:
                raise ValidationError(self.env._("The deputy is another person."))
            staff = liaison.user_id | liaison.deputy_id
            staff._npo_check_works_for(liaison.company_id)

    # ------------------------------------------------------------
    # WHO ANSWERS
    # ------------------------------------------------------------

    @api.model
    def _liaison_for(self, work_field, company):
        """Return the user who answers about a field today.

        The officer in office; the deputy when the officer is away or the term is over;
        then who stands in; where nobody is named, the manager of the centre.

        :param work_field: may be empty
        """
        day = company._npo_today()
        latest = self.sudo().search(
            [
                ("work_field_id", "=", work_field.id),
                ("company_id", "=", company.id),
                ("date_from", "<=", day),
            ],
            order="date_from desc, id desc",
            limit=1,
        )
        is_over = latest.date_to and latest.date_to < day
        named = latest.deputy_id if is_over else latest.user_id | latest.deputy_id
        named = named.filtered("active")
        covers = self.env["npo.absence"]._cover_of(named, company) if named else {}
        present = [user for user in named if user not in covers]
        for user in [*present, *covers.values()]:
            return user.with_env(self.env)
        fallback = company.sudo()._npo_colleague(*FALLBACK).with_env(self.env)
        return fallback.browse() if fallback.sudo().share else fallback

    @api.model
    def _in_office(self, company):
        """Return the officers whose term runs today, of the association's fields."""
        day = company._npo_today()
        return self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("work_field_id", "in", company.sudo().npo_work_field_ids.ids)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    @api.model
    def _published(self, company):
        """Return what everybody may know of the officers, for the public page.

        :return: [{"field", "officer", "contact"}] in the order of the fields
        """
        return [
            {
                "field": liaison.work_field_id.name,
                "officer": liaison.user_id.name,
                "contact": liaison.contact or company.sudo().phone or "",
            }
            for liaison in self._in_office(company)
        ]
