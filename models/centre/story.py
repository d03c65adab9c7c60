from odoo import api, fields, models

from ..people.consent import NpoConsent as Consent
from .audience_mixin import NpoAudienceMixin

PURPOSE = "media"  # glossary 13.2: publication of pictures and stories


class NpoStory(models.Model):
    """What a beneficiary lets the association tell of them, and no more (R075).

    Without a consent in force it is not published; when the consent ends, it is taken
    back in the same moment.
    """

    _name = "npo.story"
    _description = "Story of a Beneficiary"
    _inherit = [NpoAudienceMixin._name]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Title", required=True, help="It names nobody.")
    partner_id = fields.Many2one("res.partner", "Person", required=True, index=True)
    body = fields.Text("Story", required=True)
    campaign_id = fields.Many2one(
        "npo.campaign", index="btree_not_null", check_company=True
    )
    has_consent = fields.Boolean("Agreed to", compute="_compute_has_consent")

    @api.depends("partner_id", "company_id")
    def _compute_has_consent(self):
        consents = self.env["npo.consent"]
        for company, stories in self.grouped("company_id").items():
            agreed = consents._consenting(stories.partner_id, PURPOSE, company)
            for story in stories:
                story.has_consent = story.partner_id in agreed

    def _missing_to_publish(self):
        # OVERRIDE npo.audience.mixin
        self.invalidate_recordset(["has_consent"])
        if self.has_consent:
            return False
        return self.env._(
            "The person has not agreed to be told of. Record the consent first: on the"
            " person's file, for publication."
        )

    @api.constrains("partner_id", "company_id")
    def _check_person(self):
        self._check_publishable()

    @api.model
    def _take_back(self, consents):
        """Take back what is told of persons who no longer agree; as superuser."""
        stories = self.sudo().search(
            [
                ("partner_id", "in", consents.partner_id.ids),
                ("is_published", "=", True),
            ]
        )
        stories.filtered(lambda story: not story.has_consent).is_published = False


class NpoConsent(models.Model):
    """Who withdraws a consent is no longer told of."""

    _inherit = Consent._name

    def write(self, vals):
        # EXTENDS: withdrawn, not replaced by a newer text
        result = super().write(vals)
        if "date_withdrawn" in vals:
            self.env["npo.story"]._take_back(self)
        return result
