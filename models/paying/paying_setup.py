from odoo import api, models
from odoo.exceptions import UserError

from .company import JOURNAL_TYPES

FUND_KINDS = ("unrestricted", "restricted", "waqf", "zakat")
CODES = {"compensation": "CMP", "aid": "AID"}


class ResCompany(models.Model):
    """Make what paying needs, in the chart of accounts that is there (P064, P065).

    Called again it only makes what is missing. No code of an account is known to it:
    it takes the first free one after the expenses that stand.
    """

    _inherit = "res.company"

    def _npo_set_up_paying(self):
        """Make what is missing of accounts, journals, analytic funds and methods."""
        company = self.with_company(self).with_context(
            allowed_company_ids=self.ids, active_test=True
        )
        if not company.chart_template:
            raise UserError(
                self.env._(
                    "Choose a chart of accounts in the settings of Invoicing first:"
                    " the accounts of this are made in it."
                )
            )
        for kind in CODES:
            company._npo_make_account(kind)
            company._npo_make_journal(kind)
        for kind in FUND_KINDS:
            company._npo_make_analytic(kind)
        company._npo_make_outstanding()

    def _npo_make_account(self, kind):
        name = f"npo_{kind}_account_id"
        if self[name].active:
            return
        accounts = self.env["account.account"]
        expenses = accounts.search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.ids)]
        )
        account = accounts.create(
            {
                "name": self._npo_paying_names(self)[f"{kind}_account"],
                "code": accounts._search_new_account_code(
                    max(expenses.filtered("code").mapped("code"), default="1")
                ),
                "account_type": "expense",
                "company_ids": self.ids,
                "tax_ids": False,
            }
        )
        self._npo_name_in_all(account, f"{kind}_account")
        self[name] = account

    def _npo_make_journal(self, kind):
        name = f"npo_{kind}_journal_id"
        if self[name].active:
            return
        journals = self.env["account.journal"]
        taken = journals.with_context(active_test=False).search(
            [("company_id", "=", self.id)]
        )
        codes = [CODES[kind], *(f"{CODES[kind]}{number}" for number in range(2, 100))]
        free = next(code for code in codes if code not in taken.mapped("code"))
        journal = journals.create(
            {
                "name": self._npo_paying_names(self)[f"{kind}_journal"],
                "code": free,
                "type": JOURNAL_TYPES[self[f"npo_{kind}_document"]],
                "company_id": self.id,
                "default_account_id": self[f"npo_{kind}_account_id"].id,
            }
        )
        self._npo_name_in_all(journal, f"{kind}_journal")
        self[name] = journal

    def _npo_make_analytic(self, kind):
        name = f"npo_analytic_{kind}_id"
        if self[name].active:
            return
        account = self.env["account.analytic.account"].create(
            {
                "name": self._npo_paying_names(self)[kind],
                "plan_id": self._npo_fund_plan().id,
                "company_id": self.id,
            }
        )
        self._npo_name_in_all(account, kind)
        self[name] = account

    def _npo_fund_plan(self):
        """Return the analytic plan of the funds, one for all associations."""
        plan = self.env.ref("npo_relations.npo_analytic_plan_fund", False)
        if not plan:
            names = self._npo_paying_names(self)
            plan = self.env["account.analytic.plan"].create({"name": names["plan"]})
            self.env["ir.model.data"]._update_xmlids(
                [
                    {
                        "xml_id": "npo_relations.npo_analytic_plan_fund",
                        "record": plan,
                        "noupdate": True,
                    }
                ]
            )
            self._npo_name_in_all(plan, "plan")
        return plan

    def _npo_make_outstanding(self):
        """Let payments of the banks have their journal entry: only that settles."""
        lines = self.env["account.payment.method.line"].search(
            [
                ("journal_id.company_id", "=", self.id),
                ("journal_id.type", "in", ("bank", "cash")),
                ("payment_type", "=", "outbound"),
                ("payment_account_id", "=", False),
            ]
        )
        if lines:
            lines.payment_account_id = self._npo_outstanding_account()

    def _npo_outstanding_account(self):
        template = self.env["account.chart.template"].with_company(self)
        account = template.ref(
            "account_journal_payment_credit_account_id", raise_if_not_found=False
        )
        if account:
            return account
        accounts = self.env["account.account"]
        assets = accounts.search(
            [("account_type", "=", "asset_current"), ("company_ids", "in", self.ids)]
        )
        account = accounts.create(
            {
                "name": self._npo_paying_names(self)["outstanding"],
                "code": accounts._search_new_account_code(
                    max(assets.filtered("code").mapped("code"), default="1")
                ),
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": self.ids,
            }
        )
        self._npo_name_in_all(account, "outstanding")
        return account

    @api.model
    def _npo_paying_names(self, records):
        """Return the names of what is made, in the language of the records."""
        _ = records.env._
        return {
            "compensation_account": _("Compensation of stakeholders"),
            "compensation_journal": _("Payment of compensations"),
            "aid_account": _("Aid in money to beneficiaries"),
            "aid_journal": _("Payment of aid"),
            "plan": _("Fund"),
            "unrestricted": _("Unrestricted"),
            "restricted": _("Restricted"),
            "waqf": _("Endowments"),
            "zakat": _("Zakat"),
            "outstanding": _("Outstanding payments"),
        }

    def _npo_name_in_all(self, record, key):
        """Give a record its name in every language that is installed."""
        for code, _label in self.env["res.lang"].get_installed():
            translated = record.with_context(lang=code)
            translated.name = self._npo_paying_names(translated)[key]
