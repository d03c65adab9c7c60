from odoo.exceptions import LockError, UserError
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
    try:
        records.lock_for_update(allow_referencing=True)
    except LockError:
        raise UserError(
            records.env._(
                "A colleague is counting on the same at this very moment. Try again in"
                " a moment: what is left is counted anew."
            )
        ) from None
    records.env.cr.execute(
        SQL(
            "UPDATE %s SET write_date = write_date WHERE id = ANY(%s)",
            SQL.identifier(records._table),
            records.ids,
        )
    )
