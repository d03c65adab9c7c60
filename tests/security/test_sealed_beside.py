import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_sealed import MARKER, SealedCommon

# Views of the tables that are no tables: a search of texts does not pass them.
VIEWS = ("npo.console", "npo.voice.report")


@tagged("post_install", "-at_install")
class TestSealedBeside(SealedCommon):
    """P092, P101: the pages, lists and signals that are made of many cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._touch(cls.complaint)
        cls.complaint.with_user(cls.handler)._seal()
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    def _told_of(self, told):
        """Return what of the complaint is in something that was shown."""
        return [word for word in (MARKER, self.complaint.name) if word in str(told)]

    def _page(self, role):
        """Return all of the person's page, on the screen and on paper, as one text."""
        pages = self._as(role, self.env["npo.timeline"])
        try:
            page = pages._new_page(self.person.with_user(self.users[role]))
            return f"{page.lines} {page.summary} {page._dossier()}"
        except AccessError:
            return ""

    def test_rating(self):
        """D04: what the person says of how it was dealt with, for focal persons."""
        case = self.complaint
        rating = self.env["npo.rating"]._ask(case)
        rating._rate(1, f"They told of it: {MARKER}")
        rating.deliverer_ids = False
        tried = 0
        for role in self._everybody():
            own = self._as(role, rating)
            if not own.browse().has_access("read"):
                continue
            tried += 1
            with self.subTest(role):
                self.assertFalse(own.search([("comment", "ilike", MARKER)]))
                self.assertFalse(own.search_count([("id", "=", rating.id)]))
                groups = own._read_group([("kind", "=", "complaint")], ["rating"])
                self.assertFalse(groups)
                self.assertFalse(own.name_search(case.name))
                self._assert_refused(lambda own=own: own.export_data(["comment"]))
        self.assertGreater(tried, 4)
        case.sudo().focal_user_ids |= self.users["manager"]
        self.assertTrue(self._as("manager", rating).search([("id", "=", rating.id)]))
        barred = self._as("manager", rating)
        case.sudo().subject_user_ids = self.users["manager"]
        self.assertFalse(barred.search([("id", "=", rating.id)]))

    def test_page_of_the_person(self):
        """R154: page and dossier of the person, as the one who looks may see it."""
        looked = 0
        for role in self._everybody():
            with self.subTest(role):
                page = self._page(role)
                looked += bool(page)
                self.assertFalse(self._told_of(page))
        self.assertGreater(looked, 5)
        self.complaint.sudo().focal_user_ids |= self.handler
        self.assertTrue(self._told_of(self._page("handler")))

    def test_views(self):
        """Console and statistics: searched, grouped and exported by whoever reads."""
        self.company.npo_small_count = 1
        tried = 0
        for name in VIEWS:
            for role in self._everybody():
                model = self._as(role, self.env[name])
                if not model.has_access("read"):
                    continue
                tried += 1
                with self.subTest(f"{name} {role}"):
                    rows = model.search([]).sudo()
                    self.assertFalse(self._told_of(rows.read()))
                    texts = [
                        field.name
                        for field in model._fields.values()
                        if field.type in ("char", "text", "many2one", "selection")
                    ]
                    self.assertFalse(self._told_of(rows.export_data(texts)))
                    person = {"partner_id", "user_id"} & set(model._fields)
                    for field in person:
                        groups = model._read_group([], [field], ["__count"])
                        values = [value for value, _count in groups]
                        self.assertNotIn(self.focal, values)
                        self.assertNotIn(self.person, values)
        self.assertGreater(tried, 8)

    def test_bus(self):
        """What is said and done on it is sent to no screen but a focal person's."""
        bus = self.env["bus.bus"]
        bus.search([]).unlink()
        own = self._as(self.focal, self.complaint)
        staff = self.handler | self.users["manager"]
        message = own.message_post(
            body=f"News: {MARKER}",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            partner_ids=staff.partner_id.ids,
            attachments=[(f"{MARKER}.txt", b"x")],
        )
        own.message_notify(
            body=MARKER, subject=MARKER, partner_ids=staff.partner_id.ids
        )
        own.activity_schedule("mail.mail_activity_data_todo", summary=MARKER)
        own._message_update_content(message, body=f"Changed: {MARKER}")
        message.attachment_ids._delete_and_notify(message)
        own.action_investigate()
        self.env.flush_all()
        self.env.cr.precommit.run()
        sent = bus.search([])
        self.assertTrue(sent)
        own_screen = ["res.partner", self.focal.partner_id.id]
        for one in sent:
            if json.loads(one.channel)[1:] == own_screen:
                continue
            with self.subTest(one.channel):
                self.assertFalse(self._told_of(one.message))

    def test_mail_that_waits(self):
        """A mail that waits, and one that failed, are no door to who administers."""
        own = self._as(self.focal, self.complaint)
        own.sudo()._notify("cmp_decision", once="again")
        own.message_log_ids.sudo()._deliver()
        mails = self.env["mail.mail"].search(
            [("sealed_complaint_id", "=", self.complaint.id)]
        )
        self.assertTrue(mails)
        mails.state = "exception"
        for name in ("mail.mail", "mail.message", "mail.tracking.value"):
            model = self._as("root", self.env[name])
            texts = [
                field.name
                for field in model._fields.values()
                if field.store
                and field.type in ("char", "text", "html")
                and model._has_field_access(field, "read")
            ]
            domain = ["|"] * (2 * len(texts) - 1)
            for text in texts:
                domain += [(text, "ilike", MARKER)]
                domain += [(text, "ilike", self.complaint.name)]
            with self.subTest(name):
                self.assertFalse(model.search(domain))
                self.assertFalse(model._read_group(domain, [], ["__count"])[0][0])
        root = self._as("root", mails[:1])
        self._assert_refused(lambda: root.read(["subject", "body_html"]))
