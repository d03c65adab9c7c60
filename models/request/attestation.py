import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class NpoAttestation(models.Model):
    """A paper that says that somebody is a beneficiary, and proves that it is real.

    Whoever is shown it opens the address of its QR code: the page tells that this
    number was issued and is still valid, and nothing about the person.
    """

    _name = "npo.attestation"
    _description = "Attestation"
    _inherit = ["npo.reference.mixin"]
    _order = "id desc"

    _reference_prefix = "ATT"

    name = fields.Char("Number", readonly=True, index="trigram")
    request_id = fields.Many2one(
        "npo.request", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="request_id.partner_id", store=True, index=True
    )
    site_id = fields.Many2one(
        related="request_id.site_id", store=True, index="btree_not_null"
    )
    beneficiary_id = fields.Many2one(related="request_id.beneficiary_id")
    date = fields.Date("Issued on", required=True, readonly=True)
    date_expiry = fields.Date("Valid until", required=True, readonly=True)
    date_revoked = fields.Date("Withdrawn on", readonly=True)
    token = fields.Char(
        required=True, readonly=True, copy=False, groups="base.group_system"
    )
    state = fields.Selection(
        [("valid", "Valid"), ("expired", "Expired"), ("revoked", "Withdrawn")],
        compute="_compute_state",
    )

    _token_uniq = models.UniqueIndex("(token)", "This code was drawn already.")
    _one_each = models.UniqueIndex(
        "(request_id)", "The attestation of this request was issued already."
    )

    @api.depends("date_expiry", "date_revoked")
    def _compute_state(self):
        for attestation in self:
            today = attestation.company_id._npo_today()
            is_over = attestation.date_expiry < today
            attestation.state = "expired" if is_over else "valid"
            if attestation.date_revoked:
                attestation.state = "revoked"

    @api.model
    def _issue(self, requests):
        """Issue the attestations of requests whose persons have an active file."""
        for request in requests.sudo():
            if request.beneficiary_id.state != "active":
                raise UserError(
                    self.env._(
                        "%s: only an active beneficiary's file is attested to.",
                        request.name,
                    )
                )
        companies = [request.company_id for request in requests]
        numbers = self._draw_references(companies)
        return self.sudo().create(
            [
                {
                    "name": number,
                    "request_id": request.id,
                    "date": company._npo_today(),
                    "date_expiry": company._npo_today()
                    + relativedelta(days=company.npo_attestation_days),
                    "token": secrets.token_urlsafe(24),
                }
                for number, request, company in zip(
                    numbers, requests, companies, strict=True
                )
            ]
        )

    def _verify_address(self):
        """Return the address at which anybody finds whether the paper is real."""
        self.ensure_one()
        return self.company_id._npo_page_url(f"/verify/{self.sudo().token}")

    def action_revoke(self):
        """Withdraw attestations: their pages say so from now on."""
        role = "npo_relations.group_npo_relations_officer"
        if not self.env.user.has_group(role):
            raise AccessError(self.env._("Only a relations officer withdraws it."))
        self.check_access("read")
        for company, attestations in self.sudo().grouped("company_id").items():
            valid = attestations.filtered(lambda paper: not paper.date_revoked)
            valid.write({"date_revoked": company._npo_today()})


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_attestation_days = fields.Integer(
        "Validity of an attestation (days)", default=90
    )
