from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ...models.privacy.data_request_flow import NpoDataRequest
from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestDataCorrection(AssociationCommon):
    """P010, P014, P022: correction, destruction and objection, step by step."""

    logs_in = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary(city="Arar")
        cls.partner = cls.file.partner_id
        cls.protector = cls.users["protector"]
        cls.reason = cls.env.ref("npo_relations.reason_privacy_legal_duty")

    def _verified(self, kind="correct", **vals):
        case = (
            self.env["npo.data.request"]
            .with_user(self.officer)
            .create({"partner_id": self.partner.id, "kind": kind, **vals})
        )
        case._verify_identity("card")
        return case

    def _propose(self, case, name, value):
        return (
            self.env["npo.data.correction"]
            .with_user(case.env.user)
            .create({"case_id": case.id, "field_name": name, "new_value": value})
        )

    def test_correct(self):
        """P010: proposed, then confirmed: old and new value are kept."""
        case = self._verified()
        line = self._propose(case, "city", "Turaif")
        self.assertRecordValues(line, [{"old_value": "Arar", "state": "proposed"}])
        self.assertEqual(self.file.city, "Arar")
        with self.assertRaises(UserError):
            case._fulfil("done", "The city was corrected.")
        line.action_confirm()
        self.assertEqual(self.file.city, "Turaif")
        self.assertRecordValues(
            line,
            [
                {
                    "old_value": "Arar",
                    "new_value": "Turaif",
                    "state": "confirmed",
                    "decided_by_id": self.officer.id,
                }
            ],
        )
        for vals in ({"new_value": "x"}, {"state": "proposed"}, {"old_value": "x"}):
            with self.subTest(vals), self.assertRaises(UserError):
                line.write(vals)
        with self.assertRaises(UserError):
            line.unlink()
        case._fulfil("done", "The city was corrected.")

    def test_correct_identity(self):
        """R154: a corrected identity leaves its own history, and no number in clear."""
        case = self._verified()
        line = self._propose(case, "identity_number", "1010101010")
        line.action_confirm()
        self.assertEqual(self.file.identity_number, "1010101010")
        change = self.file.identity_change_ids[:1]
        self.assertEqual((change.kind, change.reason), ("number", case.name))
        self.assertEqual((line.old_value, line.new_value), ("••••••0008", "••••••1010"))
        self.assertFalse(self.file.identity_verified_on)

    def test_wrong_value(self):
        """The rules of the file hold for a correction too."""
        case = self._verified()
        line = self._propose(case, "identity_number", "1010101011")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            line.action_confirm()
        line.action_drop()
        with self.assertRaises(UserError):
            case._fulfil("done", "Dropped.")
        case._fulfil("partly", "The number on the card is the one on file.")

    def test_nothing_stays_in_clear(self):
        """R154: refused or taken back, no proposed number stays beside the request."""
        for end in ("refuse", "cancel"):
            case = self._verified()
            lines = self._propose(case, "identity_number", "1010101010")
            lines |= self._propose(case, "iban", "SA4420000001234567891234")
            if end == "refuse":
                case.with_user(self.protector)._refuse(self.reason)
            else:
                case._cancel("The person took it back.")
            with self.subTest(end):
                self.assertEqual(set(lines.mapped("state")), {"dropped"})
                self.env.flush_all()
                self.cr.execute(
                    "SELECT new_value FROM npo_data_correction WHERE id IN %s",
                    (tuple(lines.ids),),
                )
                for (value,) in self.cr.fetchall():
                    self.assertRegex(value, r"^•+\d{4}$")

    def test_data_protection_drops(self):
        """P010: data protection drops a correction that waits; the desk confirms."""
        cases = self.env["npo.data.request"]
        for role, names in (
            ("protector", {"action_drop"}),
            ("officer", {"action_drop", "action_confirm"}),
            ("front", set()),
        ):
            view = cases.with_user(self.users[role]).get_view(view_type="form")
            buttons = etree.fromstring(view["arch"]).xpath(
                "//field[@name='correction_ids']//button/@name"
            )
            with self.subTest(role):
                self.assertEqual(set(buttons), names)
        case = self._verified()
        line = self._propose(case, "city", "Turaif").with_user(self.protector)
        line.action_drop()
        self.assertEqual((line.state, self.file.city), ("dropped", "Arar"))

    def test_who_corrects(self):
        """P014: not before the identity, not the front desk, not of another kind."""
        case = (
            self.env["npo.data.request"]
            .with_user(self.users["front"])
            .create({"partner_id": self.partner.id, "kind": "correct"})
        )
        line = self._propose(case, "city", "Turaif")
        with self.assertRaises(UserError):
            line.with_user(self.officer).action_confirm()
        case._verify_identity("card")
        with self.assertRaises(AccessError):
            line.action_confirm()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._propose(self._verified("inform"), "city", "x")
        with self.assertRaises(AccessError):
            self.env["npo.data.correction"].with_user(self.officer).create(
                {
                    "case_id": case.id,
                    "field_name": "phone",
                    "new_value": "x",
                    "state": "confirmed",
                }
            )

    def test_destroy(self):
        """P016: a granted request to destroy is handed over, once, with its person."""
        case = self._verified("destroy").with_user(self.protector)
        with patch.object(NpoDataRequest, "_destroy_asked", autospec=True) as asked:
            case._fulfil("done", "What the law lets go is destroyed.")
        asked.assert_called_once_with(case)
        case = self._verified("destroy").with_user(self.protector)
        with patch.object(NpoDataRequest, "_destroy_asked", autospec=True) as asked:
            case._fulfil("nothing", "Nothing is held.")
        self.assertFalse(asked.call_args and asked.call_args[0][0])

    def test_object(self):
        """P014: the refused person is told how to object, and another one answers."""
        case = self._verified("destroy").with_user(self.protector)
        case._refuse(self.reason)
        message = self.env["npo.message"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)], limit=1
        )
        self.assertIn("object", message.body)
        form = Form(
            self.env["npo.data.request.step"]
            .with_user(self.officer)
            .with_context(default_case_id=case.id, default_step="object")
        )
        form.note = "The law does not say so."
        action = form.save().action_confirm()
        again = self.env["npo.data.request"].browse(action["res_id"])
        self.assertRecordValues(
            again,
            [
                {
                    "objected_id": case.id,
                    "kind": "destroy",
                    "detail": "The law does not say so.",
                    "stage_code": "new",
                }
            ],
        )
        self.assertEqual(case._object("Again", "spoken"), again)
        again.with_user(self.officer)._verify_identity("card")
        for step in (
            lambda: again.with_user(self.protector)._refuse(self.reason),
            lambda: again.with_user(self.protector)._fulfil("done", "So."),
        ):
            with self.assertRaises(UserError):
                step()
        again.with_user(self.users["manager"])._refuse(self.reason)
        self.assertEqual(again.refused_by_id, self.users["manager"])

    def test_object_to_what(self):
        """Only a refusal is objected to."""
        case = self._verified("inform")
        with self.assertRaises(UserError):
            case._object_at_desk("x")
