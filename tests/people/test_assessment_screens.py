from lxml import etree

from odoo.tests import tagged

from ..common_browser import WebCommon
from ..core.test_print_engine import read_pdf
from .assessment_common import AssessmentCommon


@tagged("post_install", "-at_install")
class TestAssessmentPaper(AssessmentCommon):
    """R059, P013: the printed study, read back."""

    def _print(self, study, user):
        reports = self.env["ir.actions.report"].with_user(user)
        content, kind = reports.with_context(
            force_report_rendering=True,
            allowed_company_ids=self.company.ids,
        )._render_qweb_pdf("npo_relations.report_npo_assessment", study.ids)
        self.assertEqual(kind, "pdf")
        return "\n".join(read_pdf(content))

    def test_paper(self):
        """Score, recommendation and lines for all; health for its readers alone."""
        study = self._new_study(
            self.health_researcher,
            health_line_ids=self._health_vals(),
            family_problems="Quarrels at home.",
        )
        study.health_line_ids[0].diagnosis = "Asthma"
        study.action_done()
        text = self._print(study, self.users["manager"])
        for word in (study.name, "69", "600", "Noura", "9,000", "2014"):
            self.assertIn(word, text)
        for word in ("Quarrels", "Asthma", "1000000008"):
            self.assertNotIn(word, text)
        text = self._print(study, self.health_manager)
        for word in ("Quarrels", "Asthma"):
            self.assertIn(word, text)
        self.assertNotIn("1000000008", text)

    def test_statements(self):
        """25 statements for a PDF, 21 for the form, however large the family is.

        Six kinds of lines are six lists, and opening the health part is noted (P013).
        """
        paper = "npo_relations.report_npo_assessment"
        reports = self.env["ir.actions.report"].with_user(self.health_manager)
        reports = reports.with_context(allowed_company_ids=self.company.ids)
        view = self.env.ref("npo_relations.npo_assessment_view_form")

        def count(call):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            call()
            return self.cr.sql_log_count - before

        for index, members in ((1, 3), (2, 12)):
            file = self._new_beneficiary(index)
            self._new_family(file, members)
            study = self._new_study(
                self.health_researcher,
                beneficiary_id=file.id,
                health_line_ids=self._health_vals(),
            )
            study.action_done()
            own = self._as(self.health_manager, study)
            names = self._form_fields(view)
            for _warm in range(2):
                printed = count(
                    lambda ids=study.ids: reports._render_qweb_html(paper, ids)
                )
                opened = count(lambda own=own, names=names: own.web_read(names))
            with self.subTest(members):
                self.assertLessEqual(printed, 25)
                self.assertLessEqual(opened, 21)

    def _form_fields(self, view):
        """Return what the form asks the server for, lines included."""
        models = self._as(self.health_manager, self.env["npo.assessment"])
        arch = models.get_view(view.id, "form")["arch"]
        return self._asked(etree.fromstring(arch))

    def _asked(self, node):
        fields = {}
        for child in node:
            if child.tag == "field":
                lists = child.find("list")
                if lists is None:
                    lists = child.find("kanban")
                inner = self._asked(lists) if lists is not None else {}
                found = {"fields": inner} if inner else {}
                fields[child.get("name")] = found
            else:
                fields.update(self._asked(child))
        return fields


@tagged("post_install", "-at_install")
class TestAssessmentScreens(WebCommon):
    """The screens open in the browser; the device keeps what is not saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.study = cls.env["npo.assessment"].create(
            {
                "beneficiary_id": cls.env["npo.beneficiary"]
                .create({"name": "خالد حسن"})
                .id,
                "researcher_id": cls.env.ref("base.user_admin").id,
            }
        )

    def _open(self, path, ready, code="console.log('test successful')"):
        self.browser_js(path, code, ready=ready, login="admin")

    def test_open(self):
        for path, selector in (
            ("/odoo/social-research", ".o_list_view td[name=score]"),
            ("/odoo/social-research?view_type=kanban", ".o_kanban_record"),
            ("/odoo/score-rules", ".o_list_view td[name=date_from]"),
        ):
            self._open(path, f"Boolean(document.querySelector(`{selector}`))")

    def test_kept_and_offered(self):
        """A lost connection loses nothing: kept on the device, then offered again."""
        path = f"/odoo/social-research/{self.study.id}"
        uid = self.env.ref("base.user_admin").id
        field = "document.querySelector('.o_form_view [name=persons_present] input')"
        self._open(
            path,
            f"Boolean({field})",
            f"""
            const key = "npo_study:{uid}:{self.study.id}";
            const wait = (done) => new Promise((ready, fail) => {{
                const start = Date.now();
                const look = () => done() ? ready() :
                    Date.now() - start > 15000 ? fail(new Error(String(done))) :
                    setTimeout(look, 100);
                look();
            }});
            (async () => {{
                const input = {field};
                input.focus();
                input.value = "Mother";
                input.dispatchEvent(new Event("input", {{ bubbles: true }}));
                input.dispatchEvent(new Event("change", {{ bubbles: true }}));
                await wait(() => (localStorage[key] || "").includes("Mother"));
                const button = document.querySelector(".o_form_button_save");
                button.click();
                await wait(() => !localStorage[key]);
                console.log("test successful");
            }})().catch((error) => console.error(error.message));
            """,
        )
        self.assertEqual(self.study.persons_present, "Mother")


@tagged("post_install", "-at_install")
class TestStudyOffline(AssessmentCommon, WebCommon):
    """A researcher's phone in a home without a connection, in Arabic, 360 px wide."""

    browser_size = "360x740"
    touch_enabled = True

    def test_offline(self):
        """Typed without a connection, the page lost: offered by a dialog, saved."""
        self.env["res.lang"]._activate_lang("ar_001")
        self.researcher.lang = "ar_001"
        study = self._new_study()
        self.start_tour(
            f"/odoo/social-research/{study.id}",
            "npo_study_offline",
            login=self.researcher.login,
            timeout=180,
        )
        self.assertEqual(study.persons_present, "أم خالد وابنتها")
