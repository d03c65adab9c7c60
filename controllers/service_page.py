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
            stories=company._npo_page_stories(self._npo_reader()),
            officers=request.env["npo.liaison"]._published(company),
            answers=company._npo_page_answers(),
            opinion=company._npo_open_questionnaire(),
            policy=request.env["npo.policy"]._published_policies(company)[:1],
        )
        return request.render("npo_relations.service_centre_page", values)

    def _npo_guides(self, company):
        """Return the guides that are published for the visitor."""
        return company._npo_page_guides(self._npo_reader())

    def _npo_reader(self):
        """Return the contact of who looks; empty for a visitor without an account."""
        user = request.env.user
        return user.partner_id.browse() if user._is_public() else user.partner_id

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

    @route(
        "/service-centre/services/<int:service_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_service_detail(self, service_id, **_kw):
        """Show how one service is got: steps, documents, time, guides (R182)."""
        if answer := self._npo_arabic_first():
            return answer
        company = self._npo_voice_association()
        services = company._npo_page_services()
        service = services.filtered(lambda service: service.id == service_id)
        if not service:
            return self._npo_missing()
        guides = self._npo_guides(company)
        values = self._npo_voice_values(
            company,
            service=service,
            guides=guides.filtered(lambda guide: guide.service_id == service),
        )
        return request.render("npo_relations.service_detail_page", values)

    @route(
        "/service-centre/answers/<int:answer_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_answer_page(self, answer_id, **_kw):
        """Show one answer by itself, so that a post or a reply can point to it."""
        if answer := self._npo_arabic_first():
            return answer
        company = self._npo_voice_association()
        answers = request.env["npo.answer"]._published(company)
        article = answers.filtered(lambda answer: answer.id == answer_id)
        if not article:
            return self._npo_missing()
        values = self._npo_voice_values(company, article=article._page_values())
        return request.render("npo_relations.answer_page", values)
