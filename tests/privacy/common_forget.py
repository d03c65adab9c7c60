import base64
from unittest.mock import patch

from odoo import Command, fields
from odoo.tools import SQL

from ..common import AssociationCommon, local_today

# Each value is found nowhere else in a database.
NAME = "Zubaydah Qarantal Wuhaybi Xanadir"
WORDS = {
    "name": "Qarantal",
    "folded": "xanadir",
    "phone": "512349876",
    "email": "zubaydah.qx@forget.example",
    "identity": "1088888886",
    "iban": "1780000000608010197531",
    "street": "Zarqun Lane",
    "city": "Vexholm",
    "address": "QXZW7719",
    "request": "Mudlark-request",
    "note": "Mudlark-note",
    "internal": "Mudlark-internal",
    "task": "Mudlark-task",
    "document": "Mudlark-document",
    "file": "Mudlark-file",
    "complaint": "Mudlark-complaint",
    "visit": "Mudlark-visitor",
    "contact": "Mudlark-contact",
    "inquiry": "Mudlark-inquiry",
    "suggestion": "Mudlark-suggestion",
    "study": "Mudlark-study",
    "household": "Mudlark-household",
    "child": "Mudlark-child",
    "login": "mudlark.login@forget.example",
    "bank": "Mudlark-holder",
    "other_street": "Mudlark-street",
    "request_about": "Mudlark-asks",
    "blacklist": "Mudlark-wants-no-mail",
    "text": "Mudlark-text",
    "text_elsewhere": "Mudlark-typed-number",
}


class ForgetCommon(AssociationCommon):
    """An association whose papers are over, and a person with data in many places."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.protector = cls.users["protector"]
        cls.manager = cls.users["manager"]
        cls.governor = cls.users["governor"]
        cls.sessions = cls.env["npo.destruction.session"]
        cls.engine = cls.env["npo.forget"]
        cls.door = cls.env["npo.channel"].search([("code", "=", "phone")])

    # ------------------------------------------------------------
    # A PERSON, AS THE PEOPLE BRING THEM IN
    # ------------------------------------------------------------

    @classmethod
    def _new_person(cls):
        """Return the file of a person who came by every door."""
        words = cls.words = dict(WORDS)
        file = cls._new_beneficiary(
            name=NAME,
            phone="0" + words["phone"],
            email=words["email"],
            identity_number=words["identity"],
            iban="SA" + words["iban"],
            street=words["street"],
            city=words["city"],
            short_address=words["address"],
        )
        partner = file.partner_id
        cls._hand_file(partner)
        request = cls._new_request(file, description=words["request"])
        request = cls._advance(request, "registration").sudo()
        cls._talk(request)
        cls._voices(partner)
        cls._at_the_counter(partner)
        cls._at_home(file)
        cls._beside(file)
        cls.env.flush_all()
        return file

    @classmethod
    def _hand_file(cls, partner):
        partner.with_user(cls.env.user).message_post(body=cls.words["note"])
        partner.image_1920 = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
            "AABJRU5ErkJggg=="
        )
        partner.bank_ids.acc_holder_name = cls.words["bank"]
        cls.env["res.partner"].create(
            {
                "parent_id": partner.id,
                "type": "other",
                "street": cls.words["other_street"],
            }
        )

    @classmethod
    def _talk(cls, request):
        words = cls.words
        request.message_post(body=words["note"], message_type="comment")
        request.message_post(body=words["internal"], subtype_xmlid="mail.mt_note")
        request.activity_schedule("mail.mail_activity_data_todo", note=words["task"])
        cls.file_attached = cls.env["ir.attachment"].create(
            {
                "name": words["file"],
                "raw": words["file"].encode() * 50,
                "res_model": request._name,
                "res_id": request.id,
            }
        )
        documents = request.document_ids.sudo()
        document = documents.filtered(lambda one: not one.is_identity)[:1]
        document.write(
            {
                "file": base64.b64encode(b"%PDF-1.4 " + words["document"].encode() * 9),
                "file_name": words["document"] + ".pdf",
                "issuer": words["document"],
            }
        )

    @classmethod
    def _voices(cls, partner):
        words = cls.words
        category = cls.env["npo.complaint.category"].search([], limit=1)
        common = {
            "channel_id": cls.door.id,
            "company_id": cls.company.id,
            "partner_id": partner.id,
        }
        cls.complaint = cls.env["npo.complaint"]._receive(
            {
                **common,
                "title": words["complaint"],
                "description": words["complaint"],
                "category_id": category.id,
            }
        )
        for model, word in (
            ("npo.inquiry", "inquiry"),
            ("npo.suggestion", "suggestion"),
        ):
            cls.env[model]._receive(
                {**common, "title": words[word], "description": words[word]}
            )
        cls.env["npo.data.request"].create(
            {
                "partner_id": partner.id,
                "kind": "destroy",
                "detail": words["request_about"],
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _at_the_counter(cls, partner):
        words = cls.words
        purpose = cls.env["npo.visit.purpose"].search([], limit=1)
        cls.visit = cls.env["npo.visit"].create(
            {
                "company_id": cls.company.id,
                "site_id": cls.site.id,
                "partner_id": partner.id,
                "visitor_name": words["visit"],
                "purpose_id": purpose.id,
            }
        )
        cls.env["npo.interaction"].create(
            {
                "company_id": cls.company.id,
                "site_id": cls.site.id,
                "channel_id": cls.door.id,
                "partner_id": partner.id,
                "subject": words["contact"],
                "summary": words["contact"],
            }
        )

    @classmethod
    def _at_home(cls, file):
        words = cls.words
        cls.env["npo.household"].create(
            {
                "company_id": cls.company.id,
                "note": words["household"],
                "member_ids": [
                    Command.create(
                        {"partner_id": file.partner_id.id, "relation": "head"}
                    ),
                    Command.create({"first_name": words["child"], "relation": "son"}),
                ],
            }
        )
        cls.env["npo.assessment"].with_user(cls.users["researcher"]).sudo().create(
            {
                "beneficiary_id": file.id,
                "company_id": cls.company.id,
                "story": words["study"],
                "observation": words["study"],
            }
        )

    @classmethod
    def _beside(cls, file):
        """The tables of core: portal account, mails, meeting, subscription."""
        partner, words = file.partner_id, cls.words
        cls.portal_user = cls.env["res.users"].create(
            {
                "name": NAME,
                "login": words["login"],
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set([cls.env.ref("base.group_portal").id])],
            }
        )
        event = cls.env["calendar.event"].create(
            {
                "name": words["task"],
                "start": fields.Datetime.now(),
                "stop": fields.Datetime.now(),
                "partner_ids": [Command.link(partner.id)],
                "res_model_id": cls.env["ir.model"]._get_id("npo.beneficiary"),
                "res_id": file.id,
            }
        )
        event.description = words["note"]
        cls.env["mail.mail"].create(
            {
                "subject": words["note"],
                "body_html": words["note"],
                "recipient_ids": [Command.link(partner.id)],
            }
        )
        cls._texts(partner)
        for model, value in (
            ("mail.blacklist", {"email": partner.email}),
            ("phone.blacklist", {"number": partner.phone}),
        ):
            listed = cls.env[model].create(value)
            listed.message_post(body=words["blacklist"])
        chats = cls.env["discuss.channel"].with_user(cls.protector)
        with patch.object(type(cls.env["bus.bus"]), "_sendone"):  # of a day, in core
            chats._get_or_create_chat(partner.ids)

    @classmethod
    def _texts(cls, partner):
        """Text messages that the gateway refused: core keeps those for good."""
        request = cls.env["npo.request"].search(
            [("partner_id", "=", partner.id)], limit=1
        )
        message = cls.env["npo.message"].create(
            {
                "res_model": request._name,
                "res_id": request.id,
                "company_id": cls.company.id,
                "partner_id": partner.id,
                "subject": "x",
                "body": "x",
                "sms_uuid": "mudlark-uuid",
            }
        )
        text = {"number": "0" + cls.words["phone"], "state": "error"}
        cls.env["sms.sms"].create(
            [
                {**text, "body": cls.words["text"], "partner_id": partner.id},
                {
                    **text,
                    "body": cls.words["text_elsewhere"],
                    "uuid": message.sms_uuid,
                },
            ]
        )

    # ------------------------------------------------------------
    # IT IS OVER
    # ------------------------------------------------------------

    @classmethod
    def _long_ago(cls, years=12):
        """Make all that is in the database as old as papers that are over.

        The day of the association is what everything is counted from, so that it is
        moved ahead: nothing is written to the records.
        """
        today = fields.Date.add(local_today(), years=years)
        companies = type(cls.env["res.company"])
        cls.classPatch(companies, "_npo_today", lambda self: today)

    def _travel(self, years):
        """Go to another day within one test."""
        today = fields.Date.add(local_today(), years=years)
        companies = type(self.env["res.company"])
        self.patch(companies, "_npo_today", lambda self: today)

    @classmethod
    def _end_all(cls, partner):
        """End what is open of a person, past the steps, as years would."""
        closed = SQL("is_closed = TRUE, stage_category = 'done'")
        cls.env.flush_all()
        for model, values in (
            ("npo.request", closed),
            ("npo.complaint", closed),
            ("npo.inquiry", closed),
            ("npo.suggestion", closed),
            ("npo.beneficiary", SQL("state = 'closed'")),
            ("npo.visit", SQL("state = 'done'")),
        ):
            cls.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE partner_id = %s",
                    SQL.identifier(cls.env[model]._table),
                    values,
                    partner.id,
                )
            )
        cls.env.invalidate_all()

    # ------------------------------------------------------------
    # LOOKED FOR
    # ------------------------------------------------------------

    @classmethod
    def _found(cls, words):
        """Return {word: tables} of where words stand, in any column of any table.

        Its own way of looking, a row as text, one statement for each table: text,
        jsonb and dates as they are written, bytes as hexadecimal digits.
        """
        cls.env.flush_all()
        found = {}
        cls.env.cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        patterns = {}
        for word in words:
            patterns[word.lower()] = word
            patterns[word.encode().hex()] = word
        anything = f"({'|'.join(patterns).replace('.', '[.]')})"
        for (table,) in cls.env.cr.fetchall():
            cls.env.cr.execute(
                SQL(
                    """SELECT DISTINCT (regexp_matches(t.line, %s, 'g'))[1]
                         FROM (SELECT lower(one::text) AS line FROM %s one) t
                        WHERE t.line ~ %s""",
                    anything,
                    SQL.identifier(table),
                    anything,
                )
            )
            for (pattern,) in cls.env.cr.fetchall():
                found.setdefault(patterns[pattern], []).append(table)
        return found

    @classmethod
    def _approved(cls, session=None):
        """Return a session that both have approved."""
        session = session or cls.sessions.with_user(cls.protector).create({})
        if session.state == "draft":
            session.with_user(cls.protector).action_draw_up()
        session.with_user(cls.protector).action_approve()
        session.with_user(cls.manager).action_approve()
        return session.sudo()

    @classmethod
    def _carry_out(cls, session, batch=100):
        while session._carry_out_batch(batch):
            pass
        session._finish()
