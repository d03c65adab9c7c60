import re

from odoo.tests import HttpCase

BUILT = re.compile(r'(?:src|href)="(/web/assets/[^"]+)"')


class BrowserCommon(HttpCase):
    """Tours of the back office, on a machine that does other things as well."""

    def _tour(self, path, name, user):
        self.start_tour(path, name, login=user.login, timeout=180)

    def _build_assets(self, user):
        """Have built what the first page loads, before a browser waits for it."""
        self.authenticate(user.login, user.login)
        page = self.url_open("/odoo", timeout=180)
        for address in BUILT.findall(page.text):
            self.url_open(address, timeout=180)
        tours = f"/web/bundle/web.assets_tests?lang={user.lang}"
        for file in self.url_open(tours, timeout=180).json():
            self.url_open(file["src"], timeout=180)
