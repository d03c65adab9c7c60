from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import AssociationCommon, local_today


@tagged("post_install", "-at_install")
class TestAccessAlert(AssociationCommon):
    """R154, R157: reading that stands out is pointed out once, and explained."""

    logs_in = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary()
        cls.other = cls._new_beneficiary(1)
        cls.protector = cls.users["protector"]
        cls.alerts = cls.env["npo.access.alert"]
        cls.company.npo_reading_limit = 3

    def _read(self, file, times=1, user=None):
        log = self.env["npo.access.log"].with_user(user or self.officer)
        for _time in range(times):
            log._log(file, ["identity_number"], "read")

    def _look(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), hours=26)
        told = self.alerts._point_out(self.company, since)
        self.env.flush_all()
        return told

    def test_usual(self):
        """What somebody reads for the work is not pointed out."""
        self._read(self.file, 3)
        self.assertFalse(self._look())

    def test_bulk(self):
        """R154: more within an hour than the association allows, once a day."""
        self._read(self.file, 5)
        alert = self._look()
        self.assertRecordValues(
            alert,
            [
                {
                    "kind": "bulk",
                    "reader_id": self.officer.id,
                    "day": local_today(),
                    "line_count": 5,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(alert.activity_ids.user_id, self.protector)
        self._read(self.other)
        self.assertFalse(self._look())
        self.assertEqual(alert.line_count, 6)
        self.assertEqual(len(alert.activity_ids), 1)
        # the persons who were read of are nowhere in it
        self.assertNotIn(self.file.name, str(alert.read()))

    def test_list(self):
        """R154: whoever takes a long list along is asked, by whatever export."""
        files = self.file | self.other
        self.officer.group_ids += self.env.ref("base.group_allow_export")
        own = files.with_user(self.officer)
        own.export_data(["name", "phone"])
        self.assertFalse(self._look())
        self.company.npo_list_limit = 1
        alert = self._look()
        self.assertRecordValues(
            alert,
            [{"kind": "list", "reader_id": self.officer.id, "line_count": 1}],
        )
        self.assertEqual(alert.line_ids.entry_count, 2)
        self.env["npo.register.export"].with_user(self.officer)._note(
            own, {self.company.id: 5}
        )
        self.assertFalse(self._look())  # one of the day, with both
        self.assertEqual(alert.line_count, 2)

    def test_spread(self):
        """Spread over hours it is the work of a day; other people's is their own."""
        self._read(self.file, 3)
        self._read(self.file, 2, self.users["officer2"])
        now = fields.Datetime.now()
        self.env["npo.access.log"].sudo().create(
            [
                {
                    "res_model": self.file._name,
                    "res_id": self.file.id,
                    "company_id": self.company.id,
                    "user_id": self.officer.id,
                    "way": "read",
                    "date": fields.Datetime.subtract(now, hours=hours),
                }
                for hours in (2, 3, 4, 5)
            ]
        )
        self.assertFalse(self._look())

    def test_relative(self):
        """R157: a file of the own household, or of whom one acts for."""
        relative = self.users["researcher"].partner_id
        self.env["npo.household"].create(
            {
                "company_id": self.company.id,
                "site_id": self.branch.id,
                "member_ids": [
                    Command.create(
                        {"relation": "head", "partner_id": self.file.partner_id.id}
                    ),
                    Command.create({"relation": "son", "partner_id": relative.id}),
                ],
            }
        )
        self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.other.partner_id.id,
                "representative_id": self.officer.partner_id.id,
            }
        )
        self._read(self.file, user=self.users["researcher"])
        self._read(self.other)
        self._read(self.file)
        told = self._look()
        self.assertEqual(set(told.mapped("kind")), {"relative"})
        self.assertEqual(told.reader_id, self.users["researcher"] | self.officer)
        self.assertEqual(told.mapped("line_count"), [1, 1])

    def test_colleague(self):
        """R157: the file of who works here, and the own one."""
        self.file.partner_id = self.users["front"].partner_id
        self._read(self.file)
        self._read(self.file, user=self.users["front"])
        told = self._look()
        self.assertEqual(
            {(one.reader_id, one.kind) for one in told},
            {(self.officer, "colleague"), (self.users["front"], "own")},
        )

    def test_copy(self):
        """R154, P010: a copy that was taken is a reading: a colleague's, or many."""
        self.file.partner_id = self.users["front"].partner_id
        log = self.env["npo.access.log"].with_user(self.officer)
        for _time in range(5):
            log._log_whole(self.file, "copy")
        self.assertEqual(set(self._look().mapped("kind")), {"colleague", "bulk"})

    def test_closed(self):
        """R154: closed with an explanation, by who did not read; asked again after."""
        self._read(self.file, 5)
        alert = self._look().with_user(self.protector)
        with self.assertRaises(UserError):
            alert.action_close()
        for vals in ({"state": "explained"}, {"reader_id": 1}, {"line_count": 0}):
            with self.subTest(vals), self.assertRaises(AccessError):
                alert.write(vals)
        with self.assertRaises(AccessError):
            alert.sudo().with_user(self.users["auditor"]).action_close()
        alert.explanation = "The files of the year were renewed."
        alert.action_close()
        self.assertRecordValues(
            alert, [{"state": "explained", "closed_by_id": self.protector.id}]
        )
        self.assertFalse(alert.activity_ids)
        with self.assertRaises(UserError):
            alert.explanation = "Something else."
        self.assertFalse(self._look())
        self._read(self.file)
        self.assertEqual(self._look(), alert.sudo())
        self.assertRecordValues(
            alert, [{"state": "open", "explanation": False, "closed_by_id": False}]
        )
        with self.assertRaises(UserError):
            alert.action_close()  # what was explained is not what was read since
        self.assertIn("The files of the year", alert.message_ids[0].body)
        self.assertEqual(alert.message_ids[0].author_id, self.protector.partner_id)
        action = alert.action_view_lines()
        lines = self.env[action["res_model"]].with_user(self.protector)
        self.assertEqual(lines.search_count(action["domain"]), 6)

    def test_not_by_the_reader(self):
        """R154: who read does not see it, an administrator and data protection too."""
        self._read(self.file, 5, self.protector)
        self._read(self.file, 5)
        told = self._look()
        own = told.filtered(lambda one: one.reader_id == self.protector)
        self.assertEqual(own.activity_ids.user_id, self.users["manager"])
        seen = self.alerts.with_user(self.protector).search([])
        self.assertEqual(seen, told - own)
        self.officer.group_ids += self.env.ref("npo_relations.group_npo_admin")
        self.assertEqual(self.alerts.with_user(self.officer).search([]), own)
        with self.assertRaises(AccessError):
            own.with_user(self.protector).action_close()

    def test_cron(self):
        """The cron looks at every association, and not at what is kept close."""
        self._read(self.file, 5)
        self.protector.lang = "ar_001"
        self.env["npo.access.log"].with_user(self.users["officer2"])._log_whole(
            self.file, "sealed"
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "npo_relations.ir_cron_npo_access_alert"
            ).method_direct_trigger()
        self.env.invalidate_all()
        found = self.alerts.search([("company_id", "=", self.company.id)])
        self.assertEqual(found.reader_id, self.officer)
        arabic = self.env(context={"lang": "ar_001"})
        summary = arabic._("Ask what this reading was for")
        self.assertNotEqual(summary, "Ask what this reading was for")
        self.assertEqual(found.activity_ids.summary, summary)

    def test_time_is_over(self):
        """R154: a run whose time is over goes on to the last association (R157)."""
        companies = self.env["res.company"].search([])
        self.assertGreater(len(companies), 1)
        looked = []
        with (
            patch.object(
                type(self.alerts),
                "_point_out",
                lambda _self, company, _since: looked.append(company),
            ),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=0),
        ):
            self.alerts._cron_point_out()
        self.assertEqual(looked, list(companies))
