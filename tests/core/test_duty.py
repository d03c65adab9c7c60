from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import new_users
from ..security.common import MORE_ROLES, SecurityCommon

# The kind of file on which two duties of a pair meet; a request where nothing is said.
FILES = {
    "handle": "npo.complaint",
    "endorse": "npo.complaint",
    "propose": "npo.compensation",
    "find_breach": "npo.compensation",
    "legal": "npo.agreement",
    "inspect": "npo.corrective.action",
    "put_right": "npo.corrective.action",
    "sign_off": "npo.corrective.action",
}
ALL_ROLES = (
    "relations_officer",
    "committee_member",
    "general_manager",
    "finance_officer",
    "compensation_approver",
    "complaint_officer",
)


@tagged("post_install", "-at_install")
class TestDuty(SecurityCommon):
    """R158: what one person may not do on one file, and who allowed that they did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.duties = cls.env["npo.duty"]
        cls.request = cls._new_request().sudo()
        cls.files = {
            "npo.request": cls.request,
            "npo.complaint": cls.env["npo.complaint"].create(
                {
                    "title": "x",
                    "channel_id": cls.env.ref("npo_relations.channel_website").id,
                    "company_id": cls.company.id,
                }
            ),
            "npo.agreement": cls.env["npo.agreement"].create(
                {
                    "title": "x",
                    "company_id": cls.company.id,
                    "partner_id": cls.env["res.partner"].create({"name": "Shop"}).id,
                }
            ),
            "npo.corrective.action": cls._new_action(),
            "npo.compensation": cls.request,
        }
        every = ",".join(f"npo_relations.group_npo_{name}" for name in ALL_ROLES)
        made = new_users(
            cls.env,
            cls.company,
            {
                "one": (f"one_{cls.company.id}", every),
                "two": (f"two_{cls.company.id}", every),
                "root": (f"adm_{cls.company.id}", MORE_ROLES["admin"]),
            },
            logs_in=False,
        )
        cls.one, cls.two, cls.root = made.values()
        cls.root.group_ids |= cls.env.ref("base.group_system")
        cls.twins = {
            user: user.copy(
                {"login": f"twin_{user.id}", "partner_id": user.partner_id.id}
            )
            for user in (cls.one, cls.root)
        }
        cls.today = cls.company._npo_today()

    @classmethod
    def _new_action(cls):
        return cls.env["npo.corrective.action"].create(
            {
                "company_id": cls.company.id,
                "site_id": cls.site.id,
                "problem": "The door is shut",
                "action": "Opened",
                "result": "It is open",
            }
        )

    def _file(self, *pair):
        names = {FILES[duty] for duty in pair if duty in FILES}
        return self.files[sorted(names)[0] if names else "npo.request"]

    def _exception(self, asker="governor", **vals):
        return (
            self.env["npo.duty.exception"]
            .with_user(self.users[asker])
            .create(
                {
                    "company_id": self.company.id,
                    "user_id": self.one.id,
                    "duty": "register",
                    "other_duty": "decide",
                    "file": f"npo.request,{self.request.id}",
                    "reason": "There is nobody else",
                    "section": "4.2",
                    **vals,
                }
            )
        )

    def _allow(self, exception, user=None):
        own = exception.with_user(user or self.users["manager"])
        own.answer_note = "Watched by the auditor"
        own.action_allow()

    # ------------------------------------------------------------
    # THE MATRIX
    # ------------------------------------------------------------

    def test_every_pair(self):
        """R158: whoever did one duty of a pair is refused the other, on every path."""
        pairs = self.duties._incompatible
        self.assertIn(("inspect", "sign_off"), pairs)
        for pair in sorted({*pairs, *((b, a) for a, b in pairs)}):
            file = self._file(*pair)
            for user in (self.one, self.root):
                with self.subTest(pair=pair, user=user.login):
                    with self.cr.savepoint() as undo:
                        self._try_pair(pair, file, user)
                        undo.rollback()

    def _try_pair(self, pair, file, user):
        done, duty = pair
        self.duties.with_user(user)._claim(done, file)
        paths = {
            "oneself": lambda: self.duties.with_user(user)._claim(duty, file),
            "checked": lambda: self.duties.with_user(user)._check(duty, file),
            "superuser": lambda: self.duties.with_user(user).sudo()._claim(duty, file),
            "named by another": lambda: self.duties.with_user(self.two)._claim(
                duty, file, user
            ),
            "among others": lambda: self.duties.with_user(self.two)._claim(
                duty, file, user | self.two
            ),
        }
        for path, call in paths.items():
            with self.subTest(path=path):
                self._assert_refused(call)
        # the person counts: another login of the same one does not help
        twin = self.twins[user]
        self._assert_refused(lambda: self.duties.with_user(twin)._claim(duty, file))
        self.assertTrue(self.duties.with_user(self.two)._claim(duty, file))

    def test_log_is_not_bent(self):
        """D02: nobody takes a duty back, or moves it to somebody else."""
        log = self.duties.with_user(self.one)._claim("register", self.request)
        for user in (self.one, self.root, self.users["admin"]):
            own = log.with_user(user)
            for call in (
                own.unlink,
                lambda own=own: own.write({"partner_id": self.two.partner_id.id}),
                lambda own=own: own.write({"exception_id": False}),
            ):
                self._assert_refused(call, AccessError)

    def test_not_alone(self):
        """Glossary 2: who studied a case decides on it with others, never alone."""
        self.duties.with_user(self.one)._claim("assess", self.request)
        error = self._assert_refused(
            lambda: self.duties.with_user(self.two)._claim(
                "decide", self.request, self.one
            )
        )
        self.assertIn("alone", str(error))
        self.assertTrue(
            self.duties.with_user(self.two)._claim(
                "decide", self.request, self.one | self.two
            )
        )

    def test_subject_of_a_complaint(self):
        """P074: whom a complaint is about does no duty on it, by no exception."""
        complaint = self.files["npo.complaint"]
        complaint.subject_user_ids = self.one
        for duty in ("handle", "endorse", "decide", "review"):
            self._assert_refused(
                lambda duty=duty: self.duties.with_user(self.one)._claim(
                    duty, complaint
                )
            )
        with self.assertRaises(UserError):
            self._exception(
                duty="handle",
                other_duty="endorse",
                file=f"npo.complaint,{complaint.id}",
            )
        self.assertTrue(self.duties.with_user(self.two)._claim("handle", complaint))

    def test_own_counter(self):
        """R158, R198: who put it right, or serves at the counter, does not sign off."""
        action = self.files["npo.corrective.action"]
        centre, chief = self.users["centre"], self.users["chief"]
        action.with_user(centre).action_taken()
        self._assert_refused(action.with_user(centre).action_verify)
        # another owner, another login: the person is on record
        action.sudo().write({"owner_id": chief.id, "taken_by_id": chief.id})
        self._assert_refused(action.with_user(centre).action_verify)
        action.sudo().write({"owner_id": centre.id, "taken_by_id": centre.id})
        action.with_user(chief).action_verify()
        self.assertEqual(action.state, "verified")

    def test_round_at_ones_own_counter(self):
        """R158: an inspector who served at that counter that day does not sign off."""
        chief = self.users["chief"]
        mine = self._action_of_a_round(chief, self.site)
        other = self._action_of_a_round(chief, self.branch)
        self.env["npo.visit"].sudo().create(
            {
                "company_id": self.company.id,
                "site_id": self.site.id,
                "purpose_id": self.env["npo.visit.purpose"].search([], limit=1).id,
            }
        ).user_id = chief
        for action in mine | other:
            action.with_user(self.users["centre"]).action_taken()
        self._assert_refused(mine.with_user(chief).action_verify)
        other.with_user(chief).action_verify()
        self.assertEqual(other.state, "verified")

    def _action_of_a_round(self, inspector, site):
        """Return what a round of today at a site found to be put right."""
        one = self.env["npo.inspection"].create(
            {"company_id": self.company.id, "site_id": site.id, "day": self.today}
        )
        one.sudo().inspector_id = inspector
        line = self.env["npo.inspection.line"].create(
            {"inspection_id": one.id, "section": "general_order", "name": "x"}
        )
        action = self._new_action()
        action.sudo().write({"line_id": line.id, "site_id": site.id})
        return action

    # ------------------------------------------------------------
    # EXCEPTIONS
    # ------------------------------------------------------------

    def test_exception_of_one_file(self):
        """R158: what the general manager allowed is done, and says by what."""
        exception = self._exception()
        self.duties.with_user(self.one)._claim("register", self.request)

        def decide(file=self.request, user=self.one):
            return self.duties.with_user(user)._claim("decide", file)

        self._assert_refused(decide)  # asked is not allowed
        self._allow(exception)
        log = decide()
        self.assertEqual(log.exception_id, exception)
        self.assertTrue(log.has_conflict)
        self.assertEqual(exception.duty_count, 1)
        other = self._new_request(self._new_beneficiary(1)).sudo()
        self.duties.with_user(self.one)._claim("register", other)
        self._assert_refused(lambda: decide(other))
        self.duties.with_user(self.two)._claim("register", self.request)
        self._assert_refused(lambda: decide(user=self.two))
        # what it does not name stays refused
        self._assert_refused(
            lambda: self.duties.with_user(self.one)._claim("approve", self.request)
        )

    def test_exception_reaches_the_committee(self):
        """R158: who registered sits in the decision where it was allowed."""
        member = self.users["member"]
        self.duties.with_user(member)._claim("register", self.request)
        recusals = self.env["npo.committee.recusal"]
        key = (self.request.id, member.id)
        self.assertIn(key, recusals._known(self.request, member))
        self._allow(self._exception(user_id=member.id))
        self.assertNotIn(key, recusals._known(self.request, member))

    def test_exception_of_a_kind_until_a_day(self):
        """R158 ⚖: a kind of file, for so many months at most; ended, it is over."""
        last = self.env["npo.duty.exception"]._last_day(self.company)
        vals = {"scope": "kind", "kind": "npo.request", "file": False}
        with self.assertRaises(ValidationError):
            self._exception(**vals, date_to=last + timedelta(days=1))
        exception = self._exception(**vals, date_to=last)
        self._allow(exception)
        duties = self.duties.with_user(self.one)
        duties._claim("register", self.request)
        self.assertEqual(duties._check("decide", self.request).popitem()[1], exception)
        with self.cr.savepoint() as undo:
            self.cr.execute(
                "UPDATE npo_duty_exception SET date_to = %s WHERE id = %s",
                (self.today - timedelta(days=1), exception.id),
            )
            exception.invalidate_recordset()
            self._assert_refused(lambda: duties._check("decide", self.request))
            undo.rollback()
        exception.with_user(self.users["manager"]).action_end()
        self._assert_refused(lambda: duties._check("decide", self.request))

    def test_who_allows(self):
        """R158: neither the person nor who asks; the file's own person never."""
        mine = self._exception(user_id=self.users["manager"].id)
        self._assert_refused(lambda: self._allow(mine))
        own = self._exception("manager")
        self._assert_refused(lambda: self._allow(own))
        asked = self._exception()
        for role in ("governor", "chief", "auditor", "officer"):
            with self.subTest(role):
                exception = asked.with_user(self.users[role])
                self._assert_refused(exception.action_allow)
        self._assert_refused(asked.with_user(self.users["manager"]).action_allow)
        self._allow(asked)
        for vals in ({"state": "asked"}, {"user_id": self.two.id}, {"reason": "x"}):
            self._assert_refused(
                lambda vals=vals: asked.with_user(self.users["admin"]).write(vals)
            )
        self._assert_refused(asked.with_user(self.users["admin"]).unlink)

    def test_nobody_changes_what_another_asks(self):
        """R158: who answers does not turn the question round first."""
        exception = self._exception()
        own = exception.with_user(self.users["manager"])
        self._assert_refused(lambda: own.write({"user_id": self.two.id}))
        own.write({"answer_note": "So"})

    def test_never_ones_own_file(self):
        """R158: no exception is asked for one's own file, nor helps there."""
        mine = self._new_beneficiary(1, partner_id=self.one.partner_id.id)
        request = self._new_request(mine).sudo()
        with self.assertRaises(UserError):
            self._exception(file=f"npo.request,{request.id}")
        exception = self._exception(scope="kind", kind="npo.request", file=False)
        self._allow(exception)
        self._assert_refused(
            lambda: self.duties.with_user(self.one)._claim("decide", request)
        )

    def test_money_is_for_the_chair(self):
        """P066: approving, posting and paying together only by the board's chair."""
        exception = self._exception(duty="approve", other_duty="pay")
        self.assertTrue(exception.is_money)
        self._assert_refused(lambda: self._allow(exception), AccessError)
        chair = self.env["npo.board.member"]
        chair.search([("company_id", "=", self.company.id)]).unlink()
        chair.create(
            {
                "company_id": self.company.id,
                "partner_id": self.two.partner_id.id,
                "position": "chair",
                "date_from": self.today,
            }
        )
        self._allow(exception, self.two)
        self.assertEqual(exception.answered_by_id, self.two)

    def test_only_incompatible_duties(self):
        """An exception from nothing is refused, as is one for a stranger."""
        with self.assertRaises(ValidationError):
            self._exception(duty="assess", other_duty="raise")
        with self.assertRaises(ValidationError):
            self._exception(user_id=self.users["stranger"].id)

    @mute_logger("odoo.addons.npo_relations.tools.printing")
    def test_paper_of_the_auditor(self):
        """R158: the auditor prints who, what, which file, who allowed, why, until."""
        exception = self._exception()
        self._allow(exception)
        duties = self.duties.with_user(self.one)
        duties._claim("register", self.request)
        duties._claim("decide", self.request)
        own = exception.with_user(self.users["auditor"])
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.users["auditor"])
            ._render_qweb_html("npo_relations.report_npo_duty", own.ids)
        )
        text = html.decode() if isinstance(html, bytes) else str(html)
        for told in (
            exception.name,
            self.one.name,
            self.request.name,
            "There is nobody else",
            "4.2",
            self.users["manager"].name,
        ):
            self.assertIn(told, text)
        conflicts = self.duties.with_user(self.users["auditor"]).search(
            [("has_conflict", "=", True)]
        )
        self.assertEqual(set(conflicts.mapped("duty")), {"register", "decide"})

    def test_exceptions_are_found(self):
        """R158: by duty, by who allowed them, in force, ended, in a pivot."""
        exception = self._exception()
        self._allow(exception)
        asked = self._exception(user_id=self.two.id)
        both = exception + asked
        own = exception.with_user(self.users["auditor"])

        def found(*domain):
            return own.search([("id", "in", both.ids), *domain])

        self.assertEqual(found(("is_in_force", "=", True)), exception)
        self.assertEqual(found(("is_in_force", "=", False)), asked)
        self.assertEqual(found(("duty", "=", exception.duty)), both.sorted("id")[::-1])
        manager = self.users["manager"]
        self.assertEqual(found(("answered_by_id", "=", manager.id)), exception)
        ended = (("state", "in", ("allowed", "ended")), ("is_in_force", "=", False))
        self.assertFalse(found(*ended))
        exception.with_user(manager).action_end()
        self.assertEqual(found(*ended), exception)
        for kind in ("pivot", "graph", "search"):
            self.assertTrue(own.get_view(view_type=kind)["id"])
        groups = own.formatted_read_group(
            [("id", "in", both.ids)], ["duty", "state"], ["__count"]
        )
        self.assertEqual(sum(group["__count"] for group in groups), 2)
