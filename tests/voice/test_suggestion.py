from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestSuggestion(AssociationCommon):
    """R054: studied, decided, told; thanks reach whom they are for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._new_beneficiary().partner_id

    def _suggest(self, user="officer", **vals):
        suggestions = self.env["npo.suggestion"].with_user(self.users[user])
        return suggestions.create(
            {
                "title": "Open in the evening",
                "description": "Workers cannot come before five.",
                "partner_id": self.person.id,
                "channel_id": self.channel.id,
                "company_id": self.company.id,
                "site_id": self.site.id,
                **vals,
            }
        )

    def _texts(self, suggestion):
        return [str(message.body) for message in suggestion.sudo().message_log_ids]

    def test_told_at_each_step(self):
        """R054: received, studied, adopted, carried out: a message each time."""
        suggestion = self._suggest()
        (text,) = self._texts(suggestion)
        self.assertIn(suggestion.name, text)
        self.assertIn(suggestion._tracking_code(), text)
        suggestion.action_study()
        self.assertEqual(suggestion.user_id, self.officer)
        suggestion.action_adopt()
        self.assertTrue(suggestion.date_answered)
        self.assertEqual(len(self._texts(suggestion)), 3)
        improvement = suggestion.sudo().improvement_ids
        self.assertEqual(improvement.title, suggestion.title)
        with self.assertRaisesRegex(UserError, "not applied yet"):
            suggestion.action_implement()
        improvement._enter("act")
        suggestion.action_implement()
        self.assertEqual(suggestion.stage_code, "implemented")
        self.assertEqual(len(self._texts(suggestion)), 4)
        self.assertTrue(suggestion.date_closed)

    def test_declined_with_a_reply(self):
        """R054: nobody is declined without a reply, and the person reads it."""
        suggestion = self._suggest()
        suggestion.action_study()
        with self.assertRaisesRegex(UserError, "Write the reply first"):
            suggestion.action_decline()
        suggestion.answer = "The building closes at four."
        suggestion.action_decline()
        self.assertEqual(suggestion.stage_code, "declined")
        self.assertIn("The building closes at four.", self._texts(suggestion)[-1])
        self.assertFalse(suggestion.sudo().improvement_ids)

    def test_thanks(self):
        """R054: thanks reach the colleague, or who leads the unit."""
        thanks = self._suggest(kind="thanks", description="Sara was patient with me.")
        with self.assertRaisesRegex(UserError, "passed on"):
            thanks.action_study()
        with self.assertRaisesRegex(UserError, "whom the thanks are for"):
            thanks.action_pass_on()
        thanks.thanked_id = self.users["researcher"]
        thanks.action_pass_on()
        self.assertEqual(thanks.stage_code, "thanked")
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.users["researcher"].partner_id.ids)]
        )
        self.assertIn("Sara was patient", message.body)
        self.assertNotIn(self.person.name, message.subject)
        outsider = new_test_user(self.env, "outsider", "base.group_portal")
        with self.assertRaises(ValidationError):
            self._suggest(kind="thanks", thanked_id=outsider.id)
        with self.assertRaisesRegex(UserError, "passed on"):
            self._suggest().action_pass_on()

    def test_unit_is_thanked(self):
        """R054: without a name, who leads the unit hears of it."""
        leader = self.users["deliverer"]
        employee = self.env["hr.employee"].create(
            {"name": "D", "user_id": leader.id, "company_id": self.company.id}
        )
        unit = self.env["hr.department"].create(
            {
                "name": "Delivery",
                "company_id": self.company.id,
                "manager_id": employee.id,
            }
        )
        thanks = self._suggest(kind="thanks", department_id=unit.id)
        thanks.action_pass_on()
        self.assertTrue(
            self.env["mail.message"].search(
                [("partner_ids", "in", leader.partner_id.ids)]
            )
        )

    def test_who_decides(self):
        """R054: reception records, officers study, the manager of the centre adopts."""
        suggestion = self._suggest(user="centre")
        suggestion.action_study()
        with self.assertRaises(AccessError):
            suggestion.action_adopt()
        suggestion.with_user(self.users["chief"]).action_adopt()
        with self.assertRaises(AccessError):
            suggestion.with_user(self.users["auditor"]).action_implement()
        with self.assertRaises(AccessError):
            suggestion.with_user(self.users["researcher"]).read(["title"])
        with self.assertRaises(AccessError):
            suggestion.write({"date_answered": "2026-01-01"})

    def test_delegate(self):
        """R093: a delegate sees the suggestions of the own sites."""
        other = self._suggest()
        delegate = self.env["npo.suggestion"].with_user(self.users["delegate"])
        self.assertFalse(delegate.search([("id", "=", other.id)]))
        own = self._suggest(user="delegate", site_id=self.branch.id)
        self.assertEqual(delegate.search([("id", "in", (other + own).ids)]), own)

    def test_unknown_and_nameless(self):
        """R150: who left an address is told there; who is nameless is not on record."""
        left = self._suggest(
            partner_id=False, contact_name="Huda", contact_email="h@example.com"
        )
        self.assertEqual(left.sudo().message_log_ids.email_to, "h@example.com")
        nameless = self._suggest(partner_id=False, is_anonymous=True)
        told = nameless.sudo().message_log_ids  # read on the page, sent to nobody
        self.assertFalse(told.partner_id or told.email_to or told.phone_to)
        nameless.action_study()
