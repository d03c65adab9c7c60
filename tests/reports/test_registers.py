import base64
import io

import pypdf
from lxml.html import fromstring

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from ...models.reports.register_columns import MASKED, REGISTERS
from ...models.reports.register_paper import RegisterPaper
from ...tools import hijri
from ..core.test_print_engine import read_pdf
from .common import ReportsCommon

# Registers by their kind that are not taken along, each with its reason.
NOT_TAKEN = {
    "npo.opinion.recovery": "what single persons think leaves in no list (R079)",
}
# Main actions that are not called by the name of their model.
MAIN_ACTIONS = {
    "npo.inspection": "npo_inspection_action_all",
}
# Registers without a pivot and a graph on their main action, each with its reason.
NOT_COUNTED = {}


@tagged("post_install", "-at_install")
class TestRegisters(ReportsCommon):
    """D14: whatever is a register is counted, taken along and printed the same way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref("base.group_allow_export")
        for user in cls.users.values():
            user.group_ids |= group
        cls.cases = cls._complaints(3)
        cls.exports = cls.env["npo.register.export"]

    def _children(self):
        """Return the registers by what they inherit, not by any list of ours."""
        registry = self.env.registry
        names = registry.descendants(
            ["npo.register.mixin", "npo.case.mixin"], "_inherit"
        )
        return {
            name
            for name in names
            if not registry[name]._abstract and not registry[name]._transient
        }

    def _actions(self, model, method):
        """Return the actions of the list of a model that call a method of ours."""
        return self.env["ir.actions.server"].search(
            [
                ("binding_model_id.model", "=", model),
                ("binding_view_types", "=", "list"),
                ("code", "=", f"action = env['npo.register.export'].{method}()"),
            ]
        )

    def test_all_taken_along(self):
        """D14: each kind of register has its columns, or a reason why not."""
        children = self._children()
        self.assertGreater(len(children), 25)
        self.assertEqual(children - {*REGISTERS, *MASKED}, set(NOT_TAKEN))

    def test_actions(self):
        """D14: XLSX and PDF stand in the list of each, for who may export alone."""
        group = self.env.ref("base.group_allow_export")
        for name in (*REGISTERS, *MASKED):
            for method in ("action_export", "action_print"):
                with self.subTest(name, method=method):
                    action = self._actions(name, method)
                    if name in MASKED and method == "action_export":
                        continue  # a button of its list
                    self.assertEqual(len(action), 1)
                    self.assertEqual(action.group_ids, group)

    def test_counted(self):
        """Issue 9: the main action of each register has a pivot and a graph."""
        missing = set()
        for name in self._children() | set(REGISTERS) | MASKED:
            xmlid = MAIN_ACTIONS.get(name, f"{name.replace('.', '_')}_action")
            modes = self.env.ref(f"npo_relations.{xmlid}").view_mode.split(",")
            if not {"pivot", "graph"} <= set(modes):
                missing.add(name)
        self.assertEqual(missing, set(NOT_COUNTED))

    def test_counts_own_views(self):
        """A pivot or graph of ours, not the one that Odoo makes up of a date."""
        for name in set(REGISTERS) | MASKED:
            for kind in ("pivot", "graph"):
                with self.subTest(name, kind=kind):
                    views = self.env["ir.ui.view"].search_count(
                        [("model", "=", name), ("type", "=", kind)]
                    )
                    self.assertTrue(views)

    def test_standard(self):
        """R073: how far a standard is met is stored, and follows its items."""
        standard = self.env["npo.standard"].create(
            {
                "name": "Quality",
                "company_id": self.company.id,
                "item_ids": [Command.create({"name": name}) for name in "ab"],
            }
        )
        standard.item_ids[0].write({"state": "met", "evidence": "minutes"})
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("id", "=", standard.id), ("met_percent", "=", 100)]
        self.assertTrue(self.env["npo.standard"].search(domain))
        self.assertEqual(standard.open_count, 1)

    def test_sealed_beside(self):
        """P092: what belongs to a sealed complaint is in no register either."""
        contact = self.env["npo.interaction"].create(
            {
                "subject": "x",
                "company_id": self.company.id,
                "channel_id": self.env.ref("npo_relations.channel_portal").id,
            }
        )
        contact.sudo().sealed_complaint_id = self.cases[0]
        self.env.flush_all()
        self.env.cr.execute(
            """INSERT INTO npo_improvement (name, title, company_id, kind, state,
                                            secrecy, create_date)
               SELECT secrecy, 'x', %(one)s, 'improvement', 'plan', secrecy, now()
                 FROM (VALUES ('normal'), (NULL), ('sealed')) AS v (secrecy)""",
            {"one": self.company.id},
        )
        mine = Domain("company_id", "=", self.company.id)
        for name, count in (("npo.interaction", 0), ("npo.improvement", 2)):
            with self.subTest(name):
                model = self.env[name].sudo()  # no rule hides them here
                counts = self.exports._write_book(io.BytesIO(), model, mine)
                self.assertEqual(counts[self.company.id], count)
                _html, counts = self.exports._paper_html(
                    model, mine & self.exports._unsealed(model)
                )
                self.assertEqual(counts[self.company.id], count)

    # ------------------------------------------------------------
    # ON PAPER
    # ------------------------------------------------------------

    def _print(self, user="chief", ids=None, name="npo.complaint", **context):
        exports = self.exports.with_user(self.users[user]).with_context(
            active_model=name, active_ids=ids or self.cases.ids, **context
        )
        action = exports.action_print()
        form = exports.browse(int(action["url"].split("/")[4]))
        return base64.b64decode(form.file), form

    def test_paper(self):
        """D14, D08: the same columns on landscape pages, numbered, both calendars."""
        logs = self.env["npo.access.log"].search_count([("way", "=", "list")])
        content, form = self._print()
        page = pypdf.PdfReader(io.BytesIO(content)).pages[0].mediabox
        self.assertGreater(page.width, page.height)
        text = " ".join(" ".join(read_pdf(content)).split())
        day = self.first.replace(day=15)
        for word in (
            *self.cases.mapped("name"),
            "Register: Complaint",
            "Lines: 3",
            "Confidential",
            "Page 1 of 1",
            f"{day:%Y/%m/%d}",
            hijri.format_hijri_numeric(day),
            self.company.npo_name_en or self.company.name,
        ):
            self.assertIn(word, text)
        self.assertEqual(form.file_name, "Complaint.pdf")
        found = self.env["npo.access.log"].search([("way", "=", "list")], limit=1)
        self.assertEqual((found.entry_count, found.is_masked), (3, True))
        self.assertEqual(
            self.env["npo.access.log"].search_count([("way", "=", "list")]), logs + 1
        )
        with self.assertRaises(AccessError):
            form.with_user(self.users["handler"]).read(["file"])

    def test_paper_end(self):
        """What is left out is said; how many lines there are is the association's."""
        self.company.npo_paper_rows = 2
        model = self.env["npo.complaint"]
        mine = Domain("id", "in", self.cases.ids)
        html, counts = self.exports._paper_html(model, mine)
        self.assertIn("The first 2 of 3 lines", str(html))
        self.assertEqual(counts[self.company.id], 2)
        self.assertNotIn(self.cases.sorted("id")[-1].name, str(html))
        self.company.npo_paper_rows = 3
        html, _counts = self.exports._paper_html(model, mine)
        self.assertIn("Lines: 3", str(html))

    def test_paper_empty_cells(self):
        """D14: what is not there is empty on paper; nought is a number."""
        file = self._new_beneficiary(1)
        self.assertFalse(file.file_no or file.date_registered)
        html, _counts = self.exports._paper_html(
            self.env["npo.beneficiary"], Domain("id", "=", file.id)
        )
        cells = fromstring(html).xpath("//tbody/tr/td")
        words = [cell.text_content().strip() for cell in cells]
        self.assertIn(file.name, " ".join(words))
        self.assertEqual(words[0], "")
        self.assertNotIn("0", words)
        paper = RegisterPaper(self.env["npo.beneficiary"], [])
        self.assertEqual([paper.cell(None), paper.cell(False)], ["", ""])
        self.assertEqual(paper.cell(0), paper.number("0"))

    def test_paper_level(self):
        """R157: the paper is as confidential as the most confidential of its lines."""
        agreements = self.env["npo.agreement"].create(
            [
                {
                    "title": "x",
                    "company_id": self.company.id,
                    "partner_id": self.env["res.partner"].create({"name": "P"}).id,
                    "classification": level,
                }
                for level in ("internal", "secret")
            ]
        )
        for chosen, level in ((agreements[0], "Confidential"), (agreements, "Secret")):
            html, _counts = self.exports._paper_html(
                self.env["npo.agreement"], Domain("id", "in", chosen.ids)
            )
            self.assertIn(f">{level}<", str(html))

    def test_paper_who(self):
        """R162: without the right to export, or to read the register: nothing."""
        with self.assertRaises(UserError):
            self._print("researcher", name="npo.payout")
        self.users["chief"].group_ids -= self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            self._print()

    def test_every_paper(self):
        """Each register is laid out in Arabic, with what there is and with nothing."""
        self.env["res.lang"]._activate_lang("ar_001")
        exports = self.exports.with_context(lang="ar_001")
        for name in (*REGISTERS, *MASKED):
            model = exports.env[name]
            with self.subTest(name):
                html, _counts = exports._paper_html(model, Domain.TRUE)
                self.assertIn('dir="rtl"', str(html))
                html, counts = exports._paper_html(model, Domain.FALSE)
                self.assertFalse(counts)
                self.assertNotIn('<table class="npo_table"', str(html))
