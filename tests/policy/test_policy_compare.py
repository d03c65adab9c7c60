from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged, users

from ...tools.text_diff import aligned, match, word_diff
from .common import PolicyCommon


@tagged("post_install", "-at_install")
class TestPolicyCompare(PolicyCommon):
    """Two versions side by side, parameters included: R035, R020."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clauses = cls.env["npo.policy.clause"]
        for number, text in enumerate(
            ("تمهيد", "يرد على الطلب خلال أسبوعين", "قناة الهاتف متاحة كل يوم"), start=1
        ):
            clauses.create(
                {"version_id": cls.version.id, "text": text, "sequence": number * 10}
            )
        cls.second = cls.version.copy()

    def _compare(self, old=None, new=None, **vals):
        return self.env["npo.policy.compare"].create(
            {
                "policy_id": self.policy.id,
                "old_version_id": (old or self.version).id,
                "new_version_id": (new or self.second).id,
                **vals,
            }
        )

    def _rows(self, title, **vals):
        sections = {
            section["title"]: section["rows"]
            for section in self._compare(**vals)._sections()
        }
        return sections.get(title, [])

    def test_same(self):
        """A copy does not differ, and the page says so."""
        compare = self._compare()
        self.assertFalse([s for s in compare._sections() if s["title"] != "Parameters"])
        self.assertFalse(compare._sections())
        self.assertIn("do not differ", compare.html)

    def test_parameters(self):
        """R035: a changed window shows with its label, old and new."""
        self.second.write({"reply_max_value": 45, "use_compensation": True})
        rows = {row["label"]: row for row in self._rows("Parameters")}
        self.assertEqual(set(rows), {"Latest reply after", "Compensation"})
        row = rows["Compensation"]
        self.assertIn("No", row["old"])
        self.assertIn("Yes", row["new"])
        everything = self._rows("Parameters", show_all=True)
        self.assertGreater(len(everything), 30)

    def test_lists(self):
        """Channels, tools, steps and signatories that came and went."""
        self.second.write(
            {
                "channel_line_ids": [
                    Command.create({"name": "Fax", "channel_ids": self._ids("fax")})
                ],
                "step_ids": [Command.clear()],
                "tool_ids": [Command.clear()],
                "signatory_ids": [Command.create({"position": "chair"})],
            }
        )
        self.assertEqual([r["kind"] for r in self._rows("Channels")], ["new"])
        self.assertEqual([r["kind"] for r in self._rows("Handling steps")], ["old"])
        self.assertEqual(
            [r["kind"] for r in self._rows("Tools of the officer")], ["old"]
        )
        rows = self._rows("Signatories")
        self.assertEqual([r["kind"] for r in rows], ["new"])
        self.assertIn("Chair", rows[0]["new"])

    def test_words(self):
        """R020: what changed in a clause is marked word by word."""
        clause = self.second.clause_ids.sorted("position")[1]
        clause.text = "يرد على الطلب خلال شهر"
        (row,) = self._rows("Text")
        self.assertEqual(row["kind"], "changed")
        self.assertRegex(row["old"], "<del[^>]*>أسبوعين</del>")
        self.assertRegex(row["new"], "<ins[^>]*>شهر</ins>")
        self.assertNotIn("<del", row["new"])
        self.assertIn('dir="auto"', self._compare().html)

    def test_linked_clauses(self):
        """A copied clause is found again even where no word is left of it."""
        clause = self.second.clause_ids.sorted("position")[1]
        clause.text = "نص جديد كلياً"
        (row,) = self._rows("Text")
        self.assertEqual(row["kind"], "changed")

    def test_text_read_anew(self):
        """Clauses without links are paired by their words: nothing seems all new."""
        third = self._new_version()
        self.env["npo.policy.clause"].create(
            [
                {"version_id": third.id, "text": text, "sequence": number}
                for number, text in enumerate(
                    ("تمهيد", "بند مضاف", "قناة الهاتف متاحة كل صباح"), start=1
                )
            ]
        )
        kinds = [row["kind"] for row in self._rows("Text", new=third, show_all=True)]
        self.assertEqual(kinds, ["same", "old", "new", "changed"])

    def test_chain(self):
        """Versions that are far apart are compared through those between."""
        third = self.second.copy()
        third.clause_ids.sorted("position")[2].text = "غير ذلك"
        (row,) = self._rows("Text", new=third)
        self.assertEqual(row["kind"], "changed")

    def test_escaped(self):
        self.second.clause_ids.sorted("position")[0].text = "<script>x</script>"
        html = self._compare().html
        self.assertNotIn("<script>", html)
        self.assertIn("script", html)

    @users("npo_governance_officer")
    def test_open(self):
        """From the form against the former one; from the list with two chosen."""
        action = self.second.with_env(self.env).action_compare()
        model = self.env["npo.policy.compare"]
        form = Form(model.with_context(**action["context"]))
        self.assertEqual(form.old_version_id, self.version)
        compare = model.with_context(
            active_model="npo.policy.version",
            active_ids=[self.second.id, self.version.id],
        ).create({})
        self.assertEqual(compare.old_version_id, self.version)
        self.assertEqual(compare.new_version_id, self.second)
        with self.assertRaises(UserError):
            model.with_context(
                active_model="npo.policy.version", active_ids=self.second.ids
            ).create({})
        with self.assertRaises(UserError):
            self.version.with_env(self.env).action_compare()

    @users("npo_relations_officer", "npo_auditor")
    def test_refused(self):
        with self.assertRaises(AccessError):
            self.second.with_env(self.env).action_compare()

    def test_print(self):
        """It prints, in the direction of its language."""
        self.second.reply_max_value = 45
        compare = self._compare()
        self.assertEqual(compare.action_print()["type"], "ir.actions.report")
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        pdf, kind = report._render_qweb_pdf(
            "npo_relations.action_report_npo_policy_compare", compare.ids
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))

    # ------------------------------------------------------------
    # THE ARITHMETIC
    # ------------------------------------------------------------

    def test_word_diff(self):
        """Whatever the texts, the parts give both of them again."""
        for old, new in (
            ("", ""),
            ("a b", ""),
            ("", "a"),
            ("خلال أسبوعين، لا أكثر.", "خلال شهر، لا أكثر"),
            ("a  b\nc", "a b c"),
        ):
            parts = word_diff(old, new)
            before = "".join(text for kind, text in parts if kind != "new")
            after = "".join(text for kind, text in parts if kind != "old")
            self.assertEqual((before, after), (old, new))

    def test_match(self):
        """Each line is in one pair at most, and in one row exactly."""
        old = ["أ ب ج", "د ه و", "ز ح ط", "د ه و"]
        new = ["د ه و", "أ ب ي", "جديد", "ز ح ط"]
        pairs = match(old, new)
        self.assertEqual(len({a for a, _b in pairs}), len(pairs))
        self.assertEqual(len({b for _a, b in pairs}), len(pairs))
        rows = aligned(len(old), len(new), pairs)
        self.assertEqual(sorted(a for a, _b in rows if a is not None), [0, 1, 2, 3])
        self.assertEqual([b for _a, b in rows if b is not None], [0, 1, 2, 3])
