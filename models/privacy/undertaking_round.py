from odoo import api, fields, models
from odoo.fields import Domain

from .undertaking import NpoUndertaking as Base

VOLUNTEER = "volunteer"


class NpoUndertaking(models.Model):
    """The round that asks staff and volunteers again each year (R156)."""

    _inherit = Base._name

    @api.model
    def _staff(self, company):
        """Return the accounts of who works in the association, in sudo."""
        group = self.env.ref("npo_relations.group_npo_staff")
        return (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                    ("id", "!=", self.env.ref("base.user_root").id),
                ]
            )
        )

    @api.model
    def _volunteers(self, company):
        """Return the contacts of the volunteers of an association, in sudo."""
        return (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("npo_kind_ids.code", "=", VOLUNTEER),
                    ("company_id", "in", (company.id, False)),
                ]
            )
        )

    @api.model
    def _covered(self, company, kind, day):
        """Return {contact: last day} of what is signed and lasts until a day at least,

        and {contact: False} of who was asked and has not signed yet.
        """
        domain = Domain("company_id", "=", company.id) & Domain("kind", "=", kind)
        domain &= Domain("date_signed", "=", False) | Domain("date_end", ">", day)
        groups = self.sudo()._read_group(domain, ["partner_id"], ["date_end:max"])
        return dict(groups)

    @api.model
    def _cron_round(self):
        """Ask who has none, or whose undertaking ends soon; remind once of the late."""
        companies = self.env["res.company"].search([])
        for company in companies.filtered("npo_policy_version_id"):
            self._ask(company)
            self._remind(company)

    @api.model
    def _ask(self, company):
        """Ask for what is missing in one batch; return the new lines, in sudo."""
        today = company._npo_today()
        soon = fields.Date.add(today, days=company.npo_undertaking_notice_days)
        people = self._staff(company).partner_id | self._volunteers(company)
        vals_list = []
        for kind in self.env["npo.undertaking.text"]._current(company):
            covered = self._covered(company, kind, soon)
            ending = self._covered(company, kind, fields.Date.add(today, days=-1))
            vals_list += [
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "kind": kind,
                    "date_due": ending.get(partner),
                }
                for partner in people
                if partner not in covered
            ]
        lines = self.sudo().with_context(mail_create_nolog=True).create(vals_list)
        for line in lines.filtered("user_id"):
            company._npo_give_task(
                line.user_id,
                lambda env: (env._("Read and sign the undertaking"), False),
                line,
                line.date_due,
            )
        return lines

    @api.model
    def _remind(self, company):
        """Give who keeps the undertakings one task for all that is late, once."""
        today = company._npo_today()
        late = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date_signed", "=", False),
                ("date_reminded", "=", False),
                ("date_due", "<", today),
            ]
        )
        if not late:
            return

        def text(env):
            return env._("Undertakings not signed: %s", len(late)), False

        company._npo_give_task(company._npo_role_holders("governance_officer"), text)
        late.date_reminded = today

    @api.model
    def _lacking(self, company):
        """Return the contacts of the staff without an undertaking in force."""
        today = company._npo_today()
        lacking = self.env["res.partner"]
        staff = self._staff(company).partner_id
        for kind in self.env["npo.undertaking.text"]._current(company):
            signed = self.sudo().search(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", kind),
                    ("date_end", ">=", today),
                ]
            )
            lacking |= staff - signed.partner_id
        return lacking
