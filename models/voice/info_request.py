from odoo import api, fields, models
from odoo.exceptions import UserError

from .answered_mixin import NpoAnsweredMixin

OPEN_STAGES = ("received", "studied", "waiting")


class NpoInfoRequest(models.Model):
    """Somebody asks for information that the association holds (R164, R165).

    It is given in full, in part or refused with its reason, within a promised time.
    """

    _name = "npo.info.request"
    _description = "Request for Information"
    _inherit = [NpoAnsweredMixin._name]

    _stage_kind = "information"
    _first_stage = "received"
    _reference_prefix = "INF"
    _acknowledge_event = "inf_ack"
    _answer_event = "inf_answer"
    _ask_event = "inf_question"
    _open_stages = OPEN_STAGES
    _working_stage = "studied"
    _reopened_stage = "studied"
    _flow_fields = NpoAnsweredMixin._flow_fields | {"outcome", "reason_id", "item_id"}
    _drag_steps = {"studied": "action_study", "closed": "action_finish"}

    work_field_id = fields.Many2one(
        "npo.work.field", string="Field of work", index="btree_not_null"
    )
    outcome = fields.Selection(
        [
            ("full", "Given in full"),
            ("partial", "Given in part"),
            ("refused", "Refused"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
    )
    reason_id = fields.Many2one(
        "npo.reason",
        string="Why not all",
        readonly=True,
        copy=False,
        domain=[("kind", "=", "information")],
    )
    item_id = fields.Many2one(
        "npo.info.item",
        string="Answered with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    _list_idx = models.Index(
        "(company_id, priority DESC, id DESC) WHERE active IS TRUE"
    )
    _due_idx = models.Index("(company_id, date_due) WHERE stage_category = 'open'")
    _partner_idx = models.Index("(partner_id, id DESC) WHERE partner_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        """What is typed at the desk goes to its officer, and the person is told."""
        cases = super().create(vals_list)
        if not self.env.su:
            cases._acknowledge()
        return cases

    def action_study(self):
        """Take requests to study them: what is held, and what may be told."""
        self._check_handler()
        self._require_stage("received")
        self._move("studied", user_id=self.env.uid)

    def _acknowledge(self):
        # EXTENDS npo.voice.mixin: its owner is the liaison officer of its field
        for case in self.sudo():
            liaisons = case.env["npo.liaison"]
            officer = liaisons._liaison_for(case.work_field_id, case.company_id)
            quiet = case.with_context(mail_auto_subscribe_no_notify=True)
            quiet.user_id = case.user_id or officer
            case._task_to_answer(case.user_id)
        return super()._acknowledge()

    def _answer(self, outcome, text, reason=None, item=None):
        """Give what is asked for, in full or in part, or refuse it; tell the person.

        :param reason: of the list, for what is left out or refused
        """
        self.ensure_one()
        if not outcome:
            raise UserError(self.env._("Say whether it is given."))
        if outcome != "full" and (not reason or reason.kind != "information"):
            raise UserError(
                self.env._("What is not given is told with a reason: choose it.")
            )
        self._send_answer(
            text,
            outcome=outcome,
            reason_id=reason.id if outcome != "full" else False,
            item_id=item.id if item else False,
        )


class NpoReason(models.Model):
    _inherit = "npo.reason"

    kind = fields.Selection(
        selection_add=[("information", "Information not given")],
        ondelete={"information": "cascade"},
    )
