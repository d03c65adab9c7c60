from odoo.tests import tagged

from ..common_browser import BrowserCommon
from ..paying.common import AccountingCommon
from ..portal.common import PortalCommon
from .common import CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationTour(
    CompensationCommon, AccountingCommon, PortalCommon, BrowserCommon
):
    """R131–R143, R158, D01: from the claim in the portal to the money, in Arabic.

    The bill is posted by one of finance and paid by another; neither approved it.
    """

    chart = "sa"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        arabic = cls.env.ref("base.lang_ar")
        website = cls.env["website"].search([], limit=1)
        website.write({"language_ids": arabic.ids, "default_lang_id": arabic.id})
        cls.person = cls.partner
        cls.person.name = "سلمى الحرفية"
        cls.agreement.sudo().partner_id = cls.person
        cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.person.id,
                "acc_number": "SA4420000001234567891234",
                "allow_out_payment": True,
            }
        )
        cls.staff = cls.claims | cls.grantor | cls.poster | cls.payer
        (cls.staff | cls.portal_user).lang = "ar_001"

    def test_claim_to_payment(self):
        """R131, R158: claimed, offered, signed, approved, posted and paid by four."""
        self._tour("/my/compensations", "npo_compensation_claim", self.portal_user)
        case = self.env["npo.compensation"].search(
            [("partner_id", "=", self.person.id)]
        )
        self.assertEqual((case.stage_code, case.amount_claimed), ("received", 1500))
        self._build_assets(self.claims)
        page = f"/odoo/compensations/{case.id}"
        self._tour(page, "npo_compensation_admit", self.claims)
        self.assertEqual(case.stage_code, "study")
        self._find_all(case.with_user(self.claims))
        case.head_ids.create(
            {"compensation_id": case.id, "head": "lost_goods", "amount_proposed": 1500}
        )
        case.with_user(self.claims).action_negotiate()
        self._tour(page, "npo_compensation_offer", self.claims)
        self._tour("/my/compensations", "npo_compensation_sign", self.portal_user)
        self.assertEqual((case.stage_code, case.amount_agreed), ("decision", 1500))
        self.assertEqual(case._accepted_round().answered_via, "portal")

        officer = case.with_user(self.claims)
        officer._propose("It is fair.", self.fund)
        case.with_user(self.lawyer)._review_legally("fit", "Nothing against it.")
        case.with_user(self.manager)._sign_for_association()
        officer.action_ask_approval()
        self._tour(page, "npo_compensation_approve", self.grantor)
        bill = case.payout_ids.move_id
        self.assertEqual((bill.state, bill.amount_total), ("draft", 1500))

        self._tour("/odoo/payments-due", "npo_compensation_post", self.poster)
        self.assertEqual(bill.state, "posted")
        self._tour("/odoo/payments-due", "npo_compensation_pay", self.payer)
        self.assertEqual((bill.payment_state, case.stage_code), ("paid", "paid"))
        duties = self.env["npo.duty"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)]
        )
        did = {duty.duty: duty.user_id for duty in duties}
        self.assertEqual(
            (did["approve"], did["post"], did["pay"]),
            (self.grantor, self.poster, self.payer),
        )
        self._tour("/my/compensations", "npo_compensation_paid", self.portal_user)
