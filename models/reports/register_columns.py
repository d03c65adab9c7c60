from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, models

from ...tools.workbook import Column, hijri_text
from .register_export import NpoRegisterExport as Base

# The registers that are taken along, with their columns in order (D14). Who takes one
# along finds the columns that the role may read; what is protected stands in none.
REGISTERS = {
    "npo.request": (
        "name",
        "service_id",
        "partner_id",
        "site_id",
        "channel_id",
        "request_type",
        "stage_id",
        "date_submitted",
        "reply_deadline",
        "decision",
        "date_decided",
        "amount_approved",
        "date_announced",
        "date_closed",
        "outcome",
        "user_id",
    ),
    "npo.complaint": (
        "name",
        "category_id",
        "severity",
        "channel_id",
        "received_via",
        "site_id",
        "stage_id",
        "date_received",
        "date_due",
        "date_answered",
        "outcome",
        "user_id",
    ),
    "npo.inquiry": (
        "name",
        "topic_id",
        "work_field_id",
        "channel_id",
        "received_via",
        "site_id",
        "stage_id",
        "date_received",
        "date_due",
        "date_answered",
        "user_id",
    ),
    "npo.suggestion": (
        "name",
        "title",
        "channel_id",
        "site_id",
        "stage_id",
        "date_received",
        "date_answered",
        "user_id",
    ),
    "npo.visit": (
        "name",
        "site_id",
        "day",
        "section",
        "number",
        "purpose_id",
        "visitor_kind",
        "gender",
        "companions",
        "state",
        "waiting_minutes",
        "service_minutes",
    ),
    "npo.household": (
        "reference",
        "head_id",
        "site_id",
        "member_count",
        "dependant_count",
        "date_studied",
        "user_id",
    ),
    "npo.agreement": (
        "name",
        "kind",
        "title",
        "partner_id",
        "state",
        "amount",
        "date_from",
        "date_to",
        "review_date",
        "user_id",
    ),
    "npo.delivery": ("name", "request_id", "date", "state", "amount"),
    "npo.payout": (
        "name",
        "kind",
        "state",
        "res_name",
        "amount",
        "amount_paid",
        "fund_id",
        "date_due",
        "date_paid",
    ),
    "npo.appointment": ("name", "official_id", "state", "start"),
    "npo.inspection": ("name", "site_id", "kind", "day", "state", "score", "red_count"),
    "npo.improvement": ("name", "kind", "title", "site_id", "date_due", "state"),
    "npo.training": ("name", "title", "topic_id", "date_from", "hours", "state"),
    "npo.interaction": ("name", "subject", "channel_id", "site_id", "create_date"),
    "npo.compensation": ("name", "stage_id", "date_received", "date_answered"),
}
MASKED = frozenset({"npo.beneficiary"})  # bring columns of their own


class NpoRegisterExport(models.TransientModel):
    """Which columns a register has, and how their values are written."""

    _inherit = Base._name

    @api.model
    def _registers(self):
        """Return [model] of the registers that the user may read."""
        return [
            name for name in (*MASKED, *REGISTERS) if self.env[name].has_access("read")
        ]

    @api.model
    def _columns_of(self, model):
        """Return (columns, names to fetch, writer of a row) for the user's role."""
        if hasattr(model, "_register_columns"):
            columns, readers = model._register_columns()
            return columns, [], lambda one: [read(one) for read in readers]
        names = [
            name
            for name in REGISTERS[model._name]
            if name in model._fields
            and name not in getattr(model, "_protected_fields", ())
            and model._has_field_access(model._fields[name], "read")
        ]
        columns, readers = [], []
        for name in names:
            heads, reader = self._column(model._fields[name])
            columns += heads
            readers.append(reader)

        def write(record):
            row = []
            for reader in readers:
                reader(record, row)
            return row

        return columns, names, write

    @api.model
    def _column(self, field):
        """Return the columns of a field, and what adds their values to a row.

        A day takes two: the day itself, by which one sorts, and its Hijri date.
        """
        title, name = field._description_string(self.env), field.name
        if field.type in ("date", "datetime"):
            hijri_title = self.env._("%s (Hijri)", title)
            return (
                [Column(title, 14), Column(hijri_title, 14)],
                self._day_reader(name, field.type == "datetime"),
            )
        return [Column(title, self._width(field))], self._reader(field)

    @api.model
    def _width(self, field):
        return {"char": 24, "text": 40, "many2one": 28, "selection": 20}.get(
            field.type, 14
        )

    @api.model
    def _day_reader(self, name, is_moment):
        zone = ZoneInfo(self.env.company._npo_tz())

        def read(record, row):
            value = record[name]
            if value and is_moment:
                value = value.replace(tzinfo=UTC).astimezone(zone).date()
            if not value:
                row += (None, None)
            else:
                row += (value, hijri_text(value))

        return read

    @api.model
    def _reader(self, field):
        name = field.name
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return lambda record, row: row.append(labels.get(record[name]))
        if field.type == "boolean":
            words = {True: self.env._("Yes"), False: self.env._("No")}
            return lambda record, row: row.append(words[record[name]])
        if field.type == "many2one":
            return self._name_reader(name)
        if field.type in ("integer", "float", "monetary"):
            return lambda record, row: row.append(record[name])
        return lambda record, row: row.append(record[name] or None)

    @api.model
    def _name_reader(self, name):
        """Return what adds a record's name, which is asked for once in a while."""
        names = {}

        def read(record, row):
            linked = record[name]
            if not linked:
                row.append(None)
                return
            if linked.id not in names:
                if len(names) > 5000:  # so that memory does not grow with the rows
                    names.clear()
                names[linked.id] = linked.sudo().display_name
            row.append(names[linked.id])

        return read

    @api.model
    def _today_text(self):
        today = self.env.company._npo_today()
        return f"{today} · {hijri_text(today)}"
