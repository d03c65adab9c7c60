import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..core.site import NpoSite as Base
from .visit import SECTIONS

# How many of the numbers called last a section shows.
SHOWN = 4
RENEWERS = ("admin", "centre_manager")


class NpoSite(models.Model):
    """The queue of a site as the waiting room sees it: numbers, and nobody's name."""

    _inherit = Base._name

    queue_token = fields.Char(
        readonly=True, copy=False, groups="npo_relations.group_npo_staff"
    )

    _queue_token_uniq = models.UniqueIndex("(queue_token)", "This code was drawn.")

    def _queue_address(self, page=""):
        """Return the address of the waiting room's page, drawing its code once."""
        self.ensure_one()
        site = self.sudo()
        if not site.queue_token:
            site.queue_token = secrets.token_urlsafe(18)
        return f"{self.get_base_url()}/queue/{site.queue_token}{page}"

    def action_queue_page(self):
        """Open the page that a screen in the waiting room shows."""
        self.check_access("read")
        self.env["npo.visit"]._check_counter()
        return self._open_address(self._queue_address())

    def action_rate_page(self):
        """Open the page on which visitors say how it was, for a tablet."""
        self.check_access("read")
        self.env["npo.visit"]._check_counter()
        return self._open_address(self._queue_address("/rate"))

    def _open_address(self, address):
        return {"type": "ir.actions.act_url", "url": address, "target": "new"}

    def action_renew_queue_token(self):
        """Draw a new code: screens that show the former page stop doing so."""
        user = self.env.user
        if not any(user.has_group(f"npo_relations.group_npo_{r}") for r in RENEWERS):
            raise AccessError(
                self.env._("The manager of the service centre renews this address.")
            )
        self.check_access("read")
        for site in self.sudo():
            site.queue_token = secrets.token_urlsafe(18)

    # ------------------------------------------------------------
    # THE BOARD
    # ------------------------------------------------------------

    @api.model
    def _by_queue_token(self, token):
        """Return the site of a code, in sudo."""
        sites = self.sudo()
        if not token:
            return sites
        return sites.search_fetch(
            [("queue_token", "=", token)], ["company_id", "name"], limit=1
        )

    def _board(self):
        """Return what the waiting room shows: numbers and counters by section.

        :return: [{section, label, called: [{number, counter, is_now, at}], waiting}];
            `at` tells who is called again from who was called before
        """
        self.ensure_one()
        visits = self.env["npo.visit"].sudo()
        labels = dict(visits._fields["section"]._description_selection(self.env))
        board = {
            code: {"section": code, "label": labels[code], "called": [], "waiting": 0}
            for code, _name in SECTIONS
        }
        here = visits.search_fetch(
            [
                ("site_id", "=", self.id),
                ("day", "=", self.company_id._npo_today()),
                ("state", "in", ("waiting", "called", "serving")),
            ],
            ["section", "number", "counter", "state", "date_called"],
            order="date_called desc, id desc",
        )
        for visit in here:
            part = board[visit.section]
            if visit.state == "waiting":
                part["waiting"] += 1
            elif len(part["called"]) < SHOWN:
                part["called"].append(
                    {
                        "number": visit.number,
                        "counter": visit.counter,
                        "is_now": visit.state == "called",
                        "at": fields.Datetime.to_string(visit.date_called),
                    }
                )
        return [part for part in board.values() if part["called"] or part["waiting"]]
