import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.import_columns import (
    BENEFICIARY,
    DOCUMENT,
    HOUSEHOLD,
    MEMBER,
    NAME_PARTS,
    match_titles,
    titles_of,
)
from ...tools.spreadsheet_reader import SheetError, read_sheet
from ..core.guards import without_defaults

IMPORT_GROUPS = (
    "npo_relations.group_npo_relations_officer,"
    "npo_relations.group_npo_branch_delegate,"
    "npo_relations.group_npo_admin"
)
ADMIN_GROUP = "npo_relations.group_npo_admin"
PREVIEW_ROWS = 20
# ⚖ The largest sheet, packed: 50,000 rows of 40 columns take less than half.
MAX_FILE = 40 * 1024 * 1024
# Written by the user, and by nobody once the work has begun.
OPEN_FIELDS = {"file", "file_name", "register", "mode", "target", "column_ids"}
RUNNING = ("checking", "importing", "undoing")


class NpoImport(models.Model):
    """A spreadsheet of an association, read into one of the registers (D16).

    Upload, correct which column is what, check all rows, import. Checking and
    importing run in the background in batches, each committed with the place that was
    reached: an interruption costs one batch at most and doubles nothing. The rows are
    created as the user who asked, so that every rule of the register holds.
    """

    _name = "npo.import"
    _description = "Import of a Register"
    _order = "id desc"

    # numbers in full: who downloads them is on record (`ir.binary`)
    _protected_fields = frozenset({"file", "report_file"})

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    register = fields.Selection(
        "_selection_register",
        string="Register",
        required=True,
        default="beneficiary",
    )
    mode = fields.Selection(
        [("good", "The good rows only"), ("all", "All rows or none")],
        string="When rows have errors",
        required=True,
        default="good",
    )
    target = fields.Selection(
        [
            ("prospect", "Visitors: the file is opened and no more"),
            ("active", "Registered beneficiaries: each is given a file number"),
        ],
        string="The persons are",
        required=True,
        default="prospect",
        help="Who was accepted before this system is registered at once; only the"
        " administrator of the system may ask for that.",
    )
    file = fields.Binary("Spreadsheet", attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    column_ids = fields.One2many("npo.import.column", "import_id", string="Columns")
    sample = fields.Json(copy=False, readonly=True)
    preview = fields.Html(
        compute="_compute_preview", sanitize=False, string="First rows"
    )

    # flow
    state = fields.Selection(
        [
            ("draft", "To be mapped"),
            ("checking", "Checking"),
            ("checked", "Checked"),
            ("importing", "Importing"),
            ("undoing", "Taking back"),
            ("done", "Imported"),
            ("cancelled", "Cancelled"),
            ("failed", "Stopped"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
    )
    is_cancelling = fields.Boolean(readonly=True, copy=False)
    note = fields.Char("What happened", readonly=True, copy=False)
    first_row = fields.Integer(readonly=True, copy=False)
    is_epoch_1904 = fields.Boolean(readonly=True, copy=False)
    batch_count = fields.Integer(readonly=True, copy=False)
    batch_done = fields.Integer(readonly=True, copy=False)
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    row_done = fields.Integer("Rows done", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress")

    # outcome
    row_ids = fields.One2many("npo.import.row", "import_id", string="Outcome by row")
    error_count = fields.Integer("With errors", readonly=True, copy=False)
    twice_count = fields.Integer("Twice in the file", readonly=True, copy=False)
    present_count = fields.Integer("On file already", readonly=True, copy=False)
    created_count = fields.Integer("Imported", readonly=True, copy=False)
    good_count = fields.Integer("Good rows", compute="_compute_good_count")
    report_file = fields.Binary(attachment=True, readonly=True, copy=False)
    report_name = fields.Char(readonly=True, copy=False)

    # ------------------------------------------------------------
    # REGISTERS
    # ------------------------------------------------------------

    @api.model
    def _registers(self):
        """Return {code: (model, label, columns)}; other domains add theirs.

        The models inherit `npo.import.target`.
        """
        return {
            "beneficiary": ("npo.beneficiary", self.env._("Files"), BENEFICIARY),
            "household": ("npo.household", self.env._("Families"), HOUSEHOLD),
            "member": (
                "npo.household.member",
                self.env._("Members of families"),
                MEMBER,
            ),
            "document": ("npo.document", self.env._("Documents"), DOCUMENT),
        }

    @api.model
    def _selection_register(self):
        return [
            (code, label)
            for code, (model, label, _columns) in self._registers().items()
            if model in self.env
        ]

    def _register_model(self):
        return self.env[self._registers()[self.register][0]]

    def _register_columns(self, register=None):
        """Return the columns of the register whose fields the model has."""
        model, _label, columns = self._registers()[register or self.register]
        known = self.env[model]._fields
        return [
            column
            for column in columns
            if column.field in known or column.field in NAME_PARTS
        ]

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("register", "file_name")
    def _compute_name(self):
        labels = dict(self._selection_register())
        for record in self:
            parts = (labels.get(record.register), record.file_name)
            record.name = " · ".join(filter(None, parts))

    @api.depends("row_done", "row_count", "state")
    def _compute_progress(self):
        for record in self:
            total = record.row_count
            if record.state in ("checked", "done"):
                record.progress = 100
            else:
                record.progress = 100 * record.row_done / total if total else 0

    @api.depends("row_count", "error_count", "twice_count", "present_count")
    def _compute_good_count(self):
        for record in self:
            bad = record.error_count + record.twice_count + record.present_count
            record.good_count = max(record.row_count - bad, 0)

    @api.depends("sample", "column_ids.field_name")
    def _compute_preview(self):
        for record in self:
            record.preview = record._preview_table() if record.sample else False

    def _preview_table(self):
        """Return the first rows as a table under the fields that they go to."""
        labels = dict(self.env["npo.import.column"]._selection_field_name())
        columns = self.column_ids
        cell, head = Markup('<td dir="auto">%s</td>'), Markup("<th>%s</th>")
        fields_row = Markup("").join(
            head % (labels.get(column.field_name) or "–") for column in columns
        )
        titles = Markup("").join(head % column.title for column in columns)
        body = Markup("").join(
            Markup("<tr><td>%s</td>%s</tr>")
            % (
                number,
                Markup("").join(
                    cell % values.get(str(column.index), "") for column in columns
                ),
            )
            for number, values in self.sample
        )
        return Markup(
            '<div class="table-responsive"><table class="table table-sm"><thead>'
            "<tr><th></th>%s</tr>"
            '<tr class="text-muted"><th></th>%s</tr></thead><tbody>%s</tbody>'
            "</table></div>"
        ) % (fields_row, titles, body)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, lambda name: name not in OPEN_FIELDS)
        for vals in vals_list:
            self._check_open_vals(vals)
        records = super().create(vals_list)
        for record in records.filtered("file"):
            record._read_file()
        return records

    def write(self, vals):
        self._check_open_vals(vals)
        if not self.env.su and any(
            record.state not in ("draft", "checked", "failed", "cancelled")
            or record.created_count
            for record in self
        ):
            raise UserError(
                self.env._("The work on this file has begun: it does not change now.")
            )
        result = super().write(vals)
        if not self.env.su and not {"file", "register", "column_ids"}.isdisjoint(vals):
            for record in self:
                if "file" in vals or "register" in vals:
                    record._read_file()
                else:
                    record._back_to_draft()
        return result

    def _check_open_vals(self, vals):
        """What is worked out is written by the work alone."""
        if not self.env.su and not OPEN_FIELDS.issuperset(vals):
            raise UserError(
                self.env._("The progress of an import is not written by hand.")
            )
        if vals.get("target") == "active":
            self._check_target()

    def _check_target(self):
        if not self.env.su and not self.env.user.has_group(ADMIN_GROUP):
            raise AccessError(
                self.env._(
                    "Only the administrator of the system registers persons by an"
                    " import."
                )
            )

    # ------------------------------------------------------------
    # READING THE FILE
    # ------------------------------------------------------------

    def _sheet(self):
        """Open the spreadsheet; raise the sentence for what cannot be read."""
        content = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if len(content) > MAX_FILE:
            raise UserError(self._sheet_message("too_big"))
        known = frozenset(titles_of(self._register_columns()))
        try:
            return read_sheet(content, known)
        except SheetError as error:
            raise UserError(self._sheet_message(error.code)) from None

    def _sheet_rows(self, sheet):
        """Return the rows one by one; a row far below may be what cannot be read."""
        try:
            yield from sheet.rows
        except SheetError as error:
            raise UserError(self._sheet_message(error.code)) from None

    def _sheet_message(self, code):
        _ = self.env._
        return {
            "old": _(
                "This file is of an old kind, or locked by a password. Open it and save"
                " it as “Excel Workbook (.xlsx)”, without a password."
            ),
            "kind": _("This file is not a spreadsheet. Accepted: XLSX and CSV."),
            "broken": _(
                "This spreadsheet is damaged. Open it, save it again and upload that."
            ),
            "too_big": _("This spreadsheet is too large: split it into several files."),
            "encoding": _(
                "The letters of this file could not be read. Save it as “CSV UTF-8” or"
                " as XLSX."
            ),
            "mojibake": _(
                "The Arabic letters of this file were spoilt when it was saved. Open"
                " the original and save it as “CSV UTF-8” or as XLSX."
            ),
            "empty": _("There is no table in this file."),
            "columns": _("This table has too many columns."),
        }[code]

    def _read_file(self):
        """Read the titles and the first rows, and propose what each column is."""
        self._back_to_draft()
        own = self.sudo()
        own.column_ids.unlink()
        own.sample = False
        if not self.file:
            return
        sheet = self._sheet()
        sample = []
        for number, values in self._sheet_rows(sheet):
            texts = {str(index): str(value)[:60] for index, value in values.items()}
            sample.append((number, texts))
            if len(sample) == PREVIEW_ROWS:
                break
        if not sample:
            raise UserError(self._sheet_message("empty"))
        matched = match_titles(sheet.header.titles, self._register_columns())
        # sudo: the columns of the file are its own, the user says what they are
        own.env["npo.import.column"].create(
            [
                {
                    "import_id": self.id,
                    "index": index,
                    "title": title[:200],
                    "example": next(
                        (row[str(index)] for _n, row in sample if str(index) in row),
                        False,
                    ),
                    "field_name": matched.get(index),
                }
                for index, title in sheet.header.titles.items()
            ]
        )
        own.write(
            {
                "sample": sample,
                "first_row": sheet.header.first_row,
                "is_epoch_1904": sheet.epoch_1904,
            }
        )

    def _back_to_draft(self):
        """Forget what was checked: the file or the columns have changed."""
        own = self.sudo()  # rows and batches are the work's
        own._drop_batches()
        own.row_ids.unlink()
        own.write(
            {
                "state": "draft",
                "is_cancelling": False,
                "note": False,
                "row_count": 0,
                "row_done": 0,
                "batch_count": 0,
                "batch_done": 0,
                "error_count": 0,
                "twice_count": 0,
                "present_count": 0,
                "created_count": 0,
            }
        )

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _check_own(self, *states):
        """Check the role, that it is one's own, and where it stands."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not self.env.user.has_groups(IMPORT_GROUPS):
            raise AccessError(self.env._("Your role does not import registers."))
        if states and self.state not in states:
            raise UserError(
                self.env._("This step is not possible now: the import has moved on.")
            )

    def action_check(self):
        """Check all rows in the background; nothing is written to the register."""
        self._check_own("draft", "checked", "failed", "cancelled")
        if self.created_count:
            raise UserError(
                self.env._("Rows of this file were imported: continue or upload again.")
            )
        self._check_mapping()
        self._back_to_draft()
        self.sudo().state = "checking"
        self._wake()

    def _check_mapping(self):
        if not self.column_ids:
            raise UserError(self.env._("Upload a spreadsheet first."))
        names = [column.field_name for column in self.column_ids if column.field_name]
        columns = self._register_columns()
        labels = {column.field: column.title(self.env.lang) for column in columns}
        for name in names:
            if names.count(name) > 1:
                raise UserError(
                    self.env._(
                        "Two columns are “%s”: keep one.", labels.get(name, name)
                    )
                )
            if name not in labels:
                raise UserError(
                    self.env._("One of the columns does not belong to this register.")
                )
        for column in columns:
            given = column.field in names or (
                column.field == "name" and not set(NAME_PARTS).isdisjoint(names)
            )
            if column.required and not given:
                raise UserError(
                    self.env._(
                        "No column is “%s”: say which one it is.",
                        labels[column.field],
                    )
                )

    def action_import(self):
        """Import the checked rows in the background."""
        self._check_own("checked")
        if self.target == "active":
            self._check_target()
        if self.mode == "all" and (self.error_count or self.twice_count):
            raise UserError(
                self.env._(
                    "Rows with errors: %s. Correct the file and upload it again, or"
                    " choose to import the good rows only.",
                    self.error_count + self.twice_count,
                )
            )
        self.sudo().write({"state": "importing", "batch_done": 0, "row_done": 0})
        self._wake()

    def action_cancel(self):
        """Stop after the batch at work; “all or none” takes back what was done."""
        self._check_own(*RUNNING, "checked", "draft", "failed")
        own = self.sudo()
        if self.state in RUNNING:
            own.is_cancelling = True
            self._wake()
        else:
            own.state = "cancelled"
            own._drop_batches()

    def action_resume(self):
        """Go on where an interruption left off."""
        self._check_own(*RUNNING, "failed", "cancelled")
        own = self.sudo()
        if self.state in ("failed", "cancelled"):
            if not own._batches():
                raise UserError(self.env._("Check the file first."))
            started = self.created_count or self.batch_done
            own.write(
                {
                    "state": "importing" if started else "checked",
                    "is_cancelling": False,
                    "note": False,
                }
            )
        self._wake()

    def _wake(self):
        # sudo: the clock of the server is nobody's to read
        self.env.ref("npo_relations.ir_cron_npo_import").sudo()._trigger()

    def action_open_rows(self):
        """List the rows that were not imported, and why."""
        self._check_own()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rows with errors"),
            "res_model": "npo.import.row",
            "view_mode": "list",
            "domain": [
                ("import_id", "=", self.id),
                ("state", "in", ("error", "twice", "present")),
            ],
        }
