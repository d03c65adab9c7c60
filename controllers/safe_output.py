import io
import json
import logging
from collections import OrderedDict

from werkzeug.datastructures import FileStorage

from odoo.http import route

from odoo.addons.web.controllers import export
from odoo.addons.web.controllers.binary import Binary
from odoo.addons.web.controllers.export import CSVExport, ExcelExport
from odoo.addons.web.controllers.pivot import TableExporter

from ..tools.spreadsheet import neutralised
from ..tools.upload import OPAQUE

# Never opened in the page: saved, and looked at by a programme of one's own choice.
SAVED = frozenset(
    (
        OPAQUE,
        "application/octet-stream",
        "application/javascript",
        "application/xhtml+xml",
        "application/xml",
        "image/svg+xml",
        "text/html",
        "text/javascript",
        "text/xml",
    )
)
# What the programme that writes XLSX makes a link, an array or a formula of.
LINKS = ("external:", "internal:", "{=")


def without_search(line):
    """Leave out of the log what somebody searched for: it may be a name (P038).

    Who exported what is kept in `npo.access.log`.
    """
    if "Domain" in (line.args or ()):
        line.args = (*line.args[:-1], "…")
    return True


logging.getLogger(export.__name__).addFilter(without_search)


def harmless(value):
    """Return a cell that no spreadsheet programme computes or follows."""
    if not isinstance(value, str):
        return value
    if value.startswith(LINKS):
        return f"'{value}"
    return neutralised(value)


class NpoFiles(Binary):
    """What could run in a page is never shown in one (R157)."""

    @route()
    def content_common(self, *args, **kwargs):
        # EXTENDS web: what a file is, says the file and not the address
        kwargs.pop("mimetype", None)
        response = super().content_common(*args, **kwargs)
        if response.mimetype in SAVED:
            given = response.headers.get("Content-Disposition", "")
            _inline, _sign, rest = given.partition(";")
            response.headers["Content-Disposition"] = f"attachment;{rest}"
            response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
            response.headers["X-Content-Type-Options"] = "nosniff"
        return response


class NpoCsvExport(CSVExport):
    """What strangers typed is no formula in a list that is taken along."""

    def from_data(self, fields, columns_headers, rows):
        # EXTENDS web: core leaves out @ and what begins with a tab
        titles, *rows = [
            [_decoded(cell) for cell in row] for row in (columns_headers, *rows)
        ]
        return super().from_data(fields, titles, rows)


class NpoExcelExport(ExcelExport):
    """The same for workbooks: core writes a formula where a text begins like one."""

    def from_data(self, fields, columns_headers, rows):
        # EXTENDS web
        titles, *rows = [
            [_decoded(cell) for cell in row] for row in (columns_headers, *rows)
        ]
        return super().from_data(fields, titles, rows)

    def from_group_data(self, fields, columns_headers, groups):
        # EXTENDS web
        _make_harmless(groups)
        titles = [_decoded(title) for title in columns_headers]
        return super().from_group_data(fields, titles, groups)


class NpoPivotExport(TableExporter):
    """The same for pivots, whose titles are names that people gave."""

    @route()
    def export_xlsx(self, data, **kw):
        # EXTENDS web
        is_file = isinstance(data, FileStorage)
        table = json.load(data) if is_file else json.loads(data)
        safe = json.dumps(_walked(table))
        data = FileStorage(io.BytesIO(safe.encode())) if is_file else safe
        return super().export_xlsx(data, **kw)


def _decoded(cell):
    return harmless(cell.decode() if isinstance(cell, bytes) else cell)


def _make_harmless(node):
    """Make the rows and the titles of a tree of groups harmless, all the way down."""
    node.data = [[_decoded(cell) for cell in row] for row in node.data]
    node.children = OrderedDict(map(_child, node.children.items()))


def _child(item):
    key, node = item
    _make_harmless(node)
    if isinstance(key, tuple):  # a record: its number and its name
        return tuple(map(harmless, key)), node
    return harmless(key), node


def _walked(value):
    if isinstance(value, dict):
        return {key: _walked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_walked(one) for one in value]
    return harmless(value)
