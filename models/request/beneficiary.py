from odoo import fields, models
from odoo.exceptions import AccessError


class NpoBeneficiary(models.Model):
    """A beneficiary's file as requests use it."""

    _inherit = "npo.beneficiary"

    request_ids = fields.One2many("npo.request", "beneficiary_id", string="Requests")
    request_count = fields.Integer(compute="_compute_request_count")

    def _compute_request_count(self):
        counts = dict(
            self.env["npo.request"]._read_group(
                [("beneficiary_id", "in", self.ids)], ["beneficiary_id"], ["__count"]
            )
        )
        for beneficiary in self:
            beneficiary.request_count = counts.get(beneficiary._origin, 0)

    def action_view_requests(self):
        """Open the requests of the file."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "npo_relations.npo_request_action"
        )
        return {
            **action,
            "domain": [("beneficiary_id", "=", self.id)],
            "context": {
                "default_beneficiary_id": self.id,
                "default_partner_id": self.partner_id.id,
            },
        }

    def _for_partner(self, partner, company):
        """Return the person's live file in an association, made when there is none.

        The same contact goes from visitor to applicant to beneficiary (R212).
        """
        domain = [
            ("partner_id", "=", partner.id),
            ("company_id", "=", company.id),
            ("state", "not in", ("closed", "rejected")),
        ]
        return self.search(domain, limit=1) or self.create(
            {"partner_id": partner.id, "company_id": company.id}
        )

    def _portal_write(self, vals):
        """Write what an applicant says of themselves, raw from the form.

        What an officer matched already is not the applicant's to change: a registered
        file keeps its name, identity and date of birth.

        :param dict vals: checked for its keys by the caller
        """
        self.ensure_one()
        fixed = {"name", "identity_type", "identity_number", "birth_date"}
        if self.file_no and any(
            key in fixed and vals[key] and str(self[key] or "") != vals[key]
            for key in vals
        ):
            raise AccessError(
                self.env._(
                    "Your name, identity and date of birth are registered. To correct"
                    " them, please bring the original to us."
                )
            )
        given = {key: value for key, value in vals.items() if value or key == "email"}
        if self.file_no:
            given = {key: given[key] for key in given if key not in fixed}
        self.write(given)

    def _reject_applicant(self):
        """Close the file of who only applied and was not accepted."""
        applicants = self.filtered(
            lambda file: file.state == "applicant" and not file.file_no
        )
        if applicants:
            applicants._change_state(
                "rejected", self.env._("The request was not accepted.")
            )
