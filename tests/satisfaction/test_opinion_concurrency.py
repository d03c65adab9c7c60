from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install", "npo_satisfaction")
class TestOpinionAtOnce(AtOnceCommon):
    """R068, R077: two schedulers, two events, two taps at one moment."""

    def _visit(self):
        visits = self.env["npo.visit"].with_user(self.users["front"])
        person = self.env["res.partner"].create(
            {
                "name": "Two Taps",
                "email": "t@example.com",
                "company_id": self.company.id,
            }
        )
        purpose = self.env.ref("npo_relations.visit_purpose_other")
        visit = visits._register_visitors(
            [
                {
                    "company_id": self.company.id,
                    "site_id": self.site.id,
                    "section": "women",
                    "purpose_id": purpose.id,
                    "partner_id": person.id,
                }
            ]
        )
        return visit.sudo()

    def test_two_crons(self):
        """R068: an invitation is sent by one of two schedulers, once."""
        visit = self._visit()
        invitation = self.env["npo.opinion.invitation"]._invite("after_visit", visit)
        self.cr.commit()

        def send(env):
            crons = type(env["ir.cron"])
            with patch.object(crons, "_commit_progress"):
                env["npo.opinion.invitation"].sudo()._cron_send()

        self._at_once(*[(self.users["chief"], send)] * 2)
        invitation.invalidate_recordset()
        self.assertEqual(invitation.state, "sent")
        messages = self.env["npo.message"].search(
            [("res_model", "=", "npo.visit"), ("res_id", "=", visit.id)]
        )
        self.assertEqual(len(messages), 1)

    def test_two_events(self):
        """R068: the same thing is asked about once, though two invite at once."""
        visit = self._visit()
        self.cr.commit()

        def invite(env):
            record = env["npo.visit"].sudo().browse(visit.id)
            return len(env["npo.opinion.invitation"]._invite("after_visit", record))

        made = self._at_once(*[(self.users["front"], invite)] * 3)
        self.assertEqual(sum(made), 1)

    def test_two_taps(self):
        """R068: a page that is sent twice at one instant is one answer."""
        visit = self._visit()
        invitation = self.env["npo.opinion.invitation"]._invite("after_visit", visit)
        name = f"q{invitation._questions()[0].id}"
        self.cr.commit()

        def tap(env):
            own = env["npo.opinion.invitation"].sudo().browse(invitation.id)
            own._save_page(0, {name: "1"})

        self._at_once(*[(self.users["front"], tap)] * 3)
        about = [("company_id", "=", self.company.id)]
        today = [("date", ">=", fields.Date.subtract(fields.Date.today(), days=1))]
        answers = self.env["npo.opinion.answer"].search([*about, *today])
        self.assertEqual(len(answers), 1)
        self.assertEqual(self.env["npo.opinion.recovery"].search_count(about), 1)
