import base64

from odoo import models

from ...tools.import_columns import CHOICES
from ...tools.import_template import TemplateColumn, write_template
from ...tools.spreadsheet import Sheet, neutralised, write_workbook

# ⚖ So many choices are offered in a template; a longer list is typed.
MAX_ALLOWED = 200


class NpoImport(models.Model):
    """What is downloaded: the template to fill in, and the report of errors."""

    _inherit = "npo.import"

    def action_template(self):
        """Offer the empty sheet of the register, in the user's language."""
        self._check_own()
        lang = self.env.lang or "en_US"
        labels = dict(self._selection_register())
        content = write_template(
            labels[self.register],
            self.env._("Allowed values"),
            self.env._(
                "Dates in either calendar; the row below the titles is an example of"
                " nobody: delete it. Coloured titles must be filled in."
            ),
            [
                TemplateColumn(
                    column.title(lang),
                    self._example(column, lang),
                    column.required,
                    self._allowed(column),
                )
                for column in self._register_columns()
                if column.field in self._register_model()._fields
            ],
            lang.startswith("ar"),
        )
        return self._offer(content, f"{labels[self.register]}.xlsx")

    def _example(self, column, lang):
        if column.kind in ("choice", "record", "records"):
            return next(iter(self._allowed(column)), "")
        return column.example

    def _allowed(self, column):
        """Return the labels that a column takes, in the user's language."""
        field = self._register_model()._fields[column.field]
        if column.kind == "choice":
            labels = dict(field._description_selection(self.env))
            words = CHOICES.get(column.field, {})
            if (self.env.lang or "").startswith("ar"):
                labels |= {c: words[c][0] for c in labels if words.get(c)}
            return list(labels.values())
        if column.kind in ("record", "records"):
            comodel = self.env[field.comodel_name]
            domain = []
            if "company_id" in comodel._fields:
                domain = [("company_id", "in", [False, self.company_id.id])]
            return comodel.search(domain, limit=MAX_ALLOWED).mapped("name")
        return []

    def action_report(self):
        """Offer the rows that were not imported: row, column, what is wrong."""
        self._check_own()
        states = dict(self.env["npo.import.row"]._fields["state"].selection)
        states.update(
            self.env["npo.import.row"]._fields["state"]._description_selection(self.env)
        )
        rows = []
        for line in self.env["npo.import.row"].search_fetch(
            [
                ("import_id", "=", self.id),
                ("state", "in", ("error", "twice", "present")),
            ],
            ["number", "state", "problems"],
        ):
            rows += [
                [line.number, letter, title, neutralised(text), states[line.state]]
                for letter, title, text in line.problems or [["", "", ""]]
            ]
        heading = [
            self.env._("Rows that were not imported"),
            self.name,
            self.env._(
                "Rows: %(rows)s. With errors: %(errors)s. Twice: %(twice)s. On file"
                " already: %(present)s.",
                rows=self.row_count,
                errors=self.error_count,
                twice=self.twice_count,
                present=self.present_count,
            ),
        ]
        columns = [
            (self.env._("Row"), 8),
            (self.env._("Column"), 8),
            (self.env._("Title"), 24),
            (self.env._("What is wrong"), 60),
            (self.env._("Outcome"), 18),
        ]
        sheet = Sheet(self.env._("Errors"), heading, columns, rows)
        is_arabic = (self.env.lang or "").startswith("ar")
        content = write_workbook([sheet], is_arabic)
        return self._offer(content, f"{self.env._('Errors')}-{self.id}.xlsx")

    def _offer(self, content, name):
        """Return the action that downloads a file made for this user."""
        self.sudo().write(
            {"report_file": base64.b64encode(content), "report_name": name}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/npo.import/{self.id}/report_file"
            "?download=true&filename_field=report_name",
            "target": "download",
        }
