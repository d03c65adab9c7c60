from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _npo_page_url(self, path):
        """Return the address of a public page, in Arabic where its website has it."""
        self.ensure_one()
        website = self.sudo().website_id
        arabic = website.language_ids.filtered(lambda lang: lang.code[:2] == "ar")[:1]
        is_own_path = arabic and arabic != website.default_lang_id
        prefix = f"/{arabic.url_code}" if is_own_path else ""
        return f"{self.get_base_url()}{prefix}{path}"
