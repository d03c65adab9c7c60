import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.arabic import gendered
from .answer import NpoAnswer as Base

PLACEHOLDER = re.compile(r"\s*\{\w+\}")

# In the language of the people they are for; each association words them as its own.
NOTIONS = (
    (
        "الدعم مضمون لكل متقدم",
        "الاستحقاق يُدرس: تنظر لجنة البحث في كل طلب وفق السياسة المعتمدة، وتُبلَّغ"
        " بالقرار وسببه.",
    ),
    (
        "التقييم يضر بالموظف أو بي",
        "التقييم لتطوير الخدمة: لا يطلع عليه من خدمك، ولا يؤثر في أي خدمة تُقدَّم لك.",
    ),
    (
        "لا بد من الحضور إلى الجمعية",
        "الخدمة متاحة عن بُعد: قدّم طلبك وتابعه من البوابة، أو اتصل بنا.",
    ),
    (
        "الواسطة تسرّع الطلب",
        "الأولوية بالحاجة وترتيب التقديم، ولا يُسرَّع طلب بمعرفة أحد.",
    ),
    (
        "رفض الطلب نهائي",
        "لك حق الاعتراض على القرار خلال المدة المكتوبة في خطابه، وينظر فيه من لم يشارك"
        " في القرار.",
    ),
)


class NpoAnswer(models.Model):
    """A notion put right goes where people are, and it is known how far (R074)."""

    _inherit = Base._name

    channel_ids = fields.Many2many(
        "npo.channel",
        "npo_answer_channel_rel",
        "answer_id",
        "channel_id",
        string="Told by",
        help="Beside the page of the service centre, where it is published.",
    )
    reach = fields.Integer("Persons reached", help="As the channels tell.")
    date_published = fields.Date("Published on", readonly=True, copy=False)

    _reach_positive = models.Constraint(
        "CHECK (reach >= 0)", "The persons reached are counted from nobody up."
    )

    @api.constrains("reach", "state")
    def _check_reach(self):
        for answer in self:
            if answer.reach and answer.state != "published":
                raise ValidationError(
                    self.env._("Publish it first: then it reaches somebody.")
                )

    def _set_state(self, state):
        # EXTENDS: the day on which it was published is kept
        super()._set_state(state)
        for answer in self.sudo():
            is_published = state == "published"
            answer.date_published = is_published and answer.company_id._npo_today()

    def action_draft(self):
        """Take it back to work on it; whom it reached is counted anew."""
        self.check_access("write")
        self.reach = 0
        return super().action_draft()

    def _page_values(self):
        """Return it as the public pages show it: with nobody's name, for everybody."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "body": PLACEHOLDER.sub("", gendered(self.body, None)),
            "is_misconception": self.kind == "misconception",
        }


class ResCompany(models.Model):
    """A new association finds the notions that are heard most, to word as its own."""

    _inherit = "res.company"

    def _npo_apply_profile(self, code):
        # EXTENDS: notions to put right, as drafts (R074)
        version = super()._npo_apply_profile(code)
        self.sudo()._npo_load_notions()
        return version

    def _npo_load_notions(self):
        """Add the notions of glossary 16 as drafts, unless there are some."""
        answers = self.env["npo.answer"].with_context(active_test=False)
        own = [("company_id", "=", self.id), ("kind", "=", "misconception")]
        if answers.search_count(own, limit=1):
            return
        topic = self.env.ref("npo_relations.inquiry_topic_misconception")
        answers.create(
            [
                {
                    "name": claim,
                    "body": correction,
                    "kind": "misconception",
                    "topic_id": topic.id,
                    "company_id": self.id,
                }
                for claim, correction in NOTIONS
            ]
        )
