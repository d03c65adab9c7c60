from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.modules.db import FunctionStatus

from ...tools.arabic import fold
from .search_text import phone_digits, read_search_text

# ⚖ The longest name that a person's file takes.
MAX_NAME = 200
# More persons than this behind a few letters: the search is too wide to help anybody.
MAX_PERSONS = 500


def _trigram(column):
    """Return the definition of a trigram index, as `index="trigram"` makes it.

    Core searches these columns of a contact with OR: one without an index, and
    PostgreSQL reads the whole table.
    """

    def definition(registry):
        if not registry.has_trigram:
            return ""
        indexable = registry.has_unaccent == FunctionStatus.INDEXABLE
        expression = registry.unaccent(column) if indexable else column
        return f"USING gin ({expression} gin_trgm_ops) WHERE {column} IS NOT NULL"

    return definition


class ResPartner(models.Model):
    """One contact underneath the visitor, the applicant and the beneficiary (R212)."""

    _inherit = "res.partner"

    npo_gender = fields.Selection(
        [("male", "Male"), ("female", "Female")],
        string="Gender",
        help="Chooses the words of letters and messages.",
    )
    npo_preferred_channel_id = fields.Many2one(
        "npo.channel",
        string="Preferred channel",
        help="Messages go this way first (R057).",
    )
    npo_preferred_time = fields.Selection(
        [("morning", "Morning"), ("noon", "Noon"), ("evening", "Evening")],
        string="Preferred time",
    )
    npo_search_key = fields.Char(
        "Folded name",
        compute="_compute_npo_search_key",
        store=True,
        precompute=True,
        index="trigram",
        help="The name without differences of spelling, as it is searched for.",
    )
    npo_beneficiary_ids = fields.One2many(
        "npo.beneficiary",
        "partner_id",
        string="Beneficiary files",
        groups="npo_relations.group_npo_staff",
    )
    phone = fields.Char(index="trigram")

    _npo_complete_name_trgm = models.Index(_trigram("complete_name"))
    _npo_email_trgm = models.Index(_trigram("email"))
    _npo_ref_trgm = models.Index(_trigram("ref"))
    _npo_vat_trgm = models.Index(_trigram("vat"))
    _npo_registry_trgm = models.Index(_trigram("company_registry"))

    @api.depends("name")
    def _compute_npo_search_key(self):
        for partner in self:
            partner.npo_search_key = fold(partner.name) or False

    @api.model
    def _search_display_name(self, operator, value):
        # EXTENDS base: a name is found in any spelling, a phone in any form
        domain = super()._search_display_name(operator, value)
        if operator != "ilike" or not isinstance(value, str) or not value.strip():
            return domain
        return Domain(domain) | self._npo_name_domain(value)

    @api.constrains("name")
    def _check_npo_name(self):
        """Refuse markup and endless text as the name of a beneficiary, on any path."""
        suspects = self.filtered(
            lambda partner: partner._npo_name_error(partner.name or "")
        )
        if suspects and suspects.sudo().npo_beneficiary_ids:
            raise ValidationError(self._npo_name_error(suspects[0].name))

    def write(self, vals):
        if vals.get("name") and not self.env.su:
            self.check_access("write")
            self._npo_rename_accounts(vals["name"])
        return super().write(vals)

    def _npo_rename_accounts(self, name):
        """Correct the holder's name of a beneficiary's accounts with the person's.

        Core does it as the user, and the officers who correct a name may not write
        bank accounts: without this, nobody could correct the name of who has an IBAN.
        """
        persons = self.sudo().filtered("npo_beneficiary_ids")
        for person in persons:
            person.bank_ids.filtered(
                lambda bank, person=person: bank.acc_holder_name == person.name
            ).acc_holder_name = name

    @api.model
    def _npo_name_error(self, name):
        """Return why a text cannot be the name of a person, False when it can."""
        if "<" in name or ">" in name:
            return self.env._("A name cannot contain the signs < and >.")
        if len(name) > MAX_NAME:
            return self.env._("This name is too long: at most %s characters.", MAX_NAME)
        return False

    @api.model
    def _npo_search_domain(self, text):
        """Return the domain of the persons that a text may mean.

        By name, phone, file number, each in part, or exact identity number. The
        persons are looked up here, each register by its own index: their columns lie
        in two tables, and an OR over both could use none.
        """
        return Domain("id", "in", self._npo_find_ids(text))

    @api.model
    def _npo_name_domain(self, text):
        """Return the domain of the contacts whose name or phone a text may mean."""
        words = read_search_text(text).words
        if not words:
            return Domain.FALSE
        domain = Domain.AND(Domain("npo_search_key", "ilike", word) for word in words)
        if len(words) == 1 and words[0].isdigit():
            domain |= Domain("phone", "ilike", phone_digits(words[0]))
        return domain

    @api.model
    def _npo_find_ids(self, text, limit=MAX_PERSONS):
        """Return the ids of the persons that a text may mean, in two statements.

        Only to narrow another search down, whose own rules then apply: it looks
        through the whole register, whoever asks.
        """
        partners = self.sudo().with_context(active_test=False)
        partner_ids = partners.search(
            self._npo_name_domain(text), limit=limit, order="id desc"
        ).ids
        files = self.env["npo.beneficiary"].sudo().with_context(active_test=False)
        found = files.search_fetch(
            files._npo_search_domain(text), ["partner_id"], limit=limit, order="id desc"
        )
        return list(dict.fromkeys([*partner_ids, *found.partner_id.ids]))
