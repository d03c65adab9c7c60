from odoo.http import request, route

from odoo.addons.mail.controllers.attachment import AttachmentController

from ..models.voice.complaint_traces import may_be_sealed, sealed_behind


class NpoSealedFiles(AttachmentController):
    """Files that are added to a sealed complaint (P092)."""

    @route()
    def mail_attachment_upload(
        self, ufile, thread_id, thread_model, is_pending=False, **kwargs
    ):
        # EXTENDS mail: a file that waits for its message stands beside no record, and
        # an administrator may read it; here it stands beside the complaint at once
        model = request.env.get(thread_model)
        if model is not None and not model._abstract and may_be_sealed(model):
            record = model.browse(int(thread_id)).exists()
            is_pending = is_pending and not sealed_behind(record)
        return super().mail_attachment_upload(
            ufile, thread_id, thread_model, is_pending=is_pending, **kwargs
        )
