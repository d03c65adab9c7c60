import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..core.guards import without_defaults
from ..people.beneficiary_flow import OFFICER_GROUPS
from ..people.identity_checks import check_phone

SIGN_IN_DIGITS = 8
# Of a file. Who is not entitled still reads the answer there, and objects to it.
OVER = "closed"
BATCH = 200


class NpoPortalAccess(models.Model):
    """Who was let into the portal without an e-mail address, by whom (D05).

    An officer gives it to a person whose identity was seen. The name to sign in with
    is drawn: neither identity number nor mobile. What was ended stays; whoever is let
    in again gets a new line.
    """

    _name = "npo.portal.access"
    _description = "Portal Access"
    _order = "id desc"

    name = fields.Char("Sign-in name", required=True, readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, readonly=True, index=True
    )
    site_id = fields.Many2one(
        "npo.site",
        compute="_compute_site_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        help="Of the file: who serves it now looks after the access.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    beneficiary_id = fields.Many2one(
        "npo.beneficiary", string="File", readonly=True, index="btree_not_null"
    )
    representative_id = fields.Many2one(
        "npo.representative",
        string="Represents",
        readonly=True,
        index="btree_not_null",
        help="A guardian has an account of their own.",
    )
    user_id = fields.Many2one(
        "res.users", string="Account", required=True, readonly=True, index=True
    )
    mobile = fields.Char(
        readonly=True,
        help="To which codes are sent. Empty: none, or somebody else signs in with it.",
    )
    has_password = fields.Boolean("Chose a password", readonly=True)
    given_by_id = fields.Many2one(
        "res.users", string="Given by", required=True, readonly=True
    )
    date_given = fields.Datetime("Given on", required=True, readonly=True)
    slip_by_id = fields.Many2one("res.users", string="Slip issued by", readonly=True)
    slip_date_end = fields.Datetime("Slip good until", readonly=True)
    date_ended = fields.Datetime("Ended on", readonly=True, index="btree_not_null")
    end_reason = fields.Selection(
        [
            ("officer", "By an officer"),
            ("file", "The file ended"),
            ("representative", "The representation ended"),
            ("person", "The person closed the account"),
        ],
        string="Why it ended",
        readonly=True,
    )
    state = fields.Selection(
        [("open", "Open"), ("ended", "Ended")],
        compute="_compute_state",
        store=True,
        precompute=True,
    )

    _partner_open_uniq = models.UniqueIndex(
        "(partner_id) WHERE date_ended IS NULL",
        "This person was let into the portal already.",
    )
    _mobile_open_uniq = models.UniqueIndex(
        "(company_id, mobile) WHERE date_ended IS NULL AND mobile IS NOT NULL",
        "Somebody signs in with this mobile already.",
    )

    @api.depends("beneficiary_id.site_id", "representative_id.site_id")
    def _compute_site_id(self):
        for access in self:
            ground = access.beneficiary_id or access.representative_id
            access.site_id = ground.site_id

    @api.depends("date_ended")
    def _compute_state(self):
        for access in self:
            access.state = "ended" if access.date_ended else "open"

    # ------------------------------------------------------------
    # GIVE
    # ------------------------------------------------------------

    @api.model
    def _give(self, partner, company, **ground):
        """Let a person into the portal; who is in already stays so.

        The caller checked that the user may, and that the identity was seen.

        :param ground: `beneficiary_id` or `representative_id`
        :return: the access, as superuser
        """
        if partner == self.env.user.partner_id:
            raise UserError(self.env._("Nobody gives access to themselves."))
        accesses = without_defaults(self.sudo())
        domain = [("partner_id", "=", partner.id), ("date_ended", "=", False)]
        access = accesses.search(domain, limit=1)
        if not access:
            user = accesses._account(partner.sudo(), company.sudo())
            access = accesses.create(
                {
                    "name": user.login,
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "user_id": user.id,
                    "given_by_id": self.env.uid,
                    "date_given": fields.Datetime.now(),
                    **ground,
                }
            )
            access._draw_slip()
        return access

    @api.model
    def _account(self, partner, company):
        """Return the account of a person, made or opened again."""
        users = self.env["res.users"].with_context(
            active_test=False, no_reset_password=True
        )
        had = users.search([("partner_id", "=", partner.id)])
        if had - had.filtered("share"):
            raise UserError(
                self.env._("Who works here signs in with the account of their work.")
            )
        earlier = [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        given = self.with_context(active_test=False).search(earlier).user_id
        if had - given:  # one's own, with a password of one's own: not ours to open
            raise UserError(
                self.env._("This person signs in to the portal by e-mail already.")
            )
        if had:
            had[0].active = True
            return had[0]
        return users.create(
            {
                "login": self._draw_name(),
                "partner_id": partner.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "lang": partner.lang or self.env.lang,
            }
        )

    @api.model
    def _draw_name(self):
        """Return a sign-in name that nobody has: digits that say nothing."""
        users = self.env["res.users"].with_context(active_test=False)
        while True:
            least = 10 ** (SIGN_IN_DIGITS - 1)
            name = str(least + secrets.randbelow(9 * least))
            if not users.search_count([("login", "=", name)], limit=1):
                return name

    def _free_mobile(self):
        """Return the mobile of the person, where nobody else signs in with it."""
        mobile = self._mobile_of(self.partner_id)
        if not mobile:
            return False
        taken = Domain("mobile", "=", mobile) & Domain("date_ended", "=", False)
        taken &= Domain("company_id", "=", self.company_id.id)
        others = self.sudo().search_count(taken & Domain("id", "!=", self.id), limit=1)
        return False if others else mobile

    def _mobile_stands(self):
        """Tell whether the mobile is still the person's: it may have changed hands."""
        mobile = self.mobile
        return bool(mobile) and mobile == self._mobile_of(self.partner_id)

    @api.model
    def _mobile_of(self, partner):
        try:
            return check_phone(self.env, partner.phone) if partner.phone else False
        except UserError:
            return False

    # ------------------------------------------------------------
    # SLIP
    # ------------------------------------------------------------

    def _issue_slip(self):
        """Draw a new slip; what was good before ends: slips, codes, sessions."""
        self._end_codes()
        self._end_sessions()
        for access in self:
            access._draw_slip()

    def _draw_slip(self):
        """Draw the slip of an access, note on the file who did, and tell the person."""
        access = self.sudo()
        access._check_not_kin()
        slip = self.env["npo.sign.in.code"]._new_slip(access)
        access.write(
            {
                "mobile": access._free_mobile(),
                "slip_by_id": self.env.uid,
                "slip_date_end": slip.date_end,
            }
        )
        access._note(lambda env: env._("A slip to sign in to the portal was issued."))
        # a slip that somebody else took would open the portal without the person
        template = self.env.ref("npo_relations.mail_template_portal_access_slip")
        self.env["npo.message"]._queue(template, access)

    def _check_not_kin(self):
        """A slip opens the portal: nobody holds the one of their own family."""
        served = self.partner_id | self.representative_id.partner_id
        if served._npo_kin(self.env.user.partner_id):
            raise UserError(
                self.env._(
                    "Nobody lets their own family into the portal. Ask a colleague to"
                    " do it."
                )
            )

    def _note(self, text):
        """Keep on the file what was done, by whom.

        :param text: function of an environment in the language of the association
        """
        for company, own in self.sudo().grouped("company_id").items():
            lang = company.partner_id.lang or "en_US"
            body = text(self.with_context(lang=lang).env)
            for file in own.beneficiary_id:
                file._message_log(body=body, author_id=self.env.user.partner_id.id)

    def _end_codes(self):
        """End slips and codes."""
        codes = self.env["npo.sign.in.code"].sudo()
        codes.search([("access_id", "in", self.ids)]).unlink()

    def _end_sessions(self):
        """Sign the person out everywhere: the password is part of each session."""
        accesses = self.sudo()
        users = accesses._accounts()
        if users:
            # hashed once for all of them: it takes as long as a hundred statements
            nobodys = users._crypt_context().hash(secrets.token_urlsafe(24))
            users.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE res_users SET password = %s WHERE id = ANY(%s)",
                    nobodys,
                    users.ids,
                )
            )
            users.invalidate_recordset(["password"])
            self.env.registry.clear_cache()  # in which the sessions are
        accesses.has_password = False

    def _accounts(self):
        """Return the accounts of the portal: who works here by now has another."""
        return self.user_id.filtered("share")

    def _slip(self):
        """Return what a slip that is not used says, to who issued it; None else.

        :return: {"key", "code", "date_end", "address"}
        """
        self.ensure_one()
        issuer = self.sudo().slip_by_id
        slip = self.env["npo.sign.in.code"].sudo()._open_slip(self)
        if not slip or issuer.id != self.env.uid:
            return None
        address = f"/sign-in/slip/{slip.key}"
        return {
            "key": f"{slip.key[:4]} {slip.key[4:]}",
            "code": slip._work_out(),
            "date_end": slip.date_end,
            "address": self.company_id.sudo()._npo_page_url(address),
        }

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_print_slip(self):
        """Print the slip that was just issued, for who issued it (D05)."""
        self._check_officer()
        self.ensure_one()
        if not self._slip():
            raise UserError(
                self.env._(
                    "This slip was used, or issued by somebody else. Issue a new one."
                )
            )
        report = self.env.ref("npo_relations.action_report_npo_sign_in_slip")
        return report.report_action(self)

    def action_new_slip(self):
        """Issue a new slip: the former one and all sessions end (D05)."""
        self._check_officer()
        for access in self.sudo():
            if access.date_ended:
                raise UserError(self.env._("This access has ended: give a new one."))
            if not access._is_entitled():
                raise UserError(
                    self.env._("The identity of this person has to be verified first.")
                )
        self._issue_slip()
        return True

    def action_end(self):
        """End the access at once: sessions, slips and codes (D05)."""
        self._check_officer()
        self._end("officer")
        return True

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_groups(OFFICER_GROUPS):
            raise AccessError(
                self.env._("Only a relations officer lets people into the portal.")
            )
        self.check_access("read")
        self.sudo().beneficiary_id.with_env(self.env).check_access("write")
        self.sudo().representative_id.with_env(self.env).check_access("write")

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Portal Access"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
        }

    # ------------------------------------------------------------
    # END
    # ------------------------------------------------------------

    def _end(self, reason):
        """End accesses; idempotent."""
        live = self.sudo().filtered(lambda access: not access.date_ended)
        if not live:
            return
        live._end_codes()
        live._end_sessions()
        live._accounts().active = False
        live.write({"date_ended": fields.Datetime.now(), "end_reason": reason})
        live._note(lambda env: env._("The access to the portal was ended."))

    @api.model
    def _cron_end(self, batch=BATCH):
        """End what no longer rests on anything: nobody pressed a button for that."""
        domain = self._groundless_domain()
        while over := self.search(domain, limit=batch, order="id"):
            of_files = over.filtered("beneficiary_id")
            of_files._end("file")
            (over - of_files)._end("representative")
            left = self.search_count(domain)
            if not self.env["ir.cron"]._commit_progress(len(over), remaining=left):
                return

    @api.model
    def _groundless_domain(self):
        """Return the domain of what is open and rests on nothing any more."""
        over = Domain("representative_id", "!=", False)
        over &= Domain("representative_id.state", "!=", "valid")
        files = Domain("beneficiary_id", "!=", False)
        stands = Domain("beneficiary_id.active", "=", True)
        stands &= Domain("beneficiary_id.state", "!=", OVER)
        stands &= Domain("beneficiary_id.identity_verified_on", "!=", False)
        return Domain("date_ended", "=", False) & (over | files & ~stands)

    def _is_entitled(self):
        """Tell whether what the access rests on still stands."""
        self.ensure_one()
        access = self.sudo()
        file, representative = access.beneficiary_id, access.representative_id
        if file:
            return file._npo_may_have_access()
        return representative.state == "valid" and bool(representative.identity_number)

    def _may_sign_in(self):
        """Tell whether the person may come in now."""
        access = self.sudo()
        return bool(
            access
            and not access.date_ended
            and access.user_id.active
            and access.user_id.share
            and access._is_entitled()
        )

    # ------------------------------------------------------------
    # FIND
    # ------------------------------------------------------------

    @api.model
    def _by_mobile(self, company, mobile):
        """Return the open access of a mobile, as superuser: one statement."""
        domain = [
            ("company_id", "=", company.id),
            ("mobile", "=", mobile or "-"),
            ("date_ended", "=", False),
        ]
        return self.sudo().search(domain, limit=1)


class NpoBeneficiary(models.Model):
    """Portal access of the person of a file."""

    _inherit = "npo.beneficiary"

    def action_portal_access(self):
        """Let the person into the portal, or show that they are (D05)."""
        self.ensure_one()
        self._check_role(OFFICER_GROUPS)
        self.check_access("write")
        file = self.sudo()
        if not file._npo_may_have_access():
            raise UserError(
                self.env._("The identity of this person has to be verified first.")
            )
        access = self.env["npo.portal.access"]._give(
            file.partner_id,
            file.company_id,
            beneficiary_id=file.id,
        )
        return access._open_form()

    def _npo_may_have_access(self):
        """Tell whether the identity was seen and the file is not over."""
        self.ensure_one()
        file = self.sudo()
        return bool(
            file.active
            and file.state != OVER
            and file.identity_verified_on
            and not file.has_identity_dispute
        )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == OVER or not vals.get("active", True):
            accesses = self.env["npo.portal.access"].sudo()
            accesses.search([("beneficiary_id", "in", self.ids)])._end("file")
        return result


class ResUsers(models.Model):
    """A person closes their account: they stay whom the association serves."""

    _inherit = "res.users"

    def _deactivate_portal_user(self, **post):
        # EXTENDS mail: the access ends with the account; core would delete a contact
        # that the file, the cases and the retention of both need
        persons = self.partner_id.sudo().filtered("npo_is_served")
        standing = persons.filtered("active")
        accesses = self.env["npo.portal.access"].sudo()
        accesses = accesses.search([("user_id", "in", self.ids)])
        result = super()._deactivate_portal_user(**post)
        accesses._end("person")
        served = self.filtered(lambda user: user.partner_id in persons)
        deletions = self.env["res.users.deletion"].sudo()
        deletions.search([("user_id", "in", served.ids)]).unlink()
        standing.action_unarchive()
        # who is let in again reads the name that was drawn for them
        for access in accesses.filtered(lambda one: one.user_id in served):
            access.user_id.login = access.name
        return result


class NpoRepresentative(models.Model):
    """Portal access of who acts for somebody: an account of their own."""

    _inherit = "npo.representative"

    def action_portal_access(self):
        """Let a guardian into the portal, as themselves (D05, D11)."""
        self.ensure_one()
        if not self.env.su and not self.env.user.has_groups(OFFICER_GROUPS):
            raise AccessError(
                self.env._("Only a relations officer lets people into the portal.")
            )
        self.check_access("write")
        record = self.sudo()
        if record.state != "valid" or not record.identity_number:
            raise UserError(
                self.env._(
                    "Only a valid representative whose identity number was recorded."
                )
            )
        access = self.env["npo.portal.access"]._give(
            record.representative_id,
            record.company_id,
            representative_id=record.id,
        )
        return access._open_form()

    def action_revoke(self, reason=False):
        # EXTENDS npo.representative
        result = super().action_revoke(reason=reason)
        accesses = self.env["npo.portal.access"].sudo()
        accesses.search([("representative_id", "in", self.ids)])._end("representative")
        return result
