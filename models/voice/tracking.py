from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import consteq, hmac

from ...tools.arabic import clean_code
from ...tools.form_text import clean_line
from ..core.one_time_code import DIGITS, MASK
from .voice_mixin import NpoVoiceMixin

# ⚖ How often one may try in vain before waiting: a number, an address.
TRIES = 5
TRIES_FROM_ADDRESS = 30
# How many codes are sent to one person in an hour.
CODES = 3


class NpoTracking(models.AbstractModel):
    """Follow a case without an account (D05, R053, P093).

    With its tracking code one reads the thread and answers. With the end of the
    mobile one sees the stage, once a code that was sent to the person is typed; where
    none can be sent, at once. What does not exist answers like what is wrong.
    """

    _name = "npo.tracking"
    _description = "Follow Without an Account"

    @api.model
    def _models(self):
        """Return the names of the models that are followed, by their prefix."""
        return {
            model._reference_prefix: name
            for name, model in self.env.registry.items()
            if name == "npo.request"
            or (issubclass(model, NpoVoiceMixin) and not model._abstract)
        }

    @api.model
    def _look(self, company, reference, key, address, code=""):
        """Find a case by its number and what its person knows.

        :param key: the tracking code, or the last four digits of the mobile
        :param address: from where somebody asks
        :param code: the one-time code, once it was sent
        :return: (case, what is shown: "thread", "stage", "code", "wait", "nothing");
            the case belongs to the system, so that nobody is on record as its reader
        """
        reference = clean_code(clean_line(reference)).upper()[:40]
        key, code = clean_code(clean_line(key)), clean_code(clean_line(code))
        guard = self.env["npo.flood.guard"]
        tries = {
            guard._key(company, "number", reference): TRIES,
            guard._key_from(company, "address", address): TRIES_FROM_ADDRESS,
        }
        case = self._case(company, reference)
        if guard._is_full(company, tries):
            return case.browse(), "wait"
        shown = self._shown(case, key, code)
        if shown == "nothing" or (shown == "code" and code):
            for attempt in tries:
                guard._count(company, attempt, company.npo_tracking_wait, prolongs=True)
        return (case if shown in ("thread", "stage") else case.browse()), shown

    @api.model
    def _case(self, company, reference):
        """Return the case of a number, as the system, or nothing."""
        env = self.env(user=SUPERUSER_ID)
        name = self._models().get(reference.partition("/")[0])
        if not name:
            return env["npo.request"]
        domain = [("name", "=", reference), ("company_id", "=", company.id)]
        if name == "npo.request":
            domain.append(("date_submitted", "!=", False))
        return env[name].search(domain, limit=1)

    @api.model
    def _shown(self, case, key, code):
        """Return what somebody sees of a case who gave this key and code."""
        if not case:
            return "nothing"
        if case._name != "npo.request" and case._has_tracking_code(key):
            return "thread"
        mobile = case.partner_id.phone
        if case._name != "npo.request":
            mobile = case._mobile()
        is_known = len(key) == 4 and key.isdecimal()
        if not is_known or clean_code(mobile or "")[-4:] != key:
            return "nothing"
        if not self._can_send(case):
            return "stage"
        if code:
            return "stage" if self._is_code(case, code) else "code"
        return "code" if self._send_code(case) else "stage"

    # ------------------------------------------------------------
    # ONE-TIME CODE
    # ------------------------------------------------------------

    @api.model
    def _code(self, case, back=0):
        """Return the code of this span of minutes; it is worked out and not stored."""
        minutes = case.company_id.npo_code_minutes or 15
        span = int(fields.Datetime.now().timestamp() // (60 * minutes)) - back
        seed = hmac(case.env, "npo_track_code", f"{case._name}:{case.id}:{span}")
        return f"{int(seed, 16) % 10**DIGITS:0{DIGITS}}"

    @api.model
    def _is_code(self, case, code):
        """Tell whether this is the code that was sent; it is good once."""
        good = [self._code(case), self._code(case, back=1)]
        if not any(consteq(one.encode(), code.encode()) for one in good):
            return False
        guard = self.env["npo.flood.guard"]
        key = guard._key(case.company_id, "used", f"{case._name}:{case.id}:{code}")
        return guard._count(case.company_id, key, 24 * 60) == 1

    @api.model
    def _can_send(self, case):
        messages = case.env["npo.message"]
        to = messages._recipient(case)
        email = case.partner_id.email or to.get("email_to")
        return bool(email or messages._gateways())

    @api.model
    def _send_code(self, case):
        """Send the code to the person, a few times an hour at most."""
        guard = self.env["npo.flood.guard"]
        key = guard._key(case.company_id, "code", f"{case._name}:{case.id}")
        if guard._count(case.company_id, key, 60) > CODES:
            return True  # the last one is on its way
        lang = case.partner_id.lang or self.env.lang
        messages = case.env["npo.message"].with_context(lang=lang)
        return messages._send_code(case, self._code(case))


class NpoMessage(models.Model):
    _inherit = "npo.message"

    @api.model
    def _send_code(self, case, code):
        """Send a code at once; return whether it went. The log shows a mask."""
        _ = self.env._
        text = _(
            "Somebody asks how far your case is. If it is you, type this code on the"
            " page. If not, there is nothing you need to do."
        )
        message = self.sudo().create(
            {
                "res_model": case._name,
                "res_id": case.id,
                "company_id": case.company_id.id,
                "site_id": case.site_id.id,
                **self._recipient(case),
                "channel_id": case.partner_id.npo_preferred_channel_id.id,
                "subject": _("Your code"),
                "body": Markup("<p>%s</p><p><b>%s</b></p>") % (text, MASK),
            }
        )
        message.with_context(npo_receipt_code=code)._deliver()
        if message.state == "sent":
            return True
        message.unlink()
        return False
