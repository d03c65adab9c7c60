from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged, users

from .common import PolicyCommon


@tagged("post_install", "-at_install")
class TestPolicyErratum(PolicyCommon):
    """Slips and their correction under control: R020, Annex D."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.errata = cls.env["npo.policy.erratum"]
        clauses = cls.env["npo.policy.clause"]
        cls.heading = clauses.create(
            {"version_id": cls.version.id, "text": "تمهيد", "is_heading": True}
        )
        cls.clause = clauses.create(
            {
                "version_id": cls.version.id,
                "parent_id": cls.heading.id,
                "text": "زيادة انتفاء المستفيدين إلى {association}",
            }
        )
        cls.other_clause = clauses.create(
            {"version_id": cls.version.id, "text": "تبعات التصيير في الأداء"}
        )
        cls.version.write(
            {
                "version_label": "النسخة الأولى",
                "session_no": "19",
                "reply_max_value": 45,
                "signatory_ids": [
                    Command.create({"position": "chair", "name_on_document": "الرئيس"})
                ],
            }
        )
        cls.second_governor = new_test_user(
            cls.env,
            "npo_second_governor",
            "npo_relations.group_npo_governance_officer",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def _propose(self, clause=None, printed="انتفاء", proposed="انتماء", **vals):
        user = vals.pop("user", self.env.ref("base.user_root"))
        return (
            self.errata.with_user(user)
            .create(
                {
                    "clause_id": (clause or self.clause).id,
                    "printed": printed,
                    "proposed": proposed,
                    "reason": "سهو يقلب المعنى",
                    **vals,
                }
            )
            .with_user(self.env.user)
        )

    @property
    def _governor(self):
        return self.env["res.users"].search(
            [("login", "=", "npo_governance_officer")], limit=1
        )

    # ------------------------------------------------------------
    # PROPOSING
    # ------------------------------------------------------------

    def test_printed_stands_in_the_clause(self):
        """What is quoted is there, once, and the correction changes something."""
        self.other_clause.text = "من من تبعات"
        for clause, printed, proposed in (
            (self.clause, "ليس هنا", "شيء"),
            (self.clause, "انتفاء", "انتفاء"),
            (self.other_clause, "من", "عن"),
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._propose(clause, printed, proposed)

    def test_no_decision_by_create_or_write(self):
        """R020: a decision is taken by its button alone, by no value of a caller."""
        erratum = self._propose(state="accepted", decided_by_id=self.env.uid)
        self.assertRecordValues(
            erratum, [{"state": "proposed", "decided_by_id": False}]
        )
        by_context = self.errata.with_context(default_state="accepted").create(
            {
                "clause_id": self.other_clause.id,
                "printed": "التصيير",
                "proposed": "التقصير",
                "reason": "سهو",
            }
        )
        self.assertEqual(by_context.state, "proposed")
        for vals in (
            {"state": "accepted"},
            {"result_version_id": self.version.id},
            {"proposed_by_id": self.second_governor.id},
            {"version_id": self.version.id},
        ):
            with self.assertRaises(UserError):
                erratum.sudo().write(vals)

    @users("npo_relations_officer", "npo_auditor", "npo_general_manager")
    def test_who_proposes(self):
        with self.assertRaises(AccessError):
            self.errata.with_env(self.env).create(
                {
                    "clause_id": self.clause.id,
                    "printed": "انتفاء",
                    "proposed": "انتماء",
                    "reason": "x",
                }
            )

    def test_form(self):
        action = self.clause.action_propose_erratum()
        form = Form(self.errata.with_context(**action["context"]))
        form.printed, form.proposed, form.reason = "انتفاء", "انتماء", "سهو"
        self.assertEqual(form.save().version_id, self.version)

    # ------------------------------------------------------------
    # IN A DRAFT
    # ------------------------------------------------------------

    @users("npo_governance_officer")
    def test_draft(self):
        """Annex D: a draft is mended at once, by who prepares it, and logged."""
        erratum = self._propose(user=self.env.user)
        erratum.action_accept()
        self.assertIn("انتماء", self.clause.text)
        self.assertNotIn("انتفاء", self.clause.text)
        self.assertRecordValues(
            erratum,
            [
                {
                    "state": "accepted",
                    "decided_by_id": self.env.uid,
                    "result_version_id": self.version.id,
                }
            ],
        )
        self.assertEqual(self.version.number, "1")
        self.assertIn("انتماء", self.version.message_ids[0].body)
        with self.assertRaises(UserError):
            erratum.action_refuse()
        with self.assertRaises(UserError):
            erratum.unlink()
        with self.assertRaises(UserError):
            erratum.reason = "x"

    def test_refuse(self):
        erratum = self._propose()
        erratum.action_refuse()
        self.assertEqual(erratum.state, "refused")
        self.assertIn("انتفاء", self.clause.text)

    # ------------------------------------------------------------
    # IN FORCE
    # ------------------------------------------------------------

    def test_minor_version(self):
        """R020: version 1.1 with everything of 1, the slip mended, in force at once."""
        first = self._put_in_force()
        erratum = self._propose(user=self._governor)
        erratum.with_user(self.second_governor).action_accept()
        minor = erratum.result_version_id
        self.assertEqual((first.state, minor.state), ("superseded", "approved"))
        self.assertEqual(self.company.npo_policy_version_id, minor)
        self.assertRecordValues(
            minor,
            [
                {
                    "number": "1.1",
                    "version_no": 1,
                    "minor_no": 1,
                    "version_label": "النسخة الأولى",
                    "session_no": "19",
                    "meeting_text": first.meeting_text,
                    "reply_max_value": 45,
                    "date_in_force": self.company._npo_today(),
                    "prepared_by_title": first.prepared_by_title,
                }
            ],
        )
        self.assertEqual(
            minor.clause_ids.sorted("position").mapped("text"),
            [
                "تمهيد",
                "زيادة انتماء المستفيدين إلى {association}",
                self.other_clause.text,
            ],
        )
        corrected = minor.clause_ids.filtered(lambda c: "انتماء" in c.text)
        self.assertEqual(corrected.parent_id.text, "تمهيد")
        self.assertIn("انتفاء", self.clause.text)  # what was in force stays as it was
        self.assertEqual(minor.signatory_ids.name_on_document, "الرئيس")
        self.assertEqual(minor._window_params(), first._window_params())
        for name in ("channel_line_ids", "step_ids", "tool_ids"):
            self.assertEqual(
                minor[name].mapped("display_name"), first[name].mapped("display_name")
            )
        self.assertEqual(erratum.decided_by_id, self.second_governor)
        self.assertEqual(erratum.version_id, first)
        self.assertIn("انتماء", minor.message_ids[0].body)

    def test_general_manager(self):
        """R020: the general manager is the other second person."""
        self._put_in_force()
        manager = self.env["res.users"].search([("login", "=", "npo_general_manager")])
        erratum = self._propose(user=self._governor)
        action = erratum.with_user(manager).action_accept()
        self.assertEqual(action["res_id"], erratum.result_version_id.id)

    def test_own_proposal(self):
        """R020: nobody accepts their own correction of what is in force."""
        self._put_in_force()
        erratum = self._propose(user=self._governor)
        with self.assertRaisesRegex(UserError, "somebody else"):
            erratum.with_user(self._governor).action_accept()
        with self.assertRaises(UserError):
            erratum.with_user(self._governor).sudo().action_accept()
        self.assertEqual(erratum.state, "proposed")

    @users("npo_relations_officer", "npo_auditor", "npo_committee_member")
    def test_who_decides(self):
        erratum = self._propose().with_env(self.env)
        for step in ("action_accept", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(erratum, step)()

    def test_together(self):
        """What is accepted in one act makes one minor version; the next makes 1.2."""
        self._put_in_force()
        one = self._propose(user=self._governor)
        two = self._propose(
            self.other_clause, "التصيير", "التقصير", user=self._governor
        )
        three = self._propose(self.clause, "زيادة", "تعزيز", user=self._governor)
        (one | two).with_user(self.second_governor).action_accept()
        minor = one.result_version_id
        self.assertEqual(minor, two.result_version_id)
        self.assertEqual(minor.number, "1.1")
        # what nobody decided goes on to the minor version
        self.assertEqual((three.version_id, three.state), (minor, "proposed"))
        three.with_user(self.second_governor).action_accept()
        self.assertEqual(three.result_version_id.number, "1.2")
        self.assertIn(
            "تعزيز انتماء",
            three.result_version_id.clause_ids.sorted("position")[1].text,
        )
        versions = self.env["npo.policy.version"].search(
            [("policy_id", "=", self.policy.id)]
        )
        self.assertEqual(versions.mapped("number"), ["1.2", "1.1", "1"])

    def test_next_major(self):
        """After 1.1 the board's next version is 2, and takes the mended text along."""
        self._put_in_force()
        erratum = self._propose(user=self._governor)
        erratum.with_user(self.second_governor).action_accept()
        second = erratum.result_version_id.copy()
        self.assertEqual(second.number, "2")
        self.assertIn("انتماء", second.clause_ids.sorted("position")[1].text)
        self._put_in_force(second)
        self.assertEqual(erratum.result_version_id.state, "superseded")

    def test_unevidenced(self):
        """Annex D 9: a minor version of what has no evidence has none either."""
        self.version.write({"session_no": False})
        self.version._put_in_force_unevidenced("No copy of the approval")
        erratum = self._propose(user=self._governor)
        erratum.with_user(self.second_governor).action_accept()
        minor = erratum.result_version_id
        self.assertEqual(minor.state, "approved")
        self.assertEqual(minor.unevidenced_reason, "No copy of the approval")

    def test_only_draft_or_in_force(self):
        """No correction of what is under review or out of force."""
        self.version.action_submit()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._propose()
        self.version.action_reset_to_draft()
        erratum = self._propose()
        self.version.action_submit()
        with self.assertRaises(UserError):
            erratum.action_accept()

    def test_minor_stays_frozen(self):
        """R020: the minor version is frozen for every path, sudo included."""
        self._put_in_force()
        erratum = self._propose(user=self._governor)
        erratum.with_user(self.second_governor).action_accept()
        minor = erratum.result_version_id.sudo()
        for attempt in (
            lambda: minor.clause_ids[0].write({"text": "x"}),
            lambda: minor.write({"minor_no": 7}),
            lambda: minor.write({"version_no": 7}),
            lambda: minor.write({"reply_max_value": 50}),
            lambda: minor.unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()

    def test_minor_number_not_from_outside(self):
        version = (
            self.env["npo.policy.version"]
            .with_context(default_minor_no=5)
            .create({"policy_id": self.policy.id, "minor_no": 3})
        )
        self.assertEqual(version.minor_no, 0)

    def test_open_case(self):
        """R035: a minor version has the same parameters, and moves no open case."""
        first = self._put_in_force()
        erratum = self._propose(user=self._governor)
        erratum.with_user(self.second_governor).action_accept()
        minor = erratum.result_version_id
        self.assertEqual(first._window_params(), minor._window_params())
        self.assertEqual(first.state, "superseded")
