from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ...models.policy.window_mixin import WINDOW_FIELDS
from ...tools.window import compute_window
from .common import PolicyCommon


@tagged("post_install", "-at_install")
class TestWindowMixin(PolicyCommon):
    """The parameters of the response window: R126, R127, Annex B."""

    def test_defaults(self):
        """A new version proposes what the four policies say (Annex B)."""
        form = Form(self.env["npo.policy.version"])
        form.policy_id = self.policy
        form.prepared_by_title = "Officer"
        self.assertRecordValues(
            form.save(),
            [
                {
                    "window_reading": "floor_and_ceiling",
                    "study_min_value": 2,
                    "study_min_unit": "week",
                    "study_min_mode": "warn_with_reason",
                    "reply_max_value": 30,
                    "reply_max_unit": "day",
                    "month_calendar": "gregorian",
                    "day_kind": "calendar",
                    "clock_start": "referred_to_committee",
                    "pause_on_applicant": True,
                    "roll_forward_max": True,
                    "reminder_before_max": 7,
                }
            ],
        )

    def test_ceiling_not_before_floor(self):
        """Annex B: the latest reply does not come before the shortest study."""
        refused = [
            {"reply_max_value": 13},
            {"reply_max_value": 1, "reply_max_unit": "week"},
            {"study_min_value": 2, "study_min_unit": "month"},
            {"study_min_value": 31, "study_min_unit": "day"},
            {"reply_max_value": 0},
            {"reply_max_value": -1},
            {"study_min_value": -1},
            {"reminder_before_max": -1},
        ]
        for vals in refused:
            with self.subTest(**vals), self.assertRaises(ValidationError):
                self._new_version(**vals)

    def test_accepted_windows(self):
        """A ceiling equal to the floor, in other units, or without a floor."""
        accepted = [
            {"reply_max_value": 14},
            {"reply_max_value": 2, "reply_max_unit": "week"},
            {"reply_max_value": 10, "day_kind": "working"},
            {"study_min_value": 1, "study_min_unit": "month", "reply_max_value": 60},
            {"study_min_value": 0, "reply_max_value": 14, "window_reading": "ceiling"},
            {"window_reading": "floor", "reply_max_value": 0},
        ]
        for vals in accepted:
            with self.subTest(**vals):
                self.assertTrue(self._new_version(**vals).id)

    def test_values_for_a_case(self):
        """R211: every parameter is copied, none is left to the version."""
        values = self.version._window_values()
        self.assertEqual(set(values), set(WINDOW_FIELDS))
        self.assertEqual(values["study_min_value"], 2)
        own = set(self.env["npo.window.mixin"]._fields)
        self.assertEqual(own - set(WINDOW_FIELDS), {"id", "display_name"})

    def test_vectors_of_annex_b(self):
        """R126, R127: the parameters give the dates of Annex B."""
        harfa = {
            "study_min_value": 1,
            "study_min_unit": "month",
            "reply_max_value": 60,
        }
        vectors = [
            ({}, (2026, 3, 1), (2026, 3, 15), (2026, 3, 31)),
            (harfa, (2026, 1, 31), (2026, 2, 28), (2026, 4, 1)),
            (
                {**harfa, "month_calendar": "hijri"},
                (2026, 3, 1),
                (2026, 3, 31),
                (2026, 4, 30),
            ),
            (
                {"study_min_value": 0, "reply_max_value": 14},
                (2026, 3, 1),
                (2026, 3, 1),
                (2026, 3, 15),
            ),
        ]
        for vals, start, earliest, deadline in vectors:
            with self.subTest(start=start, **vals):
                window = compute_window(
                    date(*start),
                    self._new_version(**vals)._window_params(),
                    lambda day: day.weekday() not in (4, 5),
                )
                self.assertEqual(window, (date(*earliest), date(*deadline)))
