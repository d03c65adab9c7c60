from odoo import fields, models

READERS = ("complaint_officer", "centre_manager", "general_manager")


class ResUsers(models.Model):
    """Who needs to know of every restricted complaint of the association (P083)."""

    _inherit = "res.users"

    npo_reads_restricted = fields.Boolean(
        "Sees restricted complaints", compute="_compute_npo_reads_restricted"
    )

    def _compute_npo_reads_restricted(self):
        for user in self:
            user.npo_reads_restricted = any(
                user.has_group(f"npo_relations.group_npo_{role}") for role in READERS
            )
