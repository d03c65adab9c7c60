from odoo.http import request, route

from .voice_pages import NpoVoicePages


class NpoInformationPages(NpoVoicePages):
    """What the association tells of itself, each reader their own (R164–R167, P004)."""

    @route(
        "/information",
        type="http",
        auth="public",
        website=True,
        sitemap=True,
        methods=["GET"],
    )
    def npo_information(self, **_kw):
        """Show what is published for the visitor, and when it was verified."""
        if answer := self._npo_arabic_first():
            return answer
        company = self._npo_voice_association()
        values = self._npo_voice_values(
            company,
            items=self._npo_shown("npo.info.item", company),
            guides=self._npo_shown("npo.guide", company),
        )
        return request.render("npo_relations.information_page", values)

    def _npo_shown(self, model, company):
        """Return, as superuser, what is published of a model for the visitor."""
        user = request.env.user
        reader = user.partner_id.browse() if user._is_public() else user.partner_id
        return request.env[model]._visible_to(reader, company)

    @route(
        "/information/guides/<int:guide_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def npo_guide(self, guide_id, **_kw):
        """Download a guide; another's answers like what does not exist."""
        guides = self._npo_shown("npo.guide", self._npo_voice_association())
        guide = guides.filtered(lambda guide: guide.id == guide_id and guide.file)
        if not guide:
            return self._npo_missing()
        stream = request.env["ir.binary"]._get_stream_from(
            guide, "file", filename=guide.file_name
        )
        return stream.get_response(as_attachment=True)
