from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CommitteeCommon


@tagged("post_install", "-at_install")
class TestLetters(CommitteeCommon):
    """R125–R127: the answers of a session in one step, and its letters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls._waiting(3)
        cls.session = cls._opened()
        cls.items = cls.session.item_ids
        cls._move_acceptance(cls.items)
        for name in ("chair", "deputy", "member"):
            cls.items.with_user(cls.users[name])._vote("for")
        cls.items.action_decide()
        cls.session.with_user(cls.chair).action_close_session()

    def _ripen(self, requests):
        """Let the days of study pass for some of the requests."""
        long_ago = fields.Date.subtract(self.company._npo_today(), days=20)
        requests.date_clock_start = long_ago

    def _make_letters(self):
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", _in_time):
            self.env["npo.committee.item"]._cron_letters()

    def test_ripe_are_announced_others_listed(self):
        """R125, R126: one step announces what may be; the others with their day."""
        ripe, early = self.requests[:2], self.requests[2]
        self._ripen(ripe)
        self.session.invalidate_recordset()
        self.assertEqual(self.session.ripe_count, 2)
        action = self.session.action_announce()
        self.assertEqual(ripe.mapped("stage_code"), ["registration"] * 2)
        self.assertEqual(early.stage_code, "decided")
        told = action["params"]["message"]
        self.assertIn(early.name, told)
        self.assertIn(early._format_date(early.earliest_reply_date), told)
        self.assertNotIn(ripe[0].name, told)
        states = {item.request_id: item.letter_state for item in self.items}
        self.assertEqual(states[early], "none")
        self.assertEqual(states[ripe[0]], "waiting")
        self.assertEqual(len(ripe.message_log_ids.filtered(self._is_answer)), 2)

    def _is_answer(self, message):
        answer = self.env.ref("npo_relations.mail_template_req_accepted")
        return message.template_id == answer

    def test_letters_are_made_once(self):
        """R125: a letter is made once, kept with its request, and printed with all."""
        self._ripen(self.requests)
        self.session.action_announce()
        self.assertEqual(self.session.letter_waiting_count, 3)
        with self.assertRaises(UserError):
            self.session.action_print_letters()
        self._make_letters()
        self._make_letters()
        letters = self.env["ir.attachment"].search(
            [("res_model", "=", "npo.request"), ("res_id", "in", self.requests.ids)]
        )
        self.assertEqual(len(letters), 3)
        self.assertEqual(self.items.letter_id, letters)
        self.assertTrue(letters[0].raw.startswith(b"%PDF"))
        self.assertEqual(set(self.items.mapped("letter_state")), {"made"})
        action = self.session.action_print_letters()
        own = self.session.env["npo.committee.paper"]
        paper = own.search([], order="id desc", limit=1)
        self.assertIn(str(paper.id), action["url"])
        self.assertEqual(paper.create_uid, self.secretary)

    def test_one_bad_letter_holds_up_no_other(self):
        """R125: a letter that cannot be made is marked, and can be made again."""
        self._ripen(self.requests)
        self.session.action_announce()
        bad = self.items[1]
        model = self.env.registry["ir.actions.report"]
        real = model._npo_pdf_by_record

        def render(report, ref, ids):
            if bad.request_id.id in ids:
                raise ValueError("broken")
            return real(report, ref, ids)

        with (
            patch.object(model, "_npo_pdf_by_record", render),
            mute_logger("odoo.addons.npo_relations.models.committee.letters"),
        ):
            self._make_letters()
        self.assertEqual(self.items.mapped("letter_state"), ["made", "failed", "made"])
        bad.action_make_letter_again()
        self._make_letters()
        self.assertEqual(bad.letter_state, "made")

    def test_announced_alone(self):
        """R125: a decision announced on its own request has its letter made as well."""
        self._ripen(self.requests)
        self.requests[0].with_user(self.chair).action_announce()
        item = self.items.filtered(lambda i: i.request_id == self.requests[0])
        self.assertEqual(item.letter_state, "waiting")

    def test_list_of_decisions(self):
        """R123: the decisions as a sheet, each by its number and without a name."""
        action = self.session.with_user(self.users["auditor"]).action_decisions_sheet()
        self.assertIn("/web/content/npo.committee.paper/", action["url"])
        row = self.items[0]._decision_row(1)
        self.assertIn(self.items[0].reference, row)
        self.assertIn(9000, row)
        self.assertNotIn(self.requests[0].partner_id.name, row)


def _in_time(cron, *args, **kwargs):
    """What the scheduler answers while there is time, without committing."""
    return 60.0
