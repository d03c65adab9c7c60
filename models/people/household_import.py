from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ...tools.arabic import fold
from ...tools.import_columns import NAME_PARTS


class NpoHousehold(models.Model):
    """Families that come from a spreadsheet: a row for each, by its head (D16)."""

    _name = "npo.household"
    _inherit = ["npo.household", "npo.import.target"]

    @api.model
    def _npo_import_finish(self, vals):
        """Return what is wrong with the values of a row: [(field, sentence)]."""
        if vals.get("head_id"):
            return []
        return [("head_id", self.env._("Who heads the family is missing."))]

    @api.model
    def _npo_import_resolve(self, vals_list):
        """Put the line of the head in the place of the number that names the person."""
        files = self.env["npo.beneficiary"]._npo_import_find(
            [vals["head_id"] for vals in vals_list]
        )
        missing = self.env._("Nobody has a file with this number.")
        problems = []
        for vals in vals_list:
            file = files.get(vals.pop("head_id"))
            problems.append([] if file else [("head_id", missing)])
            if file:
                head = {"relation": "head", "partner_id": file.partner_id.id}
                vals["member_ids"] = [Command.create({**head, "name": file.name})]
        return problems

    @api.model
    def _npo_import_head(self, vals):
        return vals["member_ids"][0][2]["partner_id"]

    @api.model
    def _npo_import_person(self, vals):
        return self._npo_import_head(vals)

    @api.model
    def _npo_import_present(self, vals_list):
        """Tell of each row whether its head lives in a household already."""
        heads = [self._npo_import_head(vals) for vals in vals_list]
        # sudo: that the person has a household is what the unique index tells as well
        members = self.env["npo.household.member"].sudo()
        found = members.search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", heads),
                ("is_current", "=", True),
            ],
            ["partner_id"],
        )
        known = set(found.partner_id.ids)
        sentence = self.env._("This person is a member of a household already.")
        return [head in known and sentence for head in heads]

    def _npo_import_undo(self):
        """Delete families that an import of all or none made, unless they grew."""
        busy = self.filtered(lambda household: len(household.member_ids) > 1)
        if busy:
            raise UserError(
                self.env._("Families of this import are in use already: %s.", len(busy))
            )
        self.member_ids.unlink()
        self.unlink()


class NpoHouseholdMember(models.Model):
    """Members of families that come from a spreadsheet (D16)."""

    _name = "npo.household.member"
    _inherit = ["npo.household.member", "npo.import.target"]

    @api.model
    def _npo_import_finish(self, vals):
        """Complete the values of a row: its person as of a file, and the family."""
        problems = self.env["npo.beneficiary"]._npo_import_finish(vals)
        for part in NAME_PARTS:
            if part in vals:
                vals[part.removeprefix("npo_")] = vals.pop(part)
        if not vals.get("household_id"):
            problems.append(
                ("household_id", self.env._("Whose family it is, is missing."))
            )
        return problems

    @api.model
    def _npo_import_resolve(self, vals_list):
        """Put the household in the place of the number by which a row names it."""
        codes = [vals["household_id"] for vals in vals_list]
        households = self._npo_import_households(codes)
        missing = self.env._(
            "No family has this head or number. Import the families first."
        )
        headed = self.env._("This family has another head already.")
        problems = []
        for vals in vals_list:
            household = households.get(vals["household_id"])
            vals["household_id"] = household and household.id
            if not household:
                problems.append([("household_id", missing)])
            elif vals.get("relation") == "head" and not self._npo_import_is(
                household.head_id, vals
            ):
                problems.append([("relation", headed)])
            else:
                problems.append([])
        return problems

    @api.model
    def _npo_import_households(self, codes):
        """Return {code: household}: by its reference, or a number of its head."""
        households = self.env["npo.household"]
        company = Domain("company_id", "=", self.env.company.id)
        named = households.search(company & Domain("reference", "in", codes))
        found = {household.reference: household for household in named}
        files = self.env["npo.beneficiary"]._npo_import_find(codes)
        partner_ids = [file.partner_id.id for file in files.values()]
        person = Domain("partner_id", "in", partner_ids)
        person |= Domain("identity_number", "in", codes)
        current = Domain("is_current", "=", True) & Domain("is_head", "=", True)
        by_partner = {}
        for head in self.search(company & current & person):
            found.setdefault(head.identity_number, head.household_id)
            by_partner[head.partner_id] = head.household_id
        for code, file in files.items():
            if file.partner_id in by_partner:
                found.setdefault(code, by_partner[file.partner_id])
        return found

    def _npo_import_is(self, member, vals):
        """Return whether a row tells of this member."""
        if vals.get("identity_number"):
            return member.identity_number == vals["identity_number"]
        return fold(member.name) == fold(vals["name"])

    @api.model
    def _npo_import_person(self, vals):
        return vals.get("identity_number")

    @api.model
    def _npo_import_present(self, vals_list):
        """Tell of each row whether its person lives in a household already."""
        numbers = [
            vals["identity_number"] for vals in vals_list if vals.get("identity_number")
        ]
        # sudo: as of a household
        found = self.sudo().search_fetch(
            Domain("company_id", "=", self.env.company.id)
            & Domain("is_current", "=", True)
            & (
                Domain("identity_number", "in", numbers)
                | Domain("household_id", "in", [v["household_id"] for v in vals_list])
            ),
            ["identity_number", "household_id", "search_key", "birth_date"],
        )
        known = {line.identity_number for line in found} - {False}
        named = {
            (line.household_id.id, line.search_key, line.birth_date) for line in found
        }
        sentence = self.env._("This person is a member of a household already.")
        return [
            (
                vals.get("identity_number") in known
                or (
                    vals["household_id"],
                    fold(vals["name"]),
                    vals.get("birth_date") or False,
                )
                in named
            )
            and sentence
            for vals in vals_list
        ]
