import logging
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.base.tests.common import BaseCommon

from ...models.policy.policy_clause import ROLES
from ...tools import policy_reader, topic_match

_logger = logging.getLogger(__name__)

MODULE = Path(__file__).resolve().parents[2]

# Openings that the six objectives, five means and seven steps have in common, as they
# are folded; the rest of each sentence differs between associations.
OBJECTIVES = {
    "objective_need": "تقدير حاجه",
    "objective_electronic": "تقديم الخدمات المتكامله",
    "objective_information": "تقديم المعلومات والاجابات",
    "objective_place": "تقديم خدمه للمستفيد من موقعه",
    "objective_satisfaction": "التركيز علي عمليه قياس",
    "objective_trust": "ثقه وانت",
}
MEANS = {
    "mean_concepts": "تصحيح المفاهيم",
    "mean_impressions": "انطباعات وقناعات",
    "mean_evaluation": "نشر ثقافه تقييم",
    "mean_quality": "نشر ثقافه جوده",
    "mean_innovation": "ابتكار مفاهيم",
}
STEPS = {
    "step_reception": "استقبال المستفيد بلباقه",
    "step_completeness": "التاكد من تقديم المراجع",
    "step_referral": "في حاله عدم وضوح",
    "step_declaration": "صحه البيانات المقدمه",
    "step_committee": "التوضيح للمستفيد",
}
LAST_STEPS = {
    "step_registration": "استكمال اجراءات التسجيل",
    "step_delivery": "تقديم الخدمه اللازمه",
}


@tagged("post_install", "-at_install")
class TestPolicyTopic(BaseCommon):
    """What a clause promises is found by its words: R033, R048, P002."""

    def _codes(self, *texts_with_roles):
        topics = self.env["npo.policy.topic"]._match(texts_with_roles)
        return [topic.code for topic in topics]

    def test_own_words(self):
        """The short labels of glossary 26 and other wordings find their topics."""
        expected = {
            ("تقدير الحاجة وتسهيل الإجراءات", "objective"): "objective_need",
            ("خدمات متكاملة إلكترونية", "objective"): "objective_electronic",
            ("معلومات وإجابات ملائمة", "objective"): "objective_information",
            ("خدمة من موقع المستفيد", "objective"): "objective_place",
            ("قياس الرضا", "objective"): "objective_satisfaction",
            ("الثقة والانتماء", "objective"): "objective_trust",
            ("ثقافة الجودة بين الأقسام", "mean"): "mean_quality",
            ("الابتكار وإزالة المعوقات", "mean"): "mean_innovation",
            ("٣. الخِطابات", "channel"): "channel_letter",
            ("حصر المترددين على الجمعية كل يوم", "centre_task"): "centre_visitors",
            ("قياس رضا المستفيدين", "centre_task"): "centre_satisfaction",
            ("قياس رضا المستفيدين", "objective"): "objective_satisfaction",
            ("تعيين ضابط اتصال لكل مجال", "responsibility"): "information_liaison",
            ("يُردّ على الشاكي خلال مدة لا تتجاوز ٥ أيام", "deadline"): (
                "response_window"
            ),
        }
        found = self._codes(*expected)
        self.assertEqual(dict(zip(expected, found, strict=True)), expected)

    def test_longest_phrase_wins(self):
        """A clause with words of two topics is on that of the longer phrase."""
        topics = [
            topic_match.Topic("short", frozenset(), ("لجنه",)),
            topic_match.Topic("long", frozenset(), ("لجنه البحث",)),
        ]
        ranked = topic_match.rank("يعرض على لجنةِ  البحث،", "step", topics)
        self.assertEqual(ranked, ["long", "short"])

    def test_role(self):
        """A phrase counts in its roles, or in a clause that could not be placed."""
        topics = [
            topic_match.Topic("step", frozenset({"step"}), ("تقديم الخدمه",)),
            topic_match.Topic("any step", frozenset({"step"}), ()),
        ]
        rank = topic_match.rank
        self.assertEqual(rank("تقديم الخدمة", "step", topics), ["step"])
        self.assertEqual(rank("تقديم الخدمة", "paragraph", topics), ["step"])
        self.assertEqual(rank("تقديم الخدمة", "channel", topics), [])
        self.assertEqual(rank("شيء آخر", "step", topics), ["any step"])
        self.assertEqual(rank("شيء آخر", "other", topics), [])
        self.assertEqual(rank("", "", topics), [])

    def test_one_query(self):
        """A policy of any length costs one statement."""
        clauses = [("المقابلة", "channel")] * 200
        self.env["npo.policy.topic"]._match(clauses[:1])
        self.env.flush_all()
        for size in (1, 200):
            self.env.invalidate_all()
            with self.assertQueryCount(1):
                self.env["npo.policy.topic"]._match(clauses[:size])

    def test_all_promises_of_a_preamble(self):
        """R024-R029: one paragraph can make several promises."""
        text = (
            "تنظم الجمعية علاقتها بجميع الأطراف من مستفيدين وداعمين بما يكفل حقوق "
            "الجمعية، وتبين تبعات التقصير وحدود المسؤولية وطريقة تسوية الخلافات."
        )
        (topics,) = self.env["npo.policy.topic"]._match_all([(text, "preamble")])
        self.assertLessEqual(
            {
                "parties",
                "rights",
                "default_consequences",
                "liability_limits",
                "dispute_settlement",
            },
            set(topics.mapped("code")),
        )

    def test_every_role_has_a_topic(self):
        """Each role of the reader is expected by a topic, but what it cannot place."""
        topics = self.env["npo.policy.topic"].search([])
        known = {role for topic in topics for role in (topic.roles or "").split()}
        roles = {role for role, _label in ROLES}
        self.assertFalse(known - roles)
        self.assertEqual(roles - known, {"other"})

    def test_screens_exist(self):
        """A topic opens a screen that is there."""
        for topic in self.env["npo.policy.topic"].search([]):
            if topic.action_xmlid:
                with self.subTest(topic.code):
                    self.assertTrue(self.env.ref(topic.action_xmlid))

    def test_what_is_carried_out_is_shown(self):
        """P002: what has a measure has a way it is carried out."""
        for topic in self.env["npo.policy.topic"].search([("kpi_ids", "!=", False)]):
            with self.subTest(topic.code):
                self.assertTrue(topic.how)

    # ------------------------------------------------------------
    # THE FIVE TEXTS
    # ------------------------------------------------------------

    def _lines(self):
        """Yield (name, lines) of the policies at hand, sentences in one line."""
        folder = MODULE.parent / "shared" / "policies"
        if not folder.is_dir():
            _logger.info("No policies in %s: nothing to find topics in.", folder)
            return
        for path in sorted(folder.glob("*.txt")):
            yield path.name[:3], path.read_text(encoding="utf-8").splitlines()

    def test_every_clause_of_the_real_texts(self):
        """P002: read as the wizard reads them, every clause has its topic."""
        for name, lines in self._lines():
            waiting = list(policy_reader.read_text("\n".join(lines)).clauses)
            clauses = []
            while waiting:
                clause = waiting.pop()
                clauses.append(clause)
                waiting.extend(clause.children)
            codes = self._codes(*((clause.text, clause.role) for clause in clauses))
            for clause, code in zip(clauses, codes, strict=True):
                with self.subTest(f"{name} {clause.key}"):
                    self.assertTrue(code, clause.text[:40])

    def test_real_texts(self):
        """R048, R033: each objective, mean and step of the five texts has its topic."""
        for name, lines in self._lines():
            steps = dict(STEPS)
            if name != "004":  # the fourth kind of text stops at the committee
                steps |= LAST_STEPS
            for role, openings in (
                ("objective", OBJECTIVES),
                ("mean", MEANS),
                ("step", steps),
            ):
                for code, opening in openings.items():
                    with self.subTest(f"{name} {code}"):
                        (line,) = [
                            line
                            for line in lines
                            if opening in topic_match.normalise(line)
                            and "جدول" not in line
                        ]
                        self.assertEqual(self._codes((line, role)), [code])
                        # …and where the reader could not place it
                        self.assertIn(
                            code,
                            self.env["npo.policy.topic"]
                            ._match_all([(line, "paragraph")])[0]
                            .mapped("code"),
                        )
