from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.arabic import fold, to_latin_digits
from ...tools.form_text import clean_line, clean_text, first_line
from ..people.consent_notice import shown_notice
from ..people.identity_checks import read_date
from .compensation import NpoCompensation as Base
from .compensation_flow import UNDECIDED

LIST_FIELDS = ("name", "title", "stage_id", "company_id", "date_deadline", "remedy")
# A name that is typed in the place of a signature.
MAX_NAME = 200


class NpoCompensation(models.Model):
    """What the harmed party sees and does in the portal (R142).

    A portal user has no right on the model: whose the case is, is asked first, then
    the step is taken in sudo. Findings are told as “being studied”, never in words.
    """

    _inherit = Base._name

    notice_text_id = shown_notice()

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    def _is_mine(self):
        """Tell whether the user is the harmed party, or acts for it."""
        self.ensure_one()
        case = self.sudo()
        me = self.env.user.partner_id
        if me in case.partner_id | case.representative_id:
            return True
        # who was made an account by a firm acts for the firm
        return (
            case.partner_id.is_company and me.commercial_partner_id == case.partner_id
        )

    def _mine(self):
        """Return the case in sudo, for whose it is; others wait."""
        if not self._is_mine():
            raise AccessError(self.env._("This claim is not yours."))
        self._lock()
        return self.sudo()

    @api.model
    def _portal_domain(self):
        me = self.env.user.partner_id
        return Domain("partner_id", "in", (me | me.commercial_partner_id).ids) | Domain(
            "representative_id", "=", me.id
        )

    @api.model
    def _portal_count(self, most):
        """Count the user's own cases, up to a number."""
        return self.sudo().search_count(self._portal_domain(), limit=most)

    @api.model
    def _portal_rows(self, limit, offset=0):
        """Return the user's own cases, newest first, as superuser."""
        return self.sudo().search_fetch(
            self._portal_domain(),
            LIST_FIELDS,
            limit=limit,
            offset=offset,
            order="id desc",
        )

    @api.model
    def _portal_is_open(self, company):
        """Tell whether claims can be made (R131)."""
        return bool(company.sudo().npo_policy_version_id.use_compensation)

    @api.model
    def _portal_relations(self, company):
        """Return the user's agreements and granted services, to choose from."""
        me = self.env.user.partner_id
        agreements = (
            self.env["npo.agreement"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", (me | me.commercial_partner_id).ids),
                    ("state", "in", ("active", "to_review", "expired", "terminated")),
                ],
                limit=50,
            )
        )
        requests = (
            self.env["npo.request"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "=", me.id),
                    ("decision", "in", ("accepted", "partial")),
                    ("date_announced", "!=", False),
                ],
                limit=50,
            )
        )
        return agreements, requests

    def _portal_offer(self):
        """Return the offer that waits for the person's answer."""
        self.ensure_one()
        return self._open_round() if self.stage_code == "negotiation" else None

    def _portal_payments(self):
        """Return what is due and was paid, as the person may know it.

        :return: list of {"amount", "currency", "state", "date"}
        """
        payouts = self.sudo().payout_ids.filtered(lambda one: one.state != "void")
        return [
            {
                "amount": payout.amount,
                "currency": payout.currency_id,
                "is_paid": payout.state == "paid",
                "date": payout.date_paid,
            }
            for payout in payouts
        ]

    def _portal_steps_open(self):
        """Return the codes of what the person may do now."""
        case = self.sudo()
        steps = {"answer"} if case._portal_offer() else set()
        if case.stage_code in UNDECIDED:
            steps |= {"withdraw", "add"}
        if self._portal_may_object():
            steps.add("object")
        return steps

    # ------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------

    @api.model
    def _portal_claim(self, company, post, files=()):
        """Take a claim in that somebody makes in the portal.

        :param post: what was typed, by name
        :return: the case, as superuser
        """
        self._require_switch(company)
        notice_vals = self.env["npo.consent"]._shown_vals(company, post)
        text = clean_text(post.get("description"))
        if not text:
            raise UserError(self.env._("Write what happened."))
        day = self._read_day(post.get("date_harm"), company)
        self._check_file_count(company, files)
        if same := self._claimed_before(company, text):
            return same
        agreements, requests = self._portal_relations(company)
        kind, _dash, number = (post.get("relation") or "").partition("-")
        chosen = {"agreement": agreements, "request": requests}.get(kind)
        chosen = chosen and chosen.filtered(lambda one: str(one.id) == number)
        channels = company.sudo().npo_policy_version_id._allowed_channels()
        return self._receive(
            {
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "partner_id": self._portal_party(chosen).id,
                "representative_id": self._portal_representative(chosen).id,
                "channel_id": channels.filtered(lambda one: one.code == "portal").id,
                "title": first_line(text),
                "description": text,
                "remedy_asked": clean_text(post.get("remedy_asked")),
                "date_harm": day,
                "amount_claimed": self._read_amount(post.get("amount_claimed")),
                "agreement_id": chosen.id if kind == "agreement" and chosen else False,
                "request_id": chosen.id if kind == "request" and chosen else False,
                **notice_vals,
            },
            files,
        )

    @api.model
    def _claimed_before(self, company, text):
        """Return the open claim that says the same: the button was pressed twice."""
        domain = self._portal_domain() & Domain("is_closed", "=", False)
        own = self.sudo().search(domain & Domain("company_id", "=", company.id))
        return own.filtered(lambda case: case.description == text)[:1]

    @api.model
    def _check_file_count(self, company, files):
        if len(files) > company.sudo().npo_max_files:
            raise UserError(
                self.env._("At most %s files at once.", company.sudo().npo_max_files)
            )

    @api.model
    def _portal_party(self, chosen):
        """Return who was harmed: the party of the agreement, else the user."""
        return chosen.partner_id if chosen else self.env.user.partner_id

    @api.model
    def _portal_representative(self, chosen):
        me = self.env.user.partner_id
        return me if self._portal_party(chosen) != me else me.browse()

    @api.model
    def _read_day(self, text, company):
        day = read_date(self.env, clean_line(text))
        if not day or day > company._npo_today():
            raise UserError(
                self.env._("Enter the day on which it happened; not one to come.")
            )
        return day

    @api.model
    def _read_amount(self, text):
        typed = to_latin_digits(clean_line(text)).replace(",", "").replace("٬", "")
        try:
            amount = float(typed.replace("٫", ".") or 0)
        except ValueError:
            amount = -1
        if not 0 <= amount < 10**9:
            raise UserError(self.env._("Write the amount in digits, for example 1500."))
        return amount

    def _portal_add(self, files):
        """Add files to one's claim while it is not decided."""
        case = self._mine()
        case._require_stage(*UNDECIDED)
        if not files:
            raise UserError(self.env._("Choose a file first."))
        self._check_file_count(case.company_id, files)
        case._attach(files)
        case._task(case.user_id, self.env._("The harmed party added a file"))

    def _portal_accept(self, number, signature, typed_name, ip_address):
        """Accept the offer that was read, by signing its settlement (R142, R143).

        :param number: of the offer on the page: another one was made meanwhile?
        """
        case = self._mine()
        line = case.round_ids.filtered(lambda one: str(one.number) == str(number))
        if line.result == "accepted":
            return  # pressed twice
        case._require_stage("negotiation")
        self._check_same_offer(case, line)
        typed_name = clean_line(typed_name)[:MAX_NAME]
        signer = self.env.user.partner_id
        if not signature and not typed_name:
            raise UserError(self.env._("Draw your signature, or type your full name."))
        if not signature and fold(typed_name) != fold(signer.name):
            raise UserError(
                self.env._("Type your name as we have it: %s.", signer.name)
            )
        release = case._settlement_text()
        case.settlement_date = case.company_id._npo_today()
        case._answer_offer(
            "accepted",
            answered_via="portal",
            signer_id=signer.id,
            signature=signature or False,
            signed_name=False if signature else typed_name,
            ip_address=ip_address,
            release_text=release,
        )

    def _portal_decline(self, number, text="", counter=""):
        """Decline the offer that was read, and ask for another amount if wanted."""
        case = self._mine()
        line = case.round_ids.filtered(lambda one: str(one.number) == str(number))
        if line.result in ("declined", "countered"):
            return  # pressed twice
        case._require_stage("negotiation")
        self._check_same_offer(case, line)
        amount = self._read_amount(counter)
        case._answer_offer(
            "countered" if amount else "declined",
            clean_text(text),
            amount,
            answered_via="portal",
        )

    def _check_same_offer(self, case, line):
        if not line or line != case._open_round():
            raise UserError(
                self.env._(
                    "This offer is no longer there. Read where the claim stands now."
                )
            )

    def _portal_withdraw(self):
        """Take the claim back; pressing twice takes it back once."""
        case = self._mine()
        if case.stage_code == "withdrawn":
            return
        case._require_stage(*UNDECIDED)
        case._withdraw()
