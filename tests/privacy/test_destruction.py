from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...wizards import trace_search
from ..common_performance import PerformanceCommon
from .common_forget import NAME, ForgetCommon

YEARS = 12  # after which everything of the tests is over


class Killed(BaseException):
    """The server is gone: nobody catches it."""


@tagged("post_install", "-at_install")
class TestDestruction(PerformanceCommon, ForgetCommon):
    """D17, P016: what is due, who approves it, and how it is carried out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.env["npo.beneficiary"].create(
            [
                {
                    "name": f"Person Number {number}",
                    "company_id": cls.company.id,
                    "identity_type": "none",
                    "phone": f"05012345{number:02}",
                }
                for number in range(6)
            ]
        )
        cls.partners = cls.files.partner_id
        cls.one = cls.partners[0]
        cls.hold = cls.env["npo.legal.hold"]
        cls._long_ago(YEARS)

    def _names(self, partners=None):
        self.env.invalidate_all()
        return [name for name in (partners or self.partners).mapped("name")]

    def _is_nameless(self, partner):
        partner.invalidate_recordset()
        return "Person Number" not in partner.name

    def _line(self, session, partner):
        return session.line_ids.filtered(lambda line: line.res_id == partner.id)

    def _visit(self, **vals):
        purpose = self.env["npo.visit.purpose"].search([], limit=1)
        visit = self.env["npo.visit"].create(
            {
                "company_id": self.company.id,
                "site_id": self.site.id,
                "purpose_id": purpose.id,
                **vals,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE npo_visit SET state = 'done' WHERE id = %s", visit.id)
        )
        self.env.invalidate_all()
        return visit

    # ------------------------------------------------------------
    # WHAT IS DUE
    # ------------------------------------------------------------

    def test_what_is_due(self):
        """P009: files are due after their years; an open one, and a young one, not."""
        self.files[1].sudo().state = "active"
        self.files[2].sudo().write({"state": "closed"})
        self.files[2].sudo().date_ended = fields.Date.today().replace(
            year=fields.Date.today().year + 5
        )
        session = self.sessions.with_user(self.protector).create({})
        session.action_draw_up()
        due = set(session.sudo().line_ids.mapped("res_id")) & set(self.partners.ids)
        self.assertEqual(due, set((self.partners - self.partners[1:3]).ids))

    def test_counted(self):
        """D17: the list of what is due, counted by night or now, opens its records."""
        dues = self.env["npo.retention.due"].with_user(self.protector)
        home = self.env["npo.home"].with_user(self.protector)
        dues.action_count()
        person = dues.search([("rule_id.res_model", "=", "res.partner")])
        self.assertEqual(person.due_count, 6)
        self.hold.with_user(self.protector).create(
            {"partner_id": self.one.id, "reason": "The court asks for it."}
        )
        dues.action_count()
        self.assertRecordValues(person, [{"due_count": 5, "held_count": 1}])
        domain = person.action_open_records()["domain"]
        self.assertEqual(
            set(self.env["res.partner"].search(domain).ids),
            set((self.partners - self.one).ids),
        )
        tiles = {tile["model"]: tile["count"] for tile in home.get_home()["tiles"]}
        self.assertEqual(tiles["npo.retention.due"], 1)
        with self.assertRaises(AccessError):
            dues.with_user(self.officer).action_count()

    def test_counted_by_night(self):
        """D17: each association is counted, who was counted longest ago first."""
        other = self.env["res.company"].create({"name": "Another"})
        dues = self.env["npo.retention.due"]
        rule = self.env["npo.retention.rule"]._starting()[0]
        now = fields.Datetime.now()
        for company, days in ((other, 2), (self.company, 1)):
            dues.create(
                {
                    "company_id": company.id,
                    "rule_id": rule.id,
                    "date_counted": fields.Datetime.subtract(now, days=days),
                }
            )
        counted = []
        with (
            patch.object(
                type(dues), "_count", lambda _self, company: counted.append(company)
            ),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=0),
        ):
            dues._cron_count()
        self.assertEqual(set(counted), set(self.env["res.company"].search([])))
        self.assertEqual(counted[-2:], [other, self.company])

    def test_colleagues_and_companies(self):
        """Who works here, and a body, is no file that is over."""
        self.one.is_company = True
        user = self.users["officer2"]
        file = self.env["npo.beneficiary"].create(
            {"partner_id": user.partner_id.id, "company_id": self.company.id}
        )
        session = self.sessions.with_user(self.protector).create({})
        session.action_draw_up()
        due = set(session.sudo().line_ids.mapped("res_id"))
        self.assertFalse(due & {self.one.id, file.partner_id.id})

    # ------------------------------------------------------------
    # HELD
    # ------------------------------------------------------------

    def test_held_is_skipped(self):
        """P016: what is held after the approval is skipped, with its reason."""
        session = self._approved()
        self.hold.with_user(self.protector).create(
            {"partner_id": self.one.id, "reason": "The court asks for it."}
        )
        self._carry_out(session)
        self.assertFalse(self._is_nameless(self.one))
        self.assertRecordValues(
            self._line(session, self.one), [{"state": "held", "held_reason": "hold"}]
        )
        self.assertTrue(self._is_nameless(self.partners[1]))

    def test_open_holds_by_itself(self):
        """P016: an open case holds its person, and the line says what it is."""
        session = self._approved()
        self._new_request(self.files[0])
        self._carry_out(session)
        line = self._line(session, self.one)
        self.assertRecordValues(line, [{"state": "held", "held_reason": "open"}])
        names = self.env["ir.model"]._get("npo.request").name
        self.assertIn(names, line.held_by)
        self.assertFalse(self._is_nameless(self.one))

    def test_record_on_hold(self):
        """P016: a hold on a record holds the record and its person."""
        visit = self._visit(partner_id=self.one.id, visitor_name="Kept Visitor")
        self.hold.with_user(self.protector).create(
            {"res_model": "npo.visit", "res_id": visit.id, "reason": "A dispute."}
        )
        session = self._approved()
        self._carry_out(session)
        self.assertEqual(visit.visitor_name, "Kept Visitor")
        self.assertFalse(self._is_nameless(self.one))

    # ------------------------------------------------------------
    # APPROVED BY TWO
    # ------------------------------------------------------------

    def test_two_persons(self):
        """D17: one person never approves both sides, whatever the roles."""
        both = self.env["res.users"].browse(self.protector.id)
        both.group_ids |= self.env.ref("npo_relations.group_npo_general_manager")
        session = self.sessions.with_user(both).create({})
        session.action_draw_up()
        session.action_approve()
        with self.assertRaises(UserError):
            session.action_approve()
        self.assertEqual(session.state, "approval")
        with self.assertRaises(AccessError):
            session.with_user(self.officer).action_approve()
        session.with_user(self.governor).action_approve()
        self.assertEqual(session.state, "running")
        self.assertRecordValues(
            session,
            [{"first_by_id": both.id, "second_by_id": self.governor.id}],
        )

    def test_no_way_past_the_approval(self):
        """D17: no write, create, context or line by hand starts anything (RPC)."""
        sessions = self.sessions.with_user(self.protector)
        session = sessions.with_context(
            default_state="running", default_first_by_id=self.protector.id
        ).create({})
        self.assertRecordValues(session, [{"state": "draft", "first_by_id": False}])
        for vals in (
            {"state": "running"},
            {"request_id": 1},
            {"second_by_id": self.manager.id},
            {"line_ids": []},
        ):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                session.write(vals)
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                sessions.create(vals)
        lines = self.env["npo.destruction.line"].with_user(self.protector)
        with self.assertRaises(AccessError):
            lines.create({"session_id": session.id, "res_id": 1})
        session.action_draw_up()
        with self.assertRaises(AccessError):
            session.sudo().line_ids[0].with_user(self.protector).write({"res_id": 1})
        with self.assertRaises(UserError):
            session.action_draw_up()
        with self.assertRaises(UserError):
            session.sudo().unlink()
        self._carry_out_nothing()

    def _carry_out_nothing(self):
        """A session that is not approved is not carried out by the cron."""
        names = self._names()
        cron = self.env.ref("npo_relations.ir_cron_npo_destruction")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(self._names(), names)

    def test_cancelled(self):
        """What was given up is due again in another session."""
        session = self.sessions.with_user(self.protector).create({})
        session.action_draw_up()
        count = session.line_count
        with self.assertRaises(UserError):
            self._approved(self.sessions.with_user(self.protector).create({}))
        with self.assertRaises(UserError):
            session.action_cancel()
        session.cancel_reason = "Drawn up a month too early."
        session.action_cancel()
        with self.assertRaises(UserError):
            session.cancel_reason = "Another one."
        again = self.sessions.with_user(self.governor).create({})
        again.action_draw_up()
        self.assertEqual(again.line_count, count)

    def _asked(self):
        """Return what a person asks for, as who protects the data."""
        cases = self.env["npo.data.request"].with_user(self.protector)
        return cases.create({"partner_id": self.one.id, "kind": "destroy"})

    def _give_up(self, case):
        session = self.sessions.search([("request_id", "=", case.id)], limit=1)
        session = session.with_user(self.governor)
        session.cancel_reason = "A court case was announced."
        session.action_cancel()

    def test_request_given_up(self):
        """P010, P014: a granted destruction that is given up is answered anew."""
        self._travel(0)
        case = self._asked()
        case._verify_identity("card")
        case._fulfil("done", "All goes within a month.")
        self.assertFalse(case.activity_ids)
        self._give_up(case)
        self.assertRecordValues(
            case, [{"stage_code": "open", "outcome": False, "date_closed": False}]
        )
        self.assertEqual(case.activity_ids.user_id, self.protector)
        case._fulfil("partly", "All goes but what the court asks for.")
        self.assertEqual(
            self.sessions.search([("request_id", "=", case.id)]).mapped("state"),
            ["approval", "cancelled"],
        )
        again = self._asked()
        self._give_up(case)
        self.assertEqual(case.stage_code, "done")
        self.assertEqual(again.activity_ids.user_id, self.protector)

    # ------------------------------------------------------------
    # CARRIED OUT
    # ------------------------------------------------------------

    def test_by_the_cron(self):
        """D17: the cron carries it out batch by batch and ends it."""
        session = self._approved()
        cron = self.env.ref("npo_relations.ir_cron_npo_destruction")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(session.state, "done")
        self.assertEqual(session.progress, 100)
        self.assertTrue(all(map(self._is_nameless, self.partners)))
        self.assertEqual(len(set(self._names())), 6)

    def test_killed_half_way(self):
        """D17: what is cut off goes on, nothing twice, nothing half."""
        session = self._approved()
        self.assertEqual(session._carry_out_batch(2), 2)
        self.env.flush_all()
        first = session.line_ids.filtered(lambda line: line.state == "done")
        days = first.mapped("date_done")
        before = self._names()
        engine = type(self.engine)
        for step in ("_erase_beside", "_erase_rows", "_erase_persons"):
            with self.subTest(step):
                savepoint = self.env.cr.savepoint()
                with patch.object(engine, step, side_effect=Killed):
                    with self.assertRaises(Killed):
                        session._carry_out_batch(2)
                savepoint.close(rollback=True)
                self.env.invalidate_all()
                self.assertEqual(self._names(), before)
        self._carry_out(session, 2)
        self.assertEqual(session.state, "done")
        self.assertEqual(first.mapped("date_done"), days)
        self.assertEqual(session.done_count, session.line_count)

    def test_one_refused(self):
        """What the database refuses is skipped, and holds up no other."""
        session = self._approved()
        erase = type(self.engine)._erase_persons
        bad = self.one.id

        def refuse(engine, company, persons, kept):
            if bad in persons:
                raise UserError("No.")
            return erase(engine, company, persons, kept)

        with (
            patch.object(type(self.engine), "_erase_persons", refuse),
            mute_logger("odoo.addons.npo_relations.models.privacy.destruction_run"),
        ):
            self._carry_out(session)
        self.assertRecordValues(
            self._line(session, self.one), [{"state": "held", "held_reason": "failed"}]
        )
        self.assertFalse(self._is_nameless(self.one))
        self.assertTrue(self._is_nameless(self.partners[1]))

    def test_not_twice(self):
        """Who was forgotten, and what went by itself, is never due again."""
        self._visit(visitor_name="A visitor")
        self._carry_out(self._approved())
        with self.assertRaises(UserError):
            self.sessions.with_user(self.protector).create({}).action_draw_up()

    def test_visits_by_themselves(self):
        """P009: a visit goes after its years, whoever came is still known."""
        live = self.files[1]
        live.sudo().state = "active"
        visit = self._visit(
            partner_id=live.partner_id.id, visitor_name="Person Number 1"
        )
        passer = self.env["res.partner"].create(
            {"name": "Person Number 99", "company_id": self.company.id}
        )
        passer.npo_gender = "male"
        other = self._visit(partner_id=passer.id)
        self._carry_out(self._approved())
        self.assertFalse(self._is_nameless(live.partner_id))
        self.assertNotIn("Person", visit.visitor_name)
        self.assertNotEqual(visit.partner_id, live.partner_id)
        self.assertEqual(other.partner_id.npo_gender, "male")
        # nothing leads to the passer-by any more
        self.assertTrue(self._is_nameless(passer))

    # ------------------------------------------------------------
    # ASKED FOR BY THE PERSON
    # ------------------------------------------------------------

    def test_asked_for(self):
        """P010, P016: who asks is not made to wait for years, only for the law."""
        self._travel(0)
        case = self.env["npo.data.request"].create(
            {
                "partner_id": self.one.id,
                "kind": "destroy",
                "company_id": self.company.id,
            }
        )
        case._verify_identity("card")
        case._fulfil("done", "What the law lets go is destroyed.")
        session = self.sessions.search([("request_id", "=", case.id)])
        self.assertEqual(session.state, "approval")
        self._carry_out(self._approved(session))
        self.assertTrue(self._is_nameless(self.one))
        self.assertFalse(self._is_nameless(self.partners[1]))
        self.assertTrue(case.exists())

    def test_accounts_keep_the_name(self):
        """P009: younger bills stay with the name they bear, and nothing else does."""
        self._travel(0)
        self.one.phone = "0501234599"
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        bill = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "entry",
                    "partner_id": self.one.id,
                    "company_id": self.company.id,
                    "journal_id": journal.id
                    or self.env["account.journal"]
                    .create(
                        {
                            "name": "Misc",
                            "code": "MSC",
                            "type": "general",
                            "company_id": self.company.id,
                        }
                    )
                    .id,
                    "date": fields.Date.today(),
                    "ref": "Person Number 0",
                }
            )
        )
        case = self.env["npo.data.request"].create(
            {
                "partner_id": self.one.id,
                "kind": "destroy",
                "company_id": self.company.id,
            }
        )
        session = self.sessions._ask_destruction(self.one, self.company, case)
        self._carry_out(self._approved(session))
        self.one.invalidate_recordset()
        self.assertEqual(self.one.name, "Person Number 0")
        self.assertFalse(self.one.phone)
        self.assertEqual(bill.ref, "Person Number 0")
        self.assertTrue(self.one.sudo().npo_kept_until)
        # ten years later the bill is over, and with it the name
        self._travel(YEARS)
        self._carry_out(self._approved())
        self.assertTrue(self._is_nameless(self.one))
        bill.invalidate_recordset()
        self.assertNotIn("Person", bill.ref)

    # ------------------------------------------------------------
    # PROOF
    # ------------------------------------------------------------

    def test_certificate(self):
        """D17: numbered, with counts and who approved; it names nobody of the files."""
        session = self._approved()
        with self.assertRaises(UserError):
            session.with_user(self.protector).action_certificate()
        self._carry_out(session)
        data = session._certificate()
        done = {row[1]: row[3] for row in data["rows"]}
        self.assertEqual(sum(done.values()), session.done_count)
        report = self.env["ir.actions.report"].with_user(self.manager)
        html, _kind = report._render_qweb_html(
            "npo_relations.report_npo_destruction", session.ids
        )
        text = html.decode()
        self.assertIn(session.name, text)
        self.assertIn(self.protector.name, text)
        self.assertIn(self.manager.name, text)
        self.assertNotIn("Person Number", text)
        pdf, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            "npo_relations.action_report_npo_destruction", session.ids
        )
        self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))

    def test_is_anything_left(self):
        """P016: who protects the data looks a name up in every table."""
        wizards = self.env["npo.trace.search"].with_user(self.protector)
        form = wizards.create({"words": "Person Number 3\n0501234503"})
        form.action_search()
        self.assertIn(self.env["ir.model"]._get("res.partner").name, form.result)
        self.assertFalse(form.words)
        self._carry_out(self._approved())
        form.words = "Person Number 3\n0501234503"
        form.action_search()
        self.assertNotIn("res.partner", form.result)
        self.assertNotIn(self.env["ir.model"]._get("res.partner").name, form.result)
        with self.assertRaises(AccessError):
            self.env["npo.trace.search"].with_user(self.officer).create({"words": NAME})

    def test_refused_search_keeps_nothing(self):
        """P016: what was typed goes where nothing is looked for, too."""
        self.patch(trace_search, "PER_HOUR", 1)
        form = self.env["npo.trace.search"].with_user(self.protector).create({})
        for words, tag in (
            ("abc", "display_notification"),
            ("Person Number 3", None),
            ("Person Number 3", "display_notification"),
        ):
            form.words = words
            action = form.action_search()
            self.assertEqual(action.get("tag"), tag)
            self.assertFalse(form.words)
            self.assertEqual(bool(form.result), not tag)

    # ------------------------------------------------------------
    # SIZE
    # ------------------------------------------------------------

    def test_statements(self):
        """D17: a batch takes as many statements with forty persons as with four."""
        files = self.env["npo.beneficiary"].create(
            [
                {
                    "name": f"Size {number}",
                    "company_id": self.company.id,
                    "identity_type": "none",
                }
                for number in range(88)
            ]
        )
        self.engine._forget(self.company, self.one.ids)  # warms the caches
        counts = []
        for ids in (files[:4].partner_id.ids, files[4:44].partner_id.ids):
            counts.append(
                self._statements(lambda ids=ids: self.engine._forget(self.company, ids))
            )
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 400)
        drawn = []
        for number in range(4):  # the first of each size warms the caches
            if number == 2:
                self.engine._forget(self.company, files[44:].partner_id.ids)
            session = self.sessions.with_user(self.protector).create({})
            drawn.append(self._statements(session.action_draw_up))
            session.cancel_reason = "Only drawn up to count."
            session.action_cancel()
        self.assertEqual(drawn[1], drawn[3])
