from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _npo_page_url(self, path):
        """Return the address of a public page, in Arabic where its website has it.

        An association without a website of its own is named in the address.
        """
        self.ensure_one()
        website = self.sudo().website_id
        arabic = website.language_ids.filtered(lambda lang: lang.code[:2] == "ar")[:1]
        is_own_path = arabic and arabic != website.default_lang_id
        prefix = f"/{arabic.url_code}" if is_own_path else ""
        query = "" if website else f"?association={self.id}"
        return f"{self.get_base_url()}{prefix}{path}{query}"
