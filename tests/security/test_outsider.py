import json

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common_browser import WebCommon
from .common import SecurityCommon

# In every name, address and message of those whom nobody outside may find.
MARK = "zarqatest"
TOLD = ("char", "text", "html", "many2one", "many2many", "one2many")
# What of a person may be asked for by a path.
PATHS = ("name", "email", "phone")


@tagged("post_install", "-at_install")
class TestOutsider(SecurityCommon, WebCommon):
    """R154, D02: an employee without a role of ours meets nobody whom we serve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internal = cls.users["internal"]
        cls.internal.group_ids |= cls.env.ref("base.group_allow_export")
        cls.internal.password = cls.internal.login
        file = cls._new_beneficiary(
            name=f"Noura {MARK}",
            email=f"{MARK}0@example.com",
            partner_id=cls._person(0).id,
        )
        cls.file = file
        member, guardian, visitor, archived = (cls._person(n) for n in range(1, 5))
        cls.env["npo.household"].create(
            {
                "company_id": cls.company.id,
                "member_ids": [
                    Command.create(
                        {"relation": "head", "partner_id": file.partner_id.id}
                    ),
                    Command.create({"relation": "son", "partner_id": member.id}),
                ],
            }
        )
        cls.env["npo.representative"].create(
            {
                "company_id": cls.company.id,
                "partner_id": file.partner_id.id,
                "representative_id": guardian.id,
            }
        )
        cls.env["npo.inquiry"].create(
            {
                "title": "x",
                "channel_id": cls.channel.id,
                "company_id": cls.company.id,
                "partner_id": visitor.id,
            }
        )
        cls._new_beneficiary(1, partner_id=archived.id).active = False
        cls.account = cls._portal_account(file.partner_id)
        claimant = cls._claimant()
        # an address bears the name of whom it belongs to
        address = cls.env["res.partner"].create(
            {
                "parent_id": file.partner_id.id,
                "type": "other",
                "street": f"{MARK} street",
                "phone": "0501234599",
            }
        )
        cls.persons = file.partner_id | member | guardian | visitor | archived
        cls.persons |= claimant | address
        cls._leave_traces()
        cls.env.flush_all()

    @classmethod
    def _person(cls, number):
        return cls.env["res.partner"].create(
            {
                "name": f"Noura {MARK} {number}",
                "email": f"{MARK}{number}@example.com",
                "phone": f"05012345{number}{number}",
            }
        )

    @classmethod
    def _claimant(cls):
        """Return who asked for a compensation, and nothing else."""
        claimant = cls._person(5)
        cls.classPatch(  # the policy of these tests has none
            type(cls.env["npo.compensation"]), "_require_switch", lambda *_args: None
        )
        cls.env["npo.compensation"].create(
            {
                "title": "x",
                "description": "x",
                "channel_id": cls.channel.id,
                "company_id": cls.company.id,
                "partner_id": claimant.id,
            }
        )
        return claimant

    @classmethod
    def _portal_account(cls, person):
        return cls.env["res.users"].create(
            {
                "login": f"{MARK}.portal",
                "partner_id": person.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    @classmethod
    def _leave_traces(cls):
        """Name the persons wherever core lets every employee look."""
        request = cls._new_request(cls.file).sudo()
        for record in (request, cls.file.partner_id):
            record.message_subscribe(cls.persons.ids)
            record.message_post(
                body=f"About {MARK}",
                author_id=cls.file.partner_id.id,
                partner_ids=cls.persons.ids,
            )
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=MARK,
                user_id=cls.officer.id,
            )
        cls.paper = cls.env["ir.attachment"].create(
            {
                "name": f"{MARK}.txt",
                "raw": MARK.encode(),
                "res_model": "res.partner",
                "res_id": cls.file.partner_id.id,
            }
        )
        # a meeting that everybody of the house sees in the calendar of the officer
        cls.meeting = (
            cls.env["calendar.event"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "Meeting",
                    "start": "2026-03-01 08:00:00",
                    "stop": "2026-03-01 09:00:00",
                    "partner_ids": [
                        Command.set((cls.persons | cls.officer.partner_id).ids)
                    ],
                }
            )
        )
        cls.env["rating.rating"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("res.partner"),
                "res_id": cls.file.partner_id.id,
                "partner_id": cls.file.partner_id.id,
                "rating": 5,
            }
        )

    def _call(self, model, method, *args, **kwargs):
        own = self._as("internal", self.env[model])
        context = {**own.env.context, "active_test": False}
        return call_kw(own, method, list(args), {"context": context, **kwargs})

    def _readable(self):
        """Yield every model that the employee reads, ours and the platform's."""
        for name in sorted(self.env.registry):
            model = self._as("internal", self.env[name])
            if model._abstract or model._transient or not model._auto:
                continue
            if model.has_access("read"):
                yield model

    # ------------------------------------------------------------
    # EVERY MODEL, COMPUTED
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_model_tells(self):
        """Whatever core's models tell an employee names none of the persons."""
        tried = 0
        for model in self._readable():
            names = [
                name
                for name, field in model._fields.items()
                if field.type in TOLD
                and (field.store or field.related)
                and model._has_field_access(field, "read")
                and (
                    not field.type.endswith("2many")
                    or model.env[field.comodel_name].has_access("read")
                )
            ]
            with self.subTest(model._name):
                tried += 1
                found = self._call(
                    model._name, "search_read", [], names, order="id desc", limit=200
                )
                self.assertNotIn(MARK, str(found).lower())
        self.assertGreater(tried, 100)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_path_asks(self):
        """No relation of a model that is read leads to a person, to guess at them."""
        tried = 0
        for model in self._readable():
            for name, field in model._fields.items():
                if field.comodel_name not in ("res.partner", "res.users"):
                    continue
                if not (field.store or field.search):
                    continue
                if not model._has_field_access(field, "read"):
                    continue
                for path in PATHS:
                    tried += 1
                    with self.subTest(f"{model._name}: {name}.{path}"):
                        domain = [(f"{name}.{path}", "ilike", MARK)]
                        try:
                            found = self._call(model._name, "search", domain)
                        except (UserError, ValueError):
                            continue  # refused, or no way to ask
                        self.assertFalse(found)
        self.assertGreater(tried, 200)

    # ------------------------------------------------------------
    # THE CONTACT ITSELF
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_method_of_contacts(self):
        """Search, count, groups, names, mentions, invitations: nobody is there."""
        asked = (
            ("res.partner", "search", [[("name", "ilike", MARK)]]),
            ("res.partner", "search_count", [[("id", "in", self.persons.ids)]]),
            ("res.partner", "search_count", [[("phone", "ilike", "05012345")]]),
            ("res.partner", "name_search", [MARK]),
            ("res.partner", "name_search", [f"{MARK}0@example.com"]),
            ("res.users", "name_search", [MARK]),
            ("res.users", "search", [[("login", "ilike", MARK)]]),
            ("res.users", "search", [[("partner_id", "in", self.persons.ids)]]),
        )
        for model, method, args in asked:
            with self.subTest(f"{model}.{method} {args}"):
                self.assertFalse(self._call(model, method, *args))
        for method, args in (
            ("get_mention_suggestions", [MARK]),
            ("search_for_channel_invite", [MARK]),
            ("formatted_read_group", [[], ["name"], ["__count"]]),
            ("web_name_search", [MARK, {"display_name": {}, "email": {}}]),
            ("web_search_read", [[], {"name": {}, "email": {}, "phone": {}}]),
        ):
            with self.subTest(method):
                found = self._call("res.partner", method, *args)
                self.assertNotIn(MARK, str(found).lower())
        for method, args in (
            ("read", [["name"]]),
            ("export_data", [["name", "email"]]),
            ("web_read", [{"display_name": {}}]),
            ("write", [{"comment": "x"}]),
            ("unlink", []),
        ):
            with self.subTest(method):
                self._assert_refused(
                    lambda m=method, a=args: self._call(
                        "res.partner", m, self.persons.ids, *a
                    )
                )

    def test_web_read_through_relations(self):
        """A meeting that an employee sees names none of the persons who come."""
        answer = {"display_name": {}, "email": {}, "phone": {}}
        found = self._call(
            "calendar.event",
            "web_read",
            self.meeting.ids,
            {
                "name": {},
                "partner_ids": {"fields": answer},
                "attendee_ids": {"fields": {"common_name": {}, "email": {}}},
            },
        )
        self.assertEqual(found[0]["name"], "Meeting")
        self.assertNotIn(MARK, str(found).lower())

    def test_staff_and_accountants_find_them(self):
        """The other side: those who deal with them do, so that the rest means it."""
        accountant = self._new_person("accountant", "account.group_account_invoice")
        for user in (self.officer, self.users["handler"], accountant):
            own = self._as(user, self.env["res.partner"])
            own = own.with_context(active_test=False)
            with self.subTest(user.name):
                self.assertEqual(
                    own.search([("id", "in", self.persons.ids)]), self.persons
                )

    def test_every_kind_of_case_tells_whom_we_serve(self):
        """R154: whatever keeps a case of a person names one served: all kinds do."""
        known = set(self.env["res.partner"]._npo_served_cases())
        for name, model in self.env.registry.items():
            if model._abstract or "npo.case.mixin" not in model._inherit:
                continue
            for column in ("partner_id", "representative_id"):
                if model._fields[column].store:
                    with self.subTest(f"{name}.{column}"):
                        self.assertIn((name, column), known)
        self.assertLessEqual(
            {
                ("npo.compensation", "partner_id"),
                ("npo.dispute", "partner_id"),
                ("npo.false.declaration", "representative_id"),
            },
            known,
        )

    def test_no_link_names_them(self):
        """R154: a link to the number of a contact tells the name of nobody served."""
        person, account = self.file.partner_id, self.account
        message = self._call(
            "mail.message",
            "create",
            [
                {
                    "author_id": person.id,
                    "email_from": "a@example.com",
                    "reply_to": "a@example.com",
                    "body": "x",
                }
            ],
        )
        composer = self._call(
            "mail.compose.message",
            "create",
            [{"author_id": person.id, "composition_mode": "comment"}],
        )
        meeting = self.env["calendar.event"].create(
            {
                "name": "x",
                "start": "2026-03-02 08:00:00",
                "stop": "2026-03-02 09:00:00",
                "user_id": account.id,
            }
        )
        for model, ids, names in (
            ("mail.message", message, ["author_id"]),
            ("mail.compose.message", composer, ["author_id"]),
            ("calendar.event", meeting.ids, ["user_id", "partner_id"]),
        ):
            with self.subTest(model):
                spec = {name: {"fields": {"display_name": {}}} for name in names}
                for method, args in (("export_data", names), ("web_read", spec)):
                    try:
                        found = self._call(model, method, ids, args)
                    except UserError:
                        continue  # refused as a whole
                    self.assertNotIn(MARK, str(found).lower(), method)
                found = self._call(model, "read", ids, names)
                self.assertNotIn(MARK, str(found).lower())
                self.assertTrue(all(found[0][name] for name in names), "no link is cut")
        groups = self._call(
            "mail.message",
            "formatted_read_group",
            [("id", "in", message)],
            ["author_id"],
            ["__count"],
        )
        self.assertNotIn(MARK, str(groups).lower())
        self._assert_refused(
            lambda: self._call(
                "res.users", "read", account.ids, ["display_name", "name"]
            )
        )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_is_called_into_a_channel(self):
        """R154: whom one cannot find, one cannot call into a conversation."""
        person = self.file.partner_id.id
        channels = self._as("internal", self.env["discuss.channel"])
        channel = channels._create_group([self.internal.partner_id.id], name="x")
        thread = channel._create_sub_channel(name="x")
        for one in (channel, thread):
            with self.subTest(one.display_name):
                self._assert_refused(
                    lambda one=one: call_kw(
                        one, "add_members", [one.ids], {"partner_ids": [person]}
                    )
                )
        self._assert_refused(
            lambda: self._call(
                "discuss.channel",
                "create",
                [
                    {
                        "name": "x",
                        "channel_type": "group",
                        "channel_member_ids": [Command.create({"partner_id": person})],
                    }
                ],
            )
        )
        colleague = self.officer.partner_id
        call_kw(channel, "add_members", [channel.ids], {"partner_ids": colleague.ids})
        self.assertIn(colleague, channel.sudo().channel_partner_ids)

    def test_names_cost_the_staff_nothing(self):
        """P016: a name costs who has a role nothing more, the others one question."""
        contacts = self.env["res.partner"].search([], limit=40)
        asked = []
        for user in (self.officer, self.internal):
            own = contacts.with_user(user).sudo()
            own.mapped("display_name")  # what else it needs is known then
            own.invalidate_recordset(["display_name", "npo_is_served"])
            before = self.cr.sql_log_count
            own.mapped("display_name")
            asked.append(self.cr.sql_log_count - before)
        self.assertEqual(asked, [0, 1])

    def test_colleagues_and_others_are_found(self):
        """A colleague with a file, a supplier with an inquiry stay among contacts."""
        colleague = self.officer.partner_id
        self._new_beneficiary(2, partner_id=colleague.id)
        supplier = self.env["res.partner"].create(
            {"name": "Supplier", "is_company": True}
        )
        self.env["npo.inquiry"].create(
            {
                "title": "x",
                "channel_id": self.channel.id,
                "company_id": self.company.id,
                "partner_id": supplier.id,
            }
        )
        # and who works for a supplier that asked something is no person served
        seller = self.env["res.partner"].create(
            {"name": "Seller", "parent_id": supplier.id}
        )
        both = colleague | supplier | seller
        self.assertEqual(
            self._call("res.partner", "search", [("id", "in", both.ids)], order="id"),
            sorted(both.ids),
        )

    # ------------------------------------------------------------
    # MAILS AND TEXTS ON THEIR WAY
    # ------------------------------------------------------------

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_administrator_reads_no_mail_of_ours(self):
        """D02, R154: who keeps the system reads no mail and no text to a person."""
        keeper = self._new_person("keeper", "base.group_user,base.group_system")
        person, own = self.file.partner_id, keeper.partner_id
        request = self.env["npo.request"].search(
            [("partner_id", "=", person.id)], limit=1
        )
        message = self.env["npo.message"].create(
            {
                "res_model": request._name,
                "res_id": request.id,
                "company_id": self.company.id,
                "subject": "x",
                "body": "x",
                "sms_uuid": f"{MARK}-uuid",
            }
        )
        mail, text = {"body_html": MARK}, {"number": "0501234567", "body": MARK}
        mails = self.env["mail.mail"].create(
            [
                {**mail, "npo_message_id": message.id},
                {**mail, "recipient_ids": [Command.link(person.id)]},
                {**mail, "model": request._name, "res_id": request.id},
            ]
        )
        texts = self.env["sms.sms"].create(
            [
                {**text, "partner_id": person.id},
                {**text, "uuid": message.sms_uuid},
            ]
        )
        others = self.env["mail.mail"].create(
            [
                {"body_html": "x"},
                {
                    "body_html": "x",
                    "recipient_ids": [Command.link(keeper.partner_id.id)],
                },
            ]
        )
        other_text = self.env["sms.sms"].create({"number": "0501234567", "body": "x"})
        for ours, left in ((mails, others), (texts, other_text)):
            own = self._as(keeper, ours)
            with self.subTest(ours._name):
                both = [("id", "in", (ours | left).ids)]
                self.assertEqual(own.search(both), left)
                for one in own:
                    self._assert_refused(lambda one=one: one.read(["body"]))
                    self._assert_refused(lambda one=one: one.unlink())
                self.assertTrue(self._as(keeper, left).read(["body"]))
        both = self._new_person(
            "both", "base.group_system,npo_relations.group_npo_relations_officer"
        )
        self.assertEqual(self._as(both, texts).search([("id", "in", texts.ids)]), texts)

    # ------------------------------------------------------------
    # OVER HTTP
    # ------------------------------------------------------------

    def _rpc(self, url, **params):
        response = self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_doors_of_core(self):
        """Discussion, files, pictures and look-ups by address tell nothing."""
        self.authenticate(self.internal.login, self.internal.login)
        person = self.file.partner_id
        thread = {"thread_model": "res.partner", "thread_id": person.id}
        doors = (
            ("/mail/thread/messages", thread),
            (
                "/mail/thread/recipients/get_suggested_recipients",
                {**thread, "partner_ids": person.ids},
            ),
            ("/mail/partner/from_email", {**thread, "emails": [person.email]}),
            (
                "/mail/data",
                {
                    "fetch_params": [
                        ["mail.thread", {**thread, "request_list": ["followers"]}],
                        ["res.partner", {"partner_id": person.id}],
                    ]
                },
            ),
        )
        for url, params in doors:
            with self.subTest(url):
                answer = self._rpc(url, **params)
                answer = str(answer).lower().replace(person.email.lower(), "")
                self.assertNotIn(MARK, answer)
        for url in (
            f"/web/content/{self.paper.id}",
            f"/web/content/res.partner/{person.id}/comment",
            f"/web/image/res.partner/{person.id}/image_1920",
            f"/mail/view?model=res.partner&res_id={person.id}",
        ):
            with self.subTest(url):
                self.assertNotIn(MARK, self.url_open(url).text.lower())

    @mute_logger("odoo.http")
    def test_screens_of_core_work(self):
        """Contacts, own profile, Discuss, calendar, activities open as they did."""
        self.authenticate(self.internal.login, self.internal.login)
        event = self.env["calendar.event"].browse(self.meeting.id)
        calls = [
            ("res.partner", "web_search_read", [[], {"display_name": {}}], {}),
            ("res.partner", "get_views", [[[False, "kanban"], [False, "form"]]], {}),
            (
                "res.users",
                "web_read",
                [self.internal.ids, {"name": {}, "email": {}, "tz": {}}],
                {},
            ),
            ("res.users", "action_get", [], {}),
            ("res.users", "get_views", [[[False, "form"]]], {}),
            (
                "calendar.event",
                "web_search_read",
                [[], {"name": {}, "partner_ids": {"fields": {"display_name": {}}}}],
                {},
            ),
            (
                "res.partner",
                "get_attendee_detail",
                [self.internal.partner_id.ids, [event.id]],
                {},
            ),
            ("mail.activity", "get_activity_data", ["res.partner", []], {}),
            ("discuss.channel", "web_search_read", [[], {"name": {}}], {}),
        ]
        for model, method, args, kwargs in calls:
            with self.subTest(f"{model}.{method}"):
                answer = self._rpc(
                    f"/web/dataset/call_kw/{model}/{method}",
                    model=model,
                    method=method,
                    args=args,
                    kwargs=kwargs,
                )
                self.assertNotIn("error", answer)
                self.assertNotIn(MARK, str(answer).lower())
        for params in (
            ["init_messaging"],
            ["channels_as_member"],
            ["systray_get_activities"],
        ):
            answer = self._rpc("/mail/data", fetch_params=params)
            self.assertNotIn("error", answer)
        keeper = self._new_person(
            "keeper", "base.group_user,base.group_partner_manager"
        )
        contacts = self._as(keeper, self.env["res.partner"])
        own = call_kw(contacts, "create", [[{"name": "New Contact"}]], {})
        self.assertTrue(call_kw(contacts, "read", [own, ["name"]], {}))
        self.assertTrue(call_kw(contacts, "web_save", [own, {"city": "x"}, {}], {}))
