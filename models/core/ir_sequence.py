from odoo import api, fields, models
from odoo.tools import SQL


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    @api.model
    def _npo_draw(self, prefix, company, count):
        """Draw several numbers of a company's yearly register in one query (D03).

        The numbers come from a PostgreSQL sequence: nobody waits for anybody, and a
        number that was drawn is never given out again, even if its record is deleted.

        :param str prefix: of the register, "REQ" (glossary 27)
        :return: list of references, "REQ/2026/00001"
        """
        today = fields.Date.context_today(self.with_context(tz=company._npo_tz()))
        range_id, sequence_id = self._npo_range(prefix, company, today)
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence_id:03d}_{range_id:03d}",
                count,
            )
        )
        return [f"{prefix}/{today.year}/{number:05d}" for (number,) in rows]

    @api.model
    def _npo_range(self, prefix, company, day):
        """Return (date range id, sequence id) of the year, made when it is missing."""
        code = f"npo.{prefix}"
        query = SQL(
            """
            SELECT range.id, range.sequence_id
              FROM ir_sequence_date_range range
              JOIN ir_sequence sequence ON sequence.id = range.sequence_id
             WHERE sequence.code = %s AND sequence.company_id = %s
               AND range.date_from <= %s AND range.date_to >= %s
             LIMIT 1
            """,
            code,
            company.id,
            day,
            day,
        )
        if rows := self.env.execute_query(query):
            return rows[0]
        # Two who open a register at once would both begin at 1: who comes second
        # finds the company's row changed, and PostgreSQL has them start again.
        self.env.execute_query(
            SQL(
                "UPDATE res_company SET write_date = write_date WHERE id = %s"
                " RETURNING id",
                company.id,
            )
        )
        sequence = self.sudo().search(
            [("code", "=", code), ("company_id", "=", company.id)], limit=1
        ) or self.sudo().create(
            {
                "name": f"{prefix} {company.name}",
                "code": code,
                "company_id": company.id,
                "prefix": f"{prefix}/%(range_year)s/",
                "padding": 5,
                "use_date_range": True,
            }
        )
        date_range = sequence._create_date_range_seq(day)
        self.env.flush_all()
        return date_range.id, sequence.id

    @api.model
    def _cron_npo_prepare_year(self):
        """Open next year's registers early, so that no two users open them at once."""
        next_year = fields.Date.today().replace(day=1, month=1)
        next_year = next_year.replace(year=next_year.year + 1)
        # a register outlives the company that it was of: its numbers were given out
        kept = [("code", "=like", "npo.%"), ("company_id", "!=", False)]
        for sequence in self.search(kept):
            prefix = sequence.code.removeprefix("npo.")
            self._npo_range(prefix, sequence.company_id, next_year)
