"""Time an import of generated rows beside the platform's own of the same contacts.

Not a test: times say nothing on a busy machine. From the root of the repository:
  ROWS=50000 dev/odoo shell -d DB --no-http < dev/measure_import.py
Everything is committed: take a database of its own.
"""

import base64
import csv
import io
import os
import time

from odoo.addons.npo_relations.tools.identity import luhn_valid

env = globals()["env"]  # of the shell
count = int(os.environ.get("ROWS", "50000"))


def identity(number):
    stem = f"1{number:08}"
    return next(f"{stem}{last}" for last in range(10) if luhn_valid(f"{stem}{last}"))


def timed(label, call):
    begun, before = time.monotonic(), env.cr.sql_log_count
    call()
    env.cr.commit()
    taken = time.monotonic() - begun
    statements = env.cr.sql_log_count - before
    print(
        f"{label}: {taken:.1f} s, {count / taken:.0f} rows/s, {statements} statements"
    )


def sheet(titles, start):
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(titles)
    for number in range(start, start + count):
        writer.writerow(
            [
                f"شخص مثال {number}",
                identity(number),
                f"+96650{number:07}",
                f"{1380 + number % 60}/{number % 12 + 1}/10",
                "مدينة مثال",
                f"p{number}@example.com",
            ]
        )
    return stream.getvalue().encode()


start = int(time.time()) % 10_000_000
company = env["res.company"].create({"name": f"Measured {start}"})
user = env["res.users"].create(
    {
        "name": "Measure",
        "login": f"measure{start}",
        "company_id": company.id,
        "company_ids": [(6, 0, company.ids)],
        "group_ids": [
            (4, env.ref("npo_relations.group_npo_relations_officer").id),
            (4, env.ref("base.group_partner_manager").id),
        ],
    }
)
env.cr.commit()
titles = ["الاسم", "رقم الهوية", "الجوال", "تاريخ الميلاد", "المدينة", "البريد"]
record = (
    env["npo.import"]
    .with_user(user)
    .with_context(allowed_company_ids=company.ids)
    .create({"file": base64.b64encode(sheet(titles, start)), "file_name": "m.csv"})
)
env.cr.commit()
own = record.sudo()


def work():
    while own.state in ("checking", "importing"):
        own._run_step()
        env.cr.commit()


record.action_check()
timed("check", work)
record.action_import()
timed("import", work)
print(own.state, own.created_count, own.error_count, own.present_count)

# the same persons as contacts; the identity number goes to the field `ref`
core = (
    env["base_import.import"]
    .with_user(user)
    .with_context(allowed_company_ids=company.ids)
    .create(
        {
            "res_model": "res.partner",
            "file": sheet(titles, start),
            "file_name": "m.csv",
            "file_type": "text/csv",
        }
    )
)
options = {
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "has_headers": True,
    "date_format": "%Y/%m/%d",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
    "advanced": True,
    "import_set_empty_fields": [],
    "import_skip_records": [],
    "fallback_values": {},
    "name_create_enabled_fields": {},
    "keep_matches": False,
    "skip": 0,
    "limit": 2000,
}
fields = ["name", "ref", "phone", False, "city", "email"]


def load():
    for skip in range(0, count, 2000):
        part = {**options, "skip": skip}
        result = core.execute_import(fields, titles, part)
        if not result["ids"]:
            raise ValueError(result["messages"][:2])
        env.cr.commit()


timed("base_import of contacts", load)
