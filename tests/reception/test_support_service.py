from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ReceptionCommon


@tagged("post_install", "-at_install")
class TestSupportService(ReceptionCommon):
    """R189: support services with a key each, counted."""

    def test_three_copies(self):
        """R189: three photocopies on a visit appear in the statistics."""
        visit = self._served()
        for _press in range(2):
            visit.action_support("photocopy")
        answer = visit.action_support("photocopy")
        self.assertEqual(answer["quantity"], 3)
        self.assertTrue(answer["caution"], "identity documents are not copied")
        visit.action_support("phone_call")
        self.assertRecordValues(
            visit.support_service_ids.sorted("id"),
            [
                {"quantity": 3, "user_id": self.front.id, "site_id": self.site.id},
                {"quantity": 1, "user_id": self.front.id, "site_id": self.site.id},
            ],
        )
        kpi = self.env["npo.kpi"].search([("code", "=", "support_services")])
        today = self.company._npo_today()
        [(counted, kept)] = kpi._figures(self.company, today, today).values()
        self.assertEqual((counted, kept), (2, 4))

    def test_bad_input(self):
        visit = self._served()
        for args in (("x",), ("photocopy", "3"), ("photocopy", 1.5)):
            with self.subTest(args), self.assertRaises(UserError):
                visit.action_support(*args)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            visit.action_support("photocopy", 10**6)

    def test_log_is_a_log(self):
        """Who did it, when and what is not rewritten; the number may be."""
        visit = self._served()
        visit.action_support("photocopy")
        line = visit.support_service_ids
        for vals in (
            {"user_id": self.officer.id},
            {"date": "2020-01-01"},
            {"visit_id": False},
        ):
            with self.subTest(str(vals)), self.assertRaises(AccessError):
                line.write(vals)
        line.quantity = 2
        services = line.browse().with_context(default_date="2020-01-01 00:00:00")
        alone = services.create({"type_id": line.type_id.id, "quantity": 5})
        self.assertEqual(alone.date.date(), line.date.date())
        with self.assertRaises(AccessError):
            services.create({"type_id": line.type_id.id, "user_id": self.officer.id})
        with self.assertRaises(AccessError):
            line.with_user(self.users["manager"]).quantity = 9
