from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestContactWays(AssociationCommon):
    """R057: the way, the time and the language that a person prefers; P034, P035."""

    def _gateway(self, codes=("sms",), fails=False):
        """Return the patch of a gateway that keeps what it was given."""
        self.sent = self.env["npo.message"]

        def send(messages):
            self.sent |= messages
            return messages.browse() if fails else messages

        return patch.object(
            self.env.registry["npo.message"],
            "_gateways",
            lambda _self: dict.fromkeys(codes, send),
        )

    def _told(self, **vals):
        """Return the message to a person with these preferences, once it was sent."""
        file = self._new_beneficiary(**vals)
        self._new_request(file)
        message = self.env["npo.message"].search(
            [("partner_id", "=", file.partner_id.id)], limit=1
        )
        message._deliver()
        return message

    def test_file_and_contact(self):
        """What is said on the file is the contact's, and the other way round."""
        sms = self.env["npo.channel"].search([("code", "=", "sms")])
        file = self._new_beneficiary(
            preferred_channel_id=sms.id, preferred_time="evening"
        )
        self.assertEqual(file.partner_id.npo_preferred_channel_id, sms)
        file.partner_id.npo_preferred_time = "noon"
        self.assertEqual(file.preferred_time, "noon")
        self.assertEqual(file.search([("preferred_channel_id", "=", sms.id)]), file)

    def test_preferred_first(self):
        """Who prefers text messages gets one, and no mail."""
        sms = self.env["npo.channel"].search([("code", "=", "sms")])
        with self._gateway():
            message = self._told(preferred_channel_id=sms.id)
        self.assertEqual(self.sent, message)
        self.assertRecordValues(
            message, [{"state": "sent", "way": "sms", "channel_id": sms.id}]
        )
        self.assertFalse(self._mails(message))

    def _mails(self, message):
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", message.partner_id.ids)]
        )

    def test_fallback(self):
        """No gateway, or one that fails: by mail, and that is on record."""
        sms = self.env["npo.channel"].search([("code", "=", "sms")])
        message = self._told(preferred_channel_id=sms.id)
        self.assertEqual((message.way, message.channel_id), ("email", sms))
        self.assertTrue(self._mails(message))
        with self._gateway(fails=True):
            message._deliver()
        self.assertEqual(self.sent, message)
        self.assertEqual(message.way, "email")
        message.partner_id.email = False
        message._deliver()
        self.assertEqual(message.state, "no_address")

    def test_language_and_gender(self):
        """R209: in the person's language; a woman's letter in feminine words."""
        self.env["res.lang"]._activate_lang("ar_001")
        message = self._told(lang="ar_001")
        self.assertNotIn("{", message.body)
        self.assertNotIn("Dear", message.body)
        english = self._told(index=1, lang="en_US", npo_gender="male")
        self.assertIn("Dear Mr ", english.body)

    def test_every_letter_is_gendered(self):
        """R209: every message to a person greets a woman as a woman.

        But those about a sealed complaint: they name nobody, in case another person
        reads them (P092).
        """
        templates = self.env["mail.template"].search(
            [("model", "in", self.env["npo.case.mixin"]._case_models())]
        )
        names = templates.get_external_id().values()
        ours = templates.filtered(
            lambda template: template.get_external_id()[template.id].startswith(
                "npo_relations."
            )
        )
        self.assertGreater(len(ours), 10, names)
        nameless = self.env["mail.template"].browse()
        for code in ("cmp_ack_sealed", "cmp_news_sealed"):
            nameless |= self.env.ref(f"npo_relations.mail_template_{code}")
        self.assertNotIn("Dear", "".join(nameless.mapped("body_html")))
        for template in ours - nameless:
            with self.subTest(template.name):
                self.assertIn("{Dear Mr|Dear Ms}", template.body_html)

    def test_address(self):
        """P034: numbers of four and five digits, in any digits; P035: a hint only."""
        riyadh = self.env.ref("npo_relations.region_riyadh")
        file = self._new_beneficiary(
            building_number="٢٩٢٩",
            additional_number="2929",
            zip="12345",
            short_address="rrrd2929",
            region_id=riyadh.id,
        )
        self.assertEqual(file.building_number, "2929")
        self.assertEqual(file.short_address, "RRRD2929")
        self.assertFalse(file.address_warning)
        for vals in (
            {"building_number": "29"},
            {"additional_number": "29a9"},
            {"zip": "123"},
            {"short_address": "RR2929"},
        ):
            with self.subTest(str(vals)), self.assertRaises(ValidationError):
                file.write(vals)
        file.zip = "21345"
        self.assertTrue(file.address_warning)
        file.region_id = False
        self.assertFalse(file.address_warning)
