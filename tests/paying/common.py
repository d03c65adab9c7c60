from unittest.mock import patch

from odoo import Command

from ..common import AssociationCommon, local_today


def without_own_plan():
    """Let the funds use the analytic plan that is there.

    A plan of their own is a new column, which a registry that is read again, or other
    transactions, do not find in a test.
    """
    return patch(
        "odoo.addons.npo_relations.models.paying.paying_setup.ResCompany._npo_fund_plan",
        lambda company: company.env.ref("analytic.analytic_plan_projects"),
    )


class AccountingCommon(AssociationCommon):
    """An association whose accounting is set up, on the chart that a class names."""

    chart = "generic_coa"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.npo_cash_by_hand = False
        cls._load_chart(cls.company)
        cls.company._npo_set_up_paying()
        cls.poster, cls.payer = cls.users["poster"], cls.users["payer"]
        cls.bank_journal = cls.env["account.journal"].search(
            [("company_id", "=", cls.company.id), ("type", "=", "bank")], limit=1
        )

    @classmethod
    def _load_chart(cls, company):
        country = "base.sa" if cls.chart == "sa" else "base.us"
        company.country_id = cls.env.ref(country)
        cls.env["account.chart.template"].with_company(company).try_loading(
            cls.chart, company=company, install_demo=False
        )
        sar = cls.env.ref("base.SAR")
        if company.currency_id != sar:
            company.currency_id = sar

    # ------------------------------------------------------------
    # FINANCE
    # ------------------------------------------------------------

    def _plan_by_size(self):
        """Let the database plan by the sizes of now: nothing of a test is committed.

        Without it core's query of what is matched takes minutes on a thousand lines.
        """
        self.env.flush_all()
        self.env.cr.execute(
            "ANALYZE account_move, account_move_line, account_payment,"
            " account_partial_reconcile, npo_payout, npo_compensation"
        )

    @classmethod
    def _post(cls, payout, user=None):
        payout.move_id.with_user(user or cls.poster).action_post()
        return payout

    @classmethod
    def _pay(cls, payouts, user=None, **vals):
        """Pay by Odoo's own wizard, as finance does."""
        moves = payouts.move_id.with_user(user or cls.payer)
        if payouts[0].document == "entry":
            lines = moves._npo_payable_lines()
            context = {"active_model": "account.move.line", "active_ids": lines.ids}
        else:
            context = {"active_model": "account.move", "active_ids": moves.ids}
        wizard = (
            moves.env["account.payment.register"]
            .with_context(**context, dont_redirect_to_payments=True)
            .create({"journal_id": cls.bank_journal.id, **vals})
        )
        return wizard._create_payments()

    @classmethod
    def _unreconcile(cls, payout, user=None):
        partials = payout.move_id._npo_partials().with_user(user or cls.payer)
        return partials.unlink()

    @classmethod
    def _colleague(cls, name, role):
        user = cls._new_staff(name, role, cls.company)
        user.group_ids = [Command.link(cls.env.ref("account.group_account_user").id)]
        return user


class PayingCommon(AccountingCommon):
    """People who are owed aid in money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fund = cls.env["npo.fund"].create(
            {"name": "General", "company_id": cls.company.id, "sequence": 1}
        )
        cls.file = cls._new_beneficiary()
        cls.bank = cls.file.partner_id.bank_ids
        cls.bank.allow_out_payment = True
        cls.request = cls._at_delivery(cls.file)

    @classmethod
    def _at_delivery(cls, file, fund=None, amount=12000):
        """Return a request at its delivery, its money approved from a fund."""
        request = cls._new_request(file, amount_requested=amount)
        request = cls._advance(request, "delivery").sudo()
        request.fund_id = fund or cls.fund
        return request

    @classmethod
    def _hand(cls, request=None, amount=5000):
        """Hand over so much: it waits for finance."""
        request = (request or cls.request).with_user(cls.users["deliverer"])
        delivery = request._deliver(
            {
                "amount": amount,
                "date": local_today(),
                "receipt_method": "signature",
            }
        )
        return delivery.sudo()

    @classmethod
    def _order(cls, **vals):
        """Return the payment order of a delivery, of other values where given."""
        with cls._owing(**vals):
            return cls._hand(amount=vals.get("amount", 5000)).payout_ids[:1]

    @classmethod
    def _owing(cls, **vals):
        model = type(cls.env["npo.delivery"])
        owed = model._payout_vals
        return patch.object(model, "_payout_vals", lambda self: {**owed(self), **vals})
