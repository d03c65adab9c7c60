from odoo import api, fields, models

from .answered_mixin import NpoAnsweredMixin

OPEN_STAGES = ("new", "assigned", "consulting", "waiting", "reopened")


class NpoInquiry(models.Model):
    """A question that somebody asks, and its answer (R063, R105, R175).

    It is written by its steps (`inquiry_flow`): the one who has it answers, whomever
    else is asked.
    """

    _name = "npo.inquiry"
    _description = "Inquiry"
    _inherit = [NpoAnsweredMixin._name]

    _stage_kind = "inquiry"
    _first_stage = "new"
    _reference_prefix = "INQ"
    _acknowledge_event = "inq_ack"
    _open_stages = OPEN_STAGES
    _working_stage = "assigned"
    _reopened_stage = "reopened"
    _answer_event = "inq_answer"
    _ask_event = "inq_question"
    _flow_fields = NpoAnsweredMixin._flow_fields | {
        "answer_id",
        "asked_id",
        "first_contact",
    }

    topic_id = fields.Many2one("npo.inquiry.topic", index="btree_not_null")
    work_field_id = fields.Many2one(
        "npo.work.field",
        string="Field of work",
        compute="_compute_work_field_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Whose liaison officer answers (R168).",
    )
    first_contact = fields.Boolean(
        "Answered at first contact",
        readonly=True,
        copy=False,
        help="By whoever heard the question, at once.",
    )
    unclear_instructions = fields.Boolean(
        "Our instructions were unclear here",
        copy=False,
        help="Counted: what is asked often is to be written better.",
    )
    consultation_ids = fields.One2many(
        "npo.inquiry.consultation", "inquiry_id", string="Units asked"
    )
    asked_id = fields.Many2one(
        "res.users",
        string="Asked last",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Who of the competent unit was asked, and so may read it.",
    )
    answer_id = fields.Many2one(
        "npo.answer",
        string="Answered from",
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _due_idx = models.Index("(company_id, date_due) WHERE stage_category = 'open'")
    _partner_idx = models.Index("(partner_id, id DESC) WHERE partner_id IS NOT NULL")
    _answered_idx = models.Index(
        "(company_id, date_answered) WHERE stage_code = 'answered'"
    )

    # what the measures of a period read
    _received_idx = models.Index("(company_id, date_received)")
    _replied_idx = models.Index(
        "(company_id, date_answered) WHERE date_answered IS NOT NULL"
    )

    @api.depends("topic_id", "company_id")
    def _compute_work_field_id(self):
        """The field of the topic, where the association works in it."""
        for inquiry in self:
            if work_field := inquiry.topic_id.work_field_id:
                own = inquiry.company_id.sudo().npo_work_field_ids
                inquiry.work_field_id = work_field & own
            else:
                inquiry.work_field_id = inquiry.work_field_id

    def _compute_access_url(self):
        super()._compute_access_url()
        for inquiry in self:
            inquiry.access_url = f"/my/inquiries/{inquiry.id}"

    @api.model_create_multi
    def create(self, vals_list):
        """At the desk, the one who registers has it first, and the person is told."""
        if self.env.su:
            return super().create(vals_list)
        own = [{"user_id": self.env.uid, **vals} for vals in vals_list]
        inquiries = super().create(own)
        inquiries._notify(self._acknowledge_event)
        return inquiries
