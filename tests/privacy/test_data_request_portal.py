from odoo.tests import tagged

from ..portal.common import PortalCommon


class PrivacyPortalCommon(PortalCommon):
    def _own(self):
        return self.env["npo.data.request"].search(
            [("partner_id", "=", self.partner.id)], order="id"
        )

    def _ask(self, typed):
        """Send the form, on which the notice in force stood."""
        notice = self.env["npo.consent"]._notice(self.company)
        return self._post("/my/privacy", {"notice": str(notice.id), **typed})


@tagged("post_install", "-at_install")
class TestDataRequestPortal(PrivacyPortalCommon):
    """P010: the rights over one's own data, in the portal."""

    def test_ask(self):
        """One press is one request; pressed twice it is the same one."""
        _response, page = self._get("/my/privacy")
        kinds = page.xpath("//input[@name='kind']/@value")
        self.assertEqual(
            kinds, ["inform", "access", "copy", "correct", "destroy", "withdraw"]
        )
        for _press in range(2):
            response, page = self._ask({"kind": "copy"})
            self.assertEqual(self._path(response), "/my/privacy")
        self.assertTrue(page.get_element_by_id("npo_saved") is not None)
        case = self._own()
        self.assertRecordValues(
            case, [{"kind": "copy", "method": "portal", "stage_code": "new"}]
        )
        self.assertIn(case.name, page.text_content())

    def test_notice(self):
        """P015: what stood on the form is kept; without the notice nothing is asked."""
        _response, page = self._get("/my/privacy")
        shown = page.xpath("//input[@name='notice']/@value")
        notice = self.env["npo.consent"]._notice(self.company)
        self.assertEqual(shown, [str(notice.id)])
        _response, page = self._ask({"kind": "copy", "notice": ""})
        self.assertTrue(page.xpath("//div[@id='npo_errors']"))
        self.assertFalse(self._own())
        self._ask({"kind": "copy"})
        self.assertEqual(self._own().notice_text_id, notice)

    def test_bad_input(self):
        """Nothing chosen, a made-up kind, a correction without words."""
        for data in ({}, {"kind": "nonsense"}, {"kind": "correct", "detail": " "}):
            _response, page = self._ask(data)
            with self.subTest(str(data)):
                self.assertTrue(page.xpath("//div[@id='npo_errors']"))
                self.assertFalse(self._own())
        too_long = "x" * (self.company.npo_max_text + 1)
        _response, page = self._ask({"kind": "correct", "detail": too_long})
        self.assertTrue(page.xpath("//div[@id='npo_errors']"))
        self.assertFalse(self._own())

    def test_copy(self):
        """The copy opens for its owner once it was answered, and for nobody else."""
        file = self.env["npo.beneficiary"]._for_partner(self.partner, self.company)
        file.identity_number = "1000000008"
        self._ask({"kind": "copy"})
        case = self._own()
        url = f"/my/privacy/{case.id}/copy"
        response, _page = self._get(url)
        self.assertEqual(self._path(response), "/my/privacy")
        case = case.with_user(self.users["protector"])
        case._verify_identity("portal")
        case._fulfil("done")
        response = self.url_open(url)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self._log_in(self.stranger)
        response, page = self._get(url)
        self.assertEqual(self._path(response), "/my/privacy")
        self.assertNotIn(case.name, page.text_content())

    def test_guardian(self):
        """P014, P022: a guardian asks for the ward while the right is valid."""
        ward = self.env["res.partner"].create({"name": "Ward Alharbi"})
        right = self.env["npo.representative"].create(
            {
                "company_id": self.company.id,
                "partner_id": ward.id,
                "representative_id": self.partner.id,
            }
        )
        _response, page = self._ask({"kind": "copy", "person": str(ward.id)})
        case = self.env["npo.data.request"].search([("partner_id", "=", ward.id)])
        self.assertRecordValues(
            case, [{"representative_id": self.partner.id, "method": "portal"}]
        )
        self.assertIn(case.name, page.text_content())
        self.assertFalse(self._own())
        case = case.with_user(self.users["protector"])
        case._verify_identity("instrument")
        case._fulfil("done")
        asked = case.with_user(self.portal_user)
        self.assertTrue(asked._portal_copy_ready())
        self.assertFalse(case.with_user(self.stranger)._portal_copy_ready())
        right.action_revoke("Ended")
        self.assertFalse(asked._portal_copy_ready())
        _response, page = self._get("/my/privacy")
        self.assertNotIn(case.name, page.text_content())
        self._ask({"kind": "access", "person": str(ward.id)})
        found = self.env["npo.data.request"].search([("partner_id", "=", ward.id)])
        self.assertEqual(found, case.with_user(self.env.user))

    def _ward(self, *guardians):
        ward = self.env["res.partner"].create({"name": "Ward Alharbi"})
        self.env["npo.representative"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": ward.id,
                    "representative_id": guardian.id,
                }
                for guardian in guardians
            ]
        )
        return ward

    def test_asked_already(self):
        """P014: what the desk or the other guardian asked for a ward is named."""
        ward = self._ward(self.partner, self.stranger.partner_id)
        cases = self.env["npo.data.request"]
        desk = cases.with_user(self.officer).create(
            {"partner_id": ward.id, "kind": "copy", "company_id": self.company.id}
        )
        other = cases.create(
            {
                "partner_id": ward.id,
                "representative_id": self.stranger.partner_id.id,
                "kind": "correct",
                "company_id": self.company.id,
            }
        )
        for case in (desk, other):
            response, page = self._ask(
                {"kind": case.kind, "person": str(ward.id), "detail": "Wrong city"}
            )
            with self.subTest(case.kind):
                self.assertEqual(response.status_code, 200)
                [error] = page.xpath("//div[@id='npo_errors']")
                self.assertIn(case.name, error.text_content())
                # and what was written stands there still
                [detail] = page.xpath("//textarea[@id='detail']")
                self.assertEqual(detail.text, "Wrong city")
        found = cases.search([("partner_id", "=", ward.id)])
        self.assertEqual(found, desk | other.with_env(self.env))

    def test_object_to_what_was_asked_again(self):
        """P014: an objection to what is worked on anew says so, and keeps the words."""
        self._ask({"kind": "destroy"})
        case = self._own().with_user(self.users["protector"])
        case._refuse(self.env.ref("npo_relations.reason_privacy_legal_duty"))
        self._ask({"kind": "destroy"})
        again = self._own() - case.with_user(self.env.user)
        response, page = self._post(
            f"/my/privacy/{case.id}/object", {"words": "No law says so."}
        )
        self.assertEqual(response.status_code, 200)
        [error] = page.xpath("//div[@id='npo_errors']")
        self.assertIn(again.name, error.text_content())
        self.assertIn("No law says so.", page.xpath("//textarea[@name='words']/text()"))
        self.assertFalse(case.sudo().objection_ids)

    def test_object(self):
        """P014: whose request was refused objects on the page, once."""
        self._ask({"kind": "destroy"})
        case = self._own().with_user(self.users["protector"])
        case._refuse(self.env.ref("npo_relations.reason_privacy_legal_duty"))
        url = f"/my/privacy/{case.id}/object"
        _response, page = self._post(url, {"words": " "})
        self.assertTrue(page.xpath("//div[@id='npo_errors']"))
        for _press in range(2):
            self._post(url, {"words": "No law says so."})
        again = self._own() - case.with_user(self.env.user)
        self.assertRecordValues(
            again, [{"objected_id": case.id, "detail": "No law says so."}]
        )

    def test_no_access_but_the_page(self):
        """D02: the portal has no right to the model."""
        self._ask({"kind": "access"})
        for user in (self.portal_user, self.stranger):
            own = self._own().with_user(user)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(own.has_access(operation))


@tagged("post_install", "-at_install")
class TestDataRequestTour(PrivacyPortalCommon):
    """P010 on a phone, in Arabic: 360 pixels, right to left."""

    browser_size = "360x780"
    touch_enabled = True

    def test_ask(self):
        self.env["res.lang"]._activate_lang("ar_001")
        website = self.env["website"].search([], limit=1)
        website.language_ids |= self.env.ref("base.lang_ar")
        self.portal_user.lang = "ar_001"
        self.start_tour(
            "/my", "npo_portal_privacy", login=self.portal_user.login, timeout=120
        )
        self.assertEqual(self._own().kind, "correct")
