from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestMessages(AssociationCommon):
    """D04, R057: by the way that the person prefers, never twice, and logged."""

    def _message(self, index=0, channel=None, **vals):
        if channel:
            preferred = self.env["npo.channel"].search([("code", "=", channel)])
            vals["preferred_channel_id"] = preferred.id
        file = self._new_beneficiary(index, **vals)
        request = self._new_request(file).sudo()
        return request.message_log_ids[-1:]

    def _mails(self, message):
        return self.env["mail.mail"].search([("npo_message_id", "=", message.id)])

    def test_once(self):
        """D04: an event of a case is told once, however often it is said."""
        message = self._message()
        request = self.env["npo.request"].browse(message.res_id)
        told = len(request.message_log_ids)
        for _time in range(3):
            request._notify("req_incomplete")
        self.assertEqual(len(request.message_log_ids), told + 1)
        request._notify("req_incomplete", once="2")
        self.assertEqual(len(request.message_log_ids), told + 2)
        reason = self.env.ref("npo_relations.reason_return_missing_document")
        request.with_user(self.officer)._return(reason, "The contract.")
        self.assertEqual(len(request.message_log_ids), told + 3)

    def test_without_stages(self):
        """D04: what is no case has no moments: it is told each time."""
        file = self._new_beneficiary(1)
        template = self.env["mail.template"].create(
            {
                "name": "Test",
                "model_id": self.env["ir.model"]._get_id("npo.beneficiary"),
                "subject": "Renew",
                "body_html": "<p>Renew</p>",
            }
        )
        for _time in range(2):
            self.assertTrue(self.env["npo.message"]._queue(template, file))

    def test_mail(self):
        """D04: by mail; a failure of the mail server is logged on the message."""
        message = self._message()
        message._deliver()
        self.assertEqual((message.state, message.way), ("sent", "email"))
        mail = self._mails(message)
        mail._postprocess_sent_message([], [], "Mailbox full", "mail_smtp")
        self.assertEqual((message.state, message.failure), ("failed", "Mailbox full"))

    def test_text_is_off(self):
        """D04: text messages are off: who prefers one gets a mail, which is noted."""
        self.assertFalse(self.company.npo_sms_enabled)
        message = self._message(channel="sms")
        texts = self.env["sms.sms"].search_count([])
        message._deliver()
        self.assertEqual((message.way, message.channel_id.code), ("email", "sms"))
        self.assertEqual(self.env["sms.sms"].search_count([]), texts)

    def test_text(self):
        """R057: who prefers a text message gets one, and no mail."""
        self.company.npo_sms_enabled = True
        message = self._message(channel="sms")
        message._deliver()
        self.assertEqual(message.way, "sms")
        self.assertFalse(self._mails(message))
        text = self.env["sms.sms"].search([("uuid", "=", message.sms_uuid)])
        self.assertIn("REQ/", text.body)
        self.assertEqual(text.partner_id, message.partner_id)
        text.write({"state": "error", "failure_type": "sms_number_format"})
        self.env["npo.message"]._read_gateway()
        self.assertEqual(message.state, "failed")
        self.assertEqual(message.failure, "sms_number_format")

    def test_mail_wanted(self):
        """R057: who prefers mail gets mail, text messages on or off."""
        self.company.npo_sms_enabled = True
        message = self._message(channel="email")
        message._deliver()
        self.assertEqual(message.way, "email")

    def test_paper(self):
        """D04: who can be reached by neither gets a slip; printing it is noted."""
        message = self._message(email=False)
        message._deliver()
        self.assertEqual(message.state, "no_address")
        with self.assertRaises(UserError):
            message.with_user(self.users["auditor"]).action_print()
        action = message.with_user(self.officer).action_print()
        self.assertEqual(message.state, "printed")
        body, _kind = self.env["ir.actions.report"]._render_qweb_html(
            action["report_name"], message.ids
        )
        self.assertIn("REQ/", body.decode())

    def test_batch(self):
        """D04: handing over takes as many statements for many as for few."""
        messages = self._message()
        counts = []
        for size in (2, 12):
            batch = messages.browse(
                [messages.copy({"event_key": f"{size}-{n}"}).id for n in range(size)]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            batch._deliver()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
