from odoo import models

from .beneficiary import NpoBeneficiary as Base


class NpoBeneficiary(models.Model):
    """What happens to the open cases of a file that moves to another site (R093)."""

    _inherit = Base._name

    def write(self, vals):
        # EXTENDS npo.beneficiary
        moved = {}
        if vals.get("site_id"):
            others = self.sudo().filtered(
                lambda file: file.site_id.id != vals["site_id"]
            )
            moved = others.grouped("site_id")
        result = super().write(vals)
        for site, files in moved.items():
            files._take_cases_along(site)
        return result

    def _take_cases_along(self, site):
        """Bring what is open at the site that the files left to the one they share now.

        Who serves the person there goes on with it, and who did so before sees it no
        more. What is closed stays where it was dealt with, and so does what came in at
        a third site: somebody chose it. In superuser: the user moved the files.
        """
        for name in self.env["npo.case.mixin"]._case_models():
            cases = self.env[name].sudo()
            if "beneficiary_id" not in cases._fields:
                continue
            cases = cases.search(
                [
                    ("beneficiary_id", "in", self.ids),
                    ("site_id", "=", site.id),
                    ("is_closed", "=", False),
                ]
            )
            cases._move_to_site(self.site_id)
        self._take_appeals_along(site)

    def _take_appeals_along(self, site):
        """Bring the open objections along, also to what was decided already."""
        cases = self.env["npo.request"].sudo()
        cases = cases.search([("beneficiary_id", "in", self.ids)])
        appeals = self.env["npo.appeal"].sudo()
        appeals.search(
            [
                ("res_model", "=", cases._name),
                ("res_id", "in", cases.ids),
                ("site_id", "=", site.id),
                ("is_closed", "=", False),
            ]
        )._move_to_site(self.site_id)
