from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.guards import check_values, without_defaults
from ..core.reference_mixin import NpoReferenceMixin
from .company import DOCUMENTS, KINDS

STATES = [
    ("to_check", "To check"),
    ("to_post", "To post"),
    ("to_pay", "To pay"),
    ("partial", "Paid in part"),
    ("paid", "Paid"),
    ("returned", "Came back"),
    ("void", "Void"),
]


class NpoPayout(models.Model):
    """A payment order: what was granted, and the bill by which it is paid (D01).

    It keeps what was approved: to whom, how much, from which fund, and where it is
    entered. The bill may not differ from it, and its state follows the bill's
    (`payout_follow`): nobody writes it.
    """

    _name = "npo.payout"
    _description = "Payment Order"
    _inherit = [NpoReferenceMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    _reference_prefix = "PAY"

    name = fields.Char("Reference", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    kind = fields.Selection(KINDS, required=True)
    state = fields.Selection(
        STATES, required=True, default="to_check", copy=False, tracking=True
    )

    # what granted it
    res_model = fields.Char("Kind of file", required=True)
    res_id = fields.Many2oneReference("File", model_field="res_model", required=True)
    res_name = fields.Char("Granted by", required=True, index="trigram")
    description = fields.Char("For")

    # who receives how much of which money
    partner_id = fields.Many2one(
        "res.partner", string="Owed to", required=True, index=True, ondelete="restrict"
    )
    payee_id = fields.Many2one(
        "res.partner", string="Paid to", required=True, index=True, ondelete="restrict"
    )
    representation_id = fields.Many2one(
        "npo.representative",
        string="Received by right of",
        index="btree_not_null",
        ondelete="restrict",
    )
    currency_id = fields.Many2one("res.currency", required=True)
    amount = fields.Monetary(required=True)
    fund_id = fields.Many2one("npo.fund", index="btree_not_null", ondelete="restrict")
    zakat_head_id = fields.Many2one("npo.zakat.head", ondelete="restrict")
    date_due = fields.Date("Due")

    # where it is entered
    document = fields.Selection(DOCUMENTS, required=True)
    journal_id = fields.Many2one("account.journal", required=True, ondelete="restrict")
    account_id = fields.Many2one("account.account", required=True, ondelete="restrict")
    analytic_account_id = fields.Many2one(
        "account.analytic.account", required=True, ondelete="restrict"
    )
    move_id = fields.Many2one(
        "account.move", string="Bill", index="btree_not_null", ondelete="restrict"
    )

    # what became of it
    amount_paid = fields.Monetary("Paid so far", default=0)
    date_paid = fields.Date("Paid on", tracking=True)
    date_returned = fields.Date("Came back on", tracking=True)
    is_blocked = fields.Boolean("Payment blocked")
    void_reason = fields.Char("Why it is void", tracking=True)
    tax_reason = fields.Char("Why a tax is on the bill", tracking=True)

    _positive = models.Constraint("CHECK (amount > 0)", "What is paid is above zero.")
    _once_uniq = models.UniqueIndex(
        "(res_model, res_id) WHERE state != 'void'",
        "There is a payment order for this already.",
    )
    _state_idx = models.Index("(company_id, state, date_due)")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A payment order is not deleted: it is made void."))

    # ------------------------------------------------------------
    # ORDERED
    # ------------------------------------------------------------

    @api.model
    def _issue(self, records):
        """Make the payment orders of records and their draft bills, all or none."""
        vals_list = [record._payout_vals() for record in records.sudo()]
        moves = self.env["account.move"].sudo()
        with moves._npo_kept():
            payouts = without_defaults(self.sudo())._make(records, vals_list)
            payouts._make_bills()
        payouts._follow()
        return self.browse(payouts.ids)

    def _make(self, records, vals_list):
        """Make the orders, without their bills; say what is missing before."""
        self._check_not_ordered(records)
        orders = [
            self._order_vals(record, vals)
            for record, vals in zip(records.sudo(), vals_list, strict=True)
        ]
        companies = [record.company_id for record in records.sudo()]
        references = self._draw_references(companies)
        for order, reference in zip(orders, references, strict=True):
            order["name"] = reference
            check_values(self, order)
        return self.with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        ).create(orders)

    def _check_not_ordered(self, records):
        twice = self.search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("state", "!=", "void"),
            ],
            limit=1,
        )
        if twice:
            raise UserError(
                self.env._(
                    "There is a payment order for %(file)s already: %(order)s.",
                    file=twice.res_name,
                    order=twice.name,
                )
            )

    def _order_vals(self, record, vals):
        """Return the values of one order; raise when it cannot be paid so."""
        company, kind = record.company_id, vals["kind"]
        if gap := company._npo_paying_gap(kind):
            raise UserError(gap)
        fund = self.env["npo.fund"].browse(vals.get("fund_id") or False)
        head = self.env["npo.zakat.head"].browse(vals.get("zakat_head_id") or False)
        self._check_fund(record, fund, kind, head)
        return {
            "company_id": company.id,
            "res_model": record._name,
            "res_id": record.id,
            "res_name": record.name,
            "document": company[f"npo_{kind}_document"],
            "journal_id": company[f"npo_{kind}_journal_id"].id,
            "account_id": company[f"npo_{kind}_account_id"].id,
            "analytic_account_id": fund._analytic_account().id,
            "payee_id": self._payee(record, vals).id,
            "date_due": vals.get("date_due") or company._npo_today(),
            **{name: vals.get(name) or False for name in ORDERED},
        }

    def _check_fund(self, record, fund, kind, head):
        if not fund:
            raise UserError(
                self.env._(
                    "No fund is named that pays for %s: choose it first.", record.name
                )
            )
        refusal = fund._payout_refusal(kind, head)
        if not refusal and fund.company_id != record.company_id:
            refusal = self.env._("%s belongs to another association.", fund.name)
        if refusal:
            raise UserError(refusal)

    def _payee(self, record, vals):
        """Return who is paid: the person, or who may receive for the person (P067)."""
        partner = self.env["res.partner"].browse(vals["partner_id"])
        right = self.env["npo.representative"].browse(
            vals.get("representation_id") or False
        )
        if not right:
            return partner
        valid = self.env["npo.representative"]._valid_representative(
            partner, "receive", right.representative_id, record.company_id
        )
        if right not in valid:
            raise UserError(
                self.env._(
                    "No representation by which money may be received for this person"
                    " is valid today: %s.",
                    record.name,
                )
            )
        if record.company_id.npo_agent_instrument and not right.instrument_number:
            raise UserError(
                self.env._(
                    "Who receives money for another shows an instrument, and none is"
                    " on file: %s.",
                    record.name,
                )
            )
        return right.representative_id


# What the granting file says itself.
ORDERED = (
    "kind",
    "partner_id",
    "amount",
    "currency_id",
    "fund_id",
    "description",
    "zakat_head_id",
    "representation_id",
)
