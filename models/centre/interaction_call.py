from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.identity import tells_number
from ..people.identity_checks import check_phone
from .interaction import NpoInteraction as Base


class NpoInteraction(models.Model):
    """Calls, posts and outside systems: what each of them needs (R087, R088, R201)."""

    _inherit = Base._name

    # call
    phone_number = fields.Char("Number")
    call_result = fields.Selection(
        [
            ("answered", "Answered"),
            ("no_answer", "No answer"),
            ("call_back", "To be called back"),
        ]
    )

    # social media
    network = fields.Selection(
        [
            ("x", "X"),
            ("instagram", "Instagram"),
            ("snapchat", "Snapchat"),
            ("facebook", "Facebook"),
            ("tiktok", "TikTok"),
            ("youtube", "YouTube"),
            ("whatsapp", "WhatsApp"),
            ("telegram", "Telegram"),
        ]
    )
    link = fields.Char("Link to the post")
    account = fields.Char("Account")
    is_public = fields.Boolean("Everybody can read it")
    date_private = fields.Datetime("Moved to private on", readonly=True, copy=False)

    # another system
    outside_ref = fields.Char("Number in the other system", copy=False)

    _outside_uniq = models.UniqueIndex(
        "(company_id, outside_ref) WHERE outside_ref IS NOT NULL",
        "This number of the other system is on record already.",
    )

    # ------------------------------------------------------------
    # CALLS
    # ------------------------------------------------------------

    @api.constrains("phone_number")
    def _check_phone_number(self):
        for interaction in self.filtered("phone_number"):
            check_phone(self.env, interaction.phone_number)

    def _recorded(self):
        # EXTENDS npo.interaction
        super()._recorded()
        self._plan_call_back()

    def write(self, vals):
        # EXTENDS npo.interaction
        result = super().write(vals)
        if vals.get("call_result"):
            self._plan_call_back()
        return result

    def _plan_call_back(self):
        """Who was not reached is called again on the next working day (R087)."""
        for call in self:
            missed = call.direction == "out" and call.call_result == "no_answer"
            if call.channel_kind != "phone" or not (
                missed or call.call_result == "call_back"
            ):
                continue
            call.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=call._next_working_day(),
                summary=self.env._("Call back: %s", call.name),
                user_id=call.user_id.id or self.env.uid,
            )

    def _next_working_day(self):
        """Return the working day of the site that follows today."""
        company = self.company_id.sudo()
        calendar = company._npo_work_calendar(self.site_id.sudo().calendar_id)
        return calendar.next_working_day(fields.Date.add(company._npo_today(), days=1))

    # ------------------------------------------------------------
    # SOCIAL MEDIA
    # ------------------------------------------------------------

    @api.constrains("link")
    def _check_link(self):
        for interaction in self.filtered("link"):
            if not interaction.link.lower().startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._("A link begins with https:// – copy it from the post.")
                )

    @api.constrains("channel_id", "network", "link", "account", "scan")
    def _check_social(self):
        """A post is on record by its link or a picture, a chat by its account too."""
        for post in self.filtered(lambda one: one.channel_kind == "social"):
            if post.is_stripped:
                continue
            if not post.network:
                raise ValidationError(self.env._("Choose the network."))
            evidence = post.link or post.scan_name
            if not (evidence or (post.account and not post.is_public)):
                raise ValidationError(
                    self.env._(
                        "Give the link to the post, or attach a picture of it; for a"
                        " private chat the account is enough."
                    )
                )

    @api.constrains("channel_id", "is_public", "subject", "summary")
    def _check_nothing_personal(self):
        """Nobody's number is written where everybody reads it (R088, R203)."""
        for post in self.filtered(lambda one: one.channel_kind == "social"):
            if post.is_public and any(
                tells_number(text) for text in (post.subject, post.summary)
            ):
                raise ValidationError(
                    self.env._(
                        "This looks like an identity number or an IBAN, and everybody"
                        " can read this conversation. Take it out, move the"
                        " conversation to private first, and ask there."
                    )
                )

    def action_move_private(self):
        """Note that the conversation goes on in private, before any data is asked."""
        self.check_access("write")
        if any(not (one.channel_kind == "social" and one.is_public) for one in self):
            raise UserError(self.env._("Only a public conversation moves to private."))
        self.write({"is_public": False})
        self.sudo().write({"date_private": fields.Datetime.now()})

    @api.onchange("channel_id")
    def _onchange_channel_id(self):
        """A chat by WhatsApp is no post, and the network is known already."""
        if self.channel_code == "whatsapp":
            self.network = "whatsapp"
            self.is_public = False
        elif self.channel_kind == "social":
            self.is_public = True

    @api.model
    def _content_fields(self):
        # EXTENDS npo.interaction
        return super()._content_fields() | {
            "phone_number",
            "call_result",
            "network",
            "link",
            "account",
            "is_public",
            "outside_ref",
        }
