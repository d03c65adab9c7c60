from email.message import EmailMessage

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import AssociationCommon

SENDER = "Sara <sara@elsewhere.example>"


@tagged("post_install", "-at_install")
class TestMailGateway(AssociationCommon):
    """R094, R204: mails to the addresses of an association, by Odoo's own gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        domain = cls.env["mail.alias.domain"].create({"name": "npo.example"})
        cls.company.alias_domain_id = domain
        cls.company.email = "office@npo.example"
        cls.env["npo.mailbox"].create(
            [
                {"kind": kind, "alias_name": name, "company_id": cls.company.id}
                for kind, name in (("complaint", "complaints"), ("inquiry", "ask"))
            ]
        )

    def _mail(self, to="complaints@npo.example", sender=SENDER, body="Text", **headers):
        """Return a mail as a server hands it over."""
        mail = EmailMessage()
        mail["From"], mail["To"] = sender, to
        headers.setdefault("Subject", "No one answers")
        headers.setdefault("Message_Id", f"<{self.id()}.{len(body)}@elsewhere.example>")
        for name, value in headers.items():
            if value:
                mail[name.replace("_", "-")] = value
        mail.set_content(body)
        return mail

    def _process(self, mail, kind="complaint"):
        """Hand a mail to the gateway; return the cases of a kind there are more."""
        before = self.env[f"npo.{kind}"].search([])
        self.env["mail.thread"].message_process(None, mail.as_bytes())
        return self.env[f"npo.{kind}"].search([]) - before

    def _told(self, case):
        return self.env["npo.message"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)]
        )

    def test_unmatched_is_kept(self):
        """R094: a sender whom nobody knows is filed as unmatched and answered once."""
        case = self._process(self._mail(body="I called three times.\nNo one came."))
        self.assertEqual(len(case), 1)
        self.assertTrue(case.is_unmatched)
        self.assertEqual(case.contact_email, "sara@elsewhere.example")
        self.assertEqual(case.title, "No one answers")
        self.assertEqual(case.description, "I called three times.\nNo one came.")
        self.assertEqual(case.company_id, self.company)
        self.assertEqual(case.received_via, "other")
        self.assertIn("three times", case.message_ids[-1:].body)

    def test_known_sender(self):
        """R094: the one contact with this address is the person; of two, neither."""
        person = self._new_beneficiary(email="sara@elsewhere.example").partner_id
        self.assertEqual(self._process(self._mail()).partner_id, person)
        person.copy({"email": "sara@elsewhere.example"})
        case = self._process(self._mail(body="Again."))
        self.assertFalse(case.partner_id)
        self.assertTrue(case.is_unmatched)

    def test_same_mail_twice(self):
        """R204: a mail that a server delivers twice makes one complaint."""
        self.assertEqual(len(self._process(self._mail())), 1)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.assertFalse(self._process(self._mail()))

    def test_without_subject_and_text(self):
        """R094: a mail with no subject, and with nothing at all, is filed too."""
        case = self._process(self._mail(Subject=None, body="\n  First line\nMore"))
        self.assertEqual(case.title, "First line")
        empty = self._process(self._mail(Subject=None, body=""))
        self.assertTrue(empty.title)

    def test_large_mail(self):
        """R094: a mail of 20 MB comes in with its attachment; a long text is kept."""
        data = b"\x89PNG\r\n\x1a\n" + bytes(20 * 1024 * 1024)
        mail = self._mail(body="word " * 5000)
        mail.add_attachment(data, maintype="image", subtype="png", filename="scan.png")
        case = self._process(mail)
        self.assertLessEqual(len(case.description), self.company.npo_max_text)
        message = case.message_ids.filtered("attachment_ids")
        self.assertEqual(message.attachment_ids.file_size, len(data))
        self.assertGreater(len(message.body), 20000)

    def test_scripts(self):
        """D05: a script in a mail stays text."""
        mail = self._mail(body="x")
        mail.set_content("<p>Hi<script>alert(1)</script></p>", subtype="html")
        mail.replace_header("Subject", "<img src=x onerror=alert(1)>")
        case = self._process(mail)
        self.assertNotIn("<script", case.message_ids[-1:].body)
        self.assertNotIn("alert", case.description)
        self.assertEqual(case.title, "<img src=x onerror=alert(1)>")

    def test_machines_are_not_answered(self):
        """R094: what a machine wrote is kept and not answered: no loop begins."""
        for number, headers in enumerate(
            (
                {"Auto_Submitted": "auto-replied"},
                {"Precedence": "bulk"},
                {"X_Autoreply": "yes"},
            )
        ):
            with self.subTest(headers=headers):
                case = self._process(self._mail(body=f"Away{'!' * number}", **headers))
                self.assertTrue(case)
                self.assertFalse(self._told(case))

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_spoofed_bounce(self):
        """R094: a bounce that was never ours opens nothing and is not answered."""
        mails = self.env["mail.mail"].search_count([])
        mail = self._mail(
            sender="MAILER-DAEMON@elsewhere.example", body="Delivery failed"
        )
        self.assertFalse(self._process(mail))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_flood_from_one_address(self):
        """R094: who sends more than twenty in two hours is a machine."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        made = [self._process(self._mail(body="a" * size)) for size in range(1, 6)]
        self.assertEqual([len(case) for case in made], [1, 1, 1, 0, 0])

    def _sent(self, case):
        """Send the acknowledgement of a case; return its mail's reference."""
        message = self._told(case)
        message._deliver()
        return message.mail_reference

    def test_reply_threads_back(self):
        """R204: the reply to our message goes to its case and opens no second."""
        case = self._process(self._mail(to="ask@npo.example"), "inquiry")
        reference = self._sent(case)
        mail = self._mail(
            to="ask@npo.example", body="One more thing.", In_Reply_To=reference
        )
        self.assertFalse(self._process(mail, "inquiry"))
        self.assertIn("One more thing", case.message_ids[:1].body)

    def test_reply_of_a_stranger(self):
        """R204: who knows the reference and writes from elsewhere adds nothing."""
        case = self._process(self._mail(to="ask@npo.example"), "inquiry")
        mail = self._mail(
            to="ask@npo.example",
            sender="x@evil.example",
            body="Close it please.",
            In_Reply_To=self._sent(case),
        )
        self.assertEqual(len(self._process(mail, "inquiry")), 1)
        self.assertNotIn("Close it", "".join(case.message_ids.mapped("body")))

    def test_channel(self):
        """R085: an address that is given out opens e-mail, without it it is closed."""
        email = self.env.ref("npo_relations.channel_email")
        version = self.company.npo_policy_version_id
        self.assertNotIn(email, version._allowed_channels())
        self.assertEqual(self._process(self._mail()).channel_id, email)
        values = {"title": "By hand", "channel_id": email.id}
        self.env["npo.complaint"].create(values)
        with self.assertRaises(ValidationError):
            self.env["npo.suggestion"].create(values)

    def test_one_address_for_each_kind(self):
        """R094: an alias leads to its kind, and follows when the kind changes."""
        box = self.env["npo.mailbox"].search([("kind", "=", "inquiry")])
        box.kind = "suggestion"
        self.assertEqual(box.alias_id.alias_model_id.model, "npo.suggestion")
        before = self.env["npo.suggestion"].search([])
        mail = self._mail(to="ask@npo.example", body="Open earlier")
        self.env["mail.thread"].message_process(None, mail.as_bytes())
        made = self.env["npo.suggestion"].search([]) - before
        self.assertEqual(made.title, "No one answers")
