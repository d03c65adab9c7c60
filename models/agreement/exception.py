from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..core.guards import check_values, without_defaults

YEARS = 2  # what lies further back is no longer put right


class NpoAgreementWaiver(models.Model):
    """Why a dealing goes on without an agreement, by the general manager (R146)."""

    _name = "npo.agreement.waiver"
    _description = "Dealing Allowed Without an Agreement"
    _order = "id desc"
    _rec_name = "reason"

    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    move_id = fields.Many2one(
        "account.move", string="Bill", index="btree_not_null", ondelete="cascade"
    )
    referral_id = fields.Many2one(
        "npo.outside.referral", index="btree_not_null", ondelete="cascade"
    )
    reason = fields.Text(required=True)
    user_id = fields.Many2one("res.users", string="Allowed by", required=True)
    date = fields.Date("Allowed on", required=True)

    _move_uniq = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL", "This bill was allowed already."
    )
    _referral_uniq = models.UniqueIndex(
        "(referral_id) WHERE referral_id IS NOT NULL",
        "This referral was allowed already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("A dealing is allowed by its button, with a reason.")
            )
        return super(NpoAgreementWaiver, without_defaults(self)).create(vals_list)


class NpoAgreementException(models.Model):
    """Dealings above the association's value that no agreement covers (R146).

    Vendor bills that are no payment of our own grants, and referrals to bodies
    outside: worked out each time they are looked at, two years back.
    """

    _name = "npo.agreement.exception"
    _description = "Dealing Without an Agreement"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reference"

    kind = fields.Selection(
        [("bill", "Vendor bill"), ("referral", "Referral to another body")],
        readonly=True,
    )
    res_id = fields.Integer("Record", readonly=True)
    reference = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", string="Association", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="With", readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary("Value", readonly=True)
    is_done = fields.Boolean("Posted or sent", readonly=True)
    waiver_id = fields.Many2one(
        "npo.agreement.waiver", string="Allowed, because", readonly=True
    )
    waived_by_id = fields.Many2one(related="waiver_id.user_id", string="Allowed by")

    _depends = {
        "account.move": [
            "amount_total_signed",
            "commercial_partner_id",
            "company_id",
            "date",
            "invoice_date",
            "move_type",
            "name",
            "partner_id",
            "ref",
            "state",
        ],
        "npo.outside.referral": ["body_id", "company_id", "date_sent", "request_id"],
        "npo.request": ["amount_requested"],
        "npo.agreement": ["active", "company_id", "date_from", "date_to", "state"],
        "npo.agreement.party": ["agreement_id", "partner_id"],
        "npo.agreement.waiver": ["move_id", "referral_id"],
        "npo.payout": ["move_id"],
        "res.company": ["npo_agreement_threshold", "npo_agreement_check"],
        "res.partner": ["commercial_partner_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT dealing.id, dealing.kind, dealing.res_id, dealing.reference,
                   dealing.company_id, dealing.partner_id, dealing.date,
                   dealing.amount, dealing.is_done, dealing.waiver_id
              FROM (%(bills)s UNION ALL %(referrals)s) dealing
              JOIN res_company company ON company.id = dealing.company_id
             WHERE company.npo_agreement_check != 'off'
               AND COALESCE(dealing.amount > company.npo_agreement_threshold, TRUE)
               AND dealing.date > CURRENT_DATE - make_interval(years => %(years)s)
               AND NOT EXISTS (
                   SELECT FROM npo_agreement_party party
                     JOIN npo_agreement agreement ON agreement.id = party.agreement_id
                     JOIN res_partner bound ON bound.id = party.partner_id
                    WHERE bound.commercial_partner_id = dealing.commercial_id
                      AND agreement.company_id = dealing.company_id
                      AND agreement.state IN ('active', 'to_review')
                      AND agreement.date_from <= dealing.date
                      AND (agreement.date_to IS NULL
                           OR agreement.date_to >= dealing.date))
            """,
            bills=self._bills(),
            referrals=self._referrals(),
            years=YEARS,
        )

    @api.model
    def _bills(self):
        """Return the vendor bills that are no payment order of our own."""
        return SQL(
            """
            SELECT 2 * move.id AS id, 'bill' AS kind, move.id AS res_id,
                   COALESCE(NULLIF(move.name, '/'), move.ref) AS reference,
                   move.company_id, move.partner_id,
                   move.commercial_partner_id AS commercial_id,
                   COALESCE(move.invoice_date, move.date) AS date,
                   ABS(move.amount_total_signed) AS amount,
                   move.state = 'posted' AS is_done, waiver.id AS waiver_id
              FROM account_move move
              LEFT JOIN npo_agreement_waiver waiver ON waiver.move_id = move.id
             WHERE move.move_type IN ('in_invoice', 'in_receipt')
               AND move.state IN ('draft', 'posted')
               AND move.partner_id IS NOT NULL
               AND NOT EXISTS (
                   SELECT FROM npo_payout payout WHERE payout.move_id = move.id)
            """
        )

    @api.model
    def _referrals(self):
        """Return the referrals to bodies outside; their value is what was asked for."""
        return SQL(
            """
            SELECT 2 * referral.id + 1 AS id, 'referral' AS kind,
                   referral.id AS res_id, referral.name AS reference,
                   referral.company_id, referral.body_id AS partner_id,
                   body.commercial_partner_id AS commercial_id,
                   COALESCE(referral.date_sent, %(today)s) AS date,
                   request.amount_requested AS amount,
                   referral.state != 'draft' AS is_done, waiver.id AS waiver_id
              FROM npo_outside_referral referral
              JOIN res_partner body ON body.id = referral.body_id
              LEFT JOIN npo_request request ON request.id = referral.request_id
              LEFT JOIN npo_agreement_waiver waiver
                ON waiver.referral_id = referral.id
             WHERE referral.state != 'cancelled'
            """,
            today=self.env.company._npo_today(),
        )

    @api.model
    def _of(self, kind, records):
        """Return the dealings among records that nobody allowed, as superuser."""
        domain = Domain("kind", "=", kind) & Domain("res_id", "in", records.ids)
        return self.sudo().search(domain & Domain("waiver_id", "=", False))

    @api.model
    def _check_dealing(self, kind, records):
        """Refuse or note what is done without an agreement, as the association chose.

        :return: the dealings that go on with a warning
        """
        lacking = self._of(kind, records)
        for dealing in lacking:
            if dealing.company_id.npo_agreement_check == "block":
                raise UserError(
                    self.env._(
                        "There is no agreement in force with %(party)s, and this"
                        " dealing is above the value that needs one (%(value)s)."
                        " Conclude an agreement, or have the general manager allow it"
                        " with a reason.",
                        party=dealing.partner_id.name,
                        value=dealing.company_id.npo_agreement_threshold,
                    )
                )
        return lacking

    def _allow(self, reason):
        """Let dealings go on without an agreement, for a reason."""
        if not self.env.user.has_group("npo_relations.group_npo_general_manager"):
            raise AccessError(
                self.env._("Only the general manager allows it, with a reason.")
            )
        self.check_access("read")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write the reason first."))
        check_values(self.env["npo.agreement.waiver"], {"reason": reason})
        if self.waiver_id:
            raise UserError(self.env._("This was allowed already."))
        return (
            self.env["npo.agreement.waiver"]
            .sudo()
            .create(
                [
                    {
                        "company_id": dealing.company_id.id,
                        "move_id": dealing.kind == "bill" and dealing.res_id,
                        "referral_id": dealing.kind == "referral" and dealing.res_id,
                        "reason": reason,
                        "user_id": self.env.uid,
                        "date": dealing.company_id._npo_today(),
                    }
                    for dealing in self
                ]
            )
        )

    def action_open(self):
        """Open the bill or the referral, for who may see it."""
        self.ensure_one()
        self.check_access("read")
        model = "account.move" if self.kind == "bill" else "npo.outside.referral"
        self.env[model].browse(self.res_id).check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
