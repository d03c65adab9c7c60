from inspect import signature

from odoo.exceptions import UserError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ROLE_NAMES
from .common_records import EveryRecordCommon

# Overrides of the ORM's own, which the tables of access and the guards are tested on.
ORM = {
    "create",
    "write",
    "unlink",
    "copy",
    "copy_data",
    "default_get",
    "message_subscribe",  # looks at the rights first; ours does less
    "report_action",
    "get_bindings",  # ours only leaves some out
}
FINANCE = {"payer", "admin"}
PAY_READERS = {"payer", "deliverer", "manager", "auditor", "admin"}
EVERYBODY = set(ROLE_NAMES) | {"stranger"}
OFFICERS = {"officer", "delegate", "admin"}
VOICE_OFFICERS = OFFICERS | {"front", "handler", "sealer", "centre", "chief"}
GOVERNORS = {"governor", "admin"}
READERS = {"officer", "manager", "auditor", "admin"}
ASKERS = {"front", "officer", "delegate", "centre", "chief", "admin"}
FOLLOWERS = {"handler", "centre", "chief", "admin"}
# who deals with contacts, and who leads the register of improvements
HANDLERS = {"front", "officer", "handler", "centre", "chief", "admin"}
VOICE_READERS = HANDLERS | {"manager", "auditor"}
IMPROVING = ("action_improve", "action_view_improvements")
LEADERS = {"officer", "handler", "centre", "chief", "governor", "manager", "admin"}
SESSION_READERS = {"member", "manager", "governor", "auditor", "admin"}
CLAIMS = {"claims", "admin"}
COUNTER = OFFICERS | {"front", "centre", "chief"}
VISIT_READERS = COUNTER | {"manager", "auditor"}
CASE_READERS = CLAIMS | {"lawyer", "grantor", "manager", "auditor"}
DRAWERS = {"officer", "lawyer", "admin"}
PARTY_READERS = DRAWERS | {"handler", "claims", "grantor", "payer", "governor"}
PARTY_READERS |= {"manager", "auditor"}
# who makes rounds and puts right what is found there, and who reads of it
ROUNDS = {"front", "officer", "delegate", "centre", "chief", "admin"}
ROUND_READERS = ROUNDS | {"manager", "auditor"}
CENTRE = {"centre", "chief", "admin"}
SUPERVISORS = CENTRE | {"governor", "manager", "auditor"}
IMPROVERS = SUPERVISORS - {"auditor"}
OPINION_READERS = SUPERVISORS | {"officer", "handler"}
# who keeps the register of obligations
KEEPERS = {"governor", "protector", "admin"}
# who draws a destruction up and approves it
DESTROYERS = {"protector", "governor", "manager", "admin"}
PERIODS = ("month", "quarter", "year", "last_year", "show")
PERIOD_STEPS = dict.fromkeys([f"action_{name}" for name in PERIODS], set())
# model -> method -> who gets through. To all others it is refused. A method behind
# which nothing is written, and which shows nothing, is for everybody.
PUBLIC = {
    "npo.request": {
        "action_receive": OFFICERS,
        "action_complete": OFFICERS,
        "action_refer": OFFICERS,
        "action_verify": OFFICERS,
        "action_research": OFFICERS,
        "action_assess": {"researcher", "admin"},
        "action_research_done": {"researcher", "admin"},
        "action_raise": OFFICERS,
        "action_explained": OFFICERS,
        # they open the form of a reason, where the step is checked
        "action_return": READERS,
        "action_hold": READERS,
        "action_cancel": READERS,
        "action_early_reply": READERS,
        "action_resume": OFFICERS,
        "action_reopen": READERS,
        "action_hand_over": OFFICERS | {"manager"},
        "action_remind_applicant": OFFICERS,
        "action_register": OFFICERS,
        "action_deliver": {"deliverer", "admin"},
        "action_plan_delivery": {"deliverer", "admin"},
        "action_refer_outside": OFFICERS,
        "action_decide": {"member", "admin"},
        "action_announce": {"member", "admin"},
        "action_appeal": OFFICERS,
        "action_file_completed": OFFICERS,
        "action_proceed": OFFICERS,
        "action_urgent": READERS,
        "action_urgent_review": {"manager", "admin"},
        "action_find_false": OFFICERS | {"researcher", "member"},
        "action_record_signature": OFFICERS,
        "action_view_file": READERS | {"researcher"},
        "action_course": READERS | {"researcher"},
        "action_improve": {"officer", "manager", "researcher", "admin"},
        "action_view_improvements": READERS | {"researcher"},
        "action_preview_portal": EVERYBODY,
        # the form of core, in which nothing is shared that the user may not read
        "action_share": set(ROLE_NAMES) - {"portal"},
        "action_unarchive": READERS | {"researcher"},
    },
    "npo.compensation": {
        "action_appeal": CLAIMS,
        "action_dispute": CLAIMS,
        "action_examine": CLAIMS,
        "action_admit": CLAIMS,
        "action_outside": CLAIMS,
        "action_negotiate": CLAIMS,
        "action_offer": CLAIMS,
        "action_answered": CLAIMS,
        "action_judgment": CLAIMS,
        "action_propose": CLAIMS,
        "action_ask_approval": CLAIMS,
        "action_signed": CLAIMS,
        "action_reject": CLAIMS,
        "action_withdraw": CLAIMS,
        "action_suspend": CLAIMS,
        "action_resume": CLAIMS,
        "action_perform": CLAIMS,
        "action_close": CLAIMS,
        "action_legal": {"lawyer", "admin"},
        "action_pass_limit": {"grantor", "manager", "admin"},
        # who may sign for the association, who is asked: looked at behind it
        "action_sign": CASE_READERS,
        "action_answer_approval": CASE_READERS,
        "action_view_payouts": CASE_READERS - {"lawyer"},
        "action_print_file": CASE_READERS,
        "action_print_settlement": CLAIMS | {"lawyer"},
        "action_print_letter": CLAIMS,
        "message_post": CASE_READERS,
    },
    "npo.compensation.finding": {"action_find": CASE_READERS},
    "npo.compensation.step": {"action_confirm": set()},
    "npo.talk.mixin": {"message_post": set()},
    "npo.agreement": {
        "message_post": PARTY_READERS - {"payer"},
        "action_submit": DRAWERS,
        "action_approve": {"manager", "admin"},
        "action_sign": {"manager", "admin"},
        "action_activate": DRAWERS | {"manager"},
        "action_new_version": DRAWERS,
        "action_dispute": {"lawyer", "handler", "claims", "admin"},
        "action_view_compensations": PARTY_READERS - {"officer", "handler", "governor"},
        "action_view_bills": {"payer", "admin"},
    },
    "npo.agreement.check": {
        "action_tick": {"lawyer", "admin"},
        "action_untick": {"lawyer", "admin"},
    },
    "npo.agreement.line": {
        "action_done": DRAWERS | {"manager"},
        "action_print_duties": PARTY_READERS,
    },
    "npo.agreement.exception": {"action_open": {"manager", "auditor", "admin"}},
    "npo.agreement.register": {"action_print": set(), "action_export": set()},
    "npo.agreement.step": {"action_confirm": set()},
    "npo.dispute": {
        "message_post": CASE_READERS | {"handler"},
        "action_begin": {"lawyer", "handler", "claims", "admin"},
        "action_settle": {"lawyer", "handler", "claims", "admin"},
        "action_sign_deed": {"manager", "admin"},
        "action_print_deed": PARTY_READERS - {"officer", "payer", "governor"},
    },
    "npo.dispute.move": {"action_confirm": set()},
    "npo.complaint": {
        "action_dispute": {"handler", "admin"},
        "action_match": VOICE_OFFICERS - {"front", "sealer"},
        "action_improve": VOICE_OFFICERS | {"manager"},
        "action_view_improvements": VOICE_OFFICERS | VOICE_READERS,
        "action_acknowledge": FOLLOWERS,
        "action_approve": {"chief", "manager", "admin"},
        "action_appeal": FOLLOWERS,
        "action_ask": FOLLOWERS,
        "action_assess": FOLLOWERS,
        "action_compensate": FOLLOWERS,
        "action_close_final": FOLLOWERS,
        "action_decide": FOLLOWERS,
        "action_duplicate": FOLLOWERS,
        "action_exclude": FOLLOWERS,
        "action_hear": FOLLOWERS,
        "action_investigate": FOLLOWERS,
        "action_mark_duplicate": FOLLOWERS,
        "action_print_letter": FOLLOWERS,
        "action_print_receipt": FOLLOWERS | {"manager", "auditor"},
        "action_propose": FOLLOWERS,
        "action_refer_out": FOLLOWERS,
        "action_reopen": FOLLOWERS,
        "action_seal": FOLLOWERS,
        "action_tell_progress": FOLLOWERS,
        "action_unit": FOLLOWERS,
        "action_view_log": FOLLOWERS | {"manager", "auditor"},
        "action_view_similar": FOLLOWERS | {"manager", "auditor"},
        "action_withdraw": FOLLOWERS,
        "message_post": FOLLOWERS,
    },
    "npo.complaint.reply": {"action_confirm": set()},
    "npo.complaint.seal": {"action_confirm": set()},
    "npo.complaint.assignment": {
        "action_answer": FOLLOWERS,
        "action_remind": FOLLOWERS,
        "action_take_back": FOLLOWERS,
    },
    "npo.complaint.desk": {"action_confirm": set()},
    "npo.complaint.step": {"action_take": set()},
    "npo.interaction": {
        "action_inquiry": HANDLERS,
        "action_complaint": HANDLERS,
        "action_suggestion": HANDLERS,
        "action_request": HANDLERS,
        "action_appointment": HANDLERS,
        "action_move_private": HANDLERS,
        "action_reply": HANDLERS,
        "action_end": HANDLERS,
        "action_print_letter": VOICE_READERS,
        "action_view_outcome": VOICE_READERS,
    },
    # what the state of a visit allows is tested with the visits
    "npo.visit": {
        "action_call": COUNTER,
        "action_start": COUNTER,
        "action_end": COUNTER,
        "action_leave": COUNTER,
        "action_contact": COUNTER,
        "action_inquiry": COUNTER,
        "action_complaint": COUNTER,
        "action_request": COUNTER,
        "action_support": COUNTER,
    },
    "npo.visit.sheet": {
        "action_close": COUNTER,
        "action_reopen": {"chief", "admin"},
        "action_print": VISIT_READERS,
        "action_export": VISIT_READERS - {"auditor"},
    },
    "npo.visit.sheet.step": {"action_confirm": set()},
    "npo.visit.refer": {"action_confirm": set()},
    "npo.visit.count": {"action_print": set(), "action_export": set()},
    "npo.reception": {
        "get_counter": COUNTER,
        "get_queue": COUNTER,
        "find": COUNTER,
        "register": COUNTER,
        "call_next": COUNTER,
        "refer": COUNTER,
    },
    "npo.site": {
        "action_queue_page": COUNTER,
        "action_rate_page": COUNTER,
        "action_renew_queue_token": {"chief", "admin"},
        "action_view_rounds": ROUND_READERS,
        "action_view_actions": ROUND_READERS,
    },
    "npo.suggestion": {
        "action_match": VOICE_OFFICERS - {"sealer"},
        "action_study": VOICE_READERS - {"front", "auditor"},
        "action_pass_on": VOICE_READERS - {"front", "auditor"},
        "action_adopt": {"officer", "chief", "manager", "admin"},
        "action_implement": {"officer", "chief", "manager", "admin"},
        "action_decline": {"officer", "chief", "manager", "admin"},
        "action_improve": VOICE_READERS - {"auditor"},
        "action_view_improvements": VOICE_READERS,
    },
    "npo.checklist": {"action_adapt": {"chief", "admin"}},
    "npo.inspection": {
        "action_start": ROUNDS,
        "action_take_over": ROUNDS,
        "action_finish": ROUNDS,
        "get_round": ROUND_READERS,
    },
    "npo.inspection.line": {
        "action_correct": ROUNDS,
        "action_improve": ROUNDS | {"manager"},
        "action_view_improvements": ROUND_READERS,
    },
    "npo.corrective.action": {
        "action_taken": ROUNDS,
        "action_verify": ROUNDS,
        "action_back": ROUNDS,
        "action_view_report": CENTRE | {"manager", "auditor"},
        "action_improve": ROUNDS | {"manager"},
        "action_view_improvements": ROUND_READERS,
    },
    "npo.duty.exception": {
        # and the chair of the board
        "action_answer": {"manager", "admin"},
        "action_end": {"manager", "admin"},
    },
    "npo.duty.exception.answer": {"action_confirm": set()},
    "npo.emergency.report": {
        "action_submit": CENTRE,
        "action_approve": {"manager", "admin"},
        "action_return": {"manager", "admin"},
        "action_keep": {"manager", "admin"},
        "action_view_action": CENTRE | {"manager", "auditor"},
    },
    "npo.submission.mixin": dict.fromkeys(
        ("action_submit", "action_approve", "action_return", "action_keep"), set()
    ),
    "npo.submission.return": {"action_confirm": set()},
    "npo.report.run": {
        "action_fill": CENTRE,
        "action_submit": CENTRE,
        "action_approve": {"manager", "admin"},
        "action_return": {"manager", "admin"},
        "action_keep": {"manager", "admin"},
        "action_recount": CENTRE | {"manager", "auditor"},
        "action_print": CENTRE | {"manager", "auditor"},
        "action_export": CENTRE | {"manager", "auditor"},
    },
    "npo.report.line": {"action_records": CENTRE | {"manager", "auditor"}},
    # nothing, without a register that the user looks at
    "npo.register.export": {"action_export": set(), "action_print": set()},
    "npo.office.scorecard": {
        "action_open": {"centre", "chief", "manager", "admin"},
        **dict.fromkeys(
            (
                "action_show",
                "action_week",
                "action_month",
                "action_quarter",
                "action_print",
                "action_export",
            ),
            set(),
        ),
    },
    "npo.improvement": {
        "action_next": LEADERS,
        "action_finish": LEADERS,
        "action_drop": LEADERS,
        "action_back": LEADERS,
        "action_view_origin": LEADERS | {"auditor"},
    },
    "npo.appointment": {
        "action_choose_time": ASKERS,
        "action_confirm": ASKERS - {"front", "delegate"},
        "action_decline": ASKERS - {"front", "delegate"},
        "action_agree": ASKERS,
        "action_arrive": ASKERS,
        "action_held": ASKERS,
        "action_no_show": ASKERS,
        "action_cancel": ASKERS,
    },
    "npo.appointment.book": {"action_confirm": set()},
    "npo.consultation": {
        "action_finish": LEADERS - {"manager"},
        "action_improve": LEADERS,
        "action_view_improvements": LEADERS | {"auditor"},
    },
    "npo.appeal": {
        "action_accept_late": {"manager", "admin"},
        "action_review": {"member", "manager", "admin"},
        "action_answer": {"member", "manager", "admin"},
        "action_withdraw": OFFICERS,
        "action_view_decision": READERS | {"member"},
    },
    "npo.appeal.answer": {"action_confirm": set()},
    "npo.appeal.record": {"action_confirm": set()},
    "npo.answered.mixin": {
        "action_answer": set(),
        "action_ask": set(),
        "action_reply": set(),
        "action_hand_over": set(),
        "action_reopen": set(),
        "action_finish": set(),
        "action_match": set(),
        **dict.fromkeys(IMPROVING, set()),
    },
    "npo.info.request": {
        "action_improve": VOICE_OFFICERS | {"manager"},
        "action_view_improvements": VOICE_OFFICERS | VOICE_READERS,
        "action_match": VOICE_OFFICERS - {"sealer"},
        "action_study": VOICE_OFFICERS - {"sealer"},
        "action_answer": VOICE_OFFICERS - {"sealer"},
        "action_ask": VOICE_OFFICERS - {"sealer"},
        "action_reply": VOICE_OFFICERS - {"sealer"},
        "action_hand_over": VOICE_OFFICERS - {"sealer"},
        "action_reopen": VOICE_OFFICERS - {"sealer"},
        "action_finish": VOICE_OFFICERS - {"sealer"},
    },
    "npo.info.request.step": {"action_confirm": set()},
    "npo.audience.mixin": {"action_publish": set(), "action_unpublish": set()},
    "npo.guide": {
        "action_publish": {"officer", "centre", "chief", "admin"},
        "action_unpublish": {"officer", "centre", "chief", "admin"},
        "action_new_version": {"officer", "centre", "chief", "admin"},
    },
    "npo.story": {
        "action_publish": {"officer", "centre", "chief", "admin"},
        "action_unpublish": {"officer", "centre", "chief", "admin"},
    },
    "npo.training": dict.fromkeys(
        ("action_hold", "action_cancel", "action_plan"), CENTRE
    ),
    "npo.campaign": dict.fromkeys(
        ("action_start", "action_finish", "action_measure"), CENTRE
    ),
    "npo.service.representative": {"action_trainings": SUPERVISORS},
    "npo.sample": {"action_draw": CENTRE, "action_finish": CENTRE},
    **dict.fromkeys(
        ("npo.sample.check", "npo.standard.item"),
        {"action_improve": IMPROVERS, "action_view_improvements": SUPERVISORS},
    ),
    "npo.internal.request": {
        # and the unit that is asked
        "action_answer": {"chief", "manager", "admin"},
        # who asked
        "action_rate": set(),
        "action_rate_1": set(),
        "action_rate_3": set(),
        "action_rate_5": set(),
    },
    "npo.counted.page": PERIOD_STEPS,
    "npo.centre.page": {
        **PERIOD_STEPS,
        "action_open": SUPERVISORS,
        "action_week": set(),
        "action_record_objectives": set(),
        "action_print": set(),
        "action_export": set(),
    },
    "npo.centre.page.line": {"action_evidence": set(), "action_screen": set()},
    "npo.centre.page.objective": {"action_records": set()},
    "npo.kpi": dict.fromkeys(("action_records", "action_kept_values"), SUPERVISORS),
    "npo.kpi.value": {"action_records": SUPERVISORS},
    "npo.department.page": {
        **PERIOD_STEPS,
        "action_open": SUPERVISORS,
        "action_print": set(),
        "action_export": set(),
    },
    "npo.department.page.line": {"action_records": set()},
    "npo.opinion.analysis": {
        **PERIOD_STEPS,
        "action_open": OPINION_READERS,
        "action_export": set(),
    },
    "npo.opinion.recovery": {"action_done": {"chief", "manager", "admin"}},
    "npo.opinion.plan": {"action_invite": CENTRE},
    "npo.opinion.entry": {"action_start": set()},
    "npo.info.item": {
        # and the owner of the item
        "action_publish": {"officer", "centre", "chief", "admin"},
        "action_unpublish": {"officer", "centre", "chief", "admin"},
        "action_verify": {"officer", "centre", "chief", "admin"},
        "action_report": {"officer", "centre", "chief", "admin"},
    },
    "npo.voice.mixin": {"action_match": set(), **dict.fromkeys(IMPROVING, set())},
    "npo.appealable.mixin": {"action_appeal": set()},
    "npo.improvable.mixin": dict.fromkeys(IMPROVING, set()),
    "npo.inquiry": {
        "action_improve": VOICE_OFFICERS | {"manager"},
        "action_view_improvements": VOICE_OFFICERS | VOICE_READERS,
        # the last but one are for who has the inquiry, or may write it
        "action_match": VOICE_OFFICERS - {"sealer"},
        "action_assign": VOICE_OFFICERS - {"sealer"},
        "action_take": VOICE_OFFICERS - {"sealer"},
        "action_answer": VOICE_OFFICERS - {"sealer"},
        "action_consult": VOICE_OFFICERS - {"sealer"},
        "action_ask": VOICE_OFFICERS - {"sealer"},
        "action_reply": VOICE_OFFICERS - {"sealer"},
        "action_hand_over": VOICE_OFFICERS - {"sealer"},
        "action_finish": VOICE_OFFICERS - {"sealer"},
        "action_reopen": VOICE_OFFICERS - {"sealer"},
        "action_keep_answer": {"officer", "centre", "chief", "admin"},
    },
    "npo.inquiry.consultation": {"action_answer": set()},
    "npo.inquiry.step": {"action_confirm": set()},
    "npo.voice.match": {"action_confirm": set(), "action_create": set()},
    "npo.answer": {
        "action_ready": {"officer", "centre", "chief", "admin"},
        "action_publish": {"officer", "centre", "chief", "admin"},
        "action_draft": {"officer", "centre", "chief", "admin"},
    },
    "npo.attestation": {"action_revoke": {"officer", "admin"}},
    "npo.request.urgent.review": {"action_confirm": set()},
    "npo.false.declaration": {
        "action_answer": OFFICERS | {"manager"},
        "action_confirm": OFFICERS | {"manager"},
        "action_dismiss": OFFICERS | {"manager"},
    },
    "npo.finding.step": {"action_take": set()},
    "npo.referral": {"action_answer": {"researcher", "admin"}},
    "npo.beneficiary": {
        "action_suspend": OFFICERS,
        "action_reactivate": OFFICERS,
        "action_close": OFFICERS | {"manager"},
        "action_reject": OFFICERS,
        "action_reopen": OFFICERS | {"manager"},
        "action_blacklist": {"manager", "admin"},
        "action_renew": OFFICERS,
        "action_duplicates": READERS
        | {"delegate", "front", "researcher", "member", "deliverer", "portal"},
        "action_portal_access": OFFICERS,
        "action_dispute_identity": OFFICERS,
        "action_settle_identity": {"manager", "admin"},
        "action_npo_timeline": READERS | {"front", "researcher", "member", "deliverer"},
        "action_view_household": READERS | {"researcher", "member"},
        "action_view_requests": EVERYBODY,
        "action_view_studies": {"researcher", "member", "manager", "auditor", "admin"},
        # whoever may read the files and take lists out of the house
        "action_export_masked": set(),
    },
    # one's own alone: nobody else's here
    "npo.import": {
        "action_cancel": set(),
        "action_check": set(),
        "action_import": set(),
        "action_open_rows": set(),
        "action_report": set(),
        "action_resume": set(),
        "action_template": set(),
    },
    "npo.representative": {
        "action_revoke": OFFICERS,
        "action_portal_access": OFFICERS,
    },
    "npo.portal.access": {
        # of a slip that one issued oneself, which is looked at afterwards
        "action_print_slip": OFFICERS,
        "action_new_slip": OFFICERS,
        "action_end": OFFICERS,
    },
    "npo.household.member": {
        "action_move": OFFICERS | {"researcher"},
        "action_make_head": OFFICERS | {"researcher"},
    },
    "npo.assessment": {
        "action_done": {"researcher", "admin"},
        "action_approve": {"manager"},
        "action_send_back": {"manager"},
        "action_new_study": {"researcher", "admin"},
        "action_household": {"researcher", "manager", "admin", "auditor"},
    },
    "npo.data.breach": {
        **dict.fromkeys(
            (
                "action_decide",
                "action_decide_again",
                "action_tell_persons",
                "action_close",
                "action_reopen",
            ),
            {"protector", "admin"},
        ),
        "action_print_notice": {"protector", "manager", "auditor", "admin"},
        "action_improve": {"protector", "manager", "admin"},
        "action_view_improvements": {"protector", "manager", "auditor", "admin"},
    },
    "npo.data.breach.person": {
        "action_view_message": {"protector", "manager", "auditor", "admin"}
    },
    "npo.data.breach.report": {"action_report": set()},
    "npo.processing.activity": {
        "action_reviewed": {"protector", "admin"},
        "action_propose": {"protector", "admin"},
        "action_print_records": {
            "protector",
            "governor",
            "manager",
            "auditor",
            "admin",
        },
    },
    "npo.compliance.obligation": {
        # its owner, who is nobody here, and who keeps the register
        "action_met": KEEPERS,
        "action_propose": KEEPERS,
        **dict.fromkeys(
            ("action_print", "action_print_overdue"), KEEPERS | {"manager", "auditor"}
        ),
    },
    "npo.compliance.fulfilment": {"action_take_back": KEEPERS},
    "npo.retention.class": {"action_change_years": {"protector", "admin"}},
    "npo.undertaking": {
        # one's own alone: nobody else's here
        "action_sign": set(),
        "action_signed_on_paper": {"governor", "protector", "admin"},
        "action_print": {"governor", "protector", "manager", "auditor", "admin"},
    },
    "npo.data.request": {
        # not the front desk, though it may record and read
        "action_open_file": OFFICERS,
        "action_print_copy": OFFICERS | {"protector"},
        "action_download_data": OFFICERS | {"protector"},
        "action_print_seen": OFFICERS | {"protector"},
    },
    "npo.data.correction": {"action_confirm": OFFICERS, "action_drop": OFFICERS},
    "npo.data.request.step": {"action_confirm": set()},
    "npo.retention.due": {
        "action_count": DESTROYERS | {"auditor"},
        "action_open_records": DESTROYERS | {"auditor"},
    },
    "npo.legal.hold": {"action_lift": {"protector", "governor", "lawyer", "admin"}},
    "npo.destruction.session": {
        "action_draw_up": DESTROYERS,
        "action_approve": DESTROYERS,
        "action_cancel": DESTROYERS,
        "action_open_lines": DESTROYERS | {"auditor"},
        "action_certificate": DESTROYERS | {"auditor"},
    },
    "npo.trace.search": {"action_search": {"protector", "admin"}},
    "npo.access.alert": {
        "action_close": {"protector", "manager", "admin"},
        "action_view_lines": {"protector", "manager", "auditor", "admin"},
    },
    "npo.access.check": {"action_check": set()},
    "npo.document": {
        "action_match": OFFICERS,
        "action_mismatch": OFFICERS,
        "action_waive": OFFICERS,
        "action_reset": OFFICERS,
        "is_valid_on": READERS | {"front", "researcher"},
    },
    "npo.outreach": {
        "action_called": OFFICERS,
        "action_agree": OFFICERS,
        "action_decline": OFFICERS,
        "action_unreachable": OFFICERS,
        "action_open_request": OFFICERS,
    },
    "npo.outreach.rule": {
        "action_propose": {"officer", "admin"},
        "action_view_candidates": READERS | {"delegate"},
    },
    "npo.delivery": {
        "action_deliver": {"deliverer", "admin"},
        # they open the form of a reason, where the step is checked
        "action_deliver_planned": READERS | {"deliverer"},
        "action_reverse": READERS | {"deliverer"},
        "action_cancel": READERS | {"deliverer"},
        "action_confirm_payment": READERS | {"deliverer"},
        # planned deliveries of money alone, and there is none here
        "action_pay_in_batch": set(),
    },
    "npo.payout": {
        # an order of a compensation or an aid, by who may read its bill or its case
        "action_open_bill": FINANCE,
        "action_open_case": PAY_READERS - {"payer"},  # it sees no deliveries
        "action_void": FINANCE,
        "action_put_tax": FINANCE,
    },
    "npo.payout.run": {
        "action_run_again": set(),  # who started it
        "action_open_orders": PAY_READERS,
        "action_export": PAY_READERS,
    },
    "npo.payout.step": {"action_confirm": set()},
    "npo.paying.setup": {"action_apply": set()},
    "account.move": {
        "action_npo_open_payout": FINANCE,
        "action_npo_open_case": {"admin"},
        "action_npo_confirm_receipt": FINANCE,
        "action_npo_print_payments": set(),
        "action_npo_export_payments": set(),
    },
    "npo.outside.referral": {
        "action_send": OFFICERS,
        "action_print": READERS | {"delegate"},
        "action_answered": OFFICERS,
        "action_cancel": OFFICERS,
    },
    "npo.approval": {"action_answer": {"manager", "admin"}},
    "npo.message": {
        "action_print": {"officer", "admin"},
        "action_send_again": {"officer", "admin"},
    },
    "npo.policy": {
        "action_open_versions": EVERYBODY,
        "action_record_review": GOVERNORS,
        "action_open_readers": EVERYBODY,
    },
    "npo.policy.version": {
        "action_submit": GOVERNORS,
        "action_circulate": GOVERNORS,
        "action_reset_to_draft": GOVERNORS,
        "action_approve": GOVERNORS,
        "action_put_in_force_unevidenced": GOVERNORS,
        "action_withdraw": GOVERNORS,
        "action_new_version": GOVERNORS,
        "action_keeping": GOVERNORS | {"manager", "auditor"},
        # lists of what the user may read
        "action_open_clauses": EVERYBODY,
        "action_open_errata": EVERYBODY,
        "action_check_names": GOVERNORS,
        "action_fill_signatories": GOVERNORS,
        "action_compare": GOVERNORS | {"manager"},
    },
    "npo.policy.clause": {
        "action_move_up": GOVERNORS,
        "action_move_down": GOVERNORS,
        "action_propose_erratum": GOVERNORS,
    },
    "npo.policy.erratum": {
        "action_accept": GOVERNORS | {"manager"},
        "action_refuse": GOVERNORS | {"manager"},
    },
    "npo.policy.requirement": {
        "action_open_policy": set(ROLE_NAMES) - {"internal", "portal"}
    },
    # one's own alone: nobody else's here
    "npo.policy.acknowledgement": {
        "action_read": set(),
        "action_open_document": set(ROLE_NAMES) - {"internal", "portal"},
    },
    "npo.tool": {"action_open": set(ROLE_NAMES) - {"internal", "portal"}},
    # by the seats of the committee: chair, deputy and secretary; who was present signs
    "npo.committee.session": {
        "action_draw_agenda": set(),
        "action_convene": set(),
        "action_open": set(),
        "action_close_session": set(),
        "action_cancel": set(),
        "action_all_present": set(),
        "action_announce": set(),
        "action_print_letters": set(),
        "action_sign": set(),
        "action_signed_on_paper": set(),
        "action_decisions_sheet": SESSION_READERS,
    },
    "npo.committee.item": {
        "action_vote_for": {"member"},
        "action_vote_against": {"member"},
        "action_abstain": {"member"},
        "action_studied": {"member"},
        "action_declare_interest": {"member"},
        "action_cast_for": set(),
        "action_cast_against": set(),
        "action_decide": set(),
        "action_postpone": set(),
        "action_withdraw": set(),
        "action_make_letter_again": set(),
        "action_view_request": SESSION_READERS,
    },
    "npo.committee.attendance": {
        "action_present": set(),
        "action_remote": set(),
        "action_absent": set(),
        "action_excuse": set(),
        "action_leave": set(),
    },
    "npo.committee.interest": {"action_confirm": set()},
    "npo.committee.sign": {"action_confirm": set()},
    # a form is its user's: here the superuser's
    "npo.approval.answer": {"action_confirm": set()},
    "npo.consent.record": {"action_confirm": set()},
    "npo.request.intake": {"action_confirm": set()},
    "npo.request.bulk": {"action_run": set(), "action_again": set()},
    "npo.voice.statistics": {"action_print": set(), "action_export": set()},
    "npo.bulk.mixin": {"action_run": set(), "action_again": set()},
    "npo.console.bulk": {"action_run": set(), "action_again": set()},
    "npo.console": {"action_open": READERS | {"handler", "centre", "chief"}},
    "npo.request.reason": {"action_confirm": set()},
    "npo.request.refer": {"action_confirm": set()},
    "npo.request.sign": {"action_confirm": set()},
    "npo.request.decide": {"action_confirm": set()},
    "npo.delivery.plan": {"action_confirm": set()},
    "npo.delivery.step": {"action_confirm": set()},
    "npo.request.deliver": {"action_confirm": set(), "action_send_code": set()},
    "npo.household.move": {"action_confirm": set()},
    "npo.beneficiary.reason": {"action_confirm": set()},
    "npo.beneficiary.reveal": {"action_confirm": set()},
    "npo.beneficiary.merge": {"action_confirm": set()},
    "npo.duplicate": {
        "action_different": OFFICERS,
        "action_merge": {"officer", "admin"},
    },
    "npo.document.reason": {"action_confirm": set()},
    "npo.policy.read": {
        "action_read": set(),
        "action_back": set(),
        "action_confirm": set(),
    },
    "npo.policy.version.justify": {"action_apply": set()},
    "npo.policy.channel.adjust": {"action_apply": set()},
    "npo.policy.compare": {"action_print": set()},
    "npo.profile.apply": {"action_apply": set()},
    "npo.setup": {"action_apply": set()},
    "npo.timeline": {
        "action_show": set(),
        "action_older": set(),
        "action_print": set(),
    },
    "res.partner": {
        "action_npo_agreements": PARTY_READERS,
        "action_npo_appointment": ASKERS,
        "action_npo_timeline": set(ROLE_NAMES) - {"internal", "portal"},
    },
    "npo.setup.check": {"action_open": GOVERNORS, "action_enter": set()},
    "npo.policy.keeping": {
        **PERIOD_STEPS,
        "action_open": {"governor", "manager", "auditor", "admin"},
        "action_print": set(),
        "action_export": set(),
        "action_evidence_pack": set(),
        "action_evidence_pack_of_year": {"governor", "manager", "auditor", "admin"},
    },
    "npo.policy.keeping.line": {
        "action_records": set(),
        "action_exceptions": set(),
        "action_screen": set(),
    },
    # one's own tiles; an outsider has none
    "npo.home": {"get_home": EVERYBODY},
    "npo.dashboard": {
        "get_dashboard": set(ROLE_NAMES) - {"internal", "portal"},
        "open_line": {"manager", "admin"},
    },
}
ARGUMENTS = {
    "action_share": {"context": {"active_id": 1, "active_model": "npo.request"}},
    "action_suspend": {"note": "x"},
    "action_dispute_identity": {"note": "x"},
    "action_support": {"code": "photocopy"},
    "find": {"text": "x"},
    "open_line": {"line_id": 0},
    "register": {"visitor": {}},
    "action_settle_identity": {"note": "x"},
    "action_close": {"note": "x"},
    "action_reject": {"note": "x"},
    "action_blacklist": {"note": "x"},
    "action_mismatch": {"note": "x"},
    "action_waive": {"reason": "x"},
    "is_valid_on": {"date": "2026-01-01"},
}


@tagged("post_install", "-at_install")
class TestPublicMethods(EveryRecordCommon):
    """Every method that a browser can call refuses whom it is not for."""

    def _ours(self):
        """Return {model: names} of the public methods that this module defines."""
        found = {}
        for name, model in self.env.registry.items():
            methods = set()
            for cls in model.mro():
                if getattr(cls, "__module__", "").startswith(
                    "odoo.addons.npo_relations."
                ):
                    methods |= {
                        method
                        for method, value in vars(cls).items()
                        if callable(value) and not method.startswith("_")
                    }
            public = {
                method for method in methods - ORM if self._is_public(name, method)
            }
            if public and (name.startswith("npo.") or not model._abstract):
                found[name] = public
        return found

    def _is_public(self, name, method):
        try:
            get_public_method(self.env[name], method)
        except (UserError, AttributeError):
            return False
        return True

    def _arguments(self, record, method):
        """Return what a method is called with: what it takes of the arguments."""
        taken = signature(getattr(type(record), method)).parameters
        arguments = ARGUMENTS.get(method, {})
        return {
            name: arguments[name]
            for name in arguments
            if name in taken or name == "context"
        }

    def test_every_method_has_a_decision(self):
        """A new public method fails here until somebody says whom it is for."""
        decided = {name: set(methods) for name, methods in PUBLIC.items()}
        found = self._ours()
        for name in {*found, *decided}:
            with self.subTest(name):
                self.assertEqual(found.get(name), decided.get(name))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_refused(self):
        """Portal owner and stranger, an employee, and each wrong role are refused."""
        for name, methods in PUBLIC.items():
            record = self._record(name)
            self.assertTrue(record or record._abstract, name)
            for method, allowed in methods.items():
                for who in sorted(EVERYBODY - allowed):
                    own = self._as(who, record)
                    with self.subTest(f"{who}: {name}.{method}"):
                        self._assert_refused(
                            lambda own=own, method=method: call_kw(
                                own.browse(),
                                method,
                                [own.ids],
                                self._arguments(own, method),
                            )
                        )

    def test_for_everybody_shows_nothing(self):
        """What an outsider may call shows nothing of a person."""
        outsiders = ("portal", "stranger", "internal")
        answered = 0
        for name, methods in PUBLIC.items():
            for method, allowed in methods.items():
                for who in outsiders:
                    if who not in allowed:
                        continue
                    own = self._as(who, self._record(name))
                    args = [] if own._abstract else [own.ids]
                    with self.subTest(f"{who}: {name}.{method}"):
                        try:
                            result = call_kw(
                                own.browse(),
                                method,
                                args,
                                self._arguments(own, method),
                            )
                        except UserError:
                            continue
                        answered += 1
                        self.assertNotIn("1000000008", str(result))
                        self.assertNotIn("Portal Person", str(result))
        # most of them refuse: these are the ones that answer
        self.assertGreater(answered, 10)

    def test_home_of_an_outsider(self):
        for who in ("portal", "stranger", "internal"):
            home = self._as(who, self.env["npo.home"]).get_home()
            with self.subTest(who):
                self.assertFalse(home["tiles"] or home["actions"] or home["next"])

    def test_private_stays_private(self):
        """What does the work behind a step cannot be called from outside."""
        for method in ("_move", "_decide", "_sign", "_deliver", "_portal_submit"):
            self._assert_refused(
                lambda m=method: call_kw(self.env["npo.request"], m, [[1]], {})
            )
