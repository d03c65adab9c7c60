from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from ...models.policy.profile import PROFILES
from .common import PolicyCommon

FOUR = ("nbra", "masaken", "little_hearts", "ghimar")
CHANNELS = [
    "interview",
    "phone",
    "social",
    "letter",
    "assistance_request",
    "volunteer",
    "website",
    "delegate",
]
TOOLS = [
    "bylaws",
    "social_research_guide",
    "support_policy_guide",
    "support_request_form",
]
STEPS = ["new", "verification", "clarification", "declaration", "committee"]


@tagged("post_install", "-at_install")
class TestProfile(PolicyCommon):
    """Loading the five profiles: R210, R001, Annex A, D15."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "ar_001"):
            cls.env["res.lang"]._activate_lang(lang)
        cls._free_names()
        cls.companies, cls.versions = {}, {}
        for code in PROFILES:
            company = cls.env["res.company"].create({"name": f"Association {code}"})
            cls.companies[code] = company
            cls.versions[code] = company._npo_apply_profile(code)

    @classmethod
    def _free_names(cls):
        """Rename the associations of the demo: the names of companies are unique."""
        companies = cls.env["res.company"]
        profiles = [companies._npo_read_profile(code) for code in PROFILES]
        names = [profile["association"]["name"]["ar"] for profile in profiles]
        for company in companies.search([("name", "in", names)]):
            company.name = f"{company.name} (demo)"

    def _lines(self, code, kind="communication", origin="policy"):
        return self.versions[code].channel_line_ids.filtered(
            lambda line: line.kind == kind and line.origin == origin
        )

    # ------------------------------------------------------------
    # THE TABLE OF ANNEX A
    # ------------------------------------------------------------

    def test_identity(self):
        """R015–R017: facts as printed, and what is not printed stays empty."""
        names = [
            "name",
            "npo_short_name",
            "npo_slogan",
            "npo_license_no",
            "npo_supervisor",
        ]
        expected = {
            "nbra": (
                "جمعية المتقاعدين في منطقة الحدود الشمالية",
                "NBRA",
                "رعاية واستثمار",
                False,
                False,
            ),
            "masaken": ("جمعية مساكن", "مساكن", False, False, False),
            "little_hearts": (
                "جمعية الرعاية الصحية لأمراض القلب لدى الأطفال (القلوب الصغيرة)",
                "القلوب الصغيرة",
                False,
                "2337",
                False,
            ),
            "ghimar": ("جمعية غمار الشبابية", "غمار الشبابية", False, False, False),
            "harfa": (
                "جمعية حرفة الأهلية",
                "حرفة",
                False,
                False,
                "وزارة الموارد البشرية والتنمية الاجتماعية",
            ),
        }
        for code, values in expected.items():
            with self.subTest(profile=code):
                company = self.companies[code]
                self.assertEqual(tuple(company[name] for name in names), values)
                self.assertEqual(company.npo_profile_code, code)
                self.assertTrue(company.npo_name_en)

    def test_regions(self):
        """R016: two regions are stated; the others are not guessed."""
        regions = {
            code: company.npo_region_id.code for code, company in self.companies.items()
        }
        self.assertEqual(
            regions,
            {
                "nbra": "northern_borders",
                "masaken": False,
                "little_hearts": "makkah",
                "ghimar": False,
                "harfa": False,
            },
        )

    def test_titles(self):
        """R001: five different titles; Harfa's document is a bylaw."""
        titles = {version.title_as_approved for version in self.versions.values()}
        self.assertEqual(len(titles), 5)
        kinds = [self.versions[code].kind for code in PROFILES]
        self.assertEqual(kinds, ["policy"] * 4 + ["bylaw"])

    def test_names_in_two_languages(self):
        """D07: English source, Arabic beside it."""
        policy = self.versions["nbra"].policy_id
        self.assertEqual(
            policy.with_context(lang="ar_001").name, "سياسة تنظيم العلاقة مع المستفيدين"
        )
        self.assertIn("Policy on", policy.with_context(lang="en_US").name)
        line = self._lines("harfa")[4]
        self.assertEqual(line.with_context(lang="ar_001").name, "الخطابات والفاكسات")
        service = self.env["npo.service"].search(
            [
                ("company_id", "=", self.companies["masaken"].id),
                ("code", "=", "rent_aid"),
            ]
        )
        self.assertEqual(service.with_context(lang="ar_001").name, "سداد إيجار")

    def test_channels(self):
        """R085: 8, 8, 8, 8 and 6 channels of the policy, in its order."""
        for code in FOUR:
            with self.subTest(profile=code):
                lines = self._lines(code)
                self.assertEqual([line.channel_ids.code for line in lines], CHANNELS)
        lines = self._lines("harfa")
        self.assertEqual(
            [line.channel_ids.mapped("code") for line in lines],
            [
                ["interview"],
                ["phone"],
                ["email"],
                ["social"],
                ["letter", "fax"],
                ["website"],
            ],
        )

    def test_complaint_channels(self):
        """Annex A: Harfa's four are of the policy, the others are operational."""
        lines = self._lines("harfa", "complaint")
        self.assertEqual(
            lines.mapped("channel_ids.code"),
            ["tawasul", "social", "email", "in_person"],
        )
        for code in FOUR:
            with self.subTest(profile=code):
                self.assertFalse(self._lines(code, "complaint"))
                self.assertTrue(self._lines(code, "complaint", "operational"))

    def test_operational_channels(self):
        """R211: the portal is no channel of a policy: an addition with its reason."""
        for code in PROFILES:
            lines = self._lines(code, origin="operational")
            self.assertIn("portal", lines.mapped("channel_ids.code"))
            self.assertTrue(all(lines.mapped("reason")))

    def test_tools(self):
        """R097–R102: 4, 4, 4, 4 and 2 tools; Harfa alone has the bylaw."""
        for code in FOUR:
            self.assertEqual(self.versions[code].tool_ids.mapped("code"), TOOLS)
        self.assertEqual(
            self.versions["harfa"].tool_ids.mapped("code"),
            ["bylaws", "beneficiaries_bylaw"],
        )
        self.assertEqual(
            set(self.versions["harfa"].tool_ids.mapped("origin")), {"policy"}
        )

    def test_steps(self):
        """R103–R129: seven steps; Harfa's five, two more kept as operational."""
        for code in FOUR:
            steps = self.versions[code].step_ids
            self.assertEqual(
                steps.mapped("stage_code"), [*STEPS, "registration", "delivery"]
            )
            self.assertEqual(set(steps.mapped("origin")), {"policy"})
        steps = self.versions["harfa"].step_ids
        self.assertEqual(
            [(step.stage_code, step.origin) for step in steps],
            [
                *((code, "policy") for code in STEPS),
                ("registration", "operational"),
                ("delivery", "operational"),
            ],
        )

    def test_window(self):
        """R126, R127: two weeks and 30 days; a month and 60 days."""
        for code in FOUR:
            self.assertRecordValues(
                self.versions[code],
                [
                    {
                        "response_text": "خلال مدة لا تقل عن أسبوعين",
                        "study_min_value": 2,
                        "study_min_unit": "week",
                        "reply_max_value": 30,
                        "reminder_before_max": 7,
                    }
                ],
            )
        self.assertRecordValues(
            self.versions["harfa"],
            [
                {
                    "response_text": "خلال مدة لا تقل عن شهر",
                    "study_min_value": 1,
                    "study_min_unit": "month",
                    "reply_max_value": 60,
                    "reminder_before_max": 14,
                }
            ],
        )

    def test_switches(self):
        """Annex A: what Harfa alone has, and what it alone has not."""
        only_harfa = [
            "use_definitions",
            "use_compensation",
            "use_disputes",
            "use_good_relations",
            "use_information_access",
            "use_measurement_center",
            "referral_legal_aspect",
            "requires_main_output",
            "gender_inclusive",
        ]
        not_harfa = [
            "use_proactive_service",
            "use_policy_circulation",
            "has_registration_step",
            "has_delivery_step",
        ]
        for code, version in self.versions.items():
            for name in only_harfa + not_harfa:
                with self.subTest(profile=code, switch=name):
                    is_on = (code == "harfa") == (name in only_harfa)
                    self.assertEqual(version[name], is_on)
        harfa = self.versions["harfa"]
        self.assertEqual(harfa.stakeholder_scope, "stakeholders")
        self.assertEqual(harfa.referral_default_mode, "phone")
        verbs = [self.versions[code].declaration_verb for code in PROFILES]
        self.assertEqual(verbs, ["verify"] * 3 + ["affirm"] * 2)

    def test_approval(self):
        """R003–R008: evidence as printed; nothing is made up."""
        expected = {
            "nbra": ("approved", False, 2021, False, 0),
            "masaken": ("approved", "2023-12-23", 0, "1445/06/10", 7),
            "little_hearts": ("approved", "2023-08-10", 0, "1445/01/23", 0),
            "ghimar": ("approved", "2025-05-08", 0, "1446/11/10", 0),
            "harfa": ("draft", False, 0, False, 0),
        }
        for code, values in expected.items():
            version = self.versions[code]
            day = version.approval_date
            with self.subTest(profile=code):
                self.assertEqual(
                    (
                        version.state,
                        day and str(day),
                        version.approval_year,
                        version.approval_hijri or False,
                        len(version.signatory_ids),
                    ),
                    values,
                )
        self.assertTrue(self.versions["ghimar"].date_uncertain)
        self.assertEqual(self.versions["little_hearts"].minutes_no, "3")
        self.assertEqual(self.versions["masaken"].session_no, "19")
        self.assertEqual(
            self.versions["masaken"].signatory_ids.mapped("position"),
            ["chair", "vice_chair", "financial_supervisor"] + ["member"] * 4,
        )

    def test_declaration(self):
        """R120, R121: direct responsibility; Harfa speaks of the signer's own data."""
        for code in PROFILES:
            text = self.versions[code]._render_declaration()
            self.assertIn(self.companies[code].name, text)
            self.assertIn("مسؤولية مباشرة", text)
            self.assertEqual("معلوماته/معلوماتها" in text, code == "harfa")
        text = self.versions["harfa"]._render_declaration("female")
        self.assertIn("الموقعة مسؤولة مسؤولية مباشرة عن صحة معلوماتها", text)

    def test_harfa_in_force_by_an_act(self):
        """Annex D 9: Harfa's cases wait until somebody accepts the missing evidence."""
        company = self.companies["harfa"]
        self.assertFalse(company.npo_policy_version_id)
        with self.assertRaises(UserError):
            company._npo_require_policy_version()
        self.versions["harfa"]._put_in_force_unevidenced("The original is being sought")
        self.assertEqual(company._npo_require_policy_version(), self.versions["harfa"])

    def test_services(self):
        """D15, R130: a catalogue for each, every service with one main output."""
        counts = {"nbra": 13, "masaken": 13, "little_hearts": 14, "ghimar": 14}
        counts["harfa"] = 15
        for code, count in counts.items():
            services = self.env["npo.service"].search(
                [("company_id", "=", self.companies[code].id)]
            )
            with self.subTest(profile=code):
                self.assertEqual(len(services), count)
                self.assertTrue(all(services.mapped("main_output")))
                for service in services:
                    codes = service.document_line_ids.document_type_id.mapped("code")
                    # the declaration is a step of its own, signed after the check
                    self.assertNotIn("declaration", codes)
                    self.assertIn("privacy_consent", codes)

    def test_places(self):
        """D15: a headquarters and an empty committee to fill."""
        for company in self.companies.values():
            domain = [("company_id", "=", company.id)]
            site = self.env["npo.site"].search(domain)
            self.assertRecordValues(site, [{"kind": "headquarters"}])
            committee = self.env["npo.committee"].search(domain)
            self.assertEqual(len(committee), 1)
            self.assertFalse(committee.member_ids)

    # ------------------------------------------------------------
    # LOADING
    # ------------------------------------------------------------

    def _counts(self, company):
        models = (
            "npo.policy",
            "npo.policy.version",
            "npo.policy.channel",
            "npo.policy.step",
            "npo.tool",
            "npo.service",
            "npo.site",
            "npo.committee",
            "resource.calendar",
            "resource.calendar.leaves",
        )
        domain = [("company_id", "=", company.id)]
        return {model: self.env[model].search_count(domain) for model in models}

    def test_idempotent(self):
        """R210: a second run adds nothing and changes no version in force."""
        for code, company in self.companies.items():
            before = self._counts(company)
            company.npo_slogan = "Changed by the association"
            values = self.versions[code].read()[0]
            version = company._npo_apply_profile(code)
            with self.subTest(profile=code):
                self.assertEqual(version, self.versions[code])
                self.assertEqual(self._counts(company), before)
                self.assertEqual(company.npo_slogan, "Changed by the association")
                self.assertEqual(version.read()[0]["write_date"], values["write_date"])

    def test_second_run_adds_what_is_missing(self):
        """A service deleted by mistake comes back; the policy is left alone."""
        company = self.companies["masaken"]
        services = self.env["npo.service"].search([("company_id", "=", company.id)])
        services[0].unlink()
        company._npo_apply_profile("masaken")
        self.assertEqual(self._counts(company)["npo.service"], len(services))

    def test_other_profile_refused(self):
        with self.assertRaises(UserError):
            self.companies["nbra"]._npo_apply_profile("harfa")
        with self.assertRaises(UserError):
            self.company._npo_apply_profile("../../etc/passwd")

    def test_own_policy_is_kept(self):
        """R210: an association that wrote its own policy keeps it."""
        self.companies["masaken"].name = "Elsewhere"  # names are unique
        self._put_in_force()
        version = self.company._npo_apply_profile("masaken")
        self.assertEqual(version, self.version)
        self.assertEqual(self.version.study_min_value, 2)

    @users("npo_admin")
    def test_wizard(self):
        """R210: an administrator applies a profile in one step."""
        self.companies["ghimar"].sudo().name = "Elsewhere"  # names are unique
        wizard = self.env["npo.profile.apply"].create({"profile_code": "ghimar"})
        self.assertEqual(wizard.company_id, self.company)
        wizard.action_apply()
        self.assertEqual(self.company.npo_profile_code, "ghimar")

    @users("npo_governance_officer", "npo_general_manager", "npo_auditor")
    def test_wizard_refused(self):
        """D02: nobody else does, not even through a wizard of an administrator."""
        with self.assertRaises(AccessError):
            self.env["npo.profile.apply"].create({"profile_code": "ghimar"})
        wizard = self.env["npo.profile.apply"].sudo()
        wizard = wizard.create(
            {"profile_code": "ghimar", "company_id": self.company.id}
        )
        with self.assertRaises(AccessError):
            wizard.sudo(False).action_apply()

    @users("npo_admin")
    def test_wizard_other_company(self):
        """D06: not into an association that the administrator does not work for."""
        wizard = self.env["npo.profile.apply"].create({"profile_code": "ghimar"})
        with self.assertRaises(AccessError):
            wizard.company_id = self.other_company
            wizard.action_apply()
