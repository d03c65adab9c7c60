from lxml import etree

from odoo.tests import tagged

from ..request import test_request_performance
from .common import CompensationCommon


@tagged("post_install", "-at_install")
class TestCompensationPerformance(CompensationCommon):
    """Statement budgets of performance.md, at two sizes so that N+1 shows."""

    _statements = test_request_performance.TestRequestPerformance._statements
    _is_nested = test_request_performance.TestRequestPerformance._is_nested
    _field_spec = test_request_performance.TestRequestPerformance._field_spec
    _nested_names = test_request_performance.TestRequestPerformance._nested_names

    def _view_spec(self, view_type):
        """Return the fields of a view as the web client asks for them."""
        cases = self.env["npo.compensation"].with_user(self.claims)
        view = cases.get_views([(False, view_type)])
        names = view["models"]["npo.compensation"]["fields"]
        arch = etree.fromstring(view["views"][view_type]["arch"])
        return {
            node.get("name"): self._field_spec(names[node.get("name")], node)
            for node in arch.iter("field")
            if node.get("name") in names and not self._is_nested(node)
        }

    def test_list(self):
        """The first 80 in 8 statements, whether 10 or 90 are there."""
        spec = self._view_spec("list")
        cases = self.env["npo.compensation"].with_user(self.claims)
        counts = []
        for size in (10, 80):
            cases.create([self._vals() for _number in range(size)])
            for _warm in range(2):
                count = self._statements(
                    lambda: cases.web_search_read(
                        [("is_closed", "=", False)], spec, limit=80
                    )
                )
            counts.append(count)
        self.assertLessEqual(counts[1], 8)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_form(self):
        """One form opens in 14, and one for each list that it shows."""
        case = self._asked()
        spec = self._view_spec("form")
        lists = sum(
            case._fields[name].type in ("one2many", "many2many") for name in spec
        )
        self._statements(lambda: case.web_read(spec))
        self.assertLessEqual(
            self._statements(lambda: case.web_read(spec)), 14 + 2 * lists
        )

    def test_approve(self):
        """One approval, without the bill, in 38 statements."""
        self._without_accounting()
        first, second = self._asked(), self._asked()
        self._approve(first)
        approval = second.sudo().approval_id.with_user(self.grantor)
        count = self._statements(lambda: approval._answer(True, "Fair."))
        self.assertEqual(second.stage_code, "payment")
        self.assertLessEqual(count, 38)
