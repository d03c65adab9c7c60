import base64

from ...models.people import spreadsheet_import_run as run
from ...tools.identity import luhn_valid
from .common import PeopleCommon
from .test_spreadsheet_reader import workbook

TITLES = ["الاسم", "رقم الهوية", "رقم الجوال", "تاريخ الميلاد", "الجنس", "المدينة"]


def identity(number):
    """Return the national ID with these digits and its check digit."""
    stem = f"1{number:08}"
    return next(f"{stem}{last}" for last in range(10) if luhn_valid(f"{stem}{last}"))


def rows_of(count, start=0):
    return [
        [
            f"شخص مثال {number}",
            identity(number),
            f"05{number:08}"[:10].replace("052", "050"),
            "10/6/1405",
            "أنثى" if number % 2 else "ذكر",
            "مدينة مثال",
        ]
        for number in range(start, start + count)
    ]


class ImportCommon(PeopleCommon):
    """Uploads a sheet, and does the work of the background in batches of 30 rows."""

    def setUp(self):
        super().setUp()
        self.patch(run, "BATCH_ROWS", 30)

    def _import(self, rows, user=None, titles=None, merged=(), **vals):
        content = workbook([titles or TITLES, *rows], merged)
        return self._upload(content, user, **vals)

    def _upload(self, content, user=None, **vals):
        imports = self._as(self.env["npo.import"], user or self.officer)
        return imports.create(
            {"file": base64.b64encode(content), "file_name": "register.xlsx", **vals}
        )

    def _work(self, record, steps=None):
        """Do the work in the background, or so many steps of it."""
        own = record.sudo()
        while own.state in ("checking", "importing", "undoing") and steps != 0:
            self.assertTrue(own._run_step())
            steps = steps and steps - 1
        record.invalidate_recordset()

    def _done(self, record):
        record.action_check()
        self._work(record)
        if record.state == "checked":
            record.action_import()
            self._work(record)
        return record
