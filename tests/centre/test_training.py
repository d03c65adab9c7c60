from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core.test_print_engine import read_pdf
from .common import SCAN, CentreCommon


@tagged("post_install", "-at_install")
class TestTraining(CentreCommon):
    """R190, R191: who serves, what they are trained in, and who lacks what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._npo_today()
        cls.employees = cls.env["hr.employee"].create(
            [{"name": name, "company_id": cls.company.id} for name in ("Sara", "Omar")]
        )
        cls.representatives = cls.env["npo.service.representative"].create(
            [
                {
                    "employee_id": employee.id,
                    "company_id": cls.company.id,
                    "site_id": cls.site.id,
                    "gender": gender,
                    "knows_sign_language": gender == "female",
                }
                for employee, gender in zip(
                    cls.employees, ("female", "male"), strict=True
                )
            ]
        )
        cls.topic = cls.env.ref("npo_relations.training_topic_reception")

    def _training(self, hours=16, employees=None, user="centre", **vals):
        trainings = self.env["npo.training"].with_user(self.users[user])
        training = trainings.create(
            {
                "title": "How to receive people",
                "topic_id": self.topic.id,
                "date_from": self.today - timedelta(days=1),
                "hours": hours,
                "date_to": self.today,
                **vals,
            }
        )
        self.env["npo.training.attendee"].with_user(self.users[user]).create(
            [
                {"training_id": training.id, "employee_id": employee.id}
                for employee in employees or self.employees[0]
            ]
        )
        return training

    def test_hours(self):
        """R190: who has fewer hours than the target this year is listed."""
        lacking = [("lacks_hours", "=", True)]
        own = self.representatives.with_user(self.users["centre"])
        self.assertEqual(own.search(lacking), own)
        training = self._training()
        self.assertEqual(own.search(lacking), own)  # planned hours are no hours
        training.action_hold()
        self.assertEqual(own.search(lacking), own[1])
        self.assertEqual(own.search([("lacks_hours", "=", False)]), own[0])
        own.invalidate_recordset()
        self.assertEqual(own.mapped("training_hours"), [16, 0])
        self.assertEqual(own.mapped("missing_hours"), [0, 16])
        self.assertEqual(own.filtered("lacks_hours"), own[1])
        self.assertNotIn(self.topic.name, own[0].missing_topics)
        self.assertIn(self.topic.name, own[1].missing_topics)
        kpi = self.env.ref("npo_relations.kpi_representatives_trained")
        figure = kpi._figures(self.company, self.today, self.today)[kpi]
        self.assertEqual(figure, (2, 1))
        self.company.npo_training_hours = 17
        self.assertEqual(own.search(lacking), own)
        self.company.npo_training_hours = 0
        self.assertFalse(own.search(lacking))

    def test_last_year_does_not_count(self):
        old = self.today.replace(year=self.today.year - 1, month=6, day=1)
        self._training(date_from=old, date_to=old + timedelta(days=2)).action_hold()
        self.assertEqual(self.representatives[0].training_hours, 0)
        self.assertNotIn(self.topic.name, self.representatives[0].missing_topics)

    def test_both_genders_by_site(self):
        """R191: the list by site tells men and women, and who signs."""
        own = self.env["npo.service.representative"].with_user(self.users["manager"])
        groups = own._read_group(
            [("company_id", "=", self.company.id)],
            ["site_id", "gender"],
            ["__count"],
        )
        self.assertEqual(
            {(site.id, gender): count for site, gender, count in groups},
            {(self.site.id, "male"): 1, (self.site.id, "female"): 1},
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self.representatives[0].copy()

    def test_steps(self):
        """R190: held once it began and somebody attended; then it stays."""
        later = self._training(
            date_from=self.today + timedelta(days=3),
            date_to=self.today + timedelta(days=4),
        )
        with self.assertRaisesRegex(UserError, "not begun"):
            later.action_hold()
        later.action_cancel()
        later.action_plan()
        training = self._training()
        training.attendee_ids.is_present = False
        with self.assertRaisesRegex(UserError, "who attended"):
            training.action_hold()
        training.attendee_ids.is_present = True
        training.action_hold()
        line = training.attendee_ids
        for change in (
            lambda: training.write({"hours": 40}),
            lambda: line.write({"is_present": False}),
            lambda: line.unlink(),
            training.unlink,
            training.action_cancel,
            training.action_plan,
            lambda: line.create(
                {"training_id": training.id, "employee_id": self.employees[1].id}
            ),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            training.write({"state": "planned"})
        line.write({"evaluation": "5"})
        line.write({"certificate": SCAN, "certificate_name": "x.pdf"})
        with self.assertRaises(UserError):
            line.write({"certificate": SCAN, "certificate_name": "x.png"})
        chief = training.with_user(self.users["chief"])
        chief.action_plan()  # entered by mistake
        self.assertEqual(line.hours, 0)

    def test_bad_input(self):
        for vals in (
            {"hours": 100},
            {"date_to": self.today - timedelta(days=9)},
        ):
            with self.subTest(str(vals)), self.assertRaises(ValidationError):
                self._training(**vals)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self._training(hours=-1)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self._training(employees=self.employees[0] + self.employees[0])

    def test_pdf(self):
        """R190: the record of a training, and the hours of all, on paper."""
        training = self._training(employees=self.employees)
        reports = self.env["ir.actions.report"].with_user(self.users["centre"])
        reports = reports.with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf(
            "npo_relations.report_npo_training", training.ids
        )
        text = " ".join(read_pdf(content))
        self.assertIn("Sara", text)
        self.assertIn("Omar", text)
        training.action_hold()
        content, _kind = reports._render_qweb_pdf(
            "npo_relations.report_npo_representatives", self.representatives.ids
        )
        text = " ".join(read_pdf(content))
        self.assertIn("Sara", text)
        self.assertIn("16", text)

    def test_statements(self):
        """The list costs as many statements for two as for forty."""
        counts = []
        for number in (0, 38):
            employees = self.env["hr.employee"].create(
                [
                    {"name": f"E{n}", "company_id": self.company.id}
                    for n in range(number)
                ]
            )
            self.env["npo.service.representative"].create(
                [
                    {
                        "employee_id": employee.id,
                        "company_id": self.company.id,
                        "site_id": self.site.id,
                        "gender": "male",
                    }
                    for employee in employees
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            model = self.env["npo.service.representative"].with_user(
                self.users["centre"]
            )
            before = self.cr.sql_log_count
            model.search_fetch([("lacks_hours", "=", True)], ["site_id"], limit=80)
            found = model.search([("lacks_hours", "=", True)], limit=80)
            found.mapped("missing_topics")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[1], 16)
