from odoo import fields, models

from ..core.guards import without_defaults


class NpoIdentityChange(models.Model):
    """What became of the identity on a file: written by the file's steps alone.

    Numbers stand here as masks; the number in force is on the file.
    """

    _name = "npo.identity.change"
    _description = "Identity History"
    _order = "id desc"
    _rec_name = "kind"

    beneficiary_id = fields.Many2one(
        "npo.beneficiary", string="File", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    site_id = fields.Many2one(related="beneficiary_id.site_id")
    kind = fields.Selection(
        [
            ("number", "Number or kind changed"),
            ("verified", "Verified"),
            ("disputed", "Disputed"),
            ("settled", "Dispute settled"),
            ("merged", "Another file was merged in"),
        ],
        string="Event",
        required=True,
    )
    old_type = fields.Char("Kind before")
    old_mask = fields.Char("Number before")
    new_type = fields.Char("Kind after")
    new_mask = fields.Char("Number after")
    user_id = fields.Many2one("res.users", string="By", required=True)
    date = fields.Datetime("On", required=True, default=fields.Datetime.now)
    reason = fields.Char()

    def _note(self, kind, files, reason=False, values=None):
        """Write one line for each file.

        :param dict values: of a file's id, what else the line says
        """
        return without_defaults(self.sudo()).create(
            [
                {
                    "beneficiary_id": file.id,
                    "company_id": file.sudo().company_id.id,
                    "kind": kind,
                    "user_id": self.env.uid,
                    "reason": reason,
                    **(values or {}).get(file.id, {}),
                }
                for file in files
            ]
        )
