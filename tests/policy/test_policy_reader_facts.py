"""What the reader says of a policy: Annexes A, B and D, R001-R041, R085-R102."""

import logging
import re
import textwrap
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...tools.arabic import fold
from ...tools.policy_reader import read_bytes, read_text
from ...tools.policy_reader.dates import read_day
from ...tools.policy_reader.facts import channel_codes, split_channels
from ...tools.policy_reader.slips import distance
from ...tools.policy_reader.windows import find_windows
from .policy_texts import POLICIES
from .test_profiles_against_texts import read_profile

_logger = logging.getLogger(__name__)

POLICY_FOLDER = Path(__file__).resolve().parents[3] / "shared" / "policies"
EIGHT = "interview phone social letter assistance_request volunteer website delegate"
FOUR = "bylaws social_research_guide support_policy_guide support_request_form"
FIVE_STEPS = "new verification clarification declaration committee"
SEVEN_STEPS = f"{FIVE_STEPS} registration delivery"
BOARD = ["chair", "vice_chair", "financial_supervisor", *["member"] * 4]

# Annex A: association by parameter; what all but the last say alike comes first.
_FOUR_ALIKE = {
    "kind": "policy",
    "version_label": None,
    "version_number": None,
    "acronym": None,
    "slogan": None,
    "region_text": None,
    "region_code": None,
    "license_no": None,
    "supervisor": None,
    "prepared_by_title": None,
    "approval_hijri": None,
    "approval_year": None,
    "date_uncertain": False,
    "session_no": None,
    "minutes_no": None,
    "issue_date": None,
    "info_block": [],
    "signatory_positions": [],
    "chair_signs": False,
    "has_toc": False,
    "has_info_block": False,
    "has_basmala": False,
    "has_thanks": False,
    "has_approval_block": False,
    "has_approval_line": False,
    "stakeholder_classes": [],
    "definitions": [],
    "sub_policies": [],
    "centre_tasks": {},
    "complaint_deadlines": [],
    "parties_label": "داعمين ومتطوعين",
    "rights_party_label": "المتعاقدين",
    "served_person_label": "المستفيد",
    "internal_external": "or",
    "innovation_label": "إدارية",
    "gender_inclusive": False,
    "declaration_verb": "verify",
    "referral_mode": "any",
    "referral_legal_aspect": False,
}
ANNEX_A = {
    "000": {
        "association_name": "جمعية المتقاعدين في منطقة الحدود الشمالية",
        "association_variants": ["جمعية المتقاعدين بمنطقة الحدود الشمالية"],
        "short_name": "NBRA",
        "acronym": "NBRA",
        "slogan": "رعاية واستثمار",
        "region_text": "منطقة الحدود الشمالية",
        "region_code": "northern_borders",
        "title_as_approved": "سياسة تنظيم العلاقة مع المستفيدين",
        "approved_by_body": None,
        "approval_date": None,
        "approval_year": 2021,
        "meeting_text": "الاجتماع الأول لعام ٢٠٢١م",
        "approval_sentence": "تم اعتمادها في الاجتماع الأول لعام ٢٠٢١م",
        "has_toc": True,
        "has_approval_line": True,
        "rights_party_label": "المتقاعدين",
    },
    "001": {
        "association_name": "جمعية مساكن",
        "association_variants": [],
        "short_name": "مساكن",
        "title_as_approved": "سياسة تنظيم العلاقة مع المستخدمين جمعية مساكن",
        "title_in_approval": "سياسة تنظيم العلاقات مع المستفيدين",
        "version_label": "النسخة الأولى",
        "version_number": 1,
        "approved_by_body": "board",
        "approval_date": date(2023, 12, 23),
        "approval_hijri": "1445-06-10",
        "meeting_text": "اجتماع مجلس الإدارة بجلسته (١٩)",
        "session_no": "19",
        "prepared_by_title": "مسؤولة الحوكمة بالجمعية",
        "signatory_positions": BOARD,
        "chair_signs": True,
        "has_basmala": True,
        "has_thanks": True,
        "has_approval_block": True,
    },
    "002": {
        "association_name": "جمعية الرعاية الصحية لأمراض القلب لدى الأطفال "
        "(القلوب الصغيرة)",
        "short_name": "القلوب الصغيرة",
        "region_text": "منطقة مكة المكرمة",
        "region_code": "makkah",
        "license_no": "2337",
        "title_as_approved": "سياسة تنظيم العلاقة مع المستفيد",
        "version_label": "الإصدار الأول",
        "version_number": 1,
        "approved_by_body": "board",
        "approval_date": date(2023, 8, 10),
        "approval_hijri": "1445-01-23",
        "issue_date": date(2023, 8, 10),
        "meeting_text": "محضر اجتماع مجلس الإدارة رقم (٣)",
        "minutes_no": "3",
        "has_info_block": True,
        "info_block": [
            ("اسم الوثيقة", "سياسة تنظيم العلاقة مع المستفيد"),
            ("حالة اعتمادية الوثيقة", "معتمدة من قبل مجلس الإدارة"),
            ("تاريخ الاعتماد", "10/08/2023-1445/01/23"),
            ("رقم محضر الاعتماد", "محضر اجتماع مجلس الإدارة رقم (٣)"),
            ("رقم الاصدار", "الإصدار الأول"),
            ("تاريخ الاصدار", "10/08/2023-1445/01/23"),
        ],
    },
    "003": {
        "association_name": "جمعية غمار الشبابية",
        "association_variants": ["جمعية عمار الشبابية"],
        "short_name": "غمار الشبابية",
        "title_as_approved": "سياسة تنظيم العلاقة مع المستفيدين لجمعية عمار الشبابية",
        "approved_by_body": "board",
        "approval_date": date(2025, 5, 8),
        "date_uncertain": True,
        "meeting_text": "محضر مجلس الإدارة",
        "has_toc": True,
        "has_approval_block": True,
        "declaration_verb": "affirm",
    },
    "004": {
        "kind": "bylaw",
        "association_name": "جمعية حرفة الأهلية",
        "association_variants": ["جمعية حرفة الاهلية", "جمعية حرفة"],
        "short_name": "حرفة",
        "supervisor": "وزارة الموارد البشرية والتنمية الاجتماعية",
        "title_as_approved": "لائحة تنظيم العلاقات مع المستفيدين",
        "approved_by_body": None,
        "approval_date": None,
        "meeting_text": None,
        "approval_sentence": None,
        "parties_label": "موردين ومتطوعين",
        "rights_party_label": "جميع الأطراف ذات العلاقة",
        "served_person_label": "العميل",
        "internal_external": "and",
        "innovation_label": "جديدة",
        "gender_inclusive": True,
        "declaration_verb": "affirm",
        "referral_mode": "phone",
        "referral_legal_aspect": True,
        "stakeholder_classes": [
            "المستفيدون",
            "العاملون في الجمعية",
            "العملاء والموردون",
            "الجهات الحكومية والأهلية",
            "القطاع الخاص",
        ],
    },
}
# Found elsewhere than in the flat facts, or by a test of their own.
_OWN_TESTS = {"definitions", "sub_policies", "centre_tasks"}
PROFILES = {
    "000": "nbra",
    "001": "masaken",
    "002": "little_hearts",
    "003": "ghimar",
    "004": "harfa",
}


def without_marks(text):
    """Return a text without bullets and marks of Markdown."""
    return re.sub(r"(?m)^\s*(?:-\s+|#+\s)?", "", text.replace("**", ""))


def without_blank_lines(text):
    return "\n".join(line for line in text.splitlines() if line.strip())


def with_blank_lines(text):
    return "\n\n".join(text.splitlines())


def wrapped(text):
    """Return a text with its long lines broken, as copied from a page."""
    lines = []
    for line in text.splitlines():
        is_whole = len(line) < 70 or "\t" in line or line.startswith("#")
        lines += [line] if is_whole else textwrap.wrap(line, 70)
    return "\n".join(lines)


FORMS = (without_marks, without_blank_lines, with_blank_lines, wrapped)
# Annex D: (line, printed, proposed)
ANNEX_D = {
    "000": {
        (20, "المستخدمين", "المستفيدين"),
        (21, "المستخدمين", "المستفيدين"),
        (22, "المستخدم", "المستفيد"),
        (31, "المتقاعدين", "المتعاقدين"),
        (76, "طال ب", "طالب"),
    },
    "001": {
        (3, "المستخدمين", "المستفيدين"),
        (29, "ووصولهم", "وحصولهم"),
        (62, "مختل ف", "مختلف"),
    },
    "002": {
        (17, "التصيير", "التقصير"),
        (33, "وانتفاء", "وانتماء"),
        (63, "طال ب", "طالب"),
    },
    "003": {
        (3, "عمار", "غمار"),
        (12, "المستخدمين", "المستفيدين"),
        (13, "المستخدمين", "المستفيدين"),
        (14, "المستخدم", "المستفيد"),
    },
    "004": {
        (15, "البشربة", "البشرية"),
        (17, "الاهلية", "الأهلية"),
        (42, "الإجراءات", "لإجراءات"),
        (43, "زبادة", "زيادة"),
        (47, "", "١"),
        (48, "تكوبن", "تكوين"),
        (56, "", "٢"),
        (73, "", "٢"),
        (75, "", "٤"),
        (75, "لتأكيد", "التأكيد"),
        (76, "", "٥"),
        (89, "", "١"),
        (98, "آ", "٣"),
        (103, "⁵", "٤"),
        (118, "سربة", "سرية"),
        (126, "المطابقة", "المطبقة"),
        (127, "", "٢"),
        (150, "تنظیمیة", "تنظيمية"),
        (155, "رؤبة", "رؤية"),
        (165, "المستفيدين/ات؟", "المستفيدين/ات."),
        (166, "بتقاربر", "بتقارير"),
        (166, "دوربة", "دورية"),
        (171, "الإشر افية", "الإشرافية"),
    },
}


@tagged("post_install", "-at_install")
class TestFivePolicies(BaseCase):
    """The five approved texts: Annex A, cell by cell, and Annex D.

    The texts are no part of the module. Where the folder is absent these tests pass,
    and each says so in the log.
    """

    def _readings(self):
        if not POLICY_FOLDER.is_dir():
            _logger.info("No policies in %s: nothing to read.", POLICY_FOLDER)
            return
        for prefix in ANNEX_A:
            (path,) = POLICY_FOLDER.glob(f"{prefix}_*.txt")
            yield prefix, read_bytes(path.read_bytes(), path.name)

    def test_annex_a(self):
        """Annex A: every cell that is one value."""
        for prefix, reading in self._readings():
            expected = {**_FOUR_ALIKE, **ANNEX_A[prefix]}
            for name, value in expected.items():
                if name in _OWN_TESTS and prefix == "004":
                    continue
                with self.subTest(policy=prefix, fact=name):
                    self.assertEqual(getattr(reading.facts, name), value)

    def test_lists(self):
        """R085-R102, R103-R129: channels, tools and steps in their order."""
        for prefix, reading in self._readings():
            facts, is_last = reading.facts, prefix == "004"
            channels = (
                "interview phone email social letter fax website" if is_last else EIGHT
            )
            tools = "bylaws beneficiaries_bylaw" if is_last else FOUR
            with self.subTest(policy=prefix):
                codes = [code for channel in facts.channels for code in channel.codes]
                self.assertEqual(codes, channels.split())
                self.assertEqual(len(facts.channels), 6 if is_last else 8)
                self.assertEqual([tool.code for tool in facts.tools], tools.split())
                self.assertEqual(
                    [step.stage for step in facts.steps],
                    (FIVE_STEPS if is_last else SEVEN_STEPS).split(),
                )

    def test_profiles(self):
        """R210: the reader and the profiles made by hand say the same."""
        for prefix, reading in self._readings():
            profile, facts = read_profile(PROFILES[prefix]), reading.facts
            version = profile["version"]
            for group in ("switches", "flow"):
                for name, value in version[group].items():
                    if name.startswith("referral"):
                        continue
                    with self.subTest(policy=prefix, switch=name):
                        self.assertEqual(facts.switches[name], value)
            for name, value in version["wording"].items():
                with self.subTest(policy=prefix, wording=name):
                    self.assertEqual(getattr(facts, name), value)
            for name, value in version["print"].items():
                with self.subTest(policy=prefix, layout=name):
                    has = name.replace("print_", "has_")
                    self.assertEqual(getattr(facts, has), value)
            for key in ("channels", "complaint_channels", "tools"):
                names = [
                    fold(line["name"]["ar"])
                    for line in profile[key]
                    if line.get("origin", "policy") == "policy"
                ]
                with self.subTest(policy=prefix, names=key):
                    self.assertEqual(
                        [fold(item.text) for item in getattr(facts, key)], names
                    )
            self.assertEqual(facts.title_as_approved, version["title_as_approved"])
            self.assertEqual(facts.signatory_positions, version["signatories"])

    def test_window(self):
        """R126, Annex B: a floor of two weeks; a month in the last."""
        for prefix, reading in self._readings():
            window = reading.facts.window
            words, amount = "أسبوعين", (2, "week")
            if prefix == "004":
                words, amount = "شهر", (1, "month")
            with self.subTest(policy=prefix):
                self.assertEqual(window.text, f"خلال مدة لا تقل عن {words}")
                self.assertEqual((window.value, window.unit), amount)
                self.assertEqual((window.bound, window.day_kind), ("min", "calendar"))
                self.assertEqual(reading.facts.windows, [window])

    def test_objectives(self):
        """R056-R084: six objectives and five means, however they are parted."""
        for prefix, reading in self._readings():
            with self.subTest(policy=prefix):
                self.assertEqual(len(reading.by_role("objective")), 6)
                self.assertEqual(len(reading.by_role("mean")), 5)

    def test_annex_c(self):
        """Annex C: what only the fifth policy has."""
        for prefix, reading in self._readings():
            if prefix != "004":
                continue
            facts = reading.facts
            terms = [term for term, _meaning in facts.definitions]
            self.assertEqual(terms, ["الوزارة", "الجمعية", "السياسات", "أصحاب المصالح"])
            topics = [topic for _title, topic, _key in facts.sub_policies]
            self.assertEqual(
                topics,
                ["compensation", "disputes", "good_relations", "information_access"],
            )
            self.assertEqual(len(facts.centre_tasks["organisational"]), 12)
            self.assertEqual(len(facts.centre_tasks["supervisory"]), 5)
            codes = [channel.codes for channel in facts.complaint_channels]
            self.assertEqual(
                codes, [("tawasul",), ("social",), ("email",), ("in_person",)]
            )
            counts = [
                len([c for c in policy.walk() if c.role == "responsibility"])
                for policy in reading.by_role("sub_policy")
            ]
            self.assertEqual(counts, [2, 4, 5, 3])
            self.assertEqual(len(reading.by_role("provision")), 4)
            self.assertEqual(len(reading.by_role("main_output")), 1)
            last = reading.by_role("step")[-1]
            self.assertEqual(last.lines, (76, 77))
            self.assertIn("مدة لا تقل عن شهر", last.text)

    def test_annex_d(self):
        """R020, Annex D: every slip is proposed, and nothing else."""
        for prefix, reading in self._readings():
            found = {(slip.line, slip.printed, slip.proposed) for slip in reading.slips}
            with self.subTest(policy=prefix):
                self.assertEqual(found, ANNEX_D[prefix])
            kinds = {slip.printed: slip.kind for slip in reading.slips}
            self.assertEqual(kinds.get("المتقاعدين", "word"), "word")
            self.assertEqual(kinds.get("عمار", "name"), "name")
            self.assertEqual(kinds.get("طال ب", "broken_word"), "broken_word")
            self.assertEqual(kinds.get("⁵", "number"), "number")

    def test_no_person(self):
        """Persons who prepared or signed are in no fact and no clause."""
        for prefix, reading in self._readings():
            if prefix != "001":
                continue
            left = {left.line: left.reason for left in reading.left_out}
            self.assertEqual(left[9], "preparer")
            self.assertEqual({left[n] for n in range(76, 84)}, {"signatory_table"})
            self.assertEqual(left[87], "chair_signature")
            lines = reading.text.splitlines()
            names = [lines[n - 1].split("\t")[1] for n in range(77, 84)]
            told = repr(reading.facts) + repr(reading.clauses)
            for name in (*names, lines[8].partition(":")[2].strip()):
                self.assertNotIn(name, told)

    def test_other_forms(self):
        """Issue 3: the same text without bullets, marks or blank lines, or wrapped."""
        names = ["kind", "short_name", "approval_date", "minutes_no", "session_no"]
        names += ["window", "parties_label", "declaration_verb", "switches"]
        for prefix, reading in self._readings():
            for form in FORMS:
                facts = read_text(form(reading.text)).facts
                with self.subTest(policy=prefix, form=form.__name__):
                    self.assertEqual(
                        [channel.codes for channel in facts.channels],
                        [channel.codes for channel in reading.facts.channels],
                    )
                    self.assertEqual(
                        [step.stage for step in facts.steps],
                        [step.stage for step in reading.facts.steps],
                    )
                    for name in names:
                        expected = getattr(reading.facts, name)
                        if name == "window":
                            facts.window = replace(
                                facts.window, clause_key=expected.clause_key
                            )
                        self.assertEqual(getattr(facts, name), expected, name)

    def test_every_line(self):
        """Issue 3, Proof: every non-empty line once; each file in under two seconds."""
        for prefix, reading in self._readings():
            numbers = [n for clause in reading.walk() for n in clause.lines]
            numbers += [left.line for left in reading.left_out]
            lines = enumerate(reading.text.splitlines(), start=1)
            full = [number for number, line in lines if line.strip()]
            with self.subTest(policy=prefix):
                self.assertEqual(sorted(numbers), full)
                start = time.monotonic()
                read_text(reading.text)
                self.assertLess(time.monotonic() - start, 2)


@tagged("post_install", "-at_install")
class TestOwnPolicies(BaseCase):
    """Other forms and contents, in policies of our own: issue 3, section 1."""

    def facts(self, name):
        return read_text(POLICIES[name]).facts

    def shape(self, name, *roles):
        """Return the roles and texts of some clauses of a policy."""
        reading = read_text(POLICIES[name])
        return [(c.role, c.text) for c in reading.walk() if c.role in roles]

    def test_plain(self):
        """No markup, no numbers, no bullets; a ceiling; a channel of its own."""
        facts = self.facts("plain")
        self.assertEqual(facts.association_name, "جمعية نماء الوادي التعليمية")
        self.assertEqual(
            [channel.codes for channel in facts.channels],
            [("interview",), ("phone",), ("email",), ("whatsapp",)],
        )
        self.assertEqual(len(self.shape("plain", "objective")), 3)
        self.assertEqual((facts.window.bound, facts.window.value), ("max", 30))
        self.assertEqual(facts.window.text, "خلال مدة لا تزيد عن ثلاثين يوماً")
        self.assertEqual(facts.parties_label, "مانحين ومتطوعين")
        self.assertFalse(facts.switches["has_registration_step"])
        self.assertTrue(facts.switches["has_delivery_step"])
        for name in ("approval_date", "version_label", "region_text", "slogan"):
            self.assertIn(name, read_text(POLICIES["plain"]).missing)

    def test_markdown(self):
        """Bold, underlined and starred; means one level below; working days."""
        facts = self.facts("markdown")
        self.assertEqual((facts.kind, facts.version_number), ("bylaw", 2))
        self.assertEqual(len(self.shape("markdown", "objective")), 2)
        self.assertEqual(len(self.shape("markdown", "mean")), 3)
        self.assertEqual(facts.channels[1].codes, ("letter", "fax"))
        self.assertEqual(facts.referral_mode, "in_person")
        window = facts.window
        self.assertEqual((window.value, window.day_kind), (10, "working"))

    def test_other_order(self):
        """Sections in another order, numbered headings, numbers of two levels."""
        facts = self.facts("other_order")
        self.assertEqual(facts.kind, "manual")
        self.assertEqual(
            [channel.codes for channel in facts.channels], [("website",), ("sms",), ()]
        )
        self.assertEqual([channel.label for channel in facts.channels][0], "1-1")
        self.assertEqual(
            [(w.bound, w.value, w.unit) for w in facts.windows],
            [("min", 1, "week"), ("max", 2, "month")],
        )
        self.assertEqual([t.code for t in facts.tools], ["code_of_ethics", None])
        roots = [clause.role for clause in read_text(POLICIES["other_order"]).clauses]
        self.assertEqual(
            roots, ["channels", "steps", "tools", "general_objective", "preamble"]
        )

    def test_no_window(self):
        """No window at all: a month's name sets none."""
        reading = read_text(POLICIES["no_window"])
        self.assertIsNone(reading.facts.window)
        self.assertIn("window", reading.missing)
        self.assertEqual(reading.slips, [])

    def test_complaints(self):
        """Deadlines and channels of complaints, apart from those of requests."""
        facts = self.facts("complaints")
        self.assertEqual((facts.window.value, facts.window.unit), (3, "week"))
        self.assertEqual(
            [(w.bound, w.value, w.unit, w.day_kind) for w in facts.complaint_deadlines],
            [
                ("max", 48, "hour", "calendar"),
                ("max", 15, "day", "working"),
                ("min", 7, "day", "calendar"),
            ],
        )
        self.assertEqual(
            [channel.codes for channel in facts.complaint_channels],
            [("tawasul",), ("email",), ()],
        )

    def test_signed(self):
        """R011-R013: a table in Markdown, the assembly, a Hijri date by its month."""
        reading = read_text(POLICIES["signed"])
        facts = reading.facts
        self.assertEqual(facts.approved_by_body, "assembly")
        self.assertEqual(facts.approval_hijri, "1446-07-29")
        self.assertEqual(facts.approval_date, date(2025, 1, 29))
        self.assertFalse(facts.date_uncertain)
        self.assertEqual(facts.session_no, "3")
        self.assertEqual(
            facts.signatory_positions, ["chair", "vice_chair", "secretary", "member"]
        )
        self.assertTrue(facts.chair_signs)
        self.assertTrue(facts.has_basmala and facts.has_thanks)
        self.assertNotIn("فلان", repr(facts) + repr(reading.clauses))

    def test_info_block(self):
        """R002-R008: labels with colons; the preparer's name is not taken."""
        facts = self.facts("info_block")
        self.assertEqual(facts.title_as_approved, "سياسة العلاقة مع المستفيدين")
        self.assertEqual(facts.approval_date, date(2025, 2, 4))
        self.assertEqual(facts.approval_hijri, "1446-08-05")
        self.assertFalse(facts.date_uncertain)
        self.assertEqual(facts.issue_date, date(2025, 2, 20))
        self.assertEqual((facts.version_number, facts.minutes_no), (3, "12"))
        self.assertEqual(facts.license_no, "1234")
        self.assertIsNone(facts.meeting_text)
        self.assertIsNone(facts.prepared_by_title)
        self.assertNotIn("فلان", repr(facts))

    def test_stakeholders(self):
        """Annex C under other words: definitions in a table, letters, two centres."""
        facts = self.facts("stakeholders")
        self.assertEqual(facts.association_name, "جمعية سنابل السهل الأهلية")
        self.assertEqual(facts.short_name, "سنابل السهل")
        self.assertEqual(facts.supervisor, "المركز الوطني لتنمية القطاع غير الربحي")
        self.assertEqual(facts.stakeholder_classes, ["المستفيدون", "الموردون"])
        self.assertEqual(facts.switches["stakeholder_scope"], "stakeholders")
        self.assertTrue(facts.switches["use_compensation"])
        self.assertTrue(facts.switches["use_information_access"])
        self.assertFalse(facts.switches["use_disputes"])
        self.assertEqual(len(facts.centre_tasks["organisational"]), 2)
        self.assertEqual(len(facts.centre_tasks["supervisory"]), 2)
        self.assertEqual(
            self.shape("stakeholders", "provision"), [("provision", "أن يثبت الضرر.")]
        )

    def test_one_list(self):
        """Objectives and means in one list, with no words between them."""
        self.assertEqual(len(self.shape("one_list", "objective")), 3)
        self.assertEqual(len(self.shape("one_list", "mean")), 4)

    def test_wrapped(self):
        """Lines broken in mid-sentence, over a page too; running lines; a motto."""
        reading = read_text(POLICIES["wrapped"])
        self.assertEqual(reading.facts.slogan, "ماء لكل بيت")
        self.assertEqual(reading.facts.window.text, "خلال مدة لا تقل عن ثلاثة أسابيع")
        self.assertEqual(len(reading.facts.steps), 2)
        (preamble,) = reading.clauses[0].children
        self.assertEqual(preamble.lines, (8, 9, 10))
        reasons = {left.line: left.reason for left in reading.left_out}
        self.assertEqual((reasons[12], reasons[28]), ("furniture", "furniture"))

    def test_inline(self):
        """Headings with their sentence on the same line."""
        facts = self.facts("inline")
        self.assertEqual(
            [channel.codes for channel in facts.channels],
            [("interview",), ("phone",), ("website",)],
        )
        self.assertEqual([t.code for t in facts.tools], ["internal_control_manual"])
        self.assertEqual((facts.window.value, facts.window.unit), (21, "day"))
        self.assertEqual(len(facts.steps), 1)

    def test_slipped(self):
        """R020, Annex D: the methods find the like of the known slips."""
        reading = read_text(POLICIES["slipped"])
        self.assertEqual(reading.facts.association_name, "جمعية فنار الساحل")
        found = {(s.printed, s.proposed, s.kind) for s in reading.slips}
        self.assertEqual(
            found,
            {
                ("المستخدمين", "المستفيدين", "word"),
                ("فناز", "فنار", "name"),
                ("الثقصير", "التقصير", "spelling"),
                ("", "٢", "number"),
                ("طال ب", "طالب", "broken_word"),
                ("وسربة", "وسرية", "spelling"),
                ("تقاربر", "تقارير", "spelling"),
                ("دوربة", "دورية", "spelling"),
                ("دوربة؟", "دوربة.", "spelling"),
            },
        )
        self.assertIn("طال ب", reading.by_role("step")[0].text)

    def test_cover_table(self):
        """R002-R007: a table on the cover without a title; a title in two lines."""
        facts = self.facts("cover_table")
        self.assertEqual(facts.title_as_approved, "سياسة تنظيم العلاقة مع المستفيدين")
        self.assertEqual(facts.approval_date, date(2025, 1, 14))
        self.assertEqual(facts.issue_date, date(2025, 1, 15))
        self.assertEqual(facts.approved_by_body, "board")
        self.assertEqual(facts.version_label, "الإصدار الأول")
        self.assertEqual(len(facts.info_block), 4)
        self.assertTrue(facts.has_info_block)
        self.assertIsNone(facts.slogan)
        self.assertEqual(
            [channel.codes for channel in facts.channels], [("interview",), ("phone",)]
        )

    def test_articles(self):
        """«المادة الأولى:» before the headings, items in brackets, the trustees."""
        facts = self.facts("articles")
        self.assertEqual(facts.approved_by_body, "board")
        self.assertEqual(facts.approval_date, date(2024, 3, 25))
        self.assertEqual([channel.label for channel in facts.channels], ["أ", "ب"])
        self.assertEqual(
            [(w.bound, w.value, w.unit) for w in facts.windows],
            [("min", 1, "week"), ("max", 20, "day")],
        )

    def test_nothing_guessed(self):
        """Issue 3: what the text does not say is empty and named as missing."""
        text = "سياسة تنظيم العلاقة مع المستفيدين\n\nالقنوات:\n- المقابلة\n"
        reading = read_text(text)
        facts = reading.facts
        told = {"kind", "title_as_approved", "channels"}
        for name in reading.missing:
            self.assertNotIn(name, told)
        for name in (
            "association_name",
            "short_name",
            "approval_date",
            "approved_by_body",
            "declaration_verb",
            "referral_mode",
            "referral_legal_aspect",
            "internal_external",
            "window",
            "steps",
            "tools",
        ):
            with self.subTest(fact=name):
                self.assertIn(getattr(facts, name), (None, []))
                self.assertIn(name, reading.missing)


@tagged("post_install", "-at_install")
class TestReadingParts(BaseCase):
    def test_dates(self):
        """R004, Annex D 6-8: both calendars, either order, digits of any set."""
        may, august = date(2025, 5, 8), date(2023, 8, 10)
        for text, expected in (
            ("10/08/2023-1445/01/23", (august, "1445-01-23", False)),
            ("1445/01/23 - 2023/08/10", (august, "1445-01-23", False)),
            ("08/10/2023 الموافق 23-01-1445هـ", (august, "1445-01-23", False)),
            (
                "١٠ / ٦ / ١٤٤٥ هـ الموافق ٢٣ / ١٢ / ٢٠٢٣ م",
                (date(2023, 12, 23), "1445-06-10", False),
            ),
            ("بتاريخ 8 / 5 / 2025 م", (may, None, True)),
            ("8 مايو 2025م", (may, None, False)),
            ("10 ذو القعدة 1446هـ", (may, "1446-11-10", False)),
            ("8/8/2025", (date(2025, 8, 8), None, False)),
            ("25/12/2024", (date(2024, 12, 25), None, False)),
            ("2024-12-25", (date(2024, 12, 25), None, False)),
            ("25.12.2024", (date(2024, 12, 25), None, False)),
            ("31/02/2024", (None, None, False)),
            ("45/13/2024", (None, None, False)),
            ("هاتف 0501234567", (None, None, False)),
            ("بلا تاريخ", (None, None, False)),
        ):  # fmt: skip
            with self.subTest(text=text):
                day = read_day(text)
                self.assertEqual((day.day, day.hijri, day.is_uncertain), expected)

    def test_dates_that_differ(self):
        """Two calendars that do not agree leave the date uncertain."""
        day = read_day("10/06/1445هـ الموافق 25/11/2023م")
        self.assertEqual(day.day, date(2023, 11, 25))
        self.assertTrue(day.is_uncertain)

    def test_windows(self):
        """R126, Annex B: floors, ceilings, both, working days; words verbatim."""
        for text, expected in (
            ("خلال مدة لا تقل عن أسبوعين", [("min", 2, "week", "calendar")]),
            ("خلال مدة لا تزيد على ثلاثين يوماً", [("max", 30, "day", "calendar")]),
            ("بما لا يتجاوز (٥) أيام عمل", [("max", 5, "day", "working")]),
            ("خلال ٣٠ يوما", [("max", 30, "day", "calendar")]),
            ("خلال خمسة عشر (15) يوماً", [("max", 15, "day", "calendar")]),
            ("في غضون يومي عمل", [("max", 2, "day", "working")]),
            ("في مدة لا تزيد عن (30) ثلاثين يوماً", [("max", 30, "day", "calendar")]),
            ("خلال (10) عشرة أيام عمل", [("max", 10, "day", "working")]),
            ("لا تزيد مدة الرد عن شهر", [("max", 1, "month", "calendar")]),
            ("شهري ربيع", []),
            ("خلال يومين", [("max", 2, "day", "calendar")]),
            ("خلال شهر واحد", [("max", 1, "month", "calendar")]),
            ("بحد أقصى ثلاثة أشهر", [("max", 3, "month", "calendar")]),
            ("خلال شهر رمضان", []),
            ("كل شهر", []),
            ("مدة العضوية سنة", []),
            (
                "لا تقل عن أسبوع ولا تزيد عن شهر",
                [("min", 1, "week", "calendar"), ("max", 1, "month", "calendar")],
            ),
            ("خلال مدة من 5 إلى 10 أيام", []),
            (
                "خلال مدة من 5 أيام إلى 10 أيام",
                [("min", 5, "day", "calendar"), ("max", 10, "day", "calendar")],
            ),
        ):  # fmt: skip
            with self.subTest(text=text):
                found = find_windows(f"يرد عليه {text}.")
                self.assertEqual(
                    [(w.bound, w.value, w.unit, w.day_kind) for w in found], expected
                )
                for window in found:
                    self.assertIn(window.text, text)

    def test_channels(self):
        """R085-R093: the codes of a printed channel; none for an unknown one."""
        for text, codes in (
            ("الخطابات والفاكسات", ("letter", "fax")),
            ("وسائل التواصل الاجتماعي", ("social",)),
            ("الموقع الالكتروني للجمعية", ("website",)),
            ("الهاتف والواتساب", ("phone", "whatsapp")),
            ("تطبيق الجمعية", ()),
        ):
            with self.subTest(text=text):
                self.assertEqual(channel_codes(text), codes)
        run = "نظام تواصل قنوات التواصل الاجتماعي البريد الإلكتروني الحضور للمقر"
        self.assertEqual(
            split_channels(run),
            [
                "نظام تواصل",
                "قنوات التواصل الاجتماعي",
                "البريد الإلكتروني",
                "الحضور للمقر",
            ],
        )

    def test_distance(self):
        """Letters that changed places are one edit."""
        self.assertEqual(distance("المتعاقدين", "المتعاقدني"), 1)
        self.assertEqual(distance("عمار", "غمار"), 1)
        self.assertEqual(distance("", "اب"), 2)
        self.assertEqual(distance("المطابقه", "المطبقه"), 1)
