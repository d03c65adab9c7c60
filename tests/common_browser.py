import re

from odoo.tests import HttpCase

BUILT = re.compile(r'(?:src|href)="(/web/assets/[^"]+)"')


class WebCommon(HttpCase):
    """Pages and tours, on a machine that does other things as well."""

    def url_open(self, url, *args, timeout=180, **options):
        """Open an address, as Odoo does, and wait longer than its twelve seconds."""
        return super().url_open(url, *args, timeout=timeout, **options)

    def start_tour(self, *args, timeout=180, **options):
        """Run a tour, as Odoo does, and wait longer than its minute."""
        return super().start_tour(*args, timeout=timeout, **options)


class BrowserCommon(WebCommon):
    """Tours of the back office."""

    def _tour(self, path, name, user):
        self.start_tour(path, name, login=user.login)

    def _build_assets(self, user):
        """Have built what the first page loads, before a browser waits for it."""
        self.authenticate(user.login, user.login)
        for address in BUILT.findall(self.url_open("/odoo").text):
            self.url_open(address)
        tours = f"/web/bundle/web.assets_tests?lang={user.lang}"
        for file in self.url_open(tours).json():
            self.url_open(file["src"])
