import io

import openpyxl

from odoo import fields

from ..common import AssociationCommon
from ..core.test_print_engine import read_pdf


class ReportsCommon(AssociationCommon):
    """An association that reports: complaints of last month, by several ways."""

    profile = "harfa"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the parts of a report are found by their English titles
        cls.env["res.lang"]._activate_lang("en_US")
        users = cls.env["res.users"].browse(user.id for user in cls.users.values())
        (users.partner_id | cls.company.partner_id).lang = "en_US"
        cls.today = cls.company._npo_today()
        cls.last = fields.Date.subtract(cls.today.replace(day=1), days=1)
        cls.first = cls.last.replace(day=1)

    @classmethod
    def _run(cls, code, user="centre", **vals):
        """Return a draft of a kind of report on last month, made by its preparer."""
        kind = cls.env.ref(f"npo_relations.report_type_{code}")
        runs = cls.env["npo.report.run"].with_user(cls.users[user])
        return runs.create(
            {
                "type_id": kind.id,
                "company_id": cls.company.id,
                "cadence": "month",
                "date_from": cls.first,
                "date_to": cls.last,
                **vals,
            }
        )

    @classmethod
    def _filled(cls, code, user="centre", **vals):
        run = cls._run(code, user, **vals)
        run.action_fill()
        return run

    @classmethod
    def _complaints(cls, count=1, **vals):
        """Record complaints of the middle of last month."""
        cases = cls.env["npo.complaint"].create(
            [
                {
                    "title": f"Complaint {number}",
                    "company_id": cls.company.id,
                    "channel_id": cls.env.ref("npo_relations.channel_portal").id,
                    **vals,
                }
                for number in range(count)
            ]
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE npo_complaint SET date_received = %s WHERE id = ANY(%s)",
            [f"{cls.first.replace(day=15)} 09:00:00", cases.ids],
        )
        cases.invalidate_recordset()
        return cases

    def _pdf(self, run):
        reports = self.env["ir.actions.report"].with_user(run.env.user)
        content, kind = reports.with_context(
            force_report_rendering=True, allowed_company_ids=self.company.ids
        )._render_qweb_pdf("npo_relations.report_npo_report_run", run.ids)
        self.assertEqual(kind, "pdf")
        return " ".join(" ".join(read_pdf(content)).split())

    def _book(self, content):
        return openpyxl.load_workbook(io.BytesIO(content))

    @classmethod
    def _part(cls, run, title):
        return next(part for part in run.content if part["title"] == title)

    @classmethod
    def _line(cls, run, code):
        return run.line_ids.filtered(lambda line: line.kpi_id.code == code)
