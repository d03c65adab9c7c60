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
            guides=self._npo_guides(company),
            officers=request.env["npo.liaison"]._published(company),
            answers=company._npo_page_answers(),
            policy=request.env["npo.policy"]._published_policies(company)[:1],
        )
        return request.render("npo_relations.service_centre_page", values)

    def _npo_guides(self, company):
        """Return the guides that are published for the visitor."""
        user = request.env.user
        partner = user.partner_id.browse() if user._is_public() else user.partner_id
        return company._npo_page_guides(partner)

    @route(
        "/service-centre/guides/<int:guide_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_guide_file(self, guide_id, **_kw):
        """Download the file of a guide that is published for the visitor."""
        guides = self._npo_guides(self._npo_voice_association())
        guide = guides.filtered(lambda guide: guide.id == guide_id and guide.file)
        if not guide:
            return self._npo_missing()
        stream = request.env["ir.binary"]._get_stream_from(
            guide, "file", guide.file_name
        )
        return stream.get_response(as_attachment=True)
