import base64
import time

from odoo import api
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install")
class TestTwoAtOnce(AtOnceCommon):
    """Two people press at one moment, each in a transaction of their own."""

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def test_two_receive(self):
        """One officer gets the request, the other is told; it is received once."""
        request = self._at("data_entry")
        beneficiary = request.beneficiary_id
        new = (
            self.env["npo.request"]
            .with_user(self.officer)
            .create(
                {
                    "company_id": self.company.id,
                    "beneficiary_id": beneficiary.id,
                    "service_id": self.service.id,
                    "channel_id": self.channel.id,
                }
            )
        )
        self.cr.commit()

        def receive(env):
            env["npo.request"].browse(new.id).action_receive()
            return env.uid

        results = self._at_once(
            (self.officer, receive), (self.users["officer2"], receive)
        )
        self._assert_one_wins(results)
        self.assertIn(new.sudo().user_id.id, results)
        self._count(
            new.sudo(), stage="data_entry", duty="register", message="req_received"
        )

    def test_two_add_a_member(self):
        """D10: two officers enter the same ID: one household has the person."""
        number = "1000000008"

        def register(env):
            vals = {"name": "Noura", "relation": "head", "identity_number": number}
            household = env["npo.household"].create(
                {"member_ids": [Command.create(vals)]}
            )
            return household.id

        results = self._at_once(
            (self.officer, register), (self.users["officer2"], register)
        )
        told = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(told), 1, results)
        self.assertIsInstance(told[0], RedirectWarning)
        self.assertNotIn(number, str(told[0]))
        members = self.env["npo.household.member"].search(
            [("company_id", "=", self.company.id), ("is_current", "=", True)]
        )
        self.assertEqual(len(members), 1)
        self.assertIn(members.household_id.id, results)

    def test_two_register_one_person(self):
        """R108: two officers register one ID at one instant: there is one file."""
        number = "1010101010"

        def register(env):
            vals = {"name": "Sara", "identity_number": number}
            return env["npo.beneficiary"].create(vals).id

        results = self._at_once(
            (self.officer, register), (self.users["officer2"], register)
        )
        told = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(told), 1, results)
        self.assertIsInstance(told[0], RedirectWarning)
        self.assertNotIn(number, str(told[0]))
        files = self.env["npo.beneficiary"].search(
            [("company_id", "=", self.company.id), ("identity_number", "=", number)]
        )
        self.assertEqual(len(files), 1)
        self.assertIn(files.id, results)
        files.active = False
        self.cr.commit()

    def test_two_give_a_contact_two_households(self):
        """D10: two officers add one contact to two families: one of them has it."""
        person = self.env["res.partner"].create(
            {"name": "Sara", "company_id": self.company.id}
        )
        families = self.env["npo.household"].create(
            [
                {
                    "company_id": self.company.id,
                    "member_ids": [Command.create({"name": name, "relation": "head"})],
                }
                for name in ("First", "Second")
            ]
        )
        self.cr.commit()

        def add_to(family_id):
            def add(env):
                vals = {"household_id": family_id, "partner_id": person.id}
                return env["npo.household.member"].create(vals).id

            return add

        results = self._at_once(
            (self.officer, add_to(families[0].id)),
            (self.users["officer2"], add_to(families[1].id)),
        )
        told = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(told), 1, results)
        self.assertIsInstance(told[0], RedirectWarning)
        members = self.env["npo.household.member"].search(
            [("partner_id", "=", person.id), ("is_current", "=", True)]
        )
        self.assertEqual(len(members), 1)

    def test_two_merge_one_file(self):
        """R108: of three files of a person, two officers merge two pairs at once."""
        files = self.env["npo.beneficiary"].create(
            [
                {"name": f"Merged {index}", "company_id": self.company.id}
                for index in range(3)
            ]
        )
        files[0]._register_file()
        ids = files.ids
        self.cr.commit()

        def merge(first, second):
            def call(env):
                pair = env["npo.beneficiary"].browse([ids[first], ids[second]])
                kept, gone = pair._merge_order()
                kept._merge(gone, {}, "One card")
                return kept.id

            return call

        results = self._at_once(
            (self.officer, merge(0, 1)), (self.users["officer2"], merge(1, 0))
        )
        self._assert_one_wins(results)
        self.assertEqual(files[1].merged_into_id, files[0])
        self.assertFalse(files[0].merged_into_id)
        self.assertEqual(len(files[0].identity_change_ids), 1)
        results = self._at_once(
            (self.officer, merge(0, 2)), (self.users["officer2"], merge(0, 2))
        )
        self._assert_one_wins(results)
        self.assertEqual(files[2].merged_into_id, files[0])
        self.assertEqual(len(files[0].identity_change_ids), 2)

    def test_two_import_one_file(self):
        """D16: two officers import the same file at once: each person once."""
        titles = ["الاسم", "رقم الهوية", "الجوال"]
        rows = [[f"شخص {index}", "", f"05000000{index:02}"] for index in range(40)]
        rows[0][1] = "1010101010"
        text = "\n".join(",".join(row) for row in [titles, *rows])
        ids = {}
        for officer in (self.officer, self.users["officer2"]):
            record = (
                self.env["npo.import"]
                .with_user(officer)
                .create({"file": base64.b64encode(text.encode()), "file_name": "a.csv"})
            )
            record.action_check()
            while record.sudo().state == "checking":
                record.sudo()._run_step()
            record.action_import()
            self.assertEqual(record.good_count, 40)
            ids[officer] = record.id
        self.cr.commit()

        def work(env):
            record = env["npo.import"].sudo().browse(ids[env.user])
            for _turn in range(100):
                if record.state == "done":
                    return record.created_count
                if record._run_step():
                    env.cr.commit()
                else:
                    env.cr.rollback()
                    env.transaction.reset()
                    time.sleep(0.1)
            return None

        results = self._at_once(*((officer, work) for officer in ids))
        self.assertEqual(sorted(results), [0, 40])
        records = self.env["npo.import"].browse(ids.values())
        self.assertEqual(sorted(records.mapped("present_count")), [0, 40])
        files = self.env["npo.beneficiary"].search(
            [("company_id", "=", self.company.id), ("name", "=like", "شخص %")]
        )
        self.assertEqual(len(files), 40)
        files.write({"active": False})
        records.unlink()
        self.cr.commit()

    def test_two_raise(self):
        """A request is raised once, with one message to its applicant (R122)."""
        request = self._at("declaration")
        self._sign_and_study(request.with_user(self.officer))
        self.cr.commit()

        def step(env):
            env["npo.request"].browse(request.id).action_raise()

        results = self._at_once((self.officer, step), (self.users["officer2"], step))
        self._assert_one_wins(results)
        self.assertEqual(request.stage_code, "committee")
        self._count(
            request, stage="committee", duty="raise", message="req_to_committee"
        )

    def test_two_decide(self):
        """Two members decide differently: one decision stands, whole."""
        request = self._at("committee")
        reason = self.env.ref("npo_relations.reason_rejection_no_budget")

        def accept(env):
            env["npo.request"].browse(request.id)._decide(
                "accepted", env.user, amount_approved=12000
            )

        def reject(env):
            env["npo.request"].browse(request.id)._decide(
                "rejected", env.user, decision_reason_id=reason.id
            )

        chair, member = self.users["chair"], self.users["member"]
        results = self._at_once((chair, accept), (member, reject))
        self._assert_one_wins(results)
        accepted = not isinstance(results[0], UserError)
        self.assertRecordValues(
            request,
            [
                {
                    "decision": "accepted" if accepted else "rejected",
                    "decided_by_ids": (chair if accepted else member).ids,
                    "amount_approved": 12000 if accepted else 0,
                    "decision_reason_id": False if accepted else reason.id,
                }
            ],
        )
        self._count(request, stage="decided", duty="decide")

    def test_two_decide_on_one_budget(self):
        """D19: two decisions at once never take more than the budget has."""
        year = self.company._npo_today().year
        fund = self.env["npo.fund"].create(
            {
                "name": "Rent",
                "company_id": self.company.id,
                "budget_ids": [
                    Command.create(
                        {
                            "date_from": f"{year}-01-01",
                            "date_to": f"{year}-12-31",
                            "amount": 15000,
                        }
                    )
                ],
            }
        )
        first, second = self._at("committee"), self._at("committee")

        def decide(request):
            return lambda env: (
                env["npo.request"]
                .browse(request.id)
                ._decide("accepted", env.user, amount_approved=10000)
            )

        results = self._at_once(
            (self.users["chair"], decide(first)), (self.users["member"], decide(second))
        )
        requests = first | second
        told = [result for result in results if isinstance(result, UserError)]
        waiting = requests.filtered(lambda request: request.approval_state == "waiting")
        free = requests.filtered(
            lambda request: request.decision and request not in waiting
        )
        self.assertEqual(len(free), 1, results)
        self.assertEqual(len(told) + len(waiting), 1, results)
        fund.active = False
        self.cr.commit()

    def test_two_announce(self):
        """A decision is announced once: one letter, one duty."""
        request = self._at("decided")
        reason = self.env.ref("npo_relations.reason_early_reply_simple")
        request.with_user(self.users["chair"])._approve_early_reply(reason)
        self.cr.commit()

        def announce(env):
            env["npo.request"].browse(request.id).action_announce()

        results = self._at_once(
            (self.users["chair"], announce), (self.users["secretary"], announce)
        )
        self._assert_one_wins(results)
        self._count(
            request, stage="registration", duty="announce", message="req_accepted"
        )

    def test_colleague_at_work(self):
        """While one transaction holds the case, another is told at once, not kept."""
        request = self._at("data_entry")
        cancel = self.env.ref("npo_relations.reason_cancel_duplicate")
        request.with_user(self.officer)._cancel(cancel)
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '5s'")  # whoever waits has failed
            other = request.with_env(
                api.Environment(cr, self.users["officer2"].id, self.env.context)
            )
            with self.assertRaises(UserError):
                other._cancel(cancel)

    def test_two_deliver(self):
        """R129: two hand-overs at once never give more than was approved."""
        request = self._at("delivery")
        vals = {
            "amount": 12000,
            "date": self.company._npo_today(),
            "receipt_method": "bank",
            "bank_reference": "77",
        }
        second = self._new_staff("deliverer_two", "delivery_officer", self.company)
        self.cr.commit()

        def deliver(env):
            env["npo.request"].browse(request.id)._deliver(dict(vals))

        results = self._at_once((self.users["deliverer"], deliver), (second, deliver))
        self._assert_one_wins(results)
        self.assertEqual(sum(request.delivery_ids.mapped("amount")), 12000)
        self._count(request, stage="done", duty="deliver", message="req_delivered")

    # ------------------------------------------------------------
    # PORTAL
    # ------------------------------------------------------------

    def test_portal_drafts_and_sends_twice(self):
        """Two presses: one draft; and sent in once, with one message (R090)."""
        portal = self.users["portal"]

        def draft(env):
            service = env["npo.service"].browse(self.service.id)
            return env["npo.request"]._portal_draft(service).id

        first, second = self._at_once((portal, draft), (portal, draft))
        self.assertEqual(first, second)
        request = self.env["npo.request"].browse(first)
        self.env["npo.beneficiary"].search(
            [("identity_number", "!=", False), ("company_id", "=", self.company.id)]
        ).write({"active": False})
        request.beneficiary_id.write(
            {
                "name": "Portal Person",
                "identity_number": "1000000008",
                "phone": "0501234567",
                "npo_gender": "female",
                "birth_date": "1980-01-01",
                "iban": "SA0380000000608010167519",
            }
        )
        request.write({"description": "Rent", "amount_requested": 5})
        self.cr.commit()

        def submit(env):
            company = self.company.with_env(env).sudo()  # of this transaction
            purposes = env["npo.consent.purpose"]._of(company)
            env["npo.request"].browse(first)._portal_submit(
                purposes.filtered("is_essential")
            )

        results = self._at_once((portal, submit), (portal, submit))
        self.assertEqual(results, [None, None])
        self._count(request, stage="new", message="req_received")

    # ------------------------------------------------------------
    # OBJECTIONS, FINDINGS
    # ------------------------------------------------------------

    def test_two_objections(self):
        """D12: two objections at once: one is taken, who comes second is told."""
        request = self._at("committee")
        chair = self.users["chair"]
        request = request.with_user(chair)
        request._decide(
            "rejected",
            chair,
            decision_reason_id=self.env.ref(
                "npo_relations.reason_rejection_no_need"
            ).id,
        )
        simple = self.env.ref("npo_relations.reason_early_reply_simple")
        request._approve_early_reply(simple)
        request.action_announce()
        self.cr.commit()

        def lodge(env):
            decision = env["npo.request"].browse(request.id)
            env["npo.appeal"]._lodge(
                decision, decision.partner_id, ground="error", statement="Wrong."
            )

        results = self._at_once((self.officer, lodge), (self.users["officer2"], lodge))
        self._assert_one_wins(results)
        self.assertEqual(len(request.sudo().appeal_ids), 1)

    def test_two_findings(self):
        """R120: two findings at once: one is opened, one message is written."""
        request = self._at("verification")

        def find(env):
            own = env["npo.request"].browse(request.id)
            env["npo.false.declaration"]._open(own, "The salary was hidden.")

        results = self._at_once((self.officer, find), (self.users["officer2"], find))
        self._assert_one_wins(results)
        self.assertEqual(len(request.finding_ids.message_log_ids), 1)

    # ------------------------------------------------------------
    # NUMBERS (D03)
    # ------------------------------------------------------------

    def _new_company(self, name):
        company = self.env["res.company"].create({"name": name})
        self.companies.append(company.id)
        self.cr.commit()
        return company

    def test_numbers_are_distinct(self):
        """Two who open a register at once do not both get number one."""
        company = self._new_company("Two Registers")

        def draw(env):
            company_env = env["res.company"].browse(company.id)
            return env["ir.sequence"]._npo_draw("REQ", company_env, 3)

        admin = self.env.ref("base.user_root")
        first, second = self._at_once((admin, draw), (admin, draw))
        year = company._npo_today().year
        self.assertEqual(
            sorted(first + second),
            [f"REQ/{year}/{number:05d}" for number in range(1, 7)],
        )
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "npo.REQ"), ("company_id", "=", company.id)]
        )
        self.assertEqual(len(sequence.date_range_ids), 1)
        self.assertEqual(len(sequence), 1)

    def test_number_of_a_rollback_is_not_reused(self):
        """A number that was drawn is not given again, and each company has its own."""
        company, other = self._new_company("Rolled Back"), self._new_company("Other")
        year = company._npo_today().year
        draw = self.env["ir.sequence"]._npo_draw
        self.assertEqual(draw("REQ", company, 1), [f"REQ/{year}/00001"])
        self.assertEqual(draw("REQ", other, 1), [f"REQ/{year}/00001"])
        self.cr.commit()
        self.assertEqual(draw("REQ", company, 1), [f"REQ/{year}/00002"])
        self.cr.rollback()
        self.assertEqual(draw("REQ", company, 1), [f"REQ/{year}/00003"])

    def test_batch_of_numbers(self):
        """A hundred numbers are one query beside the look-up of their register."""
        draw = self.env["ir.sequence"]._npo_draw
        draw("REQ", self.company, 1)
        before = self.cr.sql_log_count
        numbers = draw("REQ", self.company, 100)
        self.assertLessEqual(self.cr.sql_log_count - before, 2)
        self.assertEqual(len(set(numbers)), 100)

    def test_deleted_draft_keeps_its_number(self):
        """D03: deleting a draft does not give its number to the next."""
        request = self._at("data_entry")
        vals = {
            "company_id": self.company.id,
            "beneficiary_id": request.beneficiary_id.id,
            "service_id": self._service("furnishing").id,
            "channel_id": self.channel.id,
        }
        model = self.env["npo.request"].with_user(self.officer)
        first = model.create(dict(vals))
        number = first.name
        first.unlink()
        self.assertGreater(model.create(dict(vals)).name, number)
