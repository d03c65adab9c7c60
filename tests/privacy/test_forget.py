from odoo.tests import tagged

from .common_forget import ForgetCommon


@tagged("post_install", "-at_install")
class TestForget(ForgetCommon):
    """P016: nothing is left of a person, and the statistics are what they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_person()
        cls.partner = cls.file.partner_id
        cls._end_all(cls.partner)
        cls._long_ago()

    def test_nothing_is_left(self):
        """D17, P016: every value is somewhere before, and nowhere afterwards."""
        words = list(self.words.values())
        before = self._found(words)
        self.assertEqual(set(before), set(words), "each value stands somewhere")
        session = self._approved()
        self.assertIn(self.partner.id, session.line_ids.mapped("res_id"))
        self._carry_out(session)
        self.assertEqual(set(session.line_ids.mapped("state")), {"done"})
        self.assertEqual(self._found(words), {})
