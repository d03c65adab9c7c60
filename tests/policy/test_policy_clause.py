from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged, users

from ...tools.association_names import foreign_names, variants, with_placeholder
from .common import PolicyCommon


@tagged("post_install", "-at_install")
class TestPolicyClause(PolicyCommon):
    """The text of a version as a tree of clauses: R014, R019, R020, R033."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.name = "جمعية الاختبار الأهلية"
        cls.company.npo_short_name = "الاختبار"
        cls.clauses = cls.env["npo.policy.clause"]
        cls.second = cls._clause("الثاني", is_heading=True, sequence=20)
        cls.first = cls._clause("الأول", is_heading=True, sequence=10)
        cls.below_second = cls._clause("تحت الثاني", parent_id=cls.second.id)
        cls.below_first = cls._clause("تحت الأول", parent_id=cls.first.id)

    @classmethod
    def _clause(cls, text, **vals):
        return cls.clauses.create({"version_id": cls.version.id, "text": text, **vals})

    def _texts(self, version=None):
        return (version or self.version).clause_ids.sorted("position").mapped("text")

    # ------------------------------------------------------------
    # ORDER
    # ------------------------------------------------------------

    def test_order_of_reading(self):
        """R014: a list of the clauses follows the tree, whatever was entered first."""
        expected = ["الأول", "تحت الأول", "الثاني", "تحت الثاني"]
        self.assertEqual(self._texts(), expected)
        self.env.flush_all()
        found = self.clauses.search([("version_id", "=", self.version.id)])
        self.assertEqual(found.mapped("text"), expected)

    def test_move(self):
        """R014: a moved heading takes along what is under it."""
        self.second.action_move_up()
        self.assertEqual(self._texts(), ["الثاني", "تحت الثاني", "الأول", "تحت الأول"])
        self.second.action_move_up()  # nothing is above
        self.second.action_move_down()
        self.assertEqual(self._texts(), ["الأول", "تحت الأول", "الثاني", "تحت الثاني"])

    def test_outline_and_reading(self):
        """The list is indented, and the text as it reads is nested and escaped."""
        self.below_first.text = "<b>ليس وسماً</b>"
        self.assertFalse(self.first.outline.startswith("\u2003"))
        self.assertTrue(self.below_first.outline.startswith("\u2003"))
        html = self.version.reading_html
        self.assertIn("&lt;b&gt;", html)
        self.assertLess(html.index("الأول"), html.index("الثاني"))
        self.assertIn("<h3", html)

    def test_parent(self):
        """A clause stands under one of its own version, and not under itself."""
        other = self._new_version()
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.clauses.create(
                {"version_id": other.id, "text": "x", "parent_id": self.first.id}
            )
        with self.assertRaises(UserError), self.cr.savepoint():
            self.first.parent_id = self.below_first

    def test_copy(self):
        """R035: the next version has the same tree, of its own clauses."""
        copy = self.version.copy()
        self.assertEqual(self._texts(copy), self._texts())
        self.assertFalse(copy.clause_ids & self.version.clause_ids)
        for clause in copy.clause_ids:
            self.assertEqual(clause.former_id.text, clause.text)
            self.assertEqual(clause.parent_id.former_id, clause.former_id.parent_id)

    def test_statements(self):
        """A long text costs no more statements than a short one: order and copy."""

        def read(version):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            version.clause_ids.mapped("outline")
            version._compute_reading_html()
            return self.cr.sql_log_count - before

        small = read(self.version)
        self.clauses.create(
            [
                {
                    "version_id": self.version.id,
                    "text": f"فقرة {number}",
                    "parent_id": self.first.id,
                }
                for number in range(80)
            ]
        )
        self.assertLessEqual(read(self.version), small)

    # ------------------------------------------------------------
    # FORMS AND RIGHTS
    # ------------------------------------------------------------

    @users("npo_governance_officer")
    def test_edit_in_the_form(self):
        """The officer writes the text in the form of the draft."""
        with Form(self.version.with_env(self.env)) as form:
            with form.clause_ids.new() as line:
                line.text = "سطر من النموذج"
        self.assertIn("سطر من النموذج", self._texts())

    @users("npo_relations_officer", "npo_general_manager", "npo_auditor")
    def test_others_read(self):
        with self.assertRaises(AccessError):
            self.first.with_env(self.env).write({"text": "x"})
        with self.assertRaises(AccessError):
            self.version.with_env(self.env).action_check_names()

    def test_frozen(self):
        """R020: no clause of a decided version changes, in sudo neither."""
        self._put_in_force()
        clause = self.first.sudo()
        for attempt in (
            lambda: clause.write({"text": "x"}),
            lambda: clause.write({"sequence": 99}),
            lambda: clause.action_move_down(),
            lambda: clause.unlink(),
            lambda: self._clause("جديد"),
            lambda: self.version.sudo().write({"clause_ids": [Command.clear()]}),
            lambda: self.version.sudo().write(
                {"clause_ids": [Command.update(clause.id, {"text": "x"})]}
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()

    # ------------------------------------------------------------
    # NAMES
    # ------------------------------------------------------------

    def test_placeholder(self):
        """R019: the own name is stored as a placeholder, and follows the company."""
        self.first.text = "تضع جمعية الاختبار الأهلية قواعدها، ولجمعية الاختبار الأهلية"
        self.assertEqual(self.first.text, "تضع {association} قواعدها، ول{association}")
        self.company.name = "جمعية أخرى الاسم"
        self.assertIn("جمعية أخرى الاسم", self.first.name)
        self.assertIn("تضع جمعية أخرى الاسم", self.version.reading_html)

    def test_check_names(self):
        """R019: a clause with a foreign name is found, and own forms are not."""
        self.assertEqual(self.version.action_check_names()["params"]["type"], "success")
        self.other_company.name = "مؤسسة البر الخيرية"
        self.first.text = "تضع جمعية عمار الشبابية قواعدها"
        self.below_first.text = "وتعمل مؤسسة البر الخيرية على ذلك"
        self.second.text = "الجمعية العمومية، وكل جمعية أهلية، وجمعية الاختبار"
        self.assertEqual(self.first.foreign_name, "جمعية عمار الشبابية قواعدها")
        self.assertEqual(self.below_first.foreign_name, "مؤسسة البر الخيرية")
        self.assertFalse(self.second.foreign_name)
        action = self.version.action_check_names()["params"]
        self.assertEqual(action["type"], "warning")
        self.assertEqual(
            self.clauses.search(action["next"]["domain"]), self.first | self.below_first
        )

    def test_check_title(self):
        """R019: the title as printed is looked at too."""
        self.version.title_as_approved = "سياسة العلاقة لجمعية عمار الشبابية"
        params = self.version.action_check_names()["params"]
        self.assertEqual(params["type"], "warning")
        self.assertIn("عمار", params["message"])

    def test_names_of_the_five(self):
        """R019: spellings of an own name in the copies are no foreign names."""
        own = {
            "بمنطقة الحدود": ("جمعية المتقاعدين في منطقة الحدود الشمالية", "NBRA"),
            "حرفه الاهليه": ("جمعية حرفة الأهلية", "حرفة"),
            "القلوب الصغيرة": (
                "جمعية الرعاية الصحية لأمراض القلب لدى الأطفال (القلوب الصغيرة)",
                "القلوب الصغيرة",
            ),
        }
        texts = {
            "بمنطقة الحدود": "تضع جمعية المتقاعدين بمنطقة الحدود الشمالية السياسات",
            "حرفه الاهليه": "الجمعية: جمعية حرفة الاهلية.",
            "القلوب الصغيرة": "تضع جمعية القلوب الصغيرة السياسات",
        }
        for key, names in own.items():
            with self.subTest(key):
                self.assertEqual(foreign_names(texts[key], variants(*names)), [])
                self.assertTrue(foreign_names(texts[key], variants("جمعية مساكن")))

    def test_common_words(self):
        """A name of one word is a common word of the language: «مساكن», «حرفة»."""
        self.assertEqual(with_placeholder("نبني مساكن", "مساكن"), "نبني مساكن")
        self.assertEqual(foreign_names("نعلّم حرفة جديدة", set(), ["حرفة"]), [])

    # ------------------------------------------------------------
    # LINKS
    # ------------------------------------------------------------

    def test_links(self):
        """R033: a clause is carried out by a stage, a channel or a tool."""
        self.assertFalse(self.first._is_carried_out())
        self.first.stage_id = self.env["npo.stage"].search([], limit=1)
        self.below_first.channel_ids = self.channels["phone"]
        self.second.tool_id = self.version.tool_ids
        for clause in self.first | self.below_first | self.second:
            self.assertTrue(clause._is_carried_out())
