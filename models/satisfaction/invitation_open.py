from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.form_text import clean_line
from .invitation import NpoOpinionInvitation as Base

MAX_ROWS = 40
# What may be rated in the portal: part of the address -> (model, its day).
PLACES = {
    "requests": ("npo.request", "date_closed"),
    "visits": ("npo.visit", "date_ended"),
    "complaints": ("npo.complaint", "date_closed"),
}


class NpoOpinionInvitation(models.Model):
    """Who comes by themselves: the portal and the printed code (R076, R078)."""

    _inherit = Base._name

    # ------------------------------------------------------------
    # WHAT A PAGE SHOWS
    # ------------------------------------------------------------

    def _shown(self):
        """Return the questions of the page that is to be answered now."""
        if self.state == "done":
            return []
        pages = self._pages()
        return self._as_shown(pages[self.page]) if self.page < len(pages) else []

    @api.model
    def _as_shown(self, questions):
        """Return the questions as a page shows them: {name, label, scale}."""
        return [
            {
                "name": f"q{question.id}",
                "label": question.npo_question_id.name or question.title,
                "scale": question.npo_scale,
            }
            for question in questions
        ]

    # ------------------------------------------------------------
    # THE PRINTED CODE
    # ------------------------------------------------------------

    @api.model
    def _open_questionnaire(self, code):
        """Return the questionnaire behind a public code, in sudo; none if none."""
        surveys = self.env["survey.survey"].sudo()
        domain = [("npo_code", "=", code or ""), ("npo_event", "!=", False)]
        return surveys.search(domain, limit=1)

    @api.model
    def _answer_openly(self, survey, post, address):
        """Take the first answer of who has no invitation.

        :return: (key of the page that follows, why the answer is not taken)
        """
        guard = self.env["npo.flood.guard"]
        company = survey.npo_company_id
        stamp = clean_line(post.get("stamp"))
        if guard._stamp_age(stamp) is None:
            return "", self.env._("This page was open for too long. Please try again.")
        if before := guard._sent_before(company, stamp):
            return before, ""
        key = guard._key_from(company, "opinion", address)
        if guard._is_full(company, {key: company.npo_posts_per_address}):
            return "", self.env._(
                "Many answers came from here within this hour. Please try again later."
            )
        first = survey.question_ids.filtered(lambda one: one.npo_role == "first")[:1]
        try:
            values = self._read_typed(first, post)
        except UserError:
            values = {}
        if not values:
            return "", self.env._("Choose one of the answers.")
        guard._count(company, key, 60)
        invitation = self._open_survey(survey)
        invitation._save_page(0, post, source="qr")
        guard._note_outcome(company, stamp, invitation.token)
        return invitation.token, ""

    # ------------------------------------------------------------
    # THE PORTAL
    # ------------------------------------------------------------

    @api.model
    def _portal_rows(self, partner, company):
        """Return what a person may rate, newest first, in one query for each kind.

        :return: [{place, id, kind, name, day, state}]; state is "open" or "done"
        """
        since = fields.Datetime.subtract(
            fields.Datetime.now(), days=company.npo_opinion_window_days
        )
        rows = []
        for place, (model, day) in PLACES.items():
            records = (
                self.env[model]
                .sudo()
                .search(
                    [
                        ("partner_id", "=", partner.id),
                        ("company_id", "=", company.id),
                        (day, ">=", since),
                    ],
                    order=f"{day} desc",
                    limit=MAX_ROWS,
                )
            )
            over = records.filtered(lambda one: one._opinion_over())
            asked = {one.res_id: one for one in over._opinion()}
            rows += [
                {
                    "place": place,
                    "id": record.id,
                    "name": record.name,
                    "about": record._opinion_about(),
                    "day": fields.Datetime.context_timestamp(
                        self.with_context(tz=company._npo_tz()), record[day]
                    ).date(),
                    "is_done": record.id in asked and asked[record.id].state == "done",
                }
                for record in over
                if not record._opinion_facts()["sealed"]
            ]
        return sorted(rows, key=lambda row: row["day"], reverse=True)

    @api.model
    def _portal_start(self, model, record_id, partner):
        """Return the invitation of one of the person's own things; none if none.

        What is another's answers like what does not exist.
        """
        record = self.env[model].sudo().browse(record_id).exists()
        if not record or record.partner_id != partner or not record._opinion_over():
            return self.sudo().browse()
        window = record.company_id.npo_opinion_window_days
        end = fields.Datetime.add(record._opinion_day(), days=window)
        if end < fields.Datetime.now():
            return self.sudo().browse()
        invitation = record._opinion_invitation()
        if invitation and not invitation.source:
            invitation.source = "portal"
        return invitation
