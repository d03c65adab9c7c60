from datetime import timedelta

from odoo import api, fields, models

from .invitation import NpoOpinionInvitation as Base

BATCH = 500
PURPOSE = "survey"
# Event -> the message that asks; what its own message asks already is not sent again.
TEMPLATES = {
    "after_service": "opinion_service",
    "after_visit": "opinion_visit",
    "after_complaint": "opinion_complaint",
    "after_decision": "opinion_decision",
}
# The message of the delivery carries the link: it is the invitation (R076).
ASKED_BY_ITS_MESSAGE = ("after_service",)


class NpoOpinionInvitation(models.Model):
    """Sending, in batches, by the channel that the person prefers (R068, R077)."""

    _inherit = Base._name

    @api.model
    def _cron_send(self):
        """Send what waits and remind who did not answer; two at once share the rows."""
        waiting = [("state", "=", "waiting")]
        late = self._reminder_domain()
        first = self.search(waiting, limit=BATCH, order="id").try_lock_for_update()
        first._send()
        due = self.search(late, limit=BATCH, order="id").try_lock_for_update()
        due._remind()
        self.env["ir.cron"]._commit_progress(
            len(first) + len(due),
            remaining=self.search_count(waiting) + self.search_count(late),
        )

    @api.model
    def _reminder_domain(self):
        return [("date_remind", "<=", fields.Datetime.now())]

    # ------------------------------------------------------------
    # FIRST
    # ------------------------------------------------------------

    def _send(self):
        """Send the invitations that may be sent; of the others, keep why not."""
        for company, invitations in self.grouped("company_id").items():
            asked = invitations._to_ask(company)
            asked._tell("opinion", skip=ASKED_BY_ITS_MESSAGE)
            asked._mark_sent(company)

    def _to_ask(self, company):
        """Return whom of one association may be asked now; of the others, keep why."""
        asked = self - self._skip_unwilling(company)
        return asked - asked._skip_recent(company)

    def _mark_sent(self, company):
        """Keep that they were asked: from here on they rest, and are counted."""
        now = fields.Datetime.now()
        remind = now + timedelta(days=company.npo_opinion_reminder_days)
        self.write({"state": "sent", "date_sent": now, "date_remind": remind})

    def _unwilling(self, company):
        """Return the persons who are not to be asked (D18)."""
        people = self.partner_id
        consents = self.env["npo.consent"].sudo()
        agreed = consents._consenting(people, PURPOSE, company)
        if company.npo_opinion_needs_consent:
            return people - agreed
        ended = consents.search_fetch(
            [
                ("partner_id", "in", (people - agreed).ids),
                ("company_id", "=", company.id),
                ("purpose_id.code", "=", PURPOSE),
                ("date_withdrawn", "!=", False),
            ],
            ["partner_id"],
        )
        return ended.partner_id

    def _skip_unwilling(self, company):
        """Mark whom of one association must not be asked, and return them."""
        unwilling = self._unwilling(company)
        skipped = self.filtered(lambda one: one.partner_id in unwilling)
        skipped._skip("consent")
        return skipped

    def _skip_recent(self, company):
        """Leave out who was asked shortly before, and the second in one batch."""
        since = fields.Datetime.now() - timedelta(days=company.npo_opinion_rest_days)
        rows = self._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "=", company.id),
                ("date_sent", ">", since),
            ],
            ["partner_id"],
        )
        seen = {partner.id for (partner,) in rows}
        skipped = self.browse()
        for one in self if company.npo_opinion_rest_days else ():
            if one.partner_id.id in seen:
                skipped |= one
            elif one.partner_id:
                seen.add(one.partner_id.id)
        skipped._skip("recent")
        return skipped

    def _skip(self, reason):
        if self:
            self.write(
                {"state": "skipped", "skip_reason": reason, "date_remind": False}
            )

    # ------------------------------------------------------------
    # REMINDER
    # ------------------------------------------------------------

    def _remind(self):
        """Remind, once, who neither answered nor said that they do not want to."""
        self.write({"date_remind": False})
        now = fields.Datetime.now()
        for company, invitations in self.grouped("company_id").items():
            due = invitations.filtered(
                lambda one: one.state == "sent" and one.date_end > now
            )
            unwilling = due._unwilling(company)
            due = due.filtered(lambda one, no=unwilling: one.partner_id not in no)
            due._tell("opinion_reminder")
            due.write({"date_reminded": now})

    def _tell(self, moment, skip=()):
        """Queue the messages of invitations, on the cases that they are about.

        There the rules say who may read of them: a complaint stays a complaint.
        """
        messages = self.env["npo.message"]
        for (event, model), some in self.grouped(
            lambda one: (one.event, one.res_model)
        ).items():
            if event in skip or not some.partner_id:
                continue
            name = TEMPLATES.get(event)
            template = self.env.ref(
                f"npo_relations.mail_template_{name or 'opinion_round'}"
            )
            cases = some
            if name:
                cases = self.env[model].browse(some.mapped("res_id")).exists()
            known = {one.res_id: one.id for one in some}
            template = template.with_context(npo_opinions=known)
            messages._queue(template, cases.sudo(), event=moment)
