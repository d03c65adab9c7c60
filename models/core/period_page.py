import base64

from odoo import fields, models

from .print_document import PrintDocument


class NpoPeriodPage(models.AbstractModel):
    """The figures of a period: a page of its reader's own, paper, and files."""

    _name = "npo.period.page"
    _description = "Page of a Period"

    date_from = fields.Date("From")
    date_to = fields.Date("To")
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def _offer(self, content, name):
        """Return the action that downloads a file made for this reader."""
        self.sudo().write({"file": base64.b64encode(content), "file_name": name})
        address = f"/web/content/{self._name}/{self.id}/file"
        return {
            "type": "ir.actions.act_url",
            "url": f"{address}?download=true&filename_field=file_name",
            "target": "download",
        }

    def _document(self):
        """Return the document in the reader's language, for dates and numbers."""
        return PrintDocument(self, lang=self._print_lang())

    def _print_lang(self):
        """Return the language of who reads the page: its lines are in it."""
        return self.env.lang or self.env.user.lang

    def _period_text(self):
        document = self._document()
        return self.env._(
            "From %(first)s to %(last)s",
            first=str(document.both(self.date_from)),
            last=str(document.both(self.date_to)),
        )
