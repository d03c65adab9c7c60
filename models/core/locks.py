from odoo.exceptions import UserError
from odoo.tools import SQL


def hold(records):
    """Let one transaction at a time count on what these records allow.

    A lock alone is not enough: who waited would count in a picture of before. A row
    that was written makes the database start the later one again, with what is true
    then; who comes in the very moment is told.
    """
    if not records:
        return
    records = records.sudo()
    held = records.env.execute_query(
        SQL(
            """WITH held AS (
                   SELECT id FROM %(table)s WHERE id = ANY(%(ids)s)
                      FOR NO KEY UPDATE SKIP LOCKED)
               UPDATE %(table)s record SET write_date = record.write_date
                 FROM held WHERE held.id = record.id
            RETURNING record.id""",
            table=SQL.identifier(records._table),
            ids=records.ids,
        )
    )
    if len(held) != len(set(records.ids)):
        raise UserError(
            records.env._(
                "A colleague is counting on the same at this very moment. Try again in"
                " a moment: what is left is counted anew."
            )
        )


def queue_for(records):
    """Let one transaction after the other decide on what these records allow.

    Who comes in the same moment waits, and then begins again with what is true by
    then: nobody is sent away who could have had something else.
    """
    if records:
        records.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = write_date WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                records.ids,
            )
        )
