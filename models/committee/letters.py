import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from .item import NpoCommitteeItem as BaseItem
from .session import NpoCommitteeSession as BaseSession

_logger = logging.getLogger(__name__)

LETTER = "npo_relations.action_report_npo_request_letter"
CRON = "npo_relations.ir_cron_npo_committee_letters"
# Letters laid out and committed together: what a broken-off run does again.
BATCH = 10


class NpoCommitteeItem(models.Model):
    """The letter of an item: made once, after the decision was announced (R125).

    The file and the state of an item are written in one transaction, so a server that
    is stopped in the middle goes on with the next and makes none twice.
    """

    _inherit = BaseItem._name

    letter_state = fields.Selection(
        [
            ("none", "Not announced"),
            ("waiting", "Being made"),
            ("made", "Made"),
            ("failed", "Could not be made"),
        ],
        string="Letter",
        default="none",
        required=True,
        readonly=True,
    )
    letter_id = fields.Many2one("ir.attachment", readonly=True, copy=False)

    _letter_idx = models.Index("(id) WHERE letter_state = 'waiting'")

    def _want_letters(self):
        """Have the letters made right after this transaction."""
        if self:
            self.sudo().write({"letter_state": "waiting"})
            self.env.ref(CRON).sudo()._trigger()

    @api.model
    def _cron_letters(self):
        """Make the letters that wait, some at a time, each batch committed."""
        waiting = [("letter_state", "=", "waiting")]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(waiting))
        while items := self.search(waiting, limit=BATCH).try_lock_for_update():
            items._make_letters()
            if not cron._commit_progress(len(items)):
                return

    def _make_letters(self):
        """Make the letters; one that cannot be made does not hold up the others."""
        try:
            with self.env.cr.savepoint():
                self._attach_letters()
        except Exception:
            if len(self) > 1:
                for item in self:
                    item._make_letters()
                return
            _logger.exception("The letter of agenda item %s could not be made", self.id)
            self.letter_state = "failed"

    def _attach_letters(self):
        pages = self.env["ir.actions.report"]._npo_pdf_by_record(
            LETTER, self.request_id.ids
        )
        letters = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{item.reference.replace('/', '-')}.pdf",
                    "raw": pages[item.request_id.id],
                    "mimetype": "application/pdf",
                    "res_model": "npo.request",
                    "res_id": item.request_id.id,
                }
                for item in self
            ]
        )
        for item, letter in zip(self, letters, strict=True):
            item.write({"letter_id": letter.id, "letter_state": "made"})

    def action_make_letter_again(self):
        """Try once more to make letters that failed."""
        self.committee_id._require_seat("chair", "deputy", "secretary")
        self.filtered(lambda item: item.letter_state == "failed")._want_letters()


class NpoCommitteeSession(models.Model):
    """All the answers of a session in one step (R125)."""

    _inherit = BaseSession._name

    ripe_count = fields.Integer("May be announced", compute="_compute_letter_counts")
    unripe_count = fields.Integer("Not yet", compute="_compute_letter_counts")
    letter_count = fields.Integer("Letters made", compute="_compute_letter_counts")
    letter_waiting_count = fields.Integer(compute="_compute_letter_counts")

    @api.depends("item_ids.state", "item_ids.letter_state")
    def _compute_letter_counts(self):
        for session in self:
            waiting = session._to_announce()
            ripe = waiting._ripe()
            states = session.item_ids.mapped("letter_state")
            session.ripe_count = len(ripe)
            session.unripe_count = len(waiting) - len(ripe)
            session.letter_count = states.count("made")
            session.letter_waiting_count = states.count("waiting")

    def _to_announce(self):
        """Return the requests decided here whose decision is not announced yet."""
        decided = self.sudo().item_ids.filtered(lambda item: item.state == "decided")
        return decided.request_id.filtered(lambda r: r.stage_code == "decided")

    def action_announce(self):
        """Announce all that may be announced today; tell from when on the others may.

        The letters are made right after.
        """
        self.ensure_one()
        self.committee_id._require_seat("chair", "deputy", "secretary")
        waiting = self._to_announce()
        ripe = waiting._ripe()
        if ripe:
            # as the user: the step checks the seat, and the duty is theirs
            ripe.sudo(False).action_announce()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if ripe else "warning",
                "sticky": bool(waiting - ripe),
                "title": self.env._("Decisions announced: %s", len(ripe)),
                "message": (waiting - ripe)._unripe_note(),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_print_letters(self):
        """Offer all the letters of the session as one file to print."""
        self.ensure_one()
        self.committee_id._require_seat("chair", "deputy", "secretary")
        items = self.sudo().item_ids
        if not (letters := items.letter_id):
            raise UserError(
                self.env._(
                    "No letter is made yet. Letters are made once a decision is"
                    " announced; that takes a moment."
                )
            )
        content = merge_pdf([letter.raw for letter in letters])
        name = self.env._("Letters %s.pdf", self.name.replace("/", "-"))
        return self.env["npo.committee.paper"]._offer(name, content)


class NpoRequest(models.Model):
    _inherit = "npo.request"

    def _ripe(self):
        """Return the decided requests that may be announced today."""
        return self.filtered(lambda request: not request._next_step_note())

    def _unripe_note(self):
        """Tell, of decided requests that must wait, from when on each may go out."""
        days = self.grouped("earliest_reply_date")
        return "\n".join(
            self.env._(
                "From %(day)s: %(requests)s",
                day=requests[0]._format_date(day),
                requests=", ".join(requests.mapped("name")[:20]),
            )
            for day, requests in sorted(days.items())
        )
