import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..people.identity_checks import read_date

MAX_FILE_NAME = 150


class NpoDocument(models.Model):
    """The documents of a request: its checklist (R107–R109)."""

    _inherit = "npo.document"

    request_id = fields.Many2one(
        "npo.request",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )

    @api.depends("request_id.site_id")
    def _compute_site_id(self):
        # EXTENDS npo.document: a delegate sees the papers of the site's requests
        of_requests = self.filtered("request_id")
        for document in of_requests:
            document.site_id = document.request_id.site_id
        super(NpoDocument, self - of_requests)._compute_site_id()

    def _check_frozen(self):
        # EXTENDS npo.document
        super()._check_frozen()
        self.request_id._check_papers_not_frozen()

    def _validity_date(self):
        # EXTENDS npo.document: valid at the time of submission (R109)
        submitted = self.request_id[:1]._day_submitted()
        return submitted or super()._validity_date()

    def _is_valid_for_case(self):
        """Tell whether the document was valid when its request was sent in (R109)."""
        self.ensure_one()
        return self.is_valid_on(self._validity_date())

    def _portal_receive(
        self, file_name, content, number=None, expiry=None, issued=None
    ):
        """Take what an applicant hands in for one line of the checklist.

        :param bytes content: of the file, or nothing where only the number is asked for
        :param expiry: when it ends; a date, or text in either calendar
        :param issued: when it was issued, likewise
        """
        self.ensure_one()
        vals = {}
        if content:
            name = (file_name or "")[-MAX_FILE_NAME:]
            vals.update(file=base64.b64encode(content), file_name=name)
        if number:
            vals["number"] = number
        if expiry:
            vals["expiry_date"] = read_date(self.env, expiry)
        if issued:
            vals["issue_date"] = read_date(self.env, issued)
        if not vals:
            raise UserError(self.env._("Choose a file first, or write the number."))
        self.write(vals)
