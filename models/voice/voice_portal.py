from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.form_text import clean_text
from .voice_mixin import NpoVoiceMixin

# Part of the address -> what stands there, in the order of the filters.
PLACES = {
    "inquiries": "npo.inquiry",
    "complaints": "npo.complaint",
    "suggestions": "npo.suggestion",
    "information": "npo.info.request",
}
ROW_FIELDS = (
    "name",
    "title",
    "stage_id",
    "company_id",
    "date_deadline",
    "date_received",
    "confidentiality",
    "is_closed",
)


class NpoVoice(models.AbstractModel):
    """What the person sees and does of what was said (R053, P093).

    `_portal_…` looks at whose it is first; who holds the tracking code acts as the
    system, which no session is. Of the discussion, only what the person wrote reaches
    a page; the association speaks there by its messages (`npo.message`).
    """

    _inherit = NpoVoiceMixin._name

    def _compute_access_url(self):
        # EXTENDS portal
        super()._compute_access_url()
        for place, name in PLACES.items():
            if self._name == name:
                for case in self:
                    case.access_url = f"/my/{place}/{case.id}"

    # ------------------------------------------------------------
    # READ
    # ------------------------------------------------------------

    def _is_mine(self):
        """Tell whether the user is the person, or acts for the person."""
        self.ensure_one()
        if self.env.uid == SUPERUSER_ID:
            return True
        case = self.sudo()
        person = self.env.user.partner_id
        if person == case.partner_id:
            return True
        return person == case.representative_id and case._still_represents()

    def _still_represents(self):
        """Tell whether who spoke for the person may do so still.

        Who helped without an instrument does; a right that has ended takes it away.
        """
        rights = self.env["npo.representative"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("representative_id", "=", self.representative_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        return not rights or "valid" in rights.mapped("state")

    def _check_mine(self):
        if not self._is_mine():
            raise AccessError(self.env._("This is not yours."))

    def _person_authors(self):
        """Return the contacts that the person writes as: unknown, as the public."""
        public = self.env.ref("base.public_partner").sudo()
        return self.partner_id | self.representative_id or public

    def _person_thread(self):
        """Return what was told to and written by the person, oldest first.

        :return: list of {"date", "is_mine", "html", "files"}
        """
        case = self.sudo()
        written = case.env["mail.message"].search_fetch(
            [
                ("model", "=", case._name),
                ("res_id", "=", case.id),
                ("message_type", "in", ("comment", "email")),
                ("subtype_id", "=", case.env.ref("mail.mt_comment").id),
                ("author_id", "in", case._person_authors().ids),
            ],
            ["date", "body", "attachment_ids"],
            order="id",
        )
        told = case.env["npo.message"].search_fetch(
            [("res_model", "=", case._name), ("res_id", "=", case.id)],
            ["create_date", "body"],
            order="id",
        )
        entries = [
            {
                "date": message.date,
                "is_mine": True,
                "html": message.body,
                "files": message.attachment_ids.mapped("name"),
            }
            for message in written
        ] + [
            {
                "date": message.create_date,
                "is_mine": False,
                "html": message.body,
                "files": [],
            }
            for message in told
        ]
        return sorted(entries, key=lambda entry: entry["date"])

    # ------------------------------------------------------------
    # WRITE
    # ------------------------------------------------------------

    def _person_may_reply(self):
        """Tell whether the person may write: as long as it is not closed."""
        return not self.sudo().is_closed

    def _portal_reply(self, text, files=()):
        """Take in what the person writes, with what is attached.

        :param files: (name, bytes)
        """
        self._check_mine()
        case = self.sudo()
        text = clean_text(text)
        if not text:
            raise UserError(self.env._("Write what you want to tell us."))
        if not case._person_may_reply():
            raise UserError(
                self.env._("This is closed. Write to us anew, and name its number.")
            )
        case._check_text_lengths({"description": text})
        attached = case._attach(files)
        message = case.message_post(
            body=text,
            author_id=case._person_authors()[0].id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        # the platform drops files that somebody without a role did not upload itself
        message.sudo().attachment_ids = attached
        return message

    def _portal_steps_open(self):
        """Return the codes of what the person may do now."""
        steps = {"rate"} if self._portal_may_rate() else set()
        return steps | {"reply"} if self._person_may_reply() else steps

    def _is_rateable(self):
        # OVERRIDE npo.case.mixin: once the person has the answer
        return bool(self.date_answered)


class NpoMessage(models.Model):
    """Who left neither name nor number reads the messages by the code (P093)."""

    _inherit = "npo.message"

    state = fields.Selection(
        selection_add=[("on_page", "Read on the page, by the code")],
        ondelete={"on_page": "cascade"},
    )

    @api.model
    def _has_reader(self, case):
        # EXTENDS npo.message
        return "is_anonymous" in case._fields or super()._has_reader(case)

    def _deliver_by_mail(self):
        # EXTENDS npo.message
        unknown = self.filtered(
            lambda message: not (message.partner_id or message.phone_to)
        )
        unknown = unknown.filtered(lambda message: not message._email())
        unknown.write({"state": "on_page", "date_sent": fields.Datetime.now()})
        return super(NpoMessage, self - unknown)._deliver_by_mail()


class NpoVoiceForm(models.AbstractModel):
    """The list of what somebody asked and said: several models on one page."""

    _inherit = "npo.voice.form"

    @api.model
    def _own_rows(self, partner, place, limit, offset=0):
        """Return what a person asked and said, newest first, as superuser.

        :param place: key of `PLACES`; anything else means all
        :return: list of records of different models
        """
        rows = self.env.execute_query(
            SQL(
                "%s ORDER BY create_date DESC, id DESC LIMIT %s OFFSET %s",
                self._own_query(partner, place),
                limit,
                offset,
            )
        )
        found = {}
        for name in {name for name, *_rest in rows}:
            ids = [row_id for model, row_id, _date in rows if model == name]
            records = self.env[name].sudo().browse(ids)
            records.fetch(ROW_FIELDS)
            found |= {(name, record.id): record for record in records}
        stages = {record.stage_id.id for record in found.values()}
        self.env["npo.stage"].sudo().browse(stages).fetch(["name", "portal_sentence"])
        return [found[name, row_id] for name, row_id, _date in rows]

    @api.model
    def _own_count(self, partner, place, most):
        """Count what a person asked and said, up to a number."""
        query = self._own_query(partner, place)
        [(count,)] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM (%s LIMIT %s) AS own", query, most)
        )
        return count

    @api.model
    def _own_query(self, partner, place):
        names = [PLACES[place]] if place in PLACES else list(PLACES.values())
        for name in names:
            self.env[name].flush_model(["partner_id", "active", "create_date"])
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s AS model, id, create_date FROM %s"
                " WHERE partner_id = %s AND active IS TRUE",
                name,
                SQL.identifier(self.env[name]._table),
                partner.id,
            )
            for name in names
        )
