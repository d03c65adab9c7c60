from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ...tools.arabic import clean_code

# ⚖ How often one may try in vain before waiting: a number, an address.
TRIES = 5
TRIES_FROM_ADDRESS = 30


class NpoTrackingAttempt(models.Model):
    """Failed looks at a request without an account: five in vain, then a wait (D05).

    Keeps no number and no address, but what cannot be turned back into them.
    """

    _name = "npo.tracking.attempt"
    _description = "Failed Look at a Request"
    _order = "date_last desc"

    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    key = fields.Char(required=True)
    failures = fields.Integer()
    date_last = fields.Datetime("Last", required=True, index=True)

    _key_uniq = models.UniqueIndex("(company_id, key)")

    @api.model
    def _find(self, company, reference, digits, address):
        """Return the request of a number and the end of its mobile, else nothing.

        :param digits: the last four of the mobile
        :param address: from where somebody asks
        :return: (request as superuser, whether one has to wait)
        """
        reference = clean_code(reference or "").upper()[:40]
        digits = clean_code(digits or "")
        keys = [
            (self._key(company, "number", reference), TRIES),
            (self._key(company, "address", address), TRIES_FROM_ADDRESS),
        ]
        requests = self.env["npo.request"].sudo()
        if self._is_locked(company, keys):
            return requests, True
        found = requests.search(
            [
                ("name", "=", reference),
                ("company_id", "=", company.id),
                ("date_submitted", "!=", False),
            ],
            limit=1,
        )
        mobile = clean_code(found.partner_id.phone or "")
        if len(digits) == 4 and digits.isdigit() and mobile[-4:] == digits:
            return found, False
        for key, _limit in keys:
            self._fail(company, key)
        return requests, False

    @api.model
    def _key(self, company, kind, value):
        return hmac(self.env(su=True), f"npo_tracking_{kind}", f"{company.id}:{value}")

    @api.model
    def _is_locked(self, company, keys):
        since = fields.Datetime.now() - timedelta(minutes=company.npo_tracking_wait)
        limits = dict(keys)
        attempts = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("key", "in", list(limits)),
                ("date_last", ">=", since),
            ]
        )
        return any(attempt.failures >= limits[attempt.key] for attempt in attempts)

    @api.model
    def _fail(self, company, key):
        """Count a failure in one statement: a thousand at once are all counted."""
        now = fields.Datetime.now()
        since = now - timedelta(minutes=company.npo_tracking_wait)
        self.env.execute_query(
            SQL(
                """
                INSERT INTO npo_tracking_attempt (company_id, key, failures, date_last)
                     VALUES (%(company)s, %(key)s, 1, %(now)s)
                ON CONFLICT (company_id, key) DO UPDATE
                        SET failures = CASE
                                WHEN npo_tracking_attempt.date_last < %(since)s THEN 1
                                ELSE npo_tracking_attempt.failures + 1 END,
                            date_last = %(now)s
                  RETURNING id
                """,
                company=company.id,
                key=key,
                now=now,
                since=since,
            )
        )
        self.invalidate_model()

    @api.autovacuum
    def _gc_attempts(self):
        """Forget what no longer counts."""
        before = fields.Datetime.now() - timedelta(days=1)
        self.search([("date_last", "<", before)], limit=10000).unlink()


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_tracking_wait = fields.Integer(
        "Minutes to wait after wrong tries",
        default=30,
        help="Who looks for a request without an account waits after five wrong tries.",
    )
