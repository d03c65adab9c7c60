from datetime import timedelta
from ipaddress import ip_address

from odoo import api, fields, models
from odoo.tools import SQL, consteq, hmac

# Of an IPv6 address: what its provider gave to one house. The rest they choose alone.
HOUSE_BITS = 64
# A form that was opened longer ago is opened again: what was typed is kept.
FORM_HOURS = 24


class NpoFloodGuard(models.Model):
    """How often one did a thing: forms sent, codes tried, numbers looked for (D05).

    Keeps no number and no address, but what cannot be turned back into them, for a
    day. It needs no service outside of the house.
    """

    _name = "npo.flood.guard"
    _description = "Counted Attempt"
    _order = "date_end desc"

    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    key = fields.Char(required=True)
    hits = fields.Integer()
    date_end = fields.Datetime("Counts until", required=True, index=True)
    outcome = fields.Char("What came of it")

    _key_uniq = models.UniqueIndex("(company_id, key)")

    @api.model
    def _key(self, company, kind, value):
        return hmac(self.env(su=True), f"npo_flood_{kind}", f"{company.id}:{value}")

    @api.model
    def _key_from(self, company, kind, address):
        """Return the key of a connection: one house has 2⁶⁴ addresses of IPv6."""
        try:
            ip = ip_address(address)
        except ValueError:
            return self._key(company, kind, address)
        ip = getattr(ip, "ipv4_mapped", None) or ip
        house = ip if ip.version == 4 else f"{int(ip) >> HOUSE_BITS:x}::/64"
        return self._key(company, kind, house)

    @api.model
    def _is_full(self, company, limits):
        """Tell whether one of the things was done as often as may be.

        :param dict limits: {key: how often}
        """
        rows = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("key", "in", list(limits)),
                ("date_end", ">", fields.Datetime.now()),
            ]
        )
        return any(row.hits >= limits[row.key] for row in rows)

    @api.model
    def _count(self, company, key, minutes, prolongs=False):
        """Count in one statement: a thousand at once are all counted.

        :param minutes: after which one begins at zero again
        :param prolongs: those minutes begin anew with each time
        :return: how often it was done
        """
        now = fields.Datetime.now()
        [(hits,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO npo_flood_guard AS guard (company_id, key, hits, date_end)
                     VALUES (%(company)s, %(key)s, 1, %(end)s)
                ON CONFLICT (company_id, key) DO UPDATE
                        SET hits = CASE WHEN guard.date_end <= %(now)s THEN 1
                                        ELSE guard.hits + 1 END,
                            date_end = CASE
                                WHEN guard.date_end <= %(now)s OR %(prolongs)s
                                THEN %(end)s ELSE guard.date_end END
                  RETURNING hits
                """,
                company=company.id,
                key=key,
                now=now,
                end=now + timedelta(minutes=minutes),
                prolongs=prolongs,
            )
        )
        self.invalidate_model()
        return hits

    @api.model
    def _take_back(self, company, keys):
        """Take one off of each count: what was counted turned out to be no try."""
        self.env.cr.execute(
            SQL(
                "UPDATE npo_flood_guard SET hits = hits - 1"
                " WHERE company_id = %s AND key = ANY(%s) AND hits > 0",
                company.id,
                list(keys),
            )
        )
        self.invalidate_model(["hits"])

    @api.autovacuum
    def _gc_counted(self):
        """Forget what no longer counts."""
        old = [("date_end", "<", fields.Datetime.now())]
        self.search(old, limit=10000).unlink()

    # ------------------------------------------------------------
    # FORMS THAT EVERYBODY MAY SEND
    # ------------------------------------------------------------

    @api.model
    def _stamp(self, nonce):
        """Return what a form carries: when it was opened, signed, and a number."""
        moment = f"{fields.Datetime.now().timestamp():.0f}.{nonce}"
        return f"{moment}.{hmac(self.env(su=True), 'npo_form', moment)}"

    @api.model
    def _stamp_age(self, stamp):
        """Return how many seconds ago a form was opened; None when it is not ours."""
        moment, _dot, signature = stamp.rpartition(".")
        ours = hmac(self.env(su=True), "npo_form", moment)
        if not consteq(ours.encode(), signature.encode()):
            return None
        opened = int(moment.partition(".")[0])
        # signed by ourselves: one of later than now was opened before the clock of
        # the server was set back, and its person is no machine
        age = abs(fields.Datetime.now().timestamp() - opened)
        return age if age < FORM_HOURS * 3600 else None

    @api.model
    def _sent_before(self, company, stamp):
        """Return what came of a form that was sent already; nothing: it was not.

        Who presses twice at one instant waits here for the first.
        """
        key = self._key(company, "form", stamp)
        self._count(company, key, FORM_HOURS * 60)
        row = self.sudo().search([("company_id", "=", company.id), ("key", "=", key)])
        return row.outcome or ""

    @api.model
    def _note_outcome(self, company, stamp, outcome):
        """Keep what came of a form, for who presses again."""
        key = self._key(company, "form", stamp)
        row = self.sudo().search([("company_id", "=", company.id), ("key", "=", key)])
        row.outcome = outcome

    @api.model
    def _form_limits(self, company, address, contact):
        """Return {key: how often in an hour} of who sends a form."""
        key = self._key_from(company, "post", address)
        limits = {key: company.npo_posts_per_address}
        if contact:
            key = self._key(company, "contact", contact)
            limits[key] = company.npo_posts_per_contact
        return limits


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_tracking_wait = fields.Integer(
        "Minutes to wait after wrong tries",
        default=30,
        help="Who looks for a case without an account waits after five wrong tries.",
    )
    npo_posts_per_address = fields.Integer(
        "Forms in an hour from one connection",
        default=20,
        help="Many people can share one connection: a hall, a mobile network.",
    )
    npo_posts_per_contact = fields.Integer(
        "Forms in an hour from one mobile or e-mail", default=5
    )
    npo_form_seconds = fields.Integer(
        "Seconds that a person needs for a form",
        default=3,
        help="What is sent faster was sent by a machine, and is asked to send again.",
    )
    npo_max_files = fields.Integer("Most files at once", default=5)
