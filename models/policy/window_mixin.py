from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.window import WindowParams

# Days in one unit, for comparing a minimum with a maximum of another unit. A month is
# taken as 30 days: where a longer month carries the floor past the ceiling,
# ``tools.window.compute_window`` raises the ceiling to the floor.
_DAYS = {"day": 1, "week": 7, "month": 30}
# Five days are worked in a week of seven.
_WORKING_DAY = 7 / 5

_UNITS = [("day", "Days"), ("week", "Weeks"), ("month", "Months")]

WINDOW_FIELDS = (
    "response_text",
    "window_reading",
    "study_min_value",
    "study_min_unit",
    "month_calendar",
    "study_min_mode",
    "reply_max_value",
    "reply_max_unit",
    "day_kind",
    "clock_start",
    "pause_on_applicant",
    "roll_forward_max",
    "reminder_before_max",
)


class NpoWindowMixin(models.AbstractModel):
    """Parameters of the response window of a policy: R126, R127, Annex B.

    «خلال مدة لا تقل عن أسبوعين» names a shortest time of study and no latest day. The
    version of the policy holds how its board reads the sentence; a case copies the
    parameters when its clock starts (``_window_values``) and keeps them, so that a
    later version never moves an open case (R210, R211).

    The arithmetic is that of ``tools.window``; no field has a default here, for a case
    has no window before its clock starts.
    """

    _name = "npo.window.mixin"
    _description = "Response Window"

    # what the policy says and how it is read
    response_text = fields.Char(
        string="Window in the policy",
        help="The words of the policy, as printed. They appear in messages and forms.",
    )
    window_reading = fields.Selection(
        [
            ("floor", "Not before (no latest day)"),
            ("ceiling", "Not after"),
            ("floor_and_ceiling", "Not before, and not after"),
        ],
        string="Reading of the window",
        help="The words announce a ceiling and set a floor. The board decides what it "
        "meant; the third reading keeps the words and gives a deadline.",
    )
    # the floor
    study_min_value = fields.Integer(
        string="Shortest study",
        help="The reply is not announced earlier than this. Deciding earlier is free.",
    )
    study_min_unit = fields.Selection(_UNITS, string="Unit of the study")
    study_min_mode = fields.Selection(
        [
            ("none", "No check"),
            ("inform", "Record it only"),
            ("warn_with_reason", "Reason and approval of the chair"),
            ("block", "Refuse, except urgent cases"),
        ],
        string="Early reply",
    )
    # the ceiling
    reply_max_value = fields.Integer(
        string="Latest reply after",
        help="Set by the association: the policies do not state it.",
    )
    reply_max_unit = fields.Selection(_UNITS, string="Unit of the reply")
    roll_forward_max = fields.Boolean(
        string="Move the deadline to a working day",
        help="A deadline on a weekend or holiday moves to the next working day. "
        "The earliest day does not move.",
    )
    reminder_before_max = fields.Integer(
        string="Remind before the deadline (days)",
    )
    # counting
    month_calendar = fields.Selection(
        [("gregorian", "Gregorian"), ("hijri", "Hijri")],
        help="For periods counted in months only.",
    )
    day_kind = fields.Selection(
        [("calendar", "Calendar days"), ("working", "Working days")],
        string="Kind of days",
        help="For periods counted in days only.",
    )
    clock_start = fields.Selection(
        [
            ("submitted", "Request submitted"),
            ("file_complete", "File complete"),
            ("referred_to_committee", "Referred to the committee"),
        ],
        string="Clock starts",
    )
    pause_on_applicant = fields.Boolean(
        string="Pause while waiting for the applicant",
    )

    @api.constrains(
        "window_reading",
        "study_min_value",
        "study_min_unit",
        "reply_max_value",
        "reply_max_unit",
        "day_kind",
        "reminder_before_max",
    )
    def _check_window(self):
        """Annex B: no negative period, and the ceiling not before the floor."""
        for record in self:
            if min(record.study_min_value, record.reply_max_value) < 0:
                raise ValidationError(
                    self.env._("The periods of the window cannot be negative.")
                )
            if record.reminder_before_max < 0:
                raise ValidationError(
                    self.env._("The reminder comes before the deadline, not after it.")
                )
            record._check_window_order()

    def _check_window_order(self):
        """Refuse a ceiling of no length, or one before the floor."""
        self.ensure_one()
        if self.window_reading not in ("ceiling", "floor_and_ceiling"):
            return
        if not self.reply_max_value:
            raise ValidationError(self.env._("Enter the latest reply of the window."))
        if self.window_reading == "ceiling" or not self.study_min_value:
            return
        if self.study_min_unit == self.reply_max_unit:
            is_early = self.reply_max_value < self.study_min_value
        else:
            is_early = self._window_days("reply_max") < self._window_days("study_min")
        if is_early:
            raise ValidationError(
                self.env._(
                    "The latest reply cannot come before the end of the shortest study."
                )
            )

    def _window_days(self, prefix):
        """Return about how many calendar days a period of the window takes.

        :param prefix: "study_min" or "reply_max"
        """
        value, unit = self[f"{prefix}_value"], self[f"{prefix}_unit"]
        if unit == "day" and self.day_kind == "working":
            return value * _WORKING_DAY
        return value * _DAYS.get(unit, 0)

    def _window_params(self):
        """Return the parameters that ``tools.window.compute_window`` takes."""
        self.ensure_one()
        return WindowParams(
            reading=self.window_reading or "floor_and_ceiling",
            study_min_value=self.study_min_value,
            study_min_unit=self.study_min_unit or "day",
            month_calendar=self.month_calendar or "gregorian",
            reply_max_value=self.reply_max_value,
            reply_max_unit=self.reply_max_unit or "day",
            day_kind=self.day_kind or "calendar",
            roll_forward_max=self.roll_forward_max,
        )

    def _window_values(self):
        """Return the parameters as values to write on a case (R210, R211)."""
        self.ensure_one()
        return {name: self[name] for name in WINDOW_FIELDS}
