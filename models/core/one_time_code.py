import secrets

from odoo import api, fields, models
from odoo.tools import SQL, consteq, hmac

DIGITS = 6
# What stands in a message that is kept, in place of the code.
MASK = "••••••"


class NpoCodeMixin(models.AbstractModel):
    """A code that works once, for some time and some tries (R129, D05).

    Only its fingerprint is kept, keyed by what the code is for: what one code opens,
    the same digits do not open elsewhere.
    """

    _name = "npo.code.mixin"
    _description = "One-Time Code"

    fingerprint = fields.Char(required=True)
    date_end = fields.Datetime("Good until", required=True, index=True)
    tries_left = fields.Integer(required=True)
    state = fields.Selection(
        [("sent", "Sent"), ("confirmed", "Confirmed"), ("used", "Used")],
        required=True,
        default="sent",
    )

    @api.model
    def _draw_code(self):
        """Return six digits that nobody foresees."""
        return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"

    def _code_holder(self):
        """Return what the code is bound to: it opens nothing else."""
        return self.id or 0

    def _fingerprint(self, code):
        """Return the fingerprint of a code of this record."""
        purpose = self._name.replace(".", "_")
        return hmac(self.env(su=True), purpose, f"{self._code_holder()}/{code}")

    def _try_code(self, code):
        """Take a try off and tell whether this is the code.

        One statement for whoever tries at the same moment, and the same work where
        there is no code: how long it takes tells nothing.
        """
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s SET tries_left = tries_left - 1
                 WHERE id = ANY(%(ids)s) AND state = 'sent' AND tries_left > 0
                   AND date_end >= %(now)s
             RETURNING fingerprint
                """,
                table=SQL.identifier(self._table),
                ids=self.ids,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_recordset(["tries_left"])
        kept = rows[0][0] if rows else ""
        typed = self._fingerprint(code)
        return consteq(kept.ljust(len(typed)), typed) and bool(rows)
