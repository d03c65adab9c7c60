from contextlib import contextmanager

from odoo import fields, models
from odoo.exceptions import AccessDenied, ValidationError
from odoo.http import request

# Wrong passwords for one account from wherever: at most a hundred (NIST SP 800-63B).
MOST_TRIES = 100


class ResUsers(models.Model):
    _inherit = "res.users"

    npo_site_ids = fields.Many2many(
        "npo.site",
        "npo_site_delegate_rel",
        "user_id",
        "site_id",
        string="Sites as a delegate",
    )

    def write(self, vals):
        if "npo_site_ids" in vals:
            self.env.registry.clear_cache()  # a record rule reads them
        return super().write(vals)

    # ------------------------------------------------------------
    # CORE'S OWN DOORS
    # ------------------------------------------------------------

    @contextmanager
    def _assert_can_auth(self, user=None):
        """Count wrong passwords in the database: core does so in each process (D05).

        Whoever tries is counted by their connection, so that a stranger shuts nobody
        else out. What was right costs one statement and counts as nothing.
        """
        # EXTENDS base
        limits = self._npo_door_limits(user) if request else {}
        company = self._npo_door_company()
        if limits and self.env["npo.flood.guard"]._is_full(company, limits):
            raise AccessDenied(self.env["npo.sign.in.code"]._wait_message())
        try:
            with super()._assert_can_auth(user=user):
                yield
        except AccessDenied:
            if limits:
                self._npo_count_try(company, limits)
            raise

    def _npo_door_company(self):
        """Return whose settings hold: who has not signed in yet belongs to none."""
        return self.env.ref("base.main_company").sudo()

    def _npo_door_limits(self, user):
        """Return {key: how often} of who tries the name or the id of an account."""
        company = self._npo_door_company()
        guard = self.env["npo.flood.guard"]
        address = request.httprequest.remote_addr
        name = str(user or "").lower()
        tries = company.npo_sign_in_tries
        return {
            guard._key_from(company, f"door_{name}", address): tries,
            guard._key_from(company, "door", address): company.npo_sign_in_from_one,
            guard._key(company, "door_of", name): max(tries, MOST_TRIES),
        }

    def _npo_count_try(self, company, limits):
        """Keep a wrong try, whatever becomes of the call in which it was made."""
        with self.env.registry.cursor() as cr:
            guard = self.env(cr=cr)["npo.flood.guard"]
            own = company.with_env(guard.env)
            for key in limits:
                guard._count(own, key, company.npo_tracking_wait)

    def _npo_check_works_for(self, company):
        """Raise unless each of the users works for an association."""
        for user in self:
            if user.share or company not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not work for %(association)s.",
                        person=user.name,
                        association=company.name,
                    )
                )
