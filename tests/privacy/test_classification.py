import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.core.print_document import PrintDocument
from ..common import AssociationCommon
from ..common_browser import WebCommon
from ..people.common import PDF

SECRET_READERS = {"manager", "front"}  # the general manager, and who recorded it


@tagged("post_install", "-at_install")
class TestClassification(AssociationCommon, WebCommon):
    """R157: public, internal, confidential, secret: on the paper and at the door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, user in cls.users.items():
            user.password = f"{name}_{cls.company.id}"
        cls.front = cls.users["front"]
        cls.letter = (
            cls.env["npo.interaction"]
            .with_user(cls.front)
            .create(
                {
                    "subject": "A letter of the supervisor",
                    "company_id": cls.company.id,
                    "site_id": cls.site.id,
                    "channel_id": cls.env.ref("npo_relations.channel_letter").id,
                    "scan": base64.b64encode(PDF),
                    "scan_name": "letter.pdf",
                }
            )
        )
        cls.beside = cls.env["ir.attachment"].create(
            {
                "name": "beside.pdf",
                "raw": PDF,
                "res_model": cls.letter._name,
                "res_id": cls.letter.id,
            }
        )
        cls.addresses = (
            f"/web/content/{cls.letter._name}/{cls.letter.id}/scan",
            f"/web/content/{cls.beside.id}",
        )

    def _got(self, name):
        """Return how many of the letter's files a user gets by their addresses."""
        user = self.users[name]
        self.authenticate(user.login, user.login)
        with mute_logger("odoo.http"):
            answers = [self.url_open(address) for address in self.addresses]
        return sum(one.ok and b"%PDF" in one.content for one in answers)

    def test_secret_files(self):
        """R157: the files of a secret letter are for few; by HTTP, as other roles."""
        others = ("officer", "centre", "auditor", "governor")
        before = {name: self._got(name) for name in others}
        self.assertEqual(before["officer"], 2)
        self.letter.classification = "secret"
        self.env.flush_all()
        for name in others:
            with self.subTest(name):
                self.assertEqual(self._got(name), 0)
        for name in SECRET_READERS:
            with self.subTest(name):
                self.assertEqual(self._got(name), 2)

    def test_secret_is_hidden(self):
        """R157: a secret letter is not found, read or told further by others."""
        self.letter.classification = "secret"
        other = self.letter.with_user(self.officer)
        self.env.invalidate_all()
        self.assertFalse(other.search([("id", "=", other.id)]))
        with self.assertRaises(AccessError):
            other.read(["subject"])
        self.assertEqual(self.letter.display_name, self.letter.name)
        with self.assertRaises(AccessError):
            self.letter.classification = "internal"
        manager = self.letter.with_user(self.users["manager"])
        self.assertTrue(manager.has_access("read"))

    def test_reply(self):
        """R157: a reply is told no further than what it replies to."""
        self.letter.classification = "confidential"
        context = self.letter.action_reply()["context"]
        self.assertEqual(context["default_classification"], "confidential")
        self.letter.classification = "secret"
        letters = self.env["npo.interaction"].with_user(self.front)
        reply = {
            "subject": "Our answer",
            "company_id": self.company.id,
            "site_id": self.site.id,
            "channel_id": self.letter.channel_id.id,
            "direction": "out",
            "classification": "internal",
        }
        replies = letters.create([{**reply, "reply_to_id": self.letter.id}, reply])
        replies |= letters.with_context(default_reply_to_id=self.letter.id).create(
            reply
        )
        levels = replies.mapped("classification")
        self.assertEqual(levels, ["secret", "internal", "secret"])
        plain = replies[1]
        plain.write({"subject": "Ours", "reply_to_id": self.letter.id})
        self.assertEqual(plain.sudo().classification, "secret", "said afterwards")
        chain = letters.create(reply)
        for _step in range(2):
            chain |= letters.create({**reply, "reply_to_id": chain[-1].id})
        chain[0].classification = "secret"
        levels = chain.sudo().mapped("classification")
        self.assertEqual(levels, ["secret"] * 3, "made secret afterwards")

    def test_on_paper(self):
        """R157: each paper says how far it may be told."""
        report = self.env["ir.actions.report"]
        name = "npo_relations.report_npo_undertaking"
        line = self.env["npo.undertaking"].create(
            {"partner_id": self.front.partner_id.id, "company_id": self.company.id}
        )
        for model, level in (
            (line, "confidential"),
            (self.company.npo_policy_version_id.policy_id, "internal"),
            (self.letter, "internal"),
        ):
            self.assertEqual(PrintDocument(model)._level(), level)
        self.letter.classification = "secret"
        self.assertEqual(PrintDocument(self.letter)._level(), "secret")
        html, _kind = report._render_qweb_html(name, line.ids)
        self.assertIn(PrintDocument(line).classification, html.decode())

    def test_documents(self):
        """R157, P013: what tells of health is secret, all else confidential."""
        types = self.env["npo.document.type"]
        for restricted, level in ((True, "secret"), (False, "confidential")):
            document = self.env["npo.document"].new(
                {
                    "document_type_id": types.search(
                        [("is_restricted", "=", restricted)], limit=1
                    ).id
                }
            )
            self.assertEqual(document.classification, level)
