from odoo import fields, models


class NpoAgreement(models.Model):
    """Up to which amount the association is liable (R028)."""

    _inherit = "npo.agreement"

    compensation_ids = fields.One2many(
        "npo.compensation",
        "agreement_id",
        "Compensations",
        groups="npo_relations.group_npo_legal_adviser,"
        "npo_relations.group_npo_compensation_officer,"
        "npo_relations.group_npo_compensation_approver,"
        "npo_relations.group_npo_general_manager,"
        "npo_relations.group_npo_auditor",
    )

    def _liability_left(self, on=None):
        """Return (limit, or False without one; amount approved against it).

        What was approved is what payment orders stand for; a void one does not count.

        :param on: the day of the harm: a yearly limit is that of its year of the
            agreement; a limit for each event is used up by no other event
        """
        self.ensure_one()
        kind = self.liability_limit_type
        if kind == "none":
            return False, 0.0
        if kind == "event":
            return self.liability_limit_amount, 0.0
        cases = self.sudo().compensation_ids
        if kind == "year":
            start, end = self._year_of(on or self.company_id._npo_today())
            cases = cases.filtered(
                lambda case: case.date_harm and start <= case.date_harm < end
            )
        return self.liability_limit_amount, self._amount_approved(cases)

    def _amount_approved(self, cases):
        """Return what was approved on cases, in the currency of the agreement."""
        payouts = (
            self.env["npo.payout"]
            .sudo()
            .search(
                [
                    ("res_model", "=", cases._name),
                    ("res_id", "in", cases.ids),
                    ("state", "!=", "void"),
                ]
            )
        )
        return sum(
            payout.currency_id._convert(
                payout.amount,
                self.currency_id,
                self.company_id,
                payout.create_date.date(),
            )
            for payout in payouts
        )

    def _year_of(self, day):
        """Return the first day of the agreement's year that a day lies in, and its end.

        :return: (first day, first day of the year after)
        """
        years = max(day.year - self.date_from.year, 0)
        if years and fields.Date.add(self.date_from, years=years) > day:
            years -= 1
        return tuple(
            fields.Date.add(self.date_from, years=years + more) for more in (0, 1)
        )

    def action_view_compensations(self):
        """Open the compensations that were asked for under the agreement."""
        self.ensure_one()
        return self._open_under("npo.compensation", [("agreement_id", "=", self.id)])

    def action_view_bills(self):
        """Open the vendor bills of the other party."""
        self.ensure_one()
        party = self.partner_id.commercial_partner_id
        return self._open_under(
            "account.move",
            [
                ("commercial_partner_id", "=", party.id),
                ("company_id", "=", self.company_id.id),
                ("move_type", "in", ("in_invoice", "in_refund", "in_receipt")),
            ],
        )

    def _open_under(self, model, domain):
        """Return the action that lists records which belong to the agreement."""
        self.check_access("read")
        self.env[model].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env[model]._description,
            "res_model": model,
            "view_mode": "list,form",
            "domain": domain,
            "context": {"create": False},
        }
