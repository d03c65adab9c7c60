from odoo import api, models


class NpoSetupCheck(models.TransientModel):
    """Somebody must be named before the first sealed complaint comes in (P092)."""

    _inherit = "npo.setup.check"

    @api.model
    def _checks(self, company):
        # EXTENDS npo.setup.check
        focal = self.env["npo.focal.person"].sudo()
        named = focal.search(focal._today_domain(company)).user_id
        return [
            *super()._checks(company),
            self._check(
                "people",
                "focal_persons",
                self.env._("Focal persons for sealed complaints"),
                named,
                why=self.env._(
                    "Nobody is named: a sealed complaint goes to the general manager."
                ),
                hint=self.env._(
                    "Name two persons: one of them may be whom a complaint is about."
                ),
                model="npo.focal.person",
            ),
        ]
