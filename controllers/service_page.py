from odoo.http import request, route

from .voice_pages import NpoVoicePages


class NpoServicePage(NpoVoicePages):
    """The service centre on the website: what there is, and the way to it (R207)."""

    @route(
        "/service-centre",
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET"],
    )
    def npo_service_centre(self, **_kw):
        """Show the services, the channels, the officers, the rights and the forms."""
        if answer := self._npo_arabic_first():
            return answer
        company = self._npo_voice_association()
        values = self._npo_voice_values(
            company,
            services=company._npo_page_services(),
            channels=company._npo_page_channels(),
            sites=company._npo_page_sites(),
            officers=request.env["npo.liaison"]._published(company),
            answers=company._npo_page_answers(),
            policy=request.env["npo.policy"]._published_policies(company)[:1],
        )
        return request.render("npo_relations.service_centre_page", values)
