from odoo import api, fields, models
from odoo.exceptions import AccessError

CHECKERS = ("auditor", "data_protection_officer")


class NpoAccessCheck(models.TransientModel):
    """The page on which the log is checked: is it as it was written? (D13)"""

    _name = "npo.access.check"
    _description = "Check of the Log"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    written = fields.Char(
        "Mark written down earlier",
        help="Optional: it shows whether the end of the log was cut off since.",
    )
    last_number = fields.Integer("Last seal", compute="_compute_last")
    last_date = fields.Datetime("Sealed on", compute="_compute_last")
    last_mark = fields.Char("Its mark", compute="_compute_last")
    state = fields.Selection(
        [
            ("new", "Not checked yet"),
            ("sound", "As it was written"),
            ("broken", "Not as it was written"),
        ],
        default="new",
        readonly=True,
    )
    result = fields.Text(readonly=True)

    @api.depends("company_id")
    def _compute_last(self):
        for page in self:
            domain = [("company_id", "=", page.company_id.id)]
            seal = self.env["npo.access.seal"].search(domain, limit=1)
            page.last_number = seal.number
            page.last_date = seal.date
            page.last_mark = seal.hash

    def action_check(self):
        """Check the log of the association and say in words what was found."""
        self.ensure_one()
        self._check_checker()
        seals = self.env["npo.access.seal"]
        found = seals._check_chain(self.company_id, self.written or "")
        texts = seals._finding_texts(found)
        if not found:
            count = self.env["npo.access.log"].sudo()
            count = count.search_count([("company_id", "=", self.company_id.id)])
            texts = [self.env._("All lines are as they were written: %s.", count)]
        self.sudo().write(
            {"state": "broken" if found else "sound", "result": "\n".join(texts)}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Check the Log"),
        }

    def _check_checker(self):
        self.env["npo.home"]._require_role(*CHECKERS)
        self.check_access("read")
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("This is another association's log."))
