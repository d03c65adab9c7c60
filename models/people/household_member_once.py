from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Domain

from .beneficiary import ENDED_STATES
from .household_member import NAME_PARTS


def _by_company(pairs):
    """Return {company id: values} of pairs, so that a batch is looked up at once."""
    found = {}
    for company_id, value in sorted(pairs):
        found.setdefault(company_id, []).append(value)
    return found


class NpoHouseholdMember(models.Model):
    """A person is a member of one active household of an association (D10)."""

    _inherit = "npo.household.member"

    _identity_uniq = models.UniqueIndex(
        "(company_id, identity_number) WHERE is_current IS TRUE"
        " AND identity_number IS NOT NULL",
        "This person is a member of an active household already.",
    )
    _partner_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE is_current IS TRUE AND partner_id IS NOT NULL",
        "This contact is a member of an active household already.",
    )

    @api.model
    def _link_persons(self, vals_list):
        """Complete a line from the person's file, known by the contact or the number.

        So the same person is found in another household whichever of the two was
        typed there.
        """
        numbers = {
            vals["identity_number"]
            for vals in vals_list
            if vals.get("identity_number") and not vals.get("partner_id")
        }
        partner_ids = {
            vals["partner_id"] for vals in vals_list if vals.get("partner_id")
        }
        if not numbers and not partner_ids:
            return
        households = self.env["npo.household"].browse(
            {vals["household_id"] for vals in vals_list}
        )
        # sudo: to know a person again, whatever the site of their file
        files = (
            self.env["npo.beneficiary"]
            .sudo()
            .search(
                Domain("company_id", "in", households.company_id.ids)
                & Domain("state", "not in", ENDED_STATES)
                & (
                    Domain("identity_number", "in", list(numbers))
                    | Domain("partner_id", "in", list(partner_ids))
                )
            )
        )
        by_number = {(file.company_id.id, file.identity_number): file for file in files}
        by_partner = {(file.company_id.id, file.partner_id.id): file for file in files}
        for vals in vals_list:
            household = households.browse(vals["household_id"])
            partner = self.env["res.partner"].sudo().browse(vals.get("partner_id"))
            company_id = household.company_id.id
            file = by_partner.get((company_id, partner.id)) or by_number.get(
                (company_id, vals.get("identity_number"))
            )
            if file and not partner:
                vals["partner_id"] = file.partner_id.id
            if file and not vals.get("identity_number"):
                vals["identity_type"] = file.identity_type
                vals["identity_number"] = file.identity_number
            if file:
                vals["birth_date"] = vals.get("birth_date") or file.birth_date
                vals["gender"] = vals.get("gender") or file.npo_gender
            if partner or file:
                given = vals.get("name") or any(vals.get(part) for part in NAME_PARTS)
                if not given:
                    vals["name"] = (partner or file).name

    def _person_vals(self, vals):
        """Return who a line is about once values are written."""
        member = self.sudo()
        return {
            "household_id": member.household_id.id,
            "partner_id": vals.get("partner_id", member.partner_id.id),
            "identity_number": vals.get("identity_number", member.identity_number),
            "date_to": vals.get("date_to", member.date_to),
            "date_deceased": vals.get("date_deceased", member.date_deceased),
        }

    @contextmanager
    def _one_household(self, vals_list, excluded=None):
        """Let persons become members only where no other active household has them.

        Looked up first. Two who press at one instant both find nothing: the unique
        index lets one of them win and the other is told the same sentence.
        """
        keys = self._keys(vals_list)
        excluded_ids = (excluded or self).ids
        if not any(keys):
            yield
            return
        if found := self.sudo()._find_current(keys, excluded_ids):
            raise self._elsewhere_error(found)
        try:
            with self.env.cr.savepoint():
                yield
        except UniqueViolation as error:
            indexes = (self._identity_uniq, self._partner_uniq)
            if error.diag.constraint_name not in {
                index.full_name(self) for index in indexes
            }:
                raise
            with self.env.registry.cursor() as cr:  # sees what the winner committed
                fresh = self.with_env(self.env(cr=cr, su=True))
                if found := fresh._find_current(keys, excluded_ids):
                    raise self._elsewhere_error(found) from None
            raise ValidationError(
                self.env._("The same person appears twice in what is being saved.")
            ) from None

    @api.model
    def _keys(self, vals_list):
        """Return ({(company id, number)}, {(company id, partner id)}) of the lines."""
        households = self.env["npo.household"].sudo()
        numbers, partners = set(), set()
        for vals in vals_list:
            household = households.browse(vals["household_id"])
            if not household.active or vals.get("date_to") or vals.get("date_deceased"):
                continue
            company_id = household.company_id.id
            if vals.get("identity_number"):
                numbers.add((company_id, vals["identity_number"]))
            if vals.get("partner_id"):
                partners.add((company_id, vals["partner_id"]))
        return numbers, partners

    def _find_current(self, keys, excluded_ids):
        """Return the first current line of one of the persons, if any."""
        names = ("identity_number", "partner_id")
        domain = Domain.OR(
            Domain("company_id", "=", company_id) & Domain(name, "in", values)
            for name, pairs in zip(names, keys, strict=True)
            for company_id, values in _by_company(pairs).items()
        )
        domain &= Domain("is_current", "=", True)
        domain &= Domain("id", "not in", excluded_ids)
        return self.search(domain, limit=1, order="id")

    def _check_elsewhere(self):
        """Raise when one of these persons is a member of another active household."""
        keys = set(), set()
        for member in self.sudo():
            if member.identity_number:
                keys[0].add((member.company_id.id, member.identity_number))
            if member.partner_id:
                keys[1].add((member.company_id.id, member.partner_id.id))
        if any(keys) and (found := self.sudo()._find_current(keys, self.ids)):
            raise self._elsewhere_error(found)

    def _elsewhere_error(self, found):
        """Return the error that names the other household and, if allowed, opens it."""
        household = found.household_id
        if not household.with_user(self.env.uid).has_access("read"):
            return UserError(
                self.env._(
                    "This person is a member of another household already, at another"
                    " site: %s. Ask a beneficiary-relations officer.",
                    household.site_id.name or household.company_id.name,
                )
            )
        message = self.env._(
            "%(person)s is a member of another household already: %(household)s. Move"
            " the person from there instead of adding them twice.",
            person=found.name,
            household=household.display_name,
        )
        action = {
            "type": "ir.actions.act_window",
            "res_model": "npo.household",
            "res_id": household.id,
            "views": [(False, "form")],
        }
        return RedirectWarning(message, action, self.env._("Open the household"))
