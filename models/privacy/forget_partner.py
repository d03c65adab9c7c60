from odoo import api, fields, models


class ResPartner(models.Model):
    """When a person was forgotten, and until when the accounts keep the name."""

    _inherit = "res.partner"

    npo_forgotten = fields.Date(
        "Made nameless on", readonly=True, copy=False, groups="base.group_system"
    )
    npo_kept_until = fields.Date(
        "Name kept for the accounts until",
        readonly=True,
        copy=False,
        groups="base.group_system",
    )
    npo_nameless_of_id = fields.Many2one(
        "res.company",
        string="Stands for nameless persons of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_system",
        help="Stands for all persons of a gender whose links were cut.",
    )

    @api.model
    def _npo_nameless(self, company):
        """Return {gender: contact}: who stands for persons whose links were cut.

        One for each gender and association: the figures by gender stay, and nothing
        tells how many records were one person's.
        """
        contacts = self.sudo().with_context(active_test=False)
        found = contacts.search([("npo_nameless_of_id", "=", company.id)])
        known = {contact.npo_gender: contact for contact in found}
        missing = [one for one in ("female", "male", False) if one not in known]
        made = contacts.with_context(no_vat_validation=True).create(
            [
                {
                    "name": self.env["npo.forget"]._nameless_label(company),
                    "npo_gender": gender,
                    "npo_nameless_of_id": company.id,
                    "company_id": company.id,
                    "active": False,
                }
                for gender in missing
            ]
        )
        return known | dict(zip(missing, made, strict=True))


class NpoBeneficiary(models.Model):
    """When a file ended: its years are counted from there (P009)."""

    _inherit = "npo.beneficiary"

    date_ended = fields.Date(
        "Ended on", compute="_compute_date_ended", store=True, precompute=True
    )

    @api.depends("state")
    def _compute_date_ended(self):
        """Note the day on which a file came to its end; an open one has none."""
        for file in self:
            if file.state in ("applicant", "active", "suspended"):
                file.date_ended = False
            else:
                file.date_ended = file.date_ended or file.company_id._npo_today()
