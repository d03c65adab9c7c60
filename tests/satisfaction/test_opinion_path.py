from odoo.tests import tagged

from .common import OpinionPageCommon


@tagged("post_install", "-at_install", "npo_satisfaction")
class TestOpinionPath(OpinionPageCommon):
    """From what happened to the number: the way of one answer."""

    def test_delivered_to_measure(self):
        """R068, R077: a delivery invites once; the page is answered and counted.

        Its message is the invitation: who answers at once, before the cron, was asked.
        """
        request = self._delivered()
        invitation = request._opinion()
        self.assertEqual(len(invitation), 1)
        self.assertEqual(invitation.state, "sent")
        self.assertTrue(invitation.date_sent and invitation.date_remind)
        message = request.message_log_ids.sorted("id")[-1:]
        self.assertNotIn(invitation.token, message.body)
        self.assertIn(invitation.token, message._mail_body())
        self._anonymous()
        url = f"/opinion/{invitation.token}"
        _response, page = self._get(url)
        self.assertNotIn(self.person.name, page.text_content())
        first = page.xpath("//input[@type='radio']/@name")[0]
        _response, page = self._post(url, {"page": "0", first: "4"})
        self.assertEqual(invitation.state, "partial")
        self.assertLessEqual(len(page.xpath("//fieldset|//textarea")), 5)
        _response, page = self._post(url, {"page": "1", "reason": "speed"})
        self.assertEqual(invitation.state, "done")
        self.assertEqual(invitation.user_input_id.state, "done")
        self.assertEqual(self._measure("csat"), (0, None), "of few nothing is told")
        self.company.npo_small_answers = 1
        self.assertEqual(self._measure("csat"), (1, 1))
        self.assertEqual(self._measure("response_rate"), (1, 1))
