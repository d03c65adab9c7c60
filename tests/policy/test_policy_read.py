import base64
import io
import zipfile
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ...models.policy.profile import PROFILES
from ...wizards.policy_read_proposal import unique_quote, window_defaults
from .common import PolicyCommon
from .policy_texts import INLINE, PLAIN, SLIPPED

TEXTS = Path(__file__).resolve().parents[3] / "shared" / "policies"
# What the product adds to a text, or words in its own way, in a profile.
PRODUCT = {"approval_hijri", "declaration_text", "study_min_mode"}


class ReadCommon(PolicyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # an association that has no policy yet
        cls.company = cls.env["res.company"].create({"name": "Association C"})
        cls.governor = new_test_user(
            cls.env,
            "npo_reading_governor",
            "npo_relations.group_npo_governance_officer",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def _wizard(self, text=None, company=None, user=None, **vals):
        company = company or self.company
        wizards = self.env["npo.policy.read"].with_user(user or self.governor)
        wizards = wizards.with_context(allowed_company_ids=company.ids)
        return wizards.create({"text": text, "company_id": company.id, **vals})

    def _read(self, text=None, **vals):
        wizard = self._wizard(text, **vals)
        wizard.action_read()
        return wizard

    def _draft(self, text=None, **vals):
        wizard = self._read(text, **vals)
        wizard.action_confirm()
        return wizard.version_id

    def _fact(self, wizard, name):
        return wizard.fact_ids.filtered(lambda fact: fact.field == name)


@tagged("post_install", "-at_install")
class TestPolicyRead(ReadCommon):
    """Reading the association's own text into a draft: R001–R041, R085–R102."""

    def test_draft(self):
        """What the text says is in the draft; approving it is a separate act."""
        version = self._draft(PLAIN)
        self.assertEqual(version.state, "draft")
        self.assertEqual(version.title_as_approved, "سياسة تنظيم العلاقة مع المستفيدين")
        self.assertEqual(version.policy_id.company_id, self.company)
        self.assertEqual(version.policy_id.kind, "policy")
        self.assertEqual(len(version.step_ids), 4)
        self.assertEqual(version.tool_ids.mapped("code")[:1], ["bylaws"])
        objectives = version.clause_ids.filtered(
            lambda clause: clause.role == "objective"
        )
        self.assertEqual(len(objectives), 3)
        self.assertEqual(
            set(objectives.parent_id.mapped("role")), {"detailed_objectives"}
        )
        self.assertTrue(
            version.clause_ids.filtered(lambda clause: "{association}" in clause.text)
        )
        self.assertTrue(version.clause_ids.filtered("topic_id"))
        self.assertTrue(version.declaration_text)

    def test_ceiling_in_the_text(self):
        """R127: «لا تزيد عن» sets a ceiling and no floor."""
        version = self._draft(PLAIN)
        self.assertEqual(version.window_reading, "ceiling")
        self.assertEqual(version.study_min_value, 0)
        self.assertEqual((version.reply_max_value, version.reply_max_unit), (30, "day"))
        self.assertIn("لا تزيد عن ثلاثين", version.response_text)

    def test_unknown_channel(self):
        """R085: a channel that the product does not know is shown, and made."""
        text = PLAIN.replace("واتساب الجمعية", "سفراء الحي")
        wizard = self._read(text)
        new = wizard.item_ids.filtered("is_new")
        self.assertIn("سفراء الحي", new.mapped("name"))
        wizard.action_confirm()
        lines = wizard.version_id.channel_line_ids
        self.assertEqual(
            lines.mapped("name"),
            ["المقابلة", "الاتصالات الهاتفية", "البريد الإلكتروني", "سفراء الحي"],
        )
        self.assertTrue(all(line.channel_ids for line in lines))
        other = self.env["npo.channel"].search([("name", "=", "سفراء الحي")])
        self.assertEqual(len(other), 1)

    def test_nothing_guessed(self):
        """Annex A: what the text does not say stays empty, and is named."""
        wizard = self._read(PLAIN)
        for name in ("approval_date", "session_no", "npo_license_no", "npo_region_id"):
            fact = self._fact(wizard, name)
            self.assertFalse(fact.value, name)
            self.assertIn(fact.label, str(wizard.summary))
        wizard.action_confirm()
        self.assertTrue(wizard.version_id.is_evidence_missing)

    def test_corrected_by_the_officer(self):
        """Facts and clauses are corrected beside the text before the draft is made."""
        wizard = self._read(PLAIN)
        self._fact(wizard, "approval_date").value = "2026-01-31"
        self._fact(wizard, "print_toc").value = "Yes"
        heading = wizard.clause_ids.filtered(
            lambda line: line.role == "detailed_objectives"
        )
        gone = wizard.clause_ids.filtered(lambda line: line.role == "objective")[:1]
        text = gone.text
        gone.unlink()
        wizard.action_confirm()
        version = wizard.version_id
        self.assertEqual(str(version.approval_date), "2026-01-31")
        self.assertTrue(version.print_toc)
        self.assertNotIn(text, version.clause_ids.mapped("text"))
        self.assertIn(heading.text, version.clause_ids.mapped("text"))

    def test_answer_not_understood(self):
        """A correction that is no answer is refused, with the possible ones."""
        for name, value, expected in (
            ("approval_date", "last spring", "2026-01-31"),
            ("reply_max_value", "many", "14"),
            ("print_toc", "perhaps", "Yes"),
            ("npo_region_id", "Atlantis", "list"),
        ):
            wizard = self._read(PLAIN)
            self._fact(wizard, name).value = value
            with self.subTest(name), self.assertRaisesRegex(UserError, expected):
                wizard.action_confirm()
            self.assertFalse(wizard.version_id)

    def test_heading_taken_out(self):
        """What stood under a line that was taken out finds the part before it."""
        wizard = self._read(PLAIN)
        wizard.clause_ids.filtered(lambda line: line.role == "tools").unlink()
        wizard.action_confirm()
        clauses = wizard.version_id.clause_ids
        tools = clauses.filtered(lambda clause: clause.role == "tool")
        self.assertEqual(tools.parent_id.mapped("role"), ["channels"])

    def test_read_twice(self):
        """The same text makes no second version; two presses make one draft."""
        wizard = self._read(PLAIN)
        wizard.action_confirm()
        version = wizard.version_id
        self.assertEqual(wizard.action_confirm()["res_id"], version.id)
        with self.assertRaisesRegex(UserError, "read already"):
            self._read(PLAIN + "\n  \n")

    def test_corrected_text(self):
        """R035: a corrected text is a new version of the policy, with differences."""
        first = self._draft(PLAIN)
        first._put_in_force(unevidenced_reason="Test")
        changed = PLAIN.replace("ثلاثين يوماً", "عشرين يوماً").replace(
            "واتساب الجمعية\n", ""
        )
        wizard = self._read(changed)
        self.assertEqual(wizard.policy_id, first.policy_id)
        self.assertEqual(wizard.base_version_id, first)
        different = wizard.fact_ids.filtered("is_different")
        self.assertEqual(
            set(different.mapped("field")), {"reply_max_value", "response_text"}
        )
        self.assertEqual(
            wizard.clause_ids.filtered(lambda line: line.change == "changed").mapped(
                "role"
            ),
            ["step"],
        )
        self.assertIn("واتساب الجمعية", str(wizard.summary))
        wizard.action_confirm()
        second = wizard.version_id
        self.assertEqual(second.policy_id, first.policy_id)
        self.assertEqual(second.version_no, first.version_no + 1)
        self.assertEqual(second.reply_max_value, 20)
        self.assertEqual(first.state, "approved")
        self.assertEqual(len(first.channel_line_ids), len(second.channel_line_ids) + 1)

    def test_no_difference(self):
        """A text that says nothing else makes no version."""
        self._draft(PLAIN)._put_in_force(unevidenced_reason="Test")
        wizard = self._read("مقدمة الغلاف\n" + PLAIN)
        if all(line.change == "same" for line in wizard.clause_ids):
            with self.assertRaisesRegex(UserError, "Nothing in this text differs"):
                wizard.action_confirm()

    def test_parameters_kept(self):
        """What no text states is as the version in force has it."""
        first = self._draft(PLAIN)
        first.write({"study_min_mode": "block", "roll_forward_max": False})
        first._put_in_force(unevidenced_reason="Test")
        second = self._draft(PLAIN.replace("ثلاثين", "أربعين"))
        self.assertEqual(second.study_min_mode, "block")
        self.assertFalse(second.roll_forward_max)

    def test_new_association(self):
        """One wizard: a new association, its own text read, what is missing told."""
        admin = new_test_user(
            self.env, "npo_setup_admin", "npo_relations.group_npo_admin"
        )
        setup = self.env["npo.setup"].with_user(admin)
        setup = setup.create(
            {
                "is_new": True,
                "company_name": "جمعية نماء الوادي التعليمية",
                "source": "text",
                "text": PLAIN,
            }
        )
        action = setup.action_apply()
        wizard = self.env["npo.policy.read"].with_user(admin)
        wizard = wizard.with_context(**action["context"]).create({})
        wizard.action_read()
        wizard.action_confirm()
        version = wizard.version_id
        self.assertEqual(version.company_id.name, "جمعية نماء الوادي التعليمية")
        self.assertTrue(version.policy_id.is_operating)
        version._put_in_force(unevidenced_reason="Test")
        self.assertEqual(version.company_id.npo_policy_version_id, version)

    def test_operational_kept(self):
        """R211: what was added beside the policy stays, in its own words."""
        first = self._draft(PLAIN)
        first.step_ids[0].name = "Welcome"
        letter = self.env["npo.channel"].search([("code", "=", "letter")])
        first.write(
            {
                "channel_line_ids": [
                    Command.create(
                        {
                            "name": "Letters",
                            "channel_ids": letter.ids,
                            "origin": "operational",
                            "reason": "Test",
                        }
                    )
                ],
                "step_ids": [
                    Command.create(
                        {
                            "name": "Registration",
                            "stage_code": "registration",
                            "origin": "operational",
                        }
                    )
                ],
            }
        )
        first._put_in_force(unevidenced_reason="Test")
        second = self._draft(PLAIN.replace("ثلاثين", "أربعين"))
        self.assertEqual(
            second.channel_line_ids.mapped("name"),
            first.channel_line_ids.mapped("name"),
        )
        self.assertEqual(second.channel_line_ids[-1].origin, "operational")
        self.assertEqual(second.channel_line_ids[-1].reason, "Test")
        self.assertEqual(second.step_ids[-1].stage_code, "registration")
        self.assertEqual(second.step_ids[0].name, "Welcome")

    def test_slips(self):
        """R020, Annex D: slips are proposed as corrections; the text stays."""
        wizard = self._read(SLIPPED)
        self.assertTrue(wizard.slip_ids)
        by_kind = wizard.slip_ids.grouped("kind")
        first, second = by_kind["broken_word"], by_kind["spelling"][:1]
        first.decision = "correct"
        wizard.action_confirm()
        errata = self.env["npo.policy.erratum"].search(
            [("version_id", "=", wizard.version_id.id)]
        )
        accepted = errata.filtered(lambda erratum: erratum.state == "accepted")
        self.assertEqual(len(accepted), 1)
        self.assertIn(first.proposed, accepted.clause_id.text)
        proposed = errata.filtered(lambda erratum: second.printed in erratum.printed)
        self.assertEqual(proposed.state, "proposed")
        self.assertIn(second.printed, proposed.clause_id.text)
        # the association's name comes from its own record: no slip is left in it
        self.assertNotIn(by_kind["name"].printed, "".join(errata.mapped("printed")))

    def test_beside_the_text(self):
        """Every line of the text is shown, with what became of it."""
        wizard = self._read(PLAIN)
        shown = str(wizard.text_html)
        for line in filter(str.strip, PLAIN.splitlines()):
            self.assertIn(line.strip(), shown)
        hostile = PLAIN.replace("بسرعة وجودة", "<script>alert(1)</script>")
        self.assertNotIn("<script>", str(self._read(hostile).text_html))

    def test_names_of_the_association(self):
        """R019: how the text names the association is told, and left open."""
        wizard = self._read(PLAIN)
        self.assertIn("جمعية نماء الوادي التعليمية", str(wizard.summary))
        wizard.action_confirm()
        texts = "".join(wizard.version_id.clause_ids.mapped("text"))
        self.assertNotIn("نماء الوادي", texts)

    def test_word_file(self):
        """A .docx is read like its text."""
        body = "".join(
            f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in PLAIN.splitlines()
        )
        document = (
            '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.'
            'openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            f"{body}</w:body></w:document>"
        )
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("word/document.xml", document)
        version = self._draft(
            file=base64.b64encode(buffer.getvalue()), file_name="policy.docx"
        )
        self.assertEqual(version.reply_max_value, 30)
        self.assertEqual(version.source_file_name, "policy.docx")

    def test_bad_input(self):
        """Each bad file gets its own sentence, and nothing is made."""
        before = self.env["npo.policy.version"].search_count([])
        encoded = base64.b64encode
        for name, vals, expected in (
            ("empty", {"text": " \n"}, "no text"),
            ("none", {}, "no text"),
            ("letter", {"text": "السلام عليكم\nوبعد، نرجو التكرم"}, "headings"),
            (
                "large",
                {"file": encoded(b"a" * (5 * 2**20 + 1)), "file_name": "a.txt"},
                "5 MB",
            ),
            (
                "docx",
                {"file": encoded(b"PK\x03\x04zz"), "file_name": "a.docx"},
                "damaged",
            ),
            ("pdf", {"file": encoded(b"%PDF-1.7 x"), "file_name": "a.pdf"}, "kind"),
            ("exe", {"file": encoded(b"MZ\x90\0" * 9), "file_name": "a.txt"}, ""),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, expected):
                self._read(**vals)
        self.assertEqual(self.env["npo.policy.version"].search_count([]), before)

    def test_encodings(self):
        """UTF-8 with mark, UTF-16 and Windows-1256 are read."""
        for encoding in ("utf-8-sig", "utf-16", "cp1256"):
            data = INLINE.encode(encoding)
            wizard = self._read(file=base64.b64encode(data), file_name="policy.txt")
            with self.subTest(encoding):
                self.assertTrue(wizard.clause_ids)

    def test_access(self):
        """D02: the governance officer reads policies, of the own association."""
        officer = new_test_user(
            self.env,
            "npo_reading_officer",
            "npo_relations.group_npo_relations_officer",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(AccessError):
            self._wizard(PLAIN, user=officer)
        wizard = self._wizard(PLAIN)
        with self.assertRaises(AccessError):
            wizard.with_user(officer).action_read()
        other = self.env["res.company"].create({"name": "Other"})
        wizard = self._wizard(PLAIN)
        wizard.sudo().company_id = other
        with self.assertRaises(AccessError):
            wizard.action_read()

    def test_company_not_overwritten(self):
        """Facts of the association fill what is empty, and replace nothing."""
        self.company.npo_short_name = "Ours"
        wizard = self._read(PLAIN)
        self._fact(wizard, "npo_short_name").value = "Theirs"
        self._fact(wizard, "npo_license_no").value = "123"
        wizard.action_confirm()
        self.assertEqual(self.company.npo_short_name, "Ours")
        self.assertEqual(self.company.npo_license_no, "123")

    def test_defaults_beside_a_floor(self):
        """Annex B: the latest reply is 30 days for two weeks, 60 for a month."""
        floor = {"window_reading": "floor_and_ceiling"}
        weeks = window_defaults(
            {**floor, "study_min_value": 2, "study_min_unit": "week"}
        )
        self.assertEqual(weeks["reply_max_value"], 30)
        self.assertEqual(weeks["reminder_before_max"], 7)
        month = window_defaults(
            {**floor, "study_min_value": 1, "study_min_unit": "month"}
        )
        self.assertEqual(month["reply_max_value"], 60)
        self.assertEqual(month["reminder_before_max"], 14)

    def test_unique_quote(self):
        """A slip that stands twice is quoted with the words that tell it apart."""
        text = "one teh two teh three"
        self.assertEqual(unique_quote("a teh b", "teh", "the"), ("teh", "the"))
        self.assertEqual(
            unique_quote(text, "teh", "the"), ("one teh two", "one the two")
        )
        self.assertIsNone(unique_quote(text, "xyz", "z"))
        self.assertIsNone(unique_quote("a a a a", "", "z"))


@tagged("post_install", "-at_install")
class TestOwnTexts(ReadCommon):
    """The five associations bring their own text and see their own system (Annex A)."""

    def test_five_texts(self):
        """R210: each real text, read and confirmed, gives what its profile says."""
        if not TEXTS.is_dir():
            return
        for code in PROFILES:
            profile = self.company._npo_read_profile(code)
            path = next(TEXTS.glob(f"{profile['source']}_*.txt"))
            company = self.env["res.company"].create({"name": f"Own {code}"})
            self.governor.company_ids += company
            version = self._draft(
                company=company,
                file=base64.b64encode(path.read_bytes()),
                file_name=path.name,
            )
            self._compare(code, version.sudo(), profile)

    def _compare(self, code, version, profile):
        expected = profile["version"]
        for group in ("approval", "window", "switches", "flow", "wording", "print"):
            for name, value in expected[group].items():
                if name in PRODUCT:
                    continue
                found = version[name]
                with self.subTest(f"{code}: {name}"):
                    self.assertEqual(str(found or ""), str(value or ""))
        for name in ("title_as_approved", "version_label"):
            with self.subTest(f"{code}: {name}"):
                self.assertEqual(version[name] or False, expected[name])
        with self.subTest(f"{code}: kind"):
            self.assertEqual(version.policy_id.kind, profile["policy"]["kind"])
        with self.subTest(f"{code}: signatories"):
            self.assertEqual(
                version.signatory_ids.mapped("position"), expected["signatories"]
            )
        with self.subTest(f"{code}: channels"):
            self.assertEqual(
                [
                    sorted(line.channel_ids.mapped("code"))
                    for line in version.communication_line_ids
                ],
                [
                    sorted(line["codes"])
                    for line in profile["channels"]
                    if line["origin"] == "policy"
                ],
            )
        with self.subTest(f"{code}: tools"):
            self.assertEqual(
                version.tool_ids.sorted("sequence").mapped("code"),
                [tool["code"] for tool in profile["tools"]],
            )
        with self.subTest(f"{code}: steps"):
            self.assertEqual(
                version.step_ids.mapped("stage_code"),
                [
                    step["stage"]
                    for step in profile["steps"]
                    if step["origin"] == "policy"
                ],
            )
        counts = {
            role: len(version.clause_ids.filtered(lambda c, role=role: c.role == role))
            for role in ("general_objective", "objective", "mean")
        }
        with self.subTest(f"{code}: objectives"):
            self.assertEqual(counts["objective"], 6)
            self.assertEqual(counts["mean"], 5)
