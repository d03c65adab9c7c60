import secrets
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessDenied, ValidationError
from odoo.tools import SQL, hmac, ormcache
from odoo.tools.misc import hash_sign, verify_hash_signed

from ...tools.arabic import clean_code
from ...tools.form_text import clean_line
from ..core.one_time_code import DIGITS, MASK
from ..people.identity_checks import check_phone
from ..voice.voice_mixin import CODE_SIGNS

KEY_SIGNS = 8
PROOF_SECONDS = 60
BATCH = 100


class NpoSignInCode(models.Model):
    """A one-time code by which a person comes into the portal (D05).

    The key says which code is meant and opens nothing by itself: it stands in the
    address of a slip, or in the page on which a code is typed. For a mobile that
    nobody has there is a row as well: what is answered, and the work done for it, are
    the same. Codes are sent by a cron, which alone looks whose mobile it is.
    """

    _name = "npo.sign.in.code"
    _description = "Sign-in Code"
    _inherit = ["npo.code.mixin"]
    _order = "id desc"

    key = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    access_id = fields.Many2one(
        "npo.portal.access", index="btree_not_null", ondelete="cascade"
    )
    kind = fields.Selection(
        [("slip", "Slip"), ("text", "Text message")], "Given by", required=True
    )
    nonce = fields.Char(help="Until the code is used or sent.")
    is_waiting = fields.Boolean("Waits to be sent")

    _key_uniq = models.UniqueIndex("(key)", "This key was drawn already.")
    _waiting_idx = models.Index("(id) WHERE is_waiting IS TRUE")

    def _code_holder(self):
        # OVERRIDE npo.code.mixin: known before the row is written
        return self.key or ""

    def _work_out(self, key=None, nonce=None):
        """Return the code, as long as it may be shown or sent; it is not stored."""
        key, nonce = key or self.key, nonce or self.nonce
        seed = hmac(self.env(su=True), "npo_sign_in_digits", f"{key}/{nonce}")
        return f"{int(seed, 16) % 10**DIGITS:0{DIGITS}}"

    @api.model
    def _draw(self, company, key, minutes, **vals):
        """Return a new code: one INSERT, whoever it is for."""
        codes = self.sudo()
        nonce = secrets.token_urlsafe(18)
        values = {
            "company_id": company.id,
            "key": key,
            "nonce": nonce,
            "date_end": fields.Datetime.now() + timedelta(minutes=minutes),
            "tries_left": company.sudo().npo_code_tries,
            **vals,
        }
        holder = codes.new({"key": key})
        code = codes._work_out(key, nonce)
        return codes.create({**values, "fingerprint": holder._fingerprint(code)})

    @api.autovacuum
    def _gc_codes(self):
        """Forget the codes that are over."""
        old = [("date_end", "<", fields.Datetime.now())]
        self.search(old, limit=10000).unlink()

    # ------------------------------------------------------------
    # SLIP
    # ------------------------------------------------------------

    @api.model
    def _new_slip(self, access):
        key = "".join(secrets.choice(CODE_SIGNS) for _sign in range(KEY_SIGNS))
        minutes = access.company_id.npo_slip_days * 24 * 60
        return self._draw(
            access.company_id, key, minutes, access_id=access.id, kind="slip"
        )

    @api.model
    def _open_slip(self, access):
        """Return the slip of an access that is not used, tried out or over."""
        return self.search(
            [
                ("access_id", "=", access.id),
                ("kind", "=", "slip"),
                ("state", "=", "sent"),
                ("nonce", "!=", False),
                ("tries_left", ">", 0),
                ("date_end", ">", fields.Datetime.now()),
            ],
            limit=1,
        )

    # ------------------------------------------------------------
    # ASK FOR A CODE
    # ------------------------------------------------------------

    @api.model
    def _can_text(self, company):
        """Tell whether the association sends text messages."""
        return company.sudo().npo_sms_enabled and "sms.sms" in self.env

    @api.model
    def _limits(self, company, kind, value, address):
        """Return {key: how often}: of a number or a slip, and of a connection."""
        guard = self.env["npo.flood.guard"]
        company = company.sudo()
        return {
            guard._key(company, f"sign_in_{kind}", value): company.npo_sign_in_tries,
            guard._key_from(company, "sign_in", address): company.npo_sign_in_from_one,
        }

    @api.model
    def _count_all(self, company, limits):
        guard = self.env["npo.flood.guard"]
        for key in limits:
            guard._count(company, key, company.sudo().npo_tracking_wait)

    @api.model
    def _ask(self, company, typed, address):
        """Have a code sent to a mobile, whether or not somebody has it.

        :return: (key of the page on which it is typed, why there is none)
        """
        mobile = self._read_mobile(typed)
        if not mobile:
            return "", self.env._("Write a mobile number, for example 0501234567.")
        if not self._may_ask(company, mobile, address):
            return "", self._wait_message()
        access = self.env["npo.portal.access"]._by_mobile(company, mobile)
        return self._queue(company, access_id=access.id, kind="text").key, ""

    @api.model
    def _may_ask(self, company, asked, address):
        """Count who asks for something to be sent; tell whether it may be.

        :param asked: to which mobile or e-mail, whether or not it is anybody's
        """
        guard = self.env["npo.flood.guard"]
        limits = self._limits(company, "ask", asked, address)
        day = guard._key(company, "sign_in_day", asked)
        most = company.sudo().npo_sign_in_codes
        if guard._is_full(company, {**limits, day: most}):
            return False
        self._count_all(company, limits)
        guard._count(company, day, 24 * 60)
        return True

    @api.model
    def _queue(self, company, **vals):
        """Have something sent, for whomever it is: nothing is sent meanwhile."""
        key, minutes = secrets.token_urlsafe(18), company.sudo().npo_code_minutes
        code = self._draw(company, key, minutes, is_waiting=True, **vals)
        cron = self.env.ref("npo_relations.ir_cron_npo_sign_in_send")
        cron.sudo()._trigger()
        return code

    @api.model
    def _read_mobile(self, typed):
        try:
            return check_phone(self.env, clean_line(typed)[:30]) if typed else ""
        except ValidationError:
            return ""

    @api.model
    def _wait_message(self):
        return self.env._(
            "Too many tries. Please wait and try again later, or call us."
        )

    @api.model
    def _cron_send(self):
        """Send the codes that wait, to those who may come in."""
        domain = [("is_waiting", "=", True)]
        codes = self.search(domain, limit=BATCH, order="id").try_lock_for_update()
        now = fields.Datetime.now()
        for code in codes.filtered(lambda code: code.date_end > now):
            code._send()
        codes.write({"is_waiting": False, "nonce": False})
        self.env["ir.cron"]._commit_progress(
            len(codes), remaining=self.search_count(domain)
        )

    def _send(self):
        """Send one that waits, where there is somebody to whom it may be sent."""
        self.ensure_one()
        access = self.access_id
        if access._may_sign_in() and access._mobile_stands():
            self.env["npo.message"]._send_sign_in_code(access, self._work_out())

    # ------------------------------------------------------------
    # COME IN
    # ------------------------------------------------------------

    @api.model
    def _enter(self, company, key, typed, address):
        """Try a code.

        Nothing is raised: a wrong try has to be kept.

        :return: (the code as superuser, now used; why nobody comes in)
        """
        key = clean_line(key).replace(" ", "")[:40]
        limits = self._limits(company, "key", key, address)
        none = self.sudo().browse()
        if self.env["npo.flood.guard"]._is_full(company, limits):
            return none, self._wait_message()
        domain = [("key", "=", key), ("company_id", "=", company.id)]
        code = self.sudo().search_fetch(domain, ["key"], limit=1)
        is_right = code._try_code(clean_code(clean_line(typed))[:DIGITS])
        if is_right and code.access_id._may_sign_in():
            code.write({"state": "used", "nonce": False})
            return code, ""
        self._count_all(company, limits)
        return none, self.env._(
            "This is not the code, or it is over. Look again, or ask for a new one."
        )

    @api.model
    def _proof(self, user):
        """Return what shows `_check_credentials` that a code was right, for now."""
        span = timedelta(seconds=PROOF_SECONDS)
        return hash_sign(self.env(su=True), "npo_sign_in", user.id, expiration=span)

    # ------------------------------------------------------------
    # PASSWORD
    # ------------------------------------------------------------

    @api.model
    def _credential(self, company, typed, password, address):
        """Return what somebody signs in with who typed a mobile and a password.

        A password is compared here in any case, once, and only one that is right goes
        on: core compares none at all while it makes a connection wait, and a mobile
        that is somebody's would be answered at once.

        :return: (credential, why there is none)
        """
        mobile = self._read_mobile(typed)
        limits = self._limits(company, "mobile", mobile, address)
        if self.env["npo.flood.guard"]._is_full(company, limits):
            return None, self._wait_message()
        self._count_all(company, limits)
        access = self.env["npo.portal.access"]._by_mobile(company, mobile)
        user = access.user_id if access.has_password else access.user_id.browse()
        if user._npo_has_password(password) and access._may_sign_in():
            credential = {"login": user.login, "password": password}
            return {"type": "password", **credential}, ""
        return None, self._password_message()

    @api.model
    def _came_in(self, company, typed, address):
        """Take back what `_credential` counted: who comes in tried nothing out.

        It is counted before the password is looked at, so that of many tries at once
        none is left out.
        """
        limits = self._limits(company, "mobile", self._read_mobile(typed), address)
        self.env["npo.flood.guard"]._take_back(company, limits)

    @api.model
    def _password_message(self):
        return self.env._(
            "The mobile or the password is not right. Look again, or ask us for a slip."
        )


class ResUsers(models.Model):
    """A code that was right is a way to sign in."""

    _inherit = "res.users"

    def _check_credentials(self, credential, env):
        # EXTENDS base
        if credential["type"] != "npo_code":
            info = super()._check_credentials(credential, env)
            self._npo_check_access()
            return info
        codes = self.env["npo.sign.in.code"]
        try:
            proof = credential.get("proof") or ""
            user_id = verify_hash_signed(codes.env(su=True), "npo_sign_in", proof)
        except ValueError:
            user_id = None
        if not self.env.user.share or user_id != self.env.uid:
            raise AccessDenied
        return {"uid": self.env.uid, "auth_method": "npo_code", "mfa": "default"}

    def _npo_check_access(self):
        """Raise for whom an officer let in and who is no longer entitled to it."""
        if not self.env.user.share:
            return
        accesses = self.env["npo.portal.access"].sudo()
        live = [("user_id", "=", self.env.uid), ("date_ended", "=", False)]
        if not all(one._may_sign_in() for one in accesses.search(live)):
            raise AccessDenied

    def _npo_has_password(self, password):
        """Tell whether it is their password; of nobody, as much work is done."""
        self.env.cr.execute(
            SQL("SELECT password FROM res_users WHERE id = %s", self.id or None)
        )
        [hashed] = self.env.cr.fetchone() or [None]
        context = self._crypt_context()
        is_right = context.verify(password, hashed or self._npo_some_hash())
        return bool(hashed) and is_right

    @ormcache()
    def _npo_some_hash(self):
        """Return what a password is compared with where there is nobody's."""
        return self._crypt_context().hash(secrets.token_urlsafe(18))

    def _npo_choose_password(self, password):
        """Keep the password that a person chose who came in by a slip (D05)."""
        self.ensure_one()
        user = self.sudo()
        user.password = password
        accesses = self.env["npo.portal.access"].sudo()
        open_ones = [("user_id", "=", user.id), ("date_ended", "=", False)]
        accesses.search(open_ones).has_password = True


class NpoMessage(models.Model):
    """The code for signing in: by text message and no other way."""

    _inherit = "npo.message"

    @api.model
    def _send_sign_in_code(self, access, code):
        """Send a code at once. The log shows a mask, and nothing tells of a case."""
        lang = access.partner_id.lang or self.env.lang
        _ = self.with_context(lang=lang).env._
        text = _("Your code to sign in. Give it to nobody: we never ask for it.")
        message = self.sudo().create(
            {
                "res_model": access._name,
                "res_id": access.id,
                "company_id": access.company_id.id,
                "site_id": access.site_id.id,
                "partner_id": access.partner_id.id,
                "subject": _("Your code"),
                "body": Markup("<p>%s</p><p><b>%s</b></p>") % (text, MASK),
            }
        )
        sent = message.with_context(npo_receipt_code=code)._send_texts()
        sent._mark_sent("sms")
        (message - sent)._note_failure("no_gateway")


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_slip_days = fields.Integer("Validity of a sign-in slip (days)", default=3)
    npo_sign_in_tries = fields.Integer(
        "Tries to sign in with one mobile or slip",
        default=5,
        help="Until the minutes to wait after wrong tries are over.",
    )
    npo_sign_in_codes = fields.Integer(
        "Codes to sign in for one mobile in a day",
        default=10,
        help="Nobody is woken by a stranger who asks for codes, or guesses for long.",
    )
    npo_sign_in_from_one = fields.Integer(
        "Tries to sign in from one connection",
        default=30,
        help="Many people can share one connection: a hall, a mobile network.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    npo_slip_days = fields.Integer(related="company_id.npo_slip_days", readonly=False)
    npo_sign_in_tries = fields.Integer(
        related="company_id.npo_sign_in_tries", readonly=False
    )
    npo_sign_in_codes = fields.Integer(
        related="company_id.npo_sign_in_codes", readonly=False
    )
    npo_sign_in_from_one = fields.Integer(
        related="company_id.npo_sign_in_from_one", readonly=False
    )
