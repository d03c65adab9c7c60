from odoo import fields, models
from odoo.exceptions import UserError

from ..core.one_time_code import MASK


class NpoReceiptCode(models.Model):
    """A one-time code by which a person confirms to have received (R129).

    Only its fingerprint is kept, for some minutes and some tries; the log of messages
    shows a mask. Nobody reads or writes it but the steps.
    """

    _name = "npo.receipt.code"
    _description = "Confirmation Code"
    _inherit = ["npo.code.mixin"]
    _order = "id desc"

    request_id = fields.Many2one(
        "npo.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )


class NpoRequest(models.Model):
    """Receipt by a code that was sent to the person (R129)."""

    _inherit = "npo.request"

    def _send_receipt_code(self):
        """Send a new code to the person, by the usual channel; an older one ends."""
        self.ensure_one()
        self._require_group("delivery_officer")
        self._require_stage("delivery")
        codes = self.env["npo.receipt.code"].sudo()
        codes.search([("request_id", "=", self.id)]).unlink()
        code = codes._draw_code()
        company = self.company_id.sudo()
        record = codes.create(
            {
                "request_id": self.id,
                "fingerprint": "-",
                "date_end": fields.Datetime.add(
                    fields.Datetime.now(), minutes=company.npo_code_minutes
                ),
                "tries_left": company.npo_code_tries,
            }
        )
        record.fingerprint = record._fingerprint(code)
        template = self.env.ref("npo_relations.mail_template_req_receipt_code")
        message = self.env["npo.message"]._queue(
            template, self.sudo(), event=str(record.id)
        )
        message.with_context(npo_receipt_code=code)._deliver()
        if message.state != "sent":
            raise UserError(
                self.env._(
                    "The code cannot be sent: the person has no address for it. Choose"
                    " another way of receipt."
                )
            )

    def _try_receipt_code(self, code):
        """Try a code; return why it is refused, or False when it is the right one.

        Nothing is raised: a wrong try has to be kept.
        """
        self.ensure_one()
        self._require_group("delivery_officer")
        _ = self.env._
        record = (
            self.env["npo.receipt.code"]
            .sudo()
            .search([("request_id", "=", self.id), ("state", "=", "sent")], limit=1)
        )
        if not record or record.date_end < fields.Datetime.now():
            return _("There is no code that is still good. Send a new one.")
        if record.tries_left < 1:
            return _("Too many wrong tries. Send a new code.")
        if not record._try_code((code or "").strip()):
            return _("This is not the code. Tries left: %s", record.tries_left)
        record.state = "confirmed"
        return False

    def _check_codes(self, method):
        """Use up the confirmed codes of the requests; raise where one is missing."""
        if method != "otp":
            return
        codes = (
            self.env["npo.receipt.code"]
            .sudo()
            .search(
                [
                    ("request_id", "in", self.ids),
                    ("state", "=", "confirmed"),
                    ("date_end", ">=", fields.Datetime.now()),
                ]
            )
        )
        if set(codes.request_id.ids) != set(self.ids):
            raise UserError(self.env._("The code was not confirmed by the person."))
        codes.write({"state": "used"})


class NpoMessage(models.Model):
    """The code itself is only in what is sent."""

    _inherit = "npo.message"

    def _mail_body(self):
        # EXTENDS npo.message
        body = super()._mail_body()
        code = self.env.context.get("npo_receipt_code")
        return body.replace(MASK, code) if code else body
