import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.spreadsheet import Sheet, neutralised, write_workbook
from ..core.print_document import PrintDocument


class AccountMove(models.Model):
    """Due and late payments on paper and as a sheet, accounts masked (R160)."""

    _inherit = "account.move"

    def action_npo_print_payments(self):
        """Print which vendor bills are due and late."""
        self._npo_payment_lists()
        report = self.env.ref("npo_relations.action_report_npo_payments")
        return report.report_action(self)

    def action_npo_export_payments(self):
        """Offer which vendor bills are due and late as a spreadsheet."""
        lists = self._npo_payment_lists(taken=True)
        lang = self.env.lang or self.env.user.lang
        document = PrintDocument(lists[0]["company"], lang=lang)
        content = write_workbook(
            [self._npo_payment_sheet(one, document) for one in lists],
            document.direction == "rtl",
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": "payments.xlsx",
                "datas": base64.b64encode(content),
                "res_model": "res.users",
                "res_id": self.env.uid,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _npo_payment_lists(self, taken=False):
        """Return [{company, bills, late}] of the vendor bills among these to be paid.

        Those that are late stand first.

        :param taken: the list is printed or downloaded, which is noted
        """
        self.check_access("read")
        due = self.filtered_domain(self._npo_due_domain())
        if not due:
            raise UserError(self.env._("None of these is to be paid."))
        if taken:
            for company, bills in due.grouped("company_id").items():
                self.env["npo.access.log"]._log_whole(
                    company,
                    "list",
                    res_name=f"{company.name} · {self.env._('Due and late payments')}",
                    entry_count=len(bills),
                    is_masked=True,
                )
        return [
            {
                "company": company,
                "bills": bills.sorted(
                    lambda bill: bill.invoice_date_due or fields.Date.today()
                ),
                "late": len(bills.filtered("npo_is_late")),
            }
            for company, bills in due.grouped("company_id").items()
        ]

    def _npo_account_masked(self):
        """Return the last digits of the account that a bill is paid to."""
        number = self.sudo().partner_bank_id.sanitized_acc_number
        return f"•••• {number[-4:]}" if number else ""

    def _npo_payment_sheet(self, one, document):
        _ = self.env._
        return Sheet(
            _("Payments"),
            [
                _("Due and late payments"),
                str(document.both(document.today)),
                _("Late: %(late)s of %(all)s", late=one["late"], all=len(one["bills"])),
            ],
            [
                (_("Bill"), 22),
                (_("Paid to"), 30),
                (_("Reference"), 20),
                (_("Due"), 34),
                (_("Days late"), 12),
                (_("Receipt confirmed"), 34),
                (_("Outstanding"), 14),
                (_("Currency"), 10),
                (_("Bank account"), 16),
            ],
            [
                [
                    bill.name or "",
                    neutralised(bill.partner_id.name or ""),
                    neutralised(bill.ref or ""),
                    str(document.both(bill.invoice_date_due)),
                    bill.npo_days_late,
                    str(document.both(bill.npo_date_received))
                    if bill.npo_date_received
                    else "",
                    bill.amount_residual,
                    bill.currency_id.name,
                    bill._npo_account_masked(),
                ]
                for bill in one["bills"]
            ],
        )
