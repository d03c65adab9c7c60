from odoo import fields, models

KINDS = [("compensation", "Compensation"), ("aid", "Aid in money")]
DOCUMENTS = [
    ("in_invoice", "Vendor bill"),
    ("in_receipt", "Purchase receipt"),
    ("entry", "Journal entry"),
]
# Which journals a document is entered in.
JOURNAL_TYPES = {"in_invoice": "purchase", "in_receipt": "purchase", "entry": "general"}
EXPENSES = "[('account_type', 'in', ('expense', 'expense_direct_cost'))]"


class ResCompany(models.Model):
    """How an association pays through Odoo's accounting (D01, P064–P067).

    Everything is its own choice; nothing is paid before it was made.
    """

    _inherit = "res.company"

    npo_compensation_journal_id = fields.Many2one(
        "account.journal", string="Journal of compensations", check_company=True
    )
    npo_compensation_account_id = fields.Many2one(
        "account.account",
        string="Account of compensations",
        check_company=True,
        domain=EXPENSES,
    )
    npo_compensation_document = fields.Selection(
        DOCUMENTS, "Document of a compensation", default="in_invoice", required=True
    )
    npo_aid_journal_id = fields.Many2one(
        "account.journal", string="Journal of aid in money", check_company=True
    )
    npo_aid_account_id = fields.Many2one(
        "account.account",
        string="Account of aid in money",
        check_company=True,
        domain=EXPENSES,
    )
    npo_aid_document = fields.Selection(
        DOCUMENTS, "Document of an aid in money", default="in_invoice", required=True
    )
    npo_analytic_unrestricted_id = fields.Many2one(
        "account.analytic.account",
        string="Analytic account of unrestricted funds",
        check_company=True,
    )
    npo_analytic_restricted_id = fields.Many2one(
        "account.analytic.account",
        string="Analytic account of restricted funds",
        check_company=True,
    )
    npo_analytic_waqf_id = fields.Many2one(
        "account.analytic.account",
        string="Analytic account of endowments",
        check_company=True,
    )
    npo_analytic_zakat_id = fields.Many2one(
        "account.analytic.account",
        string="Analytic account of zakat",
        check_company=True,
    )
    npo_post_pay_apart = fields.Boolean(
        "Posting and paying by two persons",
        default=True,
        help="Who posts a bill does not pay it. ⚖",
    )
    npo_agent_instrument = fields.Boolean(
        "An agent is paid by an instrument only",
        default=True,
        help="Who receives money for another shows an instrument; without this, a"
        " representative who may receive is enough. ⚖",
    )

    def _npo_paying_gap(self, kind):
        """Return what must be set up before a kind of money is paid, False if nothing.

        :param kind: compensation or aid
        """
        self.ensure_one()
        _ = self.env._
        company = self.sudo()
        journal = company[f"npo_{kind}_journal_id"]
        account = company[f"npo_{kind}_account_id"]
        document = company[f"npo_{kind}_document"]
        if not journal or not account:
            return _(
                "The accounting of this is not set up (%s): choose its journal and"
                " its account in the settings.",
                self._npo_kind_label(kind),
            )
        if not journal.active:
            return _("The journal %s is archived: choose another.", journal.name)
        if journal.type != JOURNAL_TYPES[document]:
            return _(
                "The journal %s is of another type than the document that the settings"
                " ask for.",
                journal.name,
            )
        if not account.active:
            return _(
                "The account %s is archived: choose another in the settings.",
                account.name,
            )
        today = company._npo_today()
        if company._get_violated_lock_dates(today, False, journal):
            return _(
                "The books are locked on the day of today: ask the accountant to open"
                " the period."
            )
        return False

    def _npo_kind_label(self, kind):
        field = self.env["npo.payout"]._fields["kind"]
        return dict(field._description_selection(self.env)).get(kind)
