import logging
import re
from collections import Counter
from pathlib import Path

from odoo.tests import tagged

from ...models.policy.profile import PROFILES
from ...tools.arabic import fold, to_latin_digits
from .common import PolicyCommon

_logger = logging.getLogger(__name__)
POLICIES = Path(__file__).resolve().parents[3] / "shared" / "policies"
FOUR = ("nbra", "masaken", "little_hearts", "ghimar")


@tagged("post_install", "-at_install")
class TestProfileClauses(PolicyCommon):
    """The text that a profile brings, in our own words: R048, R014, D15."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "ar_001"):
            cls.env["res.lang"]._activate_lang(lang)
        companies = cls.env["res.company"]
        names = [
            companies._npo_read_profile(code)["association"]["name"]["ar"]
            for code in PROFILES
        ]
        for company in companies.search([("name", "in", names)]):
            company.name = f"{company.name} (demo)"
        cls.versions = {}
        for code in PROFILES:
            company = companies.create({"name": f"Association {code}"})
            cls.versions[code] = company._npo_apply_profile(code)

    def _roles(self, code):
        return Counter(self.versions[code].clause_ids.mapped("role"))

    def test_objectives(self):
        """R048: 1 + 6 + 5 nodes in each profile, the means under the sixth."""
        for code, version in self.versions.items():
            with self.subTest(profile=code):
                roles = self._roles(code)
                self.assertEqual(
                    [
                        roles[role]
                        for role in ("general_objective", "objective", "mean")
                    ],
                    [1, 6, 5],
                )
                means = version.clause_ids.filtered(lambda c: c.role == "mean")
                objectives = version.clause_ids.filtered(
                    lambda c: c.role == "objective"
                )
                self.assertEqual(means.parent_id, objectives.sorted("position")[-1])

    def test_definitions(self):
        """R038–R047: four terms and five classes in the fourth kind, none in others."""
        for code in PROFILES:
            roles = self._roles(code)
            expected = (4, 5) if code == "harfa" else (0, 0)
            with self.subTest(profile=code):
                self.assertEqual(
                    (roles["definition"], roles["stakeholder_class"]), expected
                )
        ministry, association = (
            self.versions["harfa"]
            .clause_ids.filtered(lambda clause: clause.role == "definition")
            .sorted("position")[:2]
        )
        self.assertIn("وزارة الموارد البشرية", ministry.text)
        self.assertEqual(association.text, "{association}")
        self.assertEqual(association.name, "الجمعية: جمعية حرفة الأهلية")

    def test_lists(self):
        """R085, R097, R103: the text lists what the version has, with its links."""
        for code in PROFILES:
            roles = self._roles(code)
            expected = (6 + 4, 2, 5) if code == "harfa" else (8, 4, 7)
            with self.subTest(profile=code):
                self.assertEqual(
                    tuple(roles[role] for role in ("channel", "tool", "step")), expected
                )
                clauses = self.versions[code].clause_ids
                for role, link in (
                    ("channel", "channel_ids"),
                    ("tool", "tool_id"),
                    ("step", "stage_id"),
                ):
                    listed = clauses.filtered(lambda c, role=role: c.role == role)
                    self.assertTrue(all(clause[link] for clause in listed))
                deadline = clauses.filtered(lambda c: c.role == "deadline")
                self.assertIn(self.versions[code].response_text, deadline.text)

    def test_blocks_of_the_fourth_kind(self):
        """Annex C: four policies and 12 + 5 tasks where they are switched on."""
        roles = self._roles("harfa")
        self.assertEqual(
            [roles[role] for role in ("sub_policy", "provision", "centre_task")],
            [4, 4, 17],
        )
        self.assertEqual(roles["responsibility"], 2 + 4 + 5 + 3)
        self.assertEqual(roles["main_output"], 1)
        for code in FOUR:
            roles = self._roles(code)
            for role in ("sub_policy", "centre", "centre_task", "main_output"):
                self.assertFalse(roles[role], f"{code} {role}")

    def test_topics(self):
        """R033: each sentence is on a topic that is known."""
        for code, version in self.versions.items():
            without = version.clause_ids.filtered(
                lambda clause: not clause.topic_id and not clause.is_heading
            )
            with self.subTest(profile=code):
                self.assertFalse(without.mapped("text"))

    def test_no_rest_of_a_placeholder(self):
        for code, version in self.versions.items():
            for clause in version.clause_ids:
                with self.subTest(profile=code, text=clause.text):
                    rest = clause.text.replace("{association}", "#")
                    self.assertNotRegex(rest, r"[{}]|  |و وغ")
                    self.assertFalse(clause.foreign_name)

    def test_once(self):
        """Applying a profile again brings no second text."""
        version = self.versions["masaken"]
        count = version.clause_count
        version.company_id._npo_apply_profile("masaken")
        self.assertEqual(len(version.clause_ids), count)

    def test_own_words(self):
        """The sentences of the policies are not copied: no eight words in a row."""
        if not POLICIES.is_dir():
            _logger.info("No policies in %s: nothing to compare with.", POLICIES)
            return

        def words(text):
            return re.findall(r"\w+", fold(text))

        printed = set()
        for path in POLICIES.glob("*.txt"):
            found = words(path.read_text(encoding="utf-8"))
            printed |= {tuple(found[n : n + 8]) for n in range(len(found) - 7)}
        for version in self.versions.values():
            for clause in version.clause_ids.filtered(
                lambda clause: clause.role not in ("deadline", "definition")
            ):
                found = words(clause.text)
                copied = {tuple(found[n : n + 8]) for n in range(len(found) - 7)}
                with self.subTest(text=clause.text):
                    self.assertFalse(copied & printed)

    def test_sentence(self):
        """R006, R010: the sentence of the approval, with what is known only."""
        expected = {
            "nbra": "تم اعتمادها في الاجتماع الأول لعام 2021م",
            "masaken": "تم اعتماد سياسة تنظيم العلاقات مع المستفيدين لجمعية مساكن في "
            "اجتماع مجلس الإدارة بجلسته (19) المنعقدة بتاريخ 10 / 6 / 1445 هـ "
            "الموافق 23 / 12 / 2023 م.",
            "ghimar": "اعتمدت في محضر مجلس الإدارة بتاريخ 8 / 5 / 2025 م",
            "harfa": False,
        }
        for code, sentence in expected.items():
            with self.subTest(profile=code):
                found = self.versions[code].approval_sentence
                self.assertEqual(found and to_latin_digits(found), sentence)
        hearts = to_latin_digits(self.versions["little_hearts"].approval_sentence)
        for part in ("رقم (3)", "23 / 1 / 1445", "10 / 8 / 2023"):
            self.assertIn(part, hearts)

    def test_words_for_versions(self):
        """R007, R013: the noun of the label, and the chair where the copy has one."""
        labels = {
            code: version.ordinal_label or "" for code, version in self.versions.items()
        }
        self.assertEqual(labels["masaken"], "النسخة الأولى")
        self.assertEqual(labels["little_hearts"], "الإصدار الأول")
        self.assertFalse(labels["nbra"] or labels["ghimar"] or labels["harfa"])
        signing = [code for code in PROFILES if self.versions[code].chair_signs]
        self.assertEqual(signing, ["masaken"])
