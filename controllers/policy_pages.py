from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

BENEFICIARY = "beneficiary"


class NpoPolicyPages(CustomerPortal):
    """What an association tells everybody: its policy in force, rights and duties.

    The association is the website's; one without a website of its own is shown where
    its link leads, for as long as the visit lasts. Only versions in force of published
    policies are ever shown: anything else answers like what does not exist (R024,
    R036, R037).
    """

    def _npo_public_association(self):
        """Return the association whose public pages the visitor reads, in sudo."""
        website = request.website.sudo()
        wanted = request.httprequest.args.get("association", "")
        if wanted.isdecimal():
            company = request.env["res.company"].sudo().browse(int(wanted[:9])).exists()
            if company.npo_policy_version_id and company.website_id in (
                website,
                website.browse(),
            ):
                request.session["npo_association"] = company.id
                return company
        known = request.session.get("npo_association")
        return website.company_id.browse(known).exists() or website.company_id

    def _npo_public_values(self, **values):
        company = self._npo_public_association()
        return {"association": company, "page_name": "npo_public", **values}

    def _npo_missing(self):
        """Return the page that says there is nothing here, with the way on."""
        return request.render(
            "npo_relations.public_missing", self._npo_public_values(), status=404
        )

    def _npo_arabic_first(self):
        """Return the Arabic address of the page for who has chosen no language yet."""
        arabic = request.website.language_ids.filtered(
            lambda lang: lang.code[:2] == "ar"
        )[:1]
        is_chosen = "frontend_lang" in request.httprequest.cookies
        if not arabic or is_chosen or not request.env.user._is_public():
            return None
        if request.lang.code == arabic.code:
            return None
        path = request.httprequest.full_path.rstrip("?")
        return request.redirect(f"/{arabic.url_code}{path}")

    def _npo_send_pdf(self, report, record_sudo, name):
        """Return a report on a record as a file; the caller checked who may read it."""
        company = self._npo_public_association()
        reports_sudo = request.env["ir.actions.report"].sudo().with_company(company)
        reports_sudo = reports_sudo.with_context(force_report_rendering=True)
        content = reports_sudo._render_qweb_pdf(report, record_sudo.ids)[0]
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(f"{name}.pdf")),
        ]
        return request.make_response(content, headers=headers)

    # ------------------------------------------------------------
    # RIGHTS AND DUTIES
    # ------------------------------------------------------------

    def _npo_charter_type(self, code):
        """Return the kind of party of a code that has a charter here, in sudo."""
        company = self._npo_public_association()
        rights = request.env["npo.right"].sudo()
        types = rights._charter_types(company)
        return types, types.filtered(lambda kind: kind.code == code)

    @route(
        ["/rights", "/rights/<string:code>"],
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET"],
    )
    def npo_rights(self, code=BENEFICIARY, **_kw):
        """Show the rights and the duties of a kind of party, to everybody."""
        if answer := self._npo_arabic_first():
            return answer
        types, party = self._npo_charter_type(code)
        if not party:
            return self._npo_missing()
        company = self._npo_public_association()
        policy = request.env["npo.policy"]._published_policies(company)[:1]
        charter = party._charter(company)
        rights = charter["right"] | charter["duty"]
        clauses = rights._clauses(company) if policy.is_operating else {}
        values = self._npo_public_values(
            types=types, party=party, charter=charter, clauses=clauses, policy=policy
        )
        return request.render("npo_relations.public_rights", values)

    @route(
        "/rights/<string:code>/print",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_rights_print(self, code, **_kw):
        """Send the charter of a kind of party as a PDF."""
        _types, party = self._npo_charter_type(code)
        if not party:
            return self._npo_missing()
        report = "npo_relations.action_report_rights_charter"
        return self._npo_send_pdf(report, party, party.name)

    # ------------------------------------------------------------
    # POLICIES
    # ------------------------------------------------------------

    def _npo_policy(self, policy_id, company=None):
        """Return the published policies of an association, and the one asked for."""
        company = company or self._npo_public_association()
        policies = request.env["npo.policy"]._published_policies(company)
        if policy_id is None:
            return policies, policies[:1]
        return policies, policies.filtered(lambda policy: policy.id == policy_id)

    def _npo_render_policy(self, policy_id, path, company=None):
        policies, policy = self._npo_policy(policy_id, company)
        if not policy:
            return self._npo_missing()
        values = self._npo_public_values(
            policy=policy,
            version=policy.current_version_id,
            others=policies - policy,
            path=path,
        )
        if company:
            values["association"] = company
        return request.render("npo_relations.public_policy", values)

    @route(
        ["/policy", "/policy/<int:policy_id>"],
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET"],
    )
    def npo_policy(self, policy_id=None, **_kw):
        """Show the version in force of a published policy, to everybody."""
        answer = self._npo_arabic_first()
        return answer or self._npo_render_policy(policy_id, "/policy")

    @route(
        "/policy/<int:policy_id>/print",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_policy_print(self, policy_id, **_kw):
        """Send the version in force as a PDF."""
        _policies, policy = self._npo_policy(policy_id)
        if not policy:
            return self._npo_missing()
        report = "npo_relations.action_report_policy"
        version = policy.current_version_id
        return self._npo_send_pdf(report, version, version._print_title())

    def _npo_own_association(self):
        """Return the association that the portal user deals with, in sudo."""
        partner = request.env.user.partner_id
        return (partner.company_id or request.website.company_id).sudo()

    @route(
        ["/my/policy", "/my/policy/<int:policy_id>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_my_policy(self, policy_id=None, **_kw):
        """Show the policy of one's own association in the portal."""
        company = self._npo_own_association()
        return self._npo_render_policy(policy_id, "/my/policy", company)

    @route(
        "/my/policy/<int:policy_id>/print",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_my_policy_print(self, policy_id, **_kw):
        """Send the policy of one's own association as a PDF."""
        _policies, policy = self._npo_policy(policy_id, self._npo_own_association())
        if not policy:
            return self._npo_missing()
        version = policy.current_version_id
        report = "npo_relations.action_report_policy"
        return self._npo_send_pdf(report, version, version._print_title())
