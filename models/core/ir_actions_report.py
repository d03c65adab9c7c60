import io

import lxml.html
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import printing
from .print_document import PrintDocument

_PAGE = Markup(
    '<!DOCTYPE html><html lang="%s" dir="%s"><head><meta charset="utf-8"/>'
    "<title>%s</title></head><body>%s</body></html>"
)
_ARTICLES = "//*[contains(concat(' ', normalize-space(@class), ' '), ' npo_document ')]"


class IrActionsReport(models.Model):
    """Prints the documents of this module with WeasyPrint.

    wkhtmltopdf, as distributions ship it, cuts Arabic lines and prints no running
    header (D07). A report with ``npo_weasyprint`` goes through the standard calls
    (``report_action``, ``_render_qweb_pdf``, the portal's ``_show_report``, mails) and
    only leaves them where they would run wkhtmltopdf. Its template calls
    ``npo_print_shell`` and, for each document, ``npo_print_layout``; it finds
    ``npo_print(record)``, a ``PrintDocument``, among its values.
    """

    _inherit = "ir.actions.report"

    npo_weasyprint = fields.Boolean(
        "Print with WeasyPrint",
        help="Lay the document out with WeasyPrint: Arabic text, running header and "
        "footer. wkhtmltopdf is not needed.",
    )

    def _get_readable_fields(self):
        # EXTENDS base: the web client asks for no wkhtmltopdf when this is set
        return super()._get_readable_fields() | {"npo_weasyprint"}

    def report_action(self, docids, data=None, config=True):
        # EXTENDS base: these documents have their own letterhead, so that nobody is
        # asked to configure the layout of Odoo's first
        config = config and not self.npo_weasyprint
        action = super().report_action(docids, data=data, config=config)
        if self.npo_weasyprint:
            action["npo_weasyprint"] = True
        return action

    def _get_rendering_context(self, report, docids, data):
        # EXTENDS base
        values = super()._get_rendering_context(report, docids, data)
        if report.npo_weasyprint:
            values["npo_print"] = PrintDocument
        return values

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # EXTENDS base
        report_sudo = self._get_report(report_ref)
        if not report_sudo.npo_weasyprint:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        streams = self._npo_stored_streams(report_sudo, res_ids or [])
        missing_ids = [res_id for res_id in streams if not streams[res_id]["stream"]]
        if missing_ids or not streams:
            data = {"report_type": "pdf", "debug": False, **(data or {})}
            html = self._render_qweb_html(report_sudo, missing_ids or None, data=data)
            documents = self._npo_split_html(html[0], report_sudo.model)
            self._npo_fill_streams(report_sudo, streams, missing_ids, documents)
        return streams

    def _npo_stored_streams(self, report, res_ids):
        """Return the streams by record id, filled with what was printed before."""
        streams = {}
        is_stored = self._npo_is_stored(report, res_ids)
        for record in self.env[report.model].browse(dict.fromkeys(res_ids)):
            attachment = report.retrieve_attachment(record) if is_stored else None
            is_reused = attachment and report.attachment_use
            streams[record.id] = {
                "stream": io.BytesIO(attachment.raw) if is_reused else None,
                "attachment": attachment,
            }
        return streams

    def _npo_is_stored(self, report, res_ids):
        """Return whether each record's PDF is kept as an attachment of its own."""
        return (
            report.attachment
            and not self.env.context.get("report_pdf_no_attachment")
            and len(set(res_ids)) == len(res_ids)
        )

    def _npo_split_html(self, html, model):
        """Return the rendered documents as (record id or 0, complete HTML).

        Each is laid out alone: its language and direction are its own, and its pages
        are counted from 1.
        """
        root = lxml.html.fromstring(html, parser=lxml.html.HTMLParser(encoding="utf-8"))
        documents = []
        for node in root.xpath(_ARTICLES):
            node.tail = None
            is_record = node.get("data-oe-model") == model
            body = Markup(lxml.html.tostring(node, encoding="unicode"))
            head = (node.get("lang"), node.get("dir"), node.get("data-title") or "")
            res_id = int(node.get("data-oe-id") or 0) if is_record else 0
            documents.append((res_id, _PAGE % (*head, body)))
        if not documents:
            raise UserError(self.env._("There is nothing to print."))
        return documents

    def _npo_fill_streams(self, report, streams, missing_ids, documents):
        """Put the PDFs into the streams: one a record where they are stored, else one.

        One PDF for all shares its fonts and needs no merging.
        """
        if not self._npo_is_stored(report, missing_ids):
            key = missing_ids[0] if len(missing_ids) == 1 else False
            for res_id in missing_ids:
                streams.pop(res_id)
            pages = [page for _res_id, page in documents]
            streams[key] = {"stream": self._npo_print_pages(pages), "attachment": None}
            return
        for res_id in missing_ids:
            pages = [page for document_id, page in documents if document_id == res_id]
            if not pages:
                raise UserError(self.env._("A record has no document to be kept."))
            streams[res_id]["stream"] = self._npo_print_pages(pages)

    def _npo_print_pages(self, pages):
        """Return the PDF of complete HTML pages as a stream."""
        try:
            return io.BytesIO(printing.render_pdf(pages))
        except printing.MissingEngineError as error:
            raise UserError(
                self.env._(
                    "The PDF cannot be made: WeasyPrint is not installed on the "
                    "server. Ask your administrator to install the Python package "
                    "weasyprint and the library Pango."
                )
            ) from error

    def _npo_pdf_by_record(self, report_ref, res_ids):
        """Return {record id: PDF}: rendered together, each laid out alone."""
        report_sudo = self._get_report(report_ref)
        data = {"report_type": "pdf", "debug": False}
        html = self._render_qweb_html(report_sudo, res_ids, data=data)
        return {
            res_id: self._npo_print_pages([page]).getvalue()
            for res_id, page in self._npo_split_html(html[0], report_sudo.model)
        }
