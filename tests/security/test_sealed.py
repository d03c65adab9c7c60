from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from .common_sealed import MARKER, SealedCommon

# What is logged of a complaint, or belongs to it.
RECORDS = (
    "npo.stage.log",
    "npo.message",
    "npo.duty",
    "npo.reminder",
    "npo.access.log",
    "npo.complaint.action",
    "npo.complaint.assignment",
)
# What Odoo keeps beside a record -> its field that names the model.
BESIDE = {
    "mail.message": "model",
    "mail.activity": "res_model",
    "calendar.event": "res_model",
    "ir.attachment": "res_model",
}


@tagged("post_install", "-at_install")
class TestSealed(SealedCommon):
    """P092, P083: a sealed complaint exists for its focal persons only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._touch(cls.complaint)
        cls.complaint.with_user(cls.handler)._seal()
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    def _try(self, records, name):
        """Return what an RPC call gives; nothing where it is refused."""
        try:
            with self.cr.savepoint():
                return getattr(records, name[0])(*name[1:])
        except (AccessError, MissingError, UserError):
            return None

    # ------------------------------------------------------------
    # THE COMPLAINT
    # ------------------------------------------------------------

    def test_focal_person_sees(self):
        """The other side of all that follows: the focal person sees it by each door."""
        own = self._as(self.focal, self.complaint)
        self.assertEqual(own.search([("id", "=", own.id)]), own)
        self.assertIn(MARKER, own.read(["title"])[0]["title"])
        self.assertEqual(own.user_id, self.focal)
        self.assertFalse(own.department_id)
        for name in RECORDS:
            with self.subTest(name):
                found = self._as(self.focal, self.env[name]).search(
                    [("complaint_id", "=", own.id)]
                )
                self.assertTrue(found)
        for name, field in BESIDE.items():
            with self.subTest(name):
                self.assertTrue(self._beside(self.focal, name, field))
        self.assertEqual(own.display_name, own.name)

    def test_complaint(self):
        """Lists, counts, groups, searches, exports, reading, writing: nothing."""
        for role in self._everybody():
            own = self._as(role, self.complaint)
            model = own.browse()
            if not model.has_access("read"):
                continue
            mine = [("id", "=", own.id)]
            by_word = [("title", "ilike", MARKER)]
            with self.subTest(role):
                for domain in (mine, by_word, [("partner_id", "=", self.person.id)]):
                    self.assertFalse(model.search(domain))
                    self.assertFalse(model.search_count(domain))
                    self.assertFalse(model._read_group(domain, ["stage_id"]))
                    self.assertFalse(
                        model.formatted_read_group(domain, ["category_id"], ["__count"])
                    )
                    self.assertFalse(
                        model.web_search_read(domain, {"title": {}})["records"]
                    )
                self.assertFalse(model.name_search(own.sudo().name))
                self.assertFalse(model.name_search(MARKER))
                for call in (
                    ("read", ["title"]),
                    ("web_read", {"title": {}}),
                    ("export_data", ["title"]),
                    ("get_metadata",),
                    ("copy",),
                    ("write", {"title": "x"}),
                    ("message_post",),
                    ("activity_schedule",),
                    ("unlink",),
                ):
                    self.assertFalse(self._try(own, call), call)
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(own.has_access(operation))
                with self.assertRaises(MissingError) as caught:
                    own.check_access("read")
                self.assertNotIn(self.complaint.name, str(caught.exception))

    def test_by_relation(self):
        """No path through another record leads to it, or tells that it is there."""
        reference = self.complaint.name
        paths = [
            (name, field.name)
            for name in self.env.registry
            for field in self.env[name]._fields.values()
            if field.comodel_name == "npo.complaint" and field._description_searchable
            if not self.env[name]._abstract
        ]
        self.assertGreater(len(paths), 10)
        self.assertTrue(
            self.env["npo.complaint.action"].search([("complaint_id", "=", reference)])
        )
        for role in self._everybody():
            with self.subTest(role):
                for name, field in paths:
                    for term in (
                        (f"{field}.name", "=", reference),
                        (f"{field}.name", "ilike", reference),
                        (field, "=", reference),
                    ):
                        model = self.env[name].with_user(self.users[role])
                        self.assertFalse(
                            self._try(model, ("search_count", [term])),
                            f"{name} {term}",
                        )

    # ------------------------------------------------------------
    # WHAT IS LOGGED
    # ------------------------------------------------------------

    def test_records(self):
        """Hand-over log, messages, duties, reminders, actions, units: nothing."""
        tried = 0
        for role in self._everybody():
            for name in RECORDS:
                records = self.env[name].search(
                    [("complaint_id", "=", self.complaint.id)]
                )
                self.assertTrue(records, name)
                own = self._as(role, records)
                if not own.browse().has_access("read"):
                    continue
                tried += 1
                with self.subTest(f"{role} {name}"):
                    domain = [("id", "in", own.ids)]
                    self.assertFalse(own.search(domain))
                    self.assertFalse(own._read_group(domain, [], ["__count"])[0][0])
                    self.assertFalse(own._filtered_access("read"))
        self.assertGreater(tried, 50)

    # ------------------------------------------------------------
    # WHAT ODOO KEEPS BESIDE IT
    # ------------------------------------------------------------

    def _beside(self, user, name, field):
        records = self._as(user, self.env[name])
        if not records.has_access("read"):
            return records
        domain = [(field, "=", "npo.complaint"), ("res_id", "=", self.complaint.id)]
        return self._try(records, ("search", domain)) or records

    def test_beside(self):
        """Discussion, tasks, meetings, files: not for author, assigned or notified."""
        for name, field in BESIDE.items():
            traces = self._beside(self.env.user, name, field)
            self.assertTrue(traces, name)
            for role in self._everybody():
                own = self._as(role, traces)
                with self.subTest(f"{role} {name}"):
                    self.assertFalse(self._beside(self.users[role], name, field))
                    if not own.browse().has_access("read"):
                        continue
                    self.assertFalse(own.search([("id", "in", own.ids)]))
                    self.assertFalse(own._filtered_access("read"))
                    for one in own:
                        self.assertFalse(self._try(one, ("read", ["id", "res_id"])))

    def test_system_tables(self):
        """Followers, notifications, tracked values, mails that wait: nothing."""
        case = self.complaint
        messages = case.message_ids
        self.assertFalse(
            self.env["mail.followers"].search(
                [("res_model", "=", case._name), ("res_id", "=", case.id)]
            )
        )
        self.assertFalse(messages.notification_ids)
        self.assertTrue(messages.sudo().tracking_value_ids)
        mails = self.env["mail.mail"].search([("sealed_complaint_id", "=", case.id)])
        self.assertTrue(mails)
        root = self.users["root"]
        for records in (messages.sudo().tracking_value_ids, mails):
            own = self._as(root, records)
            self.assertTrue(own.browse().has_access("read"))
            self.assertFalse(own.search([("id", "in", own.ids)]))
            self.assertFalse(own._filtered_access("read"))

    def test_hostile_sweep(self):
        """Every text of every model, asked by everybody for a word of the complaint.

        What the superuser finds is all that there is to find.
        """
        there = self._sweep(self.env.user, list(self.env.registry))
        self.assertGreater(len(there), 7)
        for role in self._everybody():
            with self.subTest(role):
                self.assertFalse(self._sweep(self.users[role], there))
        seen = self._sweep(self.focal, there)
        for name in ("npo.complaint", "mail.message", "mail.activity", "ir.attachment"):
            self.assertIn(name, seen)

    def _sweep(self, user, names):
        """Return the models in which a user finds the word, by a search of texts."""
        hits = []
        for name in names:
            model = self._of(user, name).with_context(active_test=False)
            if model._abstract or not model._auto or not model.has_access("read"):
                continue
            texts = [
                field.name
                for field in model._fields.values()
                if field.store
                and field.type in ("char", "text", "html")
                and field.column_type
                and model._has_field_access(field, "read")
            ]
            domain = ["|"] * (len(texts) - 1)
            domain += [(text, "ilike", MARKER) for text in texts]
            if texts and self._try(model, ("search_count", domain)):
                hits.append(name)
        return hits

    def _of(self, user, name):
        """Return a model as a user has it; the superuser's own as it is."""
        records = self.env[name]
        return records if user == self.env.user else records.with_user(user)
