from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Domain

from .beneficiary import ENDED_STATES
from .identity_checks import check_iban


class NpoBeneficiary(models.Model):
    """One live file for a person (R108), and the bank account of the core record."""

    _inherit = "npo.beneficiary"

    # A change of one of these may bring a second live file into being.
    _live_file_fields = frozenset(
        ("identity_number", "company_id", "partner_id", "active", "state")
    )

    @contextmanager
    def _one_live_file(self, keys, partner_ids, excluded=None):
        """Let a file come to life only where no other live one stands.

        Looked up first, for the usual case. Two officers who press at one instant
        both find nothing: the unique index then lets one of them win, and the other
        is told the same sentence with the same link.

        :param set keys: (company id, identity number) of the files to be
        :param set partner_ids: contacts of the files to be
        :param excluded: the files being changed
        """
        if not keys and not partner_ids:
            yield
            return
        excluded_ids = (excluded or self).ids
        search = (keys, partner_ids, excluded_ids)
        if found := self.sudo()._find_live_file(*search):
            raise self._duplicate_error(found)
        try:
            with self.env.cr.savepoint():
                yield
        except UniqueViolation as error:
            indexes = (self._identity_live_uniq, self._partner_live_uniq)
            if error.diag.constraint_name not in {
                index.full_name(self) for index in indexes
            }:
                raise
            raise self._lost_race_error(*search) from None

    def _lost_race_error(self, keys, partner_ids, excluded_ids):
        """Return the error for whom the unique index refused.

        Our transaction reads the database as it was when it began (REPEATABLE READ)
        and cannot see the winner's file; a cursor of its own can.
        """
        with self.env.registry.cursor() as cr:
            fresh = self.with_env(self.env(cr=cr, su=True))
            if found := fresh._find_live_file(keys, partner_ids, excluded_ids):
                return self._duplicate_error(found)
        return ValidationError(
            self.env._("The same person appears twice in what is being saved.")
        )

    def _find_live_file(self, keys, partner_ids, excluded_ids):
        """Return the first live file with one of the keys or contacts, if any."""
        domain = Domain("partner_id", "in", list(partner_ids))
        if keys:
            companies, numbers = zip(*keys, strict=True)
            domain |= Domain("company_id", "in", companies) & Domain(
                "identity_number", "in", numbers
            )
        domain &= Domain("active", "=", True) & Domain("state", "not in", ENDED_STATES)
        found = self.search(domain & Domain("id", "not in", excluded_ids), order="id")
        return found.filtered(
            lambda file: (
                (file.company_id.id, file.identity_number) in keys
                or file.partner_id.id in partner_ids
            )
        )[:1]

    def _live_file_keys(self, vals):
        """Return the keys and contacts that a write brings to life or changes.

        :return: as the first two arguments of `_one_live_file`
        """
        keys, partner_ids = set(), set()
        for file in self.sudo():
            before = file._live_file_key({})
            after = file._live_file_key(vals)
            if not after or after == before:
                continue
            if after[1]:
                keys.add(after[:2])
            partner_ids.add(after[2])
        return keys, partner_ids

    def _live_file_key(self, vals):
        """Return (company, identity number, contact) with the values, None if ended."""
        if not vals.get("active", self.active):
            return None
        if vals.get("state", self.state) in ENDED_STATES:
            return None
        return (
            vals.get("company_id", self.company_id.id),
            vals.get("identity_number", self.identity_number),
            vals.get("partner_id", self.partner_id.id),
        )

    def _duplicate_error(self, found):
        """Return the error that names the first file and, where allowed, opens it."""
        if not self.env.user._is_internal():
            # in the portal, another person's file is not even named
            return ValidationError(
                self.env._(
                    "This identity number is registered already. Please contact us."
                )
            )
        if not found.with_user(self.env.uid).has_access("read"):
            return UserError(
                self.env._(
                    "This person has a file already, at another site: %s. Ask a"
                    " beneficiary-relations officer.",
                    found.site_id.name or found.company_id.name,
                )
            )
        message = self.env._(
            "This person has a file already: %s. Open it instead of registering the"
            " person again.",
            found.display_name,
        )
        action = {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": found.id,
            "views": [(False, "form")],
        }
        return RedirectWarning(message, action, self.env._("Open the file"))

    def _set_ibans(self):
        """Write the IBANs to the contacts' bank accounts, where finance reads them.

        An account is never overwritten, payments refer to it: the former one is
        archived and the new one takes its place at the head.
        """
        wanted = {
            beneficiary.partner_id: beneficiary.iban
            and check_iban(self.env, beneficiary.iban)
            for beneficiary in self
        }
        # sudo: the group of the field was checked; accounts are finance's records
        Bank = self.env["res.partner.bank"].sudo().with_context(active_test=False)
        banks = Bank.search([("partner_id", "in", self.partner_id.ids)])
        retired, to_create = Bank, []
        for partner, number in wanted.items():
            own = banks.filtered(lambda bank, owner=partner: bank.partner_id == owner)
            current = own.filtered("active")[:1]
            if current.sanitized_acc_number == (number or False):
                continue
            head = (min(own.mapped("sequence")) if own else 10) - 1
            same = own.filtered(
                lambda bank, iban=number: bank.sanitized_acc_number == iban
            )
            retired |= current
            if same:
                same[0].write({"active": True, "sequence": head})
            elif number:
                to_create.append(
                    {"partner_id": partner.id, "acc_number": number, "sequence": head}
                )
        retired.write({"active": False})
        Bank.create(to_create)
        self.partner_id.invalidate_recordset(["bank_ids"])
        self.invalidate_recordset(["iban"], flush=False)
