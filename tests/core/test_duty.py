from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
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
                # a chair of the board who works on no file
                "head": (f"head_{cls.company.id}", "npo_relations.group_npo_staff"),
            },
            logs_in=False,
        )
        cls.one, cls.two, cls.root, cls.head = made.values()
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

    def _allow(self, exception, user=None, answer="allowed"):
        """Answer as on the screen: the button, then its form."""
        own = exception.with_user(user or self.users["manager"])
        action = own.action_answer()
        form = Form(own.env[action["res_model"]].with_context(**action["context"]))
        form.answer, form.note = answer, "Watched by the auditor"
        form.save().action_confirm()

    def _put_in_the_chair(self, user):
        members = self.env["npo.board.member"]
        members.search([("company_id", "=", self.company.id)]).unlink()
        members.create(
            {
                "company_id": self.company.id,
                "partner_id": user.partner_id.id,
                "position": "chair",
                "date_from": self.today,
            }
        )

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
                "manager",
                duty="handle",
                other_duty="endorse",
                file=f"npo.complaint,{complaint.id}",
            )
        self.assertTrue(self.duties.with_user(self.two)._claim("handle", complaint))

    def test_sealed_is_not_there(self):
        """P092: no exception tells of a sealed complaint, or whom it is about."""
        complaint = self.files["npo.complaint"]
        complaint.subject_user_ids = self.one
        complaint.confidentiality = "sealed"
        self.env.flush_all()
        vals = {"duty": "handle", "other_duty": "endorse"}
        vals["file"] = f"npo.complaint,{complaint.id}"
        outside = [
            name
            for name in ("governor", "chief")
            if self.users[name] not in complaint.focal_user_ids
        ]
        self.assertTrue(outside)
        for asker in outside:
            told = {
                str(
                    self._assert_refused(
                        lambda asker=asker, user=user: self._exception(
                            asker, user_id=user.id, **vals
                        )
                    )
                )
                for user in (self.one, self.two)
            }
            self.assertEqual(len(told), 1, "it tells of whom the complaint is")
            self.assertNotIn(complaint.name, told.pop())
        # nor does answering what a focal person asks
        complaint.sudo().focal_user_ids |= self.users["manager"]
        asked = self._exception("manager", user_id=self.two.id, **vals)
        for call in ("action_answer", "action_end"):
            with self.subTest(call):
                own = asked.with_user(self.one)
                error = self._assert_refused(getattr(own, call))
                self.assertNotIn(complaint.name, str(error))

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
        """R158: neither the person nor who asks; no other role, nothing twice."""
        mine = self._exception(user_id=self.users["manager"].id)
        self._assert_refused(lambda: self._allow(mine))
        own = self._exception("manager")
        self._assert_refused(lambda: self._allow(own))
        # nor the same person by another login
        other = self._exception(user_id=self.one.id)
        self._assert_refused(lambda: self._allow(other, self.twins[self.one]))
        asked = self._exception()
        for role in ("governor", "chief", "auditor", "officer"):
            with self.subTest(role):
                exception = asked.with_user(self.users[role])
                self._assert_refused(exception.action_answer)
                self._assert_refused(
                    lambda exception=exception: exception._answer("allowed", "x")
                )
        own = asked.with_user(self.users["manager"])
        self._assert_refused(lambda: own._answer("allowed", " "))
        self._allow(asked)
        self._assert_refused(lambda: own._answer("refused", "Changed my mind"))
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
        self._assert_refused(lambda: own.write({"answer_note": "So"}))
        exception.write({"reason": "There is nobody else this month"})
        self._assert_refused(lambda: exception.write({"answer_note": "So"}))

    def test_never_ones_own_file(self):
        """R158: no exception is asked for one's own file, nor helps there."""
        mine = self._new_beneficiary(1, partner_id=self.one.partner_id.id)
        request = self._new_request(mine).sudo()
        vals = {"file": f"npo.request,{request.id}"}
        self._assert_refused(lambda: self._exception("manager", **vals))
        # who reads no request is not told whose it is, and it is of no use
        self._allow(self._exception(**vals))
        exception = self._exception(scope="kind", kind="npo.request", file=False)
        self._allow(exception)
        self._assert_refused(
            lambda: self.duties.with_user(self.one)._claim("decide", request)
        )

    def test_money_is_for_the_chair(self):
        """P066: approving, posting and paying together only by the board's chair."""
        self._put_in_the_chair(self.head)
        exception = self._exception(duty="approve", other_duty="pay")
        self.assertTrue(exception.is_for_chair)
        self._assert_refused(lambda: self._allow(exception), AccessError)
        self._allow(exception, self.head)
        self.assertEqual(exception.answered_by_id, self.head)
        exception.with_user(self.head).action_end()
        self.assertEqual(exception.state, "ended")

    def test_chair_without_a_role(self):
        """P066: the chair reads what the chair answers, and no more than that."""
        own = self.env["npo.duty.exception"].with_user(self.head)
        money = self._exception(duty="approve", other_duty="pay")
        other = self._exception()
        self.assertFalse(own.search([]))
        self._put_in_the_chair(self.head)
        self.assertEqual(own.search([]), money)
        self.assertTrue(money.with_user(self.head).is_mine)
        for call in (
            lambda: other.with_user(self.head).read(["reason"]),
            lambda: other.with_user(self.head)._answer("allowed", "x"),
            lambda: money.with_user(self.head).write({"reason": "x"}),
            lambda: own.create({"user_id": self.one.id}),
        ):
            self._assert_refused(call)
        self._allow(money, self.head, "refused")
        self.assertEqual(own.search([]), money)
        self.assertEqual(money.state, "refused")

    def test_for_the_only_manager(self):
        """R158: where there is no other general manager, the chair answers."""
        manager = self.users["manager"]
        for asker, user in (("governor", manager), ("manager", self.one)):
            self.assertFalse(self._exception(asker, user_id=user.id).is_for_chair)
        group = self.env.ref("npo_relations.group_npo_general_manager")
        (self.one | self.two | self.twins[self.one]).group_ids -= group
        self._put_in_the_chair(self.head)
        for asker, user in (("governor", manager), ("manager", self.one)):
            exception = self._exception(asker, user_id=user.id)
            with self.subTest(asker):
                self.assertTrue(exception.is_for_chair)
                self._assert_refused(lambda one=exception: self._allow(one))
                self._allow(exception, self.head)
                self.assertEqual(exception.answered_by_id, self.head)

    def test_the_other_manager_leaves(self):
        """R158: what the last other manager leaves unanswered passes to the chair."""
        self._put_in_the_chair(self.head)
        exception = self._exception("manager")
        own = self.env["npo.duty.exception"].with_user(self.head)
        self.assertFalse(own.search([]))
        group = self.env.ref("npo_relations.group_npo_general_manager")
        (self.one | self.two | self.twins[self.one]).group_ids -= group
        exception.invalidate_recordset()
        self.assertTrue(exception.is_for_chair)
        self.assertEqual(own.search([]), exception)
        self._allow(exception, self.head)
        self.assertEqual(exception.answered_by_id, self.head)

    def test_what_was_read_is_answered(self):
        """R158: what is changed while the answer is written is read again first."""
        exception = self._exception()
        own = exception.with_user(self.users["manager"])
        action = own.action_answer()
        form = Form(own.env[action["res_model"]].with_context(**action["context"]))
        form.note = "Watched by the auditor"
        exception.write({"reason": "For good"})
        answer = form.save()
        with self.assertRaisesRegex(UserError, "read it again"):
            answer.action_confirm()
        self.assertEqual(exception.state, "asked")
        self._allow(exception)
        self.assertEqual(exception.state, "allowed")

    def test_who_answers_is_told(self):
        """R158: what is asked is a task and a tile of who answers, of nobody else."""
        self._put_in_the_chair(self.head)
        tasks = self.env["mail.activity"]
        manager, names = self.users["manager"], {}
        for pair, user in ((("approve", "pay"), self.head), ((), manager)):
            vals = dict(zip(("duty", "other_duty"), pair, strict=False))
            before = tasks.search([])
            one = self._exception(**vals)
            names[user] = one
            found = tasks.search([("note", "like", one.name)]) - before
            self.assertIn(user, found.user_id)
            self.assertNotIn(self.users["governor"], found.user_id)
            self.assertNotIn(self.one, found.user_id)
        self.assertFalse(self._asked_tile(self.users["governor"]))
        for user, one in names.items():
            with self.subTest(user.login):
                model = one.with_user(user)
                [tile] = self._asked_tile(user)
                self.assertEqual(model.search(tile["domain"]), one)
                self.assertEqual(tile["count"], 1)
                self._allow(one, user)
                self.assertFalse(self._asked_tile(user))

    def _asked_tile(self, user):
        home = self.env["npo.home"].with_user(user).get_home()
        return [t for t in home["tiles"] if t["model"] == "npo.duty.exception"]

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

    @mute_logger("odoo.addons.npo_relations.tools.printing")
    def test_paper_without_an_exception(self):
        """R158: conflicts are printed where no exception was ever asked."""
        self.duties.with_user(self.one)._claim("register", self.request)
        log = self.duties.with_user(self.two)._claim("decide", self.request)
        self.env.flush_all()
        self.cr.execute(
            "UPDATE npo_duty SET user_id = %s, partner_id = %s WHERE id = %s",
            (self.one.id, self.one.partner_id.id, log.id),
        )
        self.env.invalidate_all()
        report = self.env["ir.actions.report"].with_user(self.users["auditor"])
        bound = report._get_report("npo_relations.report_npo_duty_conflict")
        self.assertEqual(bound.binding_model_id.model, "npo.duty")
        html, _kind = report._render_qweb_html(bound, log.ids)
        text = html.decode() if isinstance(html, bytes) else str(html)
        self.assertIn(self.request.name, text)
        self.assertIn(self.one.name, text)
        self.assertEqual(text.count(f"<bdi>{self.one.name}</bdi>"), 2)

    def test_statements(self):
        """R158: a duty on many files asks as often as on few, clashing or not."""
        files = self.env["npo.corrective.action"]
        counts = []
        for size in (3, 12):
            files = files.union(*(self._new_action() for _number in range(size)))
            self._allow(
                self._exception(
                    scope="kind",
                    kind="npo.corrective.action",
                    file=False,
                    duty="put_right",
                    other_duty="sign_off",
                )
            )
            duties = self.duties.with_user(self.one)
            duties._claim("put_right", files)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            allowed = duties._check("sign_off", files.with_user(self.one))
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(allowed), len(files))
        self.assertEqual(counts[0], counts[1], counts)
