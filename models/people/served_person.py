from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

# Whom the association serves: told by its own registers ...
FILES = (
    ("npo.beneficiary", "partner_id"),
    ("npo.household.member", "partner_id"),
    ("npo.representative", "partner_id"),
    ("npo.representative", "representative_id"),
)
# ... and by what persons asked, said and came for: every kind of case, and these. A
# company that does so stays what it is to everybody: a supplier, a partner, a donor.
CASE_PERSONS = ("partner_id", "representative_id")
MEETINGS = (
    ("npo.complaint", "concerned_id"),
    ("npo.interaction", "partner_id"),
    ("npo.appointment", "partner_id"),
    ("npo.visit", "partner_id"),
)

# Of a person, in the fields of their account.
OWN_DATA = {"name", "email", "phone", "image_1920"}


class ResPartner(models.Model):
    """Who works here without a role of ours meets none of those served (R154, D02)."""

    _inherit = "res.partner"

    # Only record rules ask: worked out for who is asking, never stored, so that it
    # costs those who have a role nothing and is never late.
    npo_is_served = fields.Boolean(
        compute="_compute_npo_is_served",
        search="_search_npo_is_served",
        groups=".",
    )

    def _compute_npo_is_served(self):
        served = (
            self.sudo()
            .with_context(active_test=False)
            .search(Domain("id", "in", self.ids) & Domain("npo_is_served", "=", True))
        )
        for partner in self:
            partner.npo_is_served = partner._origin in served

    @api.model
    def _search_npo_is_served(self, operator, value):
        if not self.env.su:  # core asks no leave of a field's groups to search by it
            raise AccessError(self.env._("Only record rules ask this."))
        if operator != "in":
            return NotImplemented
        for name in {name for name, _column in (*FILES, *self._npo_served_cases())}:
            self.env[name].flush_model()
        domain = Domain.custom(to_sql=self._npo_served_sql)
        return domain if True in value else ~domain

    @api.model
    def _npo_served_cases(self):
        """Return (model, column) of the cases and meetings that name their person."""
        cases = [
            (name, column)
            for name in sorted(self.env["npo.case.mixin"]._case_models())
            for column in CASE_PERSONS
            if self.env[name]._fields[column].store
        ]
        return (*cases, *MEETINGS)

    @api.model
    def _npo_served_sql(self, model, alias, query):
        """Return the condition that a contact is a person served, or below one.

        An address below a person bears their name and tells where they live.
        """
        above = SQL(
            """%s IS NOT NULL AND EXISTS (
                SELECT 1 FROM res_partner above WHERE above.id = %s AND %s)""",
            SQL.identifier(alias, "parent_id"),
            SQL.identifier(alias, "parent_id"),
            self._npo_served_itself("above"),
        )
        return SQL(
            "(%s OR (%s AND %s))",
            self._npo_served_itself(alias),
            above,
            self._npo_no_colleague(alias),
        )

    @api.model
    def _npo_served_itself(self, alias):
        """Return the condition that a contact is a person served, by its indexes."""

        def named(columns):
            return SQL(" OR ").join(
                SQL(
                    "EXISTS (SELECT 1 FROM %s WHERE %s = %s)",
                    SQL.identifier(self.env[name]._table),
                    SQL.identifier(column),
                    SQL.identifier(alias, "id"),
                )
                for name, column in columns
            )

        return SQL(
            "((%s OR (%s IS NOT TRUE AND (%s))) AND %s)",
            named(FILES),
            SQL.identifier(alias, "is_company"),
            named(self._npo_served_cases()),
            self._npo_no_colleague(alias),
        )

    @api.model
    def _npo_no_colleague(self, alias):
        """Return the condition that a contact is nobody's who works here.

        Colleagues are no strangers to each other: that one of them has a file is told
        by the file alone.
        """
        return SQL(
            """NOT EXISTS (SELECT 1 FROM res_users u
                            WHERE u.partner_id = %s AND u.active AND NOT u.share)""",
            SQL.identifier(alias, "id"),
        )

    def _can_be_edited_by_current_customer(self, **kwargs):
        # EXTENDS portal: who is served asks for a correction (P014)
        contacts = self | self._get_current_partner(**kwargs)
        if any(contacts.sudo().mapped("npo_is_served")):
            return False
        return super()._can_be_edited_by_current_customer(**kwargs)


class ResUsers(models.Model):
    """What core lets everybody write of themselves, by whatever call."""

    _inherit = "res.users"

    def write(self, vals):
        # EXTENDS base: who is served asks for a correction (P014)
        user = self.env.user
        if (
            OWN_DATA & vals.keys()
            and not self.env.su
            and user.share
            and user.partner_id.sudo().npo_is_served
        ):
            raise AccessError(self.env._("Ask for a correction of your data."))
        return super().write(vals)


class CalendarEvent(models.Model):
    """A meeting is read by the whole house: whom it is with is not written into it."""

    _inherit = "calendar.event"

    @api.model
    def _get_contact_details_description(self, organizer, partners):
        # EXTENDS calendar: core copies a name, an address and a telephone number
        return super()._get_contact_details_description(
            organizer, partners.filtered(lambda one: not one.sudo().npo_is_served)
        )
