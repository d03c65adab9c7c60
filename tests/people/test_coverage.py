from odoo.exceptions import UserError
from odoo.tests import tagged

from ..portal.common import ABOUT, PortalCommon


class CoverageCommon(PortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north = cls.env.ref("npo_relations.region_northern_borders")
        cls.riyadh = cls.env.ref("npo_relations.region_riyadh")
        cls.areas = cls.env["npo.service.area"]

    def _serve(self, region, city=False, site=False):
        return self.areas.create(
            {
                "company_id": self.company.id,
                "region_id": region.id,
                "city": city,
                "site_id": site and site.id,
            }
        )

    def _state(self, region=None, city=False, site=None):
        region = region or self.env["npo.region"]
        return self.areas._coverage(self.company, site or self.site, region, city)[0]


@tagged("post_install", "-at_install")
class TestCoverage(CoverageCommon):
    """P135: where the association serves, with a proposal and an exception."""

    def test_match(self):
        """Region, city in any spelling, and what cannot be told."""
        self.assertEqual(self._state(self.riyadh, "الرياض"), "unknown")
        self._serve(self.north, "عَرْعَر")
        for region, city, state in (
            (self.north, "عرعر", "inside"),
            (None, "عرعر", "inside"),
            (self.north, "رفحاء", "outside"),
            (self.riyadh, "عرعر", "outside"),
            (self.riyadh, False, "outside"),
            (self.north, False, "unknown"),
            (None, False, "unknown"),
        ):
            with self.subTest(f"{region and region.code} {city}"):
                self.assertEqual(self._state(region, city), state)
        self._serve(self.north)
        self.assertEqual(self._state(self.north, "رفحاء"), "inside")

    def test_sites(self):
        """A site with areas of its own serves those; the other one is named."""
        self._serve(self.north, "عرعر", self.site)
        self._serve(self.north, "رفحاء", self.branch)
        self.assertEqual(self._state(self.north, "رفحاء", self.branch), "inside")
        state, sites = self.areas._coverage(
            self.company, self.site, self.north, "رفحاء"
        )
        self.assertEqual((state, sites), ("elsewhere", self.branch))
        file = self._new_beneficiary(region_id=self.north.id, city="رفحاء")
        self.assertIn("Branch", file.coverage_note)

    def test_request(self):
        """From outside: warned, held until an exception is reasoned."""
        self._serve(self.north)
        file = self._new_beneficiary(region_id=self.riyadh.id)
        self.assertIn("outside", file.coverage_note)
        request = self._new_request(file)
        self._hand_in(request)
        self.assertIn("outside", request.coverage_note)
        self.assertEqual(request.next_step_note, request.coverage_note)
        with self.assertRaises(UserError):
            request.action_complete()
        request.coverage_exception = "The family moves to Arar next week."
        request.action_complete()
        self.assertEqual(request.stage_code, "verification")
        near = self._new_request(self._new_beneficiary(1, region_id=self.north.id))
        self.assertFalse(near.coverage_note)

    def test_refer_outside(self):
        """Referred to a body of the person's own area: on record as that."""
        request = self._new_request()
        request._cancel(self.env.ref("npo_relations.reason_cancel_out_of_area"))
        self.assertRecordValues(
            request, [{"stage_code": "cancelled", "outcome": "referred"}]
        )

    def test_intake(self):
        """The officer is warned while receiving, and may reason an exception."""
        self._serve(self.north)
        intake = self.env["npo.request.intake"].with_user(self.officer)
        vals = {
            "query": "نورة العتيبي",
            "name": "نورة العتيبي",
            "identity_number": "1000000008",
            "region_id": self.riyadh.id,
            "city": "الرياض",
            "service_id": self.service.id,
            "is_notice_told": True,
        }
        form = intake.create(vals)
        self.assertIn("outside", form.coverage_note)
        form.coverage_exception = "Her father lives in Arar."
        request = self.env["npo.request"].browse(form.action_confirm()["res_id"])
        self.assertEqual(request.coverage_exception, "Her father lives in Arar.")
        self.assertEqual(request.beneficiary_id.region_id, self.riyadh)

    def test_portal(self):
        """Asked and never waited for; who lives outside is told before sending."""
        self._serve(self.north)
        draft = (
            self.env["npo.request"]
            .with_user(self.portal_user)
            ._portal_draft(self.service)
        )
        url = f"/my/requests/{draft.id}/edit"
        wrong = {**ABOUT, "region_id": "nonsense"}
        _response, page = self._post(f"{url}/about", wrong)
        self.assertTrue(page.xpath("//div[@id='region_id_error']"))
        response, _page = self._post(f"{url}/about", {**ABOUT, "region_id": ""})
        self.assertTrue(self._path(response).endswith("/need"))
        _response, page = self._get(f"{url}/review")
        self.assertFalse(page.xpath("//p[@id='npo_outside']"))
        self._post(f"{url}/about", {**ABOUT, "region_id": str(self.riyadh.id)})
        _response, page = self._get(f"{url}/review")
        self.assertTrue(page.xpath("//p[@id='npo_outside']"))
