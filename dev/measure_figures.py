"""Time dashboards, periodic reports and the export of a register of many requests.

Not a test: times say nothing on a busy machine. From the root of the repository, on a
database with demo data that is nobody's:
  ROWS=1000000 YEARS=5 dev/odoo shell -d DB --no-http < dev/measure_figures.py
The rows are copies of the first request that was closed, spread over the years before
today; everything is committed.
"""

import io
import os
import time

import xlsxwriter

from odoo.fields import Domain
from odoo.tools import SQL

env = globals()["env"]  # of the shell
count = int(os.environ.get("ROWS", "100000"))
days = 365 * int(os.environ.get("YEARS", "5"))


def fill(model, domain):
    """Copy the first record of a domain so many times, its dates moved back."""
    record = env[model].search(domain, limit=1, order="id")
    columns, values = [], []
    for name, field in record._fields.items():
        if not (field.store and field.column_type) or name == "id":
            continue
        column = SQL.identifier("source", name)
        columns.append(SQL.identifier(name))
        if name == "name":
            column = SQL("'MANY/' || n")
        elif name == "access_token":
            column = SQL("NULL")
        elif field.type in ("date", "datetime"):
            column = SQL("%s - n %% %s * interval '1 day'", column, days)
        values.append(column)
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s AS source,"
            " generate_series(1, %s) AS n WHERE source.id = %s",
            SQL.identifier(record._table),
            SQL(", ").join(columns),
            SQL(", ").join(values),
            SQL.identifier(record._table),
            count,
            record.id,
        )
    )
    env.cr.execute(SQL("ANALYZE %s", SQL.identifier(record._table)))
    env.cr.commit()
    return record.company_id


def timed(label, call):
    env.invalidate_all()
    begun, before = time.monotonic(), env.cr.sql_log_count
    call()
    taken = time.monotonic() - begun
    print(f"{label}: {taken:.2f} s, {env.cr.sql_log_count - before} statements")


begun = time.monotonic()
company = fill("npo.request", [("date_closed", "!=", False)])
print(f"{count} requests written in {time.monotonic() - begun:.0f} s")
manager = env["res.users"].search(
    [
        ("company_id", "=", company.id),
        ("group_ids", "=", env.ref("npo_relations.group_npo_general_manager").id),
    ],
    limit=1,
)
context = {"allowed_company_ids": company.ids, "lang": "ar_001"}
boards = env["npo.dashboard"].with_user(manager).with_context(**context)
board = boards.search([], limit=1)
timed("closed months kept", lambda: env["npo.kpi.value"]._keep_months(company))
env.cr.commit()
for kind in ("week", "month", "quarter", "year"):
    view = board._view({"period": kind})
    timed(f"dashboard, {kind}: tiles", lambda view=view: board._tiles(view))
    timed(f"dashboard, {kind}: breakdowns", lambda view=view: board._breakdowns(view))
    timed(f"dashboard, {kind}: lists", lambda view=view: board._lists(view))

kinds = env["npo.report.type"]
runs = env["npo.report.run"].with_context(**context)
first, last = runs._last_period("month", "gregorian", company._npo_today())
for code in ("requests_report", "center_report", "board_report"):
    vals = {
        "type_id": kinds.search([("code", "=", code)], limit=1).id,
        "company_id": company.id,
        "cadence": "month",
        "date_from": first,
        "date_to": last,
    }
    known = [(name, "=", value) for name, value in vals.items()]
    run = runs.search(known, limit=1) or runs.create(vals)
    timed(f"{code} of a month: filled", lambda run=run: run._fill(manager))

exporter = env["npo.register.export"].with_user(manager).with_context(**context)
rows = int(os.environ.get("EXPORTED", "100000"))
requests = env["npo.request"].with_user(manager).with_context(**context)
stream = io.BytesIO()
domain = [("company_id", "=", company.id)]
timed(
    f"export of {rows} rows",
    lambda: exporter._write_book(stream, requests, domain, rows),
)

_columns, batches = exporter._source(requests, Domain(domain), rows)
same = [row for batch in batches for _company, row in batch]


def bare():
    """Stream the same rows with xlsxwriter and nothing else."""
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(io.BytesIO(), options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(same):
            sheet.write_row(number, 0, row)


timed(f"xlsxwriter alone, the same {len(same)} rows", bare)
