from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon
from .common import CompensationCommon

STEPS = (
    "_new_agreement",
    "_vals",
    "_new_case",
    "_studied",
    "_find_all",
    "_negotiated",
    "_agreed",
    "_complete",
    "_asked",
)


class CompensationAtOnceCommon(AtOnceCommon):
    """An artisan with an agreement, on committed data."""

    profile = "harfa"
    for _name in STEPS:
        locals()[_name] = vars(CompensationCommon)[_name]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.claims, cls.lawyer = cls.users["claims"], cls.users["lawyer"]
        cls.manager, cls.grantor = cls.users["manager"], cls.users["grantor"]
        cls.second = cls._new_staff("second", "compensation_approver", cls.company)
        cls.person = cls.env["res.partner"].create(
            {"name": "Salma", "company_id": cls.company.id}
        )
        cls.fund = cls.env["npo.fund"].create(
            {"name": "General", "company_id": cls.company.id}
        )
        cls.agreement = cls._new_agreement()
        cls.duty = cls.env["npo.agreement.line"].search(
            [("agreement_id", "=", cls.agreement.id), ("kind", "=", "duty")], limit=1
        )
        cls.cr.commit()


@tagged("post_install", "-at_install")
class TestCompensationAtOnce(CompensationAtOnceCommon):
    """D01: two press at one moment; the database itself decides."""

    def test_two_approve(self):
        """D01: two approvals at once are one, and ask for the money once."""
        case = self._asked()
        approval = case.sudo().approval_id
        self.cr.commit()

        def approve(env):
            env["npo.approval"].browse(approval.id)._answer(True, "Fair.")

        paid = []
        model = type(self.env["npo.compensation"])
        with patch.object(model, "_pay_out", lambda records: paid.append(records.ids)):
            results = self._at_once((self.grantor, approve), (self.second, approve))
        told = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(told), 1, results)
        case.invalidate_recordset()
        self.assertEqual(case.stage_code, "payment")
        duties = self.env["npo.duty"].search(
            [
                ("res_model", "=", "npo.compensation"),
                ("res_id", "=", case.id),
                ("duty", "=", "approve"),
            ]
        )
        self.assertEqual(len(duties), 1)

    def test_two_answer(self):
        """R142: the person accepts while the officer notes a refusal: one of them."""
        case = self._negotiated()
        user = self.users["portal"]
        user.partner_id.company_id = self.company
        case.sudo().partner_id = user.partner_id
        self.cr.commit()

        def accept(env):
            own = env["npo.compensation"].browse(case.id)
            own._portal_accept("1", None, user.name, "127.0.0.1")

        def decline(env):
            own = env["npo.compensation"].browse(case.id)
            own._answered_in_words("declined", "No.")

        results = self._at_once((user, accept), (self.claims, decline))
        told = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(told), 1, results)
        case.invalidate_recordset()
        case.round_ids.invalidate_recordset()
        result = case.sudo().round_ids.result
        stage = {"accepted": "decision", "declined": "negotiation"}[result]
        self.assertEqual(case.stage_code, stage)
