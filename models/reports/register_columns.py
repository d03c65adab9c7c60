from collections.abc import Callable
from datetime import UTC
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.fields import Domain

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
    "npo.appointment": (
        "name",
        "official_id",
        "partner_id",
        "site_id",
        "purpose_id",
        "mode",
        "source",
        "state",
        "start",
        "date_confirmed",
        "date_arrived",
    ),
    "npo.inspection": ("name", "site_id", "kind", "day", "state", "score", "red_count"),
    "npo.improvement": ("name", "kind", "title", "site_id", "date_due", "state"),
    "npo.training": ("name", "title", "topic_id", "date_from", "hours", "state"),
    "npo.interaction": (
        "name",
        "date",
        "subject",
        "channel_id",
        "direction",
        "site_id",
        "user_id",
        "duration",
        "call_result",
        "register_no",
        "date_letter",
    ),
    "npo.compensation": (
        "name",
        "partner_id",
        "site_id",
        "stage_id",
        "date_received",
        "date_due",
        "date_answered",
        "outcome",
        "remedy",
        "amount_claimed",
        "amount_approved",
        "date_approved",
        "user_id",
    ),
    # for the authority: what it asks to be written down of each (P018)
    "npo.processing.activity": (
        "name",
        "purpose",
        "legal_basis",
        "basis_note",
        "person_kinds",
        "data_kinds",
        "has_sensitive",
        "recipients",
        "processors",
        "has_transfer",
        "transfer_note",
        "retention",
        "measures",
        "user_id",
        "date_from",
        "date_to",
        "date_reviewed",
    ),
    "npo.compliance.obligation": (
        "name",
        "title",
        "source_kind",
        "source",
        "user_id",
        "department_id",
        "cadence",
        "date_due",
        "date_met",
    ),
    "npo.support.service": (
        "date",
        "site_id",
        "type_id",
        "quantity",
        "visit_id",
        "user_id",
    ),
    "npo.corrective.action": (
        "name",
        "site_id",
        "kind",
        "is_emergency",
        "emergency_kind",
        "problem",
        "date_detected",
        "action",
        "date_taken",
        "response_minutes",
        "owner_id",
        "date_due",
        "state",
        "verified_by_id",
        "date_verified",
    ),
    "npo.emergency.report": (
        "name",
        "action_id",
        "submission_state",
        "submitted_by",
        "date_due",
        "date_first_submitted",
        "is_in_time",
        "is_escalated",
        "answered_by",
        "date_answered",
    ),
    "npo.campaign": (
        "name",
        "title",
        "topic",
        "user_id",
        "date_from",
        "date_to",
        "reach",
        "share_before",
        "share_after",
        "state",
    ),
    "npo.consultation": (
        "name",
        "title",
        "method",
        "date",
        "site_id",
        "user_id",
        "participant_count",
        "state",
        "date_closed",
    ),
    # without the rating: who answered may not be told it (R081)
    "npo.internal.request": (
        "name",
        "title",
        "requester_id",
        "department_id",
        "user_id",
        "date_due",
        "date_answered",
        "is_answered_late",
        "state",
    ),
    "npo.standard": ("name", "source", "met_percent", "open_count"),
    "npo.sample": (
        "name",
        "date_from",
        "date_to",
        "population",
        "percent",
        "date_done",
    ),
    "npo.guide": (
        "name",
        "service_id",
        "lang",
        "version",
        "is_published",
        "date_published",
    ),
    # without the person: what they object to may be the answer to a complaint
    "npo.appeal": (
        "name",
        "request_id",
        "subject",
        "ground",
        "channel_id",
        "site_id",
        "stage_id",
        "date_decision",
        "date_received",
        "is_late",
        "date_deadline",
        "reviewer_id",
        "outcome",
        "date_outcome",
    ),
    # without the person, for the same reason
    "npo.dispute": (
        "name",
        "title",
        "agreement_id",
        "stage_id",
        "date_received",
        "date_deadline",
        "amount",
        "date_settled",
        "settled_method",
        "settlement_amount",
        "judgment_number",
        "judgment_date",
        "user_id",
    ),
    "npo.false.declaration": (
        "name",
        "request_id",
        "site_id",
        "stage_id",
        "date_opened",
        "found_by_id",
        "date_answer_due",
        "date_answered",
        "outcome",
        "date_outcome",
        "decided_by_id",
        "amount_recovery",
    ),
    "npo.referral": (
        "request_id",
        "researcher_id",
        "user_id",
        "mode",
        "aspect",
        "date_due",
        "state",
        "date_answered",
        "is_understood",
    ),
    "npo.outside.referral": (
        "name",
        "partner_id",
        "site_id",
        "request_id",
        "service_id",
        "body_id",
        "body_kind",
        "state",
        "date_sent",
        "sent_by_id",
        "date_due",
        "date_answered",
        "result",
    ),
    "npo.info.request": (
        "name",
        "work_field_id",
        "item_id",
        "channel_id",
        "received_via",
        "site_id",
        "stage_id",
        "date_received",
        "date_due",
        "date_answered",
        "outcome",
        "reason_id",
        "user_id",
    ),
    "npo.report.run": (
        "name",
        "type_id",
        "site_id",
        "cadence",
        "date_from",
        "date_to",
        "user_id",
        "submission_state",
        "date_submitted",
        "answered_by",
        "date_answered",
        "classification",
    ),
    "npo.policy.acknowledgement": (
        "policy_id",
        "version_id",
        "user_id",
        "date_asked",
        "date_due",
        "date_reminded",
        "date_read",
    ),
    "npo.undertaking": (
        "kind",
        "text_id",
        "partner_id",
        "is_volunteer",
        "date_asked",
        "date_due",
        "date_signed",
        "method",
        "date_end",
        "is_replaced",
    ),
    "npo.duty.exception": (
        "name",
        "user_id",
        "duty",
        "other_duty",
        "scope",
        "kind",
        "date_to",
        "section",
        "asked_by_id",
        "state",
        "answered_by_id",
        "date_answered",
        "date_ended",
    ),
    "npo.data.request": (
        "name",
        "kind",
        "partner_id",
        "channel_id",
        "stage_id",
        "date_received",
        "identity_way",
        "date_identity",
        "date_deadline",
        "date_extended",
        "outcome",
        "refusal_reason_id",
        "is_in_time",
        "user_id",
    ),
    # what the authority asks to be on record of each (PDPL, P019)
    "npo.data.breach": (
        "name",
        "title",
        "state",
        "date_occurred",
        "aware_at",
        "data_kinds",
        "has_sensitive",
        "person_count",
        "harm",
        "measures",
        "date_deadline",
        "date_notified",
        "is_in_time",
        "notice_number",
        "date_closed",
    ),
    "npo.destruction.session": (
        "name",
        "state",
        "request_id",
        "drawn_by_id",
        "date_drawn",
        "first_by_id",
        "date_first",
        "second_by_id",
        "date_second",
        "date_done",
    ),
}
MASKED = frozenset({"npo.beneficiary"})  # bring columns of their own


class Writer(NamedTuple):
    """What adds the cells of a value to a row, and the cells of no value."""

    write: Callable
    empty: tuple = (None,)


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
    def _source(self, model, domain, limit):
        """Return (columns, batches of [(id of the association, row)]).

        By the role of the user: the rules of the register, and the fields it may read.
        """
        if hasattr(model, "_register_columns"):
            return self._from_records(model, domain, limit)
        names = [
            name
            for name in REGISTERS[model._name]
            if name not in getattr(model, "_protected_fields", ())
            and model._has_field_access(model._fields[name], "read")
        ]
        return self._from_database(model, domain, limit, names)

    @api.model
    def _from_records(self, model, domain, limit):
        """Take a register whose columns are masked by what the model says of them."""
        columns, readers = model._register_columns()

        def read(last, size):
            after = domain & Domain("id", ">", last)
            return [
                (one.id, (one.company_id.id, [value(one) for value in readers]))
                for one in model.search(after, limit=size, order="id")
            ]

        return columns, self._in_batches(limit, read)

    @api.model
    def _from_database(self, model, domain, limit, names):
        """Take a register straight from its rows: what is stored is written as it is.

        The search applies the rules of the user; a record made of each row would take
        as long as writing it.
        """
        columns, writers = [], []
        for name in names:
            heads, writer = self._column(model._fields[name])
            columns += heads
            writers.append(writer)
        links = {
            place: model._fields[name].comodel_name
            for place, name in enumerate(names, start=2)
            if model._fields[name].type == "many2one"
        }
        known = {place: {} for place in links}

        def read(last, size):
            query = model._search(
                domain & Domain("id", ">", last), limit=size, order="id"
            )
            values = [
                model._field_to_sql(query.table, name, query)
                for name in ("id", "company_id", *names)
            ]
            rows = self.env.execute_query(query.select(*values))
            for place, comodel in links.items():
                self._know(known[place], comodel, {row[place] for row in rows})
            return [(row[0], (row[1], build(row))) for row in rows]

        def build(row):
            cells = []
            for place, (write, empty) in enumerate(writers, start=2):
                value = row[place]
                if value is None:
                    cells += empty
                elif place in known:
                    cells.append(known[place][value])
                else:
                    write(value, cells)
            return cells

        return columns, self._in_batches(limit, read)

    @api.model
    def _know(self, names, comodel, ids):
        """Look up the names that a column needs and has not; never too many at once."""
        if len(names) > 5000:  # so that memory does not grow with the rows
            names.clear()
        wanted = [one for one in ids if one and one not in names]
        for record in self.env[comodel].sudo().browse(wanted):
            names[record.id] = record.display_name

    @api.model
    def _column(self, field):
        """Return the columns of a field, and what adds their cells to a row.

        A day takes two: the day itself, by which one sorts, and its Hijri date.
        """
        title = field._description_string(self.env)
        if field.type in ("date", "datetime"):
            hijri_title = self.env._("%s (Hijri)", title)
            return (
                [Column(title, 14), Column(hijri_title, 14, is_hijri=True)],
                Writer(self._day_writer(field.type == "datetime"), (None, None)),
            )
        return [Column(title, self._width(field))], Writer(self._writer(field))

    @api.model
    def _width(self, field):
        return {"char": 24, "text": 40, "many2one": 28, "selection": 20}.get(
            field.type, 14
        )

    @api.model
    def _day_writer(self, is_moment):
        zone = ZoneInfo(self.env.company._npo_tz())

        def write(value, cells):
            if is_moment:
                value = value.replace(tzinfo=UTC).astimezone(zone).date()
            cells += (value, hijri_text(value))

        return write

    @api.model
    def _writer(self, field):
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return lambda value, cells: cells.append(labels.get(value, value))
        if field.type == "boolean":
            words = {True: self.env._("Yes"), False: self.env._("No")}
            return lambda value, cells: cells.append(words[value])
        if field.type in ("float", "monetary"):
            return lambda value, cells: cells.append(float(value))
        return lambda value, cells: cells.append(value)

    @api.model
    def _today_text(self):
        today = self.env.company._npo_today()
        return f"{today} · {hijri_text(today)}"
