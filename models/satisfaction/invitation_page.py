from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, hmac

from ...tools.form_text import clean_text
from ..core.guards import check_values
from .events import SCORED, on_five
from .invitation import NpoOpinionInvitation as Base

ON_A_PAGE = 5
# What may be ticked as the reason: the dimensions that a person can tell.
REASONS = ("courtesy", "speed", "information", "fairness", "place", "outcome")
LONGEST_NUMBER = 3


class NpoOpinionInvitation(models.Model):
    """The pages that a person answers on, in under a minute (R068, P121).

    The first question alone, then the few others and the reason, which depends on
    the first. Each page is saved by itself: who stops half-way has said so much, and
    a page that is sent twice counts once.
    """

    _inherit = Base._name

    # ------------------------------------------------------------
    # WHICH QUESTIONS
    # ------------------------------------------------------------

    def _questions(self):
        """Return the questions that this person is asked, in their order.

        The first, those of everybody, one of the pool in turn (so that all of it is
        measured and nobody is asked more than five), and words. Who is not satisfied
        is asked whether to be called, instead of the one in turn.
        """
        self.ensure_one()
        questions = self.survey_id.question_ids.filtered(
            lambda one: one.npo_audience in (False, self.audience)
        )
        by_role = questions.grouped("npo_role")
        none = questions.browse()
        asked = by_role.get("first", none)[:1] + by_role.get("core", none)
        pool = by_role.get("pool", none)
        if self.is_answered and self._is_low():
            asked += by_role.get("contact", none) + by_role.get("text_low", none)
        else:
            if pool:
                asked += pool[self.id % len(pool)]
            asked += by_role.get("text_high", none)
        return asked

    def _pages(self):
        """Return the questions page by page."""
        questions = self._questions()
        rest = questions[1:]
        return [questions[:1]] + [
            rest[start : start + ON_A_PAGE] for start in range(0, len(rest), ON_A_PAGE)
        ]

    def _is_low(self):
        return self.score <= self.company_id.npo_opinion_low_score

    def _asks_reason(self):
        """Tell whether the page asks what was good, or what went wrong."""
        return self.page == 1 and self.event != "internal"

    @api.model
    def _reason_labels(self):
        """Return (code, label) of what may be ticked."""
        labels = dict(
            self.env["npo.opinion.remark"]
            ._fields["dimension"]
            ._description_selection(self.env)
        )
        return [(code, labels[code]) for code in REASONS]

    def _progress(self):
        """Return (number of this page, how many there are)."""
        return self.page + 1, len(self._pages())

    # ------------------------------------------------------------
    # SAVE
    # ------------------------------------------------------------

    def _save_page(self, page, typed, reasons=(), source=None):
        """Save one page of answers; one that was saved already is left as it is.

        :param int page: which page was sent
        :param dict typed: {"q<id of the question>": what was chosen or written}
        :param reasons: codes of the dimensions that were ticked
        :raise UserError: in a sentence for the person
        """
        self.ensure_one()
        self._hold()
        if self.state == "done" or page != self.page:
            return
        if self._is_over():
            raise UserError(self.env._("The time to answer is over. Thank you."))
        pages = self._pages()
        if page >= len(pages):  # questions were taken away since it was begun
            self._turn_page(len(pages))
            return
        values = self._read_typed(pages[page], typed)
        if page == 0 and not values:
            raise UserError(self.env._("Choose one of the answers."))
        if not self.source:
            self.source = source or "link"
        self._store(values)
        if page == 0:
            self._note_first(*next(iter(values.items())))
        self._store_reasons(reasons if self._asks_reason() else ())
        self._turn_page(len(self._pages()))

    def _hold(self):
        """Wait for who else answers by the same key at this moment."""
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM npo_opinion_invitation WHERE id = %s FOR NO KEY UPDATE",
                self.id,
            )
        )
        self.invalidate_recordset()

    def _turn_page(self, count):
        """Go to the next page; the last one ends it."""
        turned = self.page + 1
        vals = {"page": turned, "state": "partial"}
        if turned >= count:
            vals |= {"state": "done", "date_remind": False}
            self.user_input_id._mark_done()
        self.write(vals)
        if self.state == "done" and self.company_id.npo_opinion_anonymous:
            self._cut_link()

    def _cut_link(self):
        """Forget which case the answers are of; a fingerprint remains (P123)."""
        key = hmac(
            self.env(su=True), "npo_opinion_case", f"{self.res_model}:{self.res_id}"
        )
        self.user_input_id.npo_case_key = key
        self.write({"user_input_id": False, "score": 0})

    @api.model
    def _read_typed(self, questions, typed):
        """Return {question: value} of what was answered; else it is refused."""
        values = {}
        for question in questions:
            text = clean_text(str(typed.get(f"q{question.id}", "") or ""))
            if text:
                values[question] = self._read_value(question, text)
        return values

    @api.model
    def _read_value(self, question, text):
        if question.npo_scale == "text":
            check_values(
                self.env["npo.opinion.remark"].with_company(
                    question.survey_id.npo_company_id
                ),
                {"text": text},
            )
            return text
        is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
        value = int(text) if is_number else -1
        if question.npo_scale == "number":
            least, most = 0, 10**LONGEST_NUMBER
        else:
            least, most = question.scale_min, question.scale_max
        if not least <= value <= most:
            raise UserError(self.env._("Choose one of the answers."))
        return value

    def _store(self, values):
        """Keep answers as Odoo's survey keeps them, and as they are counted."""
        user_input = self._sheet()
        answers = self.env["npo.opinion.answer"].sudo()
        remarks = self.env["npo.opinion.remark"].sudo()
        self.env["survey.user_input.line"].sudo().create(
            [
                self._line_vals(user_input, question, value)
                for question, value in values.items()
            ]
        )
        answers.create(
            [
                answers._vals(self, question, value, user_input)
                for question, value in values.items()
                if question.npo_scale in SCORED and question.npo_question_id
            ]
        )
        remarks.create(
            [
                remarks._said(self, value)
                for question, value in values.items()
                if question.npo_scale == "text"
            ]
        )

    def _sheet(self):
        """Return the answers of this person in Odoo's survey, begun now if need be."""
        if not self.user_input_id:
            self.user_input_id = (
                self.env["survey.user_input"]
                .sudo()
                .create(
                    {
                        "survey_id": self.survey_id.id,
                        "state": "in_progress",
                        "start_datetime": fields.Datetime.now(),
                        "predefined_question_ids": [
                            fields.Command.set(self._questions().ids)
                        ],
                    }
                )
            )
        return self.user_input_id

    @api.model
    def _line_vals(self, user_input, question, value):
        kinds = {"text": ("text_box", "value_text_box")}
        kinds["number"] = ("numerical_box", "value_numerical_box")
        kind, column = kinds.get(question.npo_scale, ("scale", "value_scale"))
        return {
            "user_input_id": user_input.id,
            "question_id": question.id,
            "answer_type": kind,
            column: value,
        }

    def _note_first(self, question, value):
        """Keep the first answer; a low one is made good from this minute on (R069)."""
        scale = question.npo_scale
        score = on_five(scale, value) if scale in SCORED else 5
        self.write({"score": score, "is_answered": True})
        self.user_input_id.predefined_question_ids = self._questions()
        if self._is_low():
            self.env["npo.opinion.recovery"]._open_for(self)

    def _store_reasons(self, reasons):
        kind = "bad" if self._is_low() else "good"
        remarks = self.env["npo.opinion.remark"].sudo()
        remarks.create(
            [
                remarks._ticked(self, kind, code)
                for code in REASONS
                if code in set(reasons)
            ]
        )

    # ------------------------------------------------------------
    # THE TABLET
    # ------------------------------------------------------------

    def _take_face(self, rating):
        """Take the face on the tablet for the answer to the first question (P129)."""
        self.ensure_one()
        question = self._questions()[:1]
        self._save_page(0, {f"q{question.id}": rating}, source="tablet")
