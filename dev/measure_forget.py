"""Time what is due and a destruction session over many files.

Not a test: times say nothing on a busy machine. From the root of the repository, on a
database with the module and no work in it:
  ROWS=100000 dev/odoo shell -d DB --no-http < dev/measure_forget.py
Everything is rolled back.
"""

import os
import time

from odoo.tools import SQL

env = globals()["env"]  # of the shell
count = int(os.environ.get("ROWS", "100000"))
LONG_AGO = SQL("'2010-01-01'::date")


def clone(record, **values):
    """Copy a row so many times; `n` is the number of the copy."""
    columns, selected = [], []
    for name, field in record._fields.items():
        if field.store and field.column_type and name != "id":
            columns.append(SQL.identifier(name))
            selected.append(values.get(name, SQL.identifier("source", name)))
    env.cr.execute(
        SQL(
            """INSERT INTO %(table)s (%(columns)s) SELECT %(selected)s
                 FROM %(table)s source, generate_series(1, %(count)s) n
                WHERE source.id = %(id)s""",
            table=SQL.identifier(record._table),
            columns=SQL(", ").join(columns),
            selected=SQL(", ").join(selected),
            count=count,
            id=record.id,
        )
    )
    env.cr.execute(SQL("SELECT max(id) FROM %s", SQL.identifier(record._table)))
    return env.cr.fetchone()[0] - count


def timed(label, action):
    """Say how long an action took, and in how many statements."""
    statements, begin = env.cr.sql_log_count, time.time()
    result = action()
    taken = time.time() - begin
    print(f"{label}: {taken:.2f} s, {env.cr.sql_log_count - statements} statements")
    return result


env.ref("base.SAR").active = True
company = env["res.company"].create(
    {"name": "Measured", "currency_id": env.ref("base.SAR").id}
)
company._npo_apply_profile("masaken")
env = env(context={**env.context, "allowed_company_ids": company.ids})
file = env["npo.beneficiary"].create(
    {"name": "One Two", "company_id": company.id, "identity_type": "none"}
)
request = env["npo.request"].create(
    {
        "company_id": company.id,
        "beneficiary_id": file.id,
        "partner_id": file.partner_id.id,
        "service_id": env["npo.service"]
        .search([("company_id", "=", company.id)], limit=1)
        .id,
        "description": "words",
    }
)
env.flush_all()
first = clone(file.partner_id, name=SQL("'P ' || n"), commercial_partner_id=SQL("NULL"))
person = SQL("%s + n", first)
files = clone(
    file,
    partner_id=person,
    file_no=SQL("NULL"),
    state=SQL("'closed'"),
    date_ended=LONG_AGO,
)
clone(
    request,
    partner_id=person,
    beneficiary_id=SQL("%s + n", files),
    name=SQL("'MANY/' || n"),
    access_token=SQL("NULL"),
    is_closed=SQL("TRUE"),
    date_closed=LONG_AGO,
)
env.cr.execute("ANALYZE")
timed("counting what is due", lambda: env["npo.retention.due"]._count(company))
session = env["npo.destruction.session"].create({"company_id": company.id})
timed("drawing the lines", session._draw_lines)
session.state = "running"
env.flush_all()
for size in (100, 100, 1000):
    timed(f"a batch of {size}", lambda size=size: session._carry_out_batch(size))
env.cr.rollback()
