from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import OPERATIONS, ROLE_NAMES, SecurityCommon

# Who may Read, Write, Create and Delete records of a model; "-" is nothing. The
# columns are ROLE_NAMES; "all" stands for the staff of the association.
READS = "front officer delegate researcher member deliverer governor health"
READS = tuple(
    (
        f"{READS} manager protector handler sealer centre chief lawyer claims grantor"
        " payer auditor admin"
    ).split()
)


def _row(staff="", **roles):
    """Return {role: operations}, staff being what every role of ours has."""
    return {
        name: roles.get(name, staff if name in READS else "") for name in ROLE_NAMES
    }


OFFICE_LIST = _row("r", admin="rwcd", portal="r")
GOVERNED = _row("r", governor="rwcd", admin="rwcd")
OPINION_BANK = _row("r", admin="rwc")
SCORE_RULES = _row(
    researcher="r", member="r", governor="r", manager="r", auditor="r", admin="rwcd"
)
SESSION_PART = _row(member="r", governor="r", manager="r", auditor="r", admin="r")
CONSOLE_BULK = _row(
    officer="rwcd",
    handler="rwcd",
    centre="rwcd",
    chief="rwcd",
    manager="rwcd",
    admin="rwcd",
)
# Forms of who serves visitors.
COUNTER_FORM = _row(
    front="rwc", officer="rwc", delegate="rwc", centre="rwc", chief="rwc", admin="rwc"
)
# What belongs to a compensation case; who pays it reads nothing of that.
CASE_PART = _row(
    claims="r", lawyer="r", grantor="r", manager="r", auditor="r", admin="r"
)
# Its owner keeps it, whoever that is.
INFO_ITEM = _row(
    "rw",
    officer="rwc",
    centre="rwc",
    chief="rwcd",
    admin="rwcd",
    health="r",
    sealer="r",
    auditor="r",
)
PAY_RUN = _row(deliverer="r", payer="r", manager="r", auditor="r", admin="r")
# What the centre keeps, and who reads it.
CENTRE_REGISTER = _row(
    centre="rwc", chief="rwcd", governor="r", manager="r", auditor="r", admin="rwcd"
)
CENTRE_LINES = _row(
    centre="rwcd", chief="rwcd", governor="r", manager="r", auditor="r", admin="rwcd"
)
STANDARDS = _row(
    centre="rw", chief="rwcd", governor="rwcd", manager="r", auditor="r", admin="rwcd"
)
SAMPLES = _row(
    centre="rw", chief="rw", governor="r", manager="r", auditor="r", admin="rw"
)
CENTRE_PAGE = _row(
    centre="rwc", chief="rwc", governor="rwc", manager="rwc", auditor="r", admin="rwc"
)
CENTRE_PAGE_LINES = _row(
    centre="r", chief="r", governor="r", manager="r", auditor="r", admin="r"
)
MATRIX = {
    # reference data
    "npo.channel": OFFICE_LIST,
    "npo.stage": OFFICE_LIST,
    "npo.reason": OFFICE_LIST,
    "npo.region": OFFICE_LIST,
    "npo.verification.item": _row("r", admin="rwcd"),
    "npo.site": OFFICE_LIST,
    "npo.service.area": _row("r", admin="rwcd"),
    "npo.document.type": OFFICE_LIST,
    "npo.circumstance": _row("r", admin="rwcd"),
    "npo.beneficiary.category": _row("r", admin="rwcd"),
    "npo.service": _row("r", governor="rwc", admin="rwcd", portal="r"),
    "npo.service.document": _row("r", governor="rwc", admin="rwcd", portal="r"),
    "npo.committee": _row("r", admin="rwcd"),
    "npo.committee.member": _row("r", admin="rwcd"),
    "npo.committee.session": _row(
        member="rwc", governor="r", manager="r", auditor="r", admin="rwc"
    ),
    "npo.committee.item": _row(
        member="rw", governor="r", manager="r", auditor="r", admin="rw"
    ),
    "npo.committee.attendance": SESSION_PART,
    "npo.committee.vote": SESSION_PART,
    "npo.committee.recusal": SESSION_PART,
    # policies
    "npo.policy": GOVERNED,
    "npo.policy.version": GOVERNED,
    "npo.policy.channel": GOVERNED,
    "npo.policy.step": GOVERNED,
    "npo.policy.signatory": GOVERNED,
    "npo.policy.clause": GOVERNED,
    "npo.policy.erratum": _row(governor="rwcd", manager="r", auditor="r", admin="rwcd"),
    "npo.board.meeting": GOVERNED,
    "npo.board.member": GOVERNED,
    "npo.policy.review": _row("r", governor="rc", admin="rc"),
    "npo.policy.requirement": _row("r", governor="rwc", admin="rwcd"),
    "npo.policy.topic": _row("r", governor="rwc", admin="rwcd"),
    "npo.kpi": _row("r", admin="rwcd"),
    "npo.kpi.value": CENTRE_PAGE_LINES,
    "npo.kpi.target": _row("r", chief="rwcd", manager="rwcd", admin="rwcd"),
    "npo.stakeholder.type": _row("r", admin="rwcd"),
    "npo.right": GOVERNED,
    "npo.procedure": GOVERNED,
    "npo.procedure.step": GOVERNED,
    "npo.policy.acknowledgement": _row("r"),
    "npo.tool": GOVERNED,
    "npo.duplicate": _row(officer="r", delegate="r", auditor="r", admin="r"),
    "npo.absence": _row("rwcd", health="r", auditor="r"),
    "npo.stage.target": _row("r", governor="rwcd", manager="rwcd", admin="rwcd"),
    # logs: written by the steps alone, deleted by nobody
    "npo.reminder": _row("r"),
    "npo.access.log": _row(sealer="r", manager="r", auditor="r", admin="r"),
    "npo.identity.change": _row(
        officer="r", delegate="r", researcher="r", manager="r", auditor="r", admin="r"
    ),
    "npo.duty": _row("r"),
    "npo.stage.log": _row("r"),
    "npo.message": _row(
        officer="r",
        delegate="r",
        researcher="r",
        member="r",
        manager="r",
        protector="r",
        handler="r",
        sealer="r",
        centre="r",
        chief="r",
        lawyer="r",
        claims="r",
        auditor="r",
        admin="r",
    ),
    # people
    "npo.data.request": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        manager="r",
        protector="rwc",
        auditor="r",
        admin="rwc",
    ),
    "npo.data.breach": _row(protector="rwc", manager="r", auditor="r", admin="rwc"),
    "npo.data.breach.person": _row(
        protector="rwcd", manager="r", auditor="r", admin="rwcd"
    ),
    "npo.processing.activity": _row(
        protector="rwcd", manager="r", governor="r", auditor="r", admin="rwcd"
    ),
    "npo.undertaking": _row("r", governor="rwcd", protector="rwcd", admin="rwcd"),
    "npo.undertaking.text": _row("r", governor="rwc", protector="rwc", admin="rwcd"),
    "npo.assessment": _row(
        researcher="rwc", member="r", manager="r", auditor="r", admin="rwcd"
    ),
    "npo.assessment.line": _row(
        researcher="rwcd", member="r", manager="r", auditor="r", admin="rwcd"
    ),
    "npo.assessment.health": _row(health="rwcd", admin="rwcd"),
    "npo.assessment.item": _row("r", admin="rwcd"),
    "npo.score.scheme": SCORE_RULES,
    "npo.score.rule": SCORE_RULES,
    "npo.beneficiary": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        researcher="rw",
        member="r",
        deliverer="r",
        manager="r",
        auditor="r",
        admin="rwcd",
        portal="r",
    ),
    "npo.consent": _row(
        front="r",
        officer="r",
        delegate="r",
        researcher="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.consent.purpose": _row("r", governor="rwc", admin="rwcd"),
    "npo.consent.text": _row("r", governor="rwc", admin="rwcd"),
    "npo.document": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        researcher="rw",
        member="r",
        deliverer="r",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.household": _row(
        officer="rwc",
        delegate="rwc",
        researcher="rwc",
        member="r",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.household.member": _row(
        officer="rwc",
        delegate="rwc",
        researcher="rwc",
        member="r",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.import": _row(officer="rwc", delegate="rwc", admin="rwc"),
    "npo.import.column": _row(officer="rw", delegate="rw", admin="rw"),
    "npo.import.row": _row(officer="r", delegate="r", admin="r"),
    "npo.register.export": _row("r"),
    "npo.dashboard": _row("r", admin="rwcd"),
    "npo.dashboard.line": _row("r", admin="rwcd"),
    "npo.report.type": _row("r", admin="rwcd"),
    "npo.report.section": _row("r", admin="rwcd"),
    "npo.report.run": _row(
        centre="rwc",
        chief="rwc",
        governor="rwc",
        payer="rwc",
        protector="rwc",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.report.line": _row(
        centre="r",
        chief="r",
        governor="r",
        payer="r",
        protector="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.report.schedule": _row(
        chief="rwc", governor="r", manager="rwc", auditor="r", admin="rwcd"
    ),
    "npo.outreach": _row(
        officer="rw", delegate="rw", manager="r", auditor="r", admin="rw"
    ),
    "npo.outreach.rule": _row(
        officer="rwc", delegate="r", manager="r", auditor="r", admin="rwcd"
    ),
    "npo.representative": _row(
        front="r",
        officer="rwc",
        delegate="rwc",
        researcher="r",
        member="r",
        deliverer="r",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    # objections
    "npo.appeal": _row(
        officer="r",
        delegate="r",
        member="r",
        handler="r",
        centre="r",
        chief="r",
        lawyer="r",
        claims="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.appeal.answer": _row(
        member="rwcd", chief="rwcd", manager="rwcd", admin="rwcd"
    ),
    "npo.appeal.record": _row(
        officer="rwcd",
        delegate="rwcd",
        handler="rwcd",
        sealer="rwcd",
        centre="rwcd",
        chief="rwcd",
        claims="rwcd",
        admin="rwcd",
    ),
    "npo.false.declaration": _row(
        officer="r",
        delegate="r",
        researcher="r",
        member="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.finding.step": _row(
        officer="rwcd",
        delegate="rwcd",
        researcher="rwcd",
        member="rwcd",
        manager="rwcd",
        admin="rwcd",
    ),
    "npo.attestation": _row(
        officer="r", delegate="r", manager="r", auditor="r", admin="r"
    ),
    # opinions: the lines are the management's, the page of analysis everybody's
    "npo.opinion.question": OPINION_BANK,
    "npo.opinion.invitation": _row(centre="r", chief="r", manager="r", admin="r"),
    "npo.opinion.answer": _row(chief="r", manager="r", admin="r"),
    "npo.opinion.remark": _row(chief="rw", manager="r", admin="rw"),
    "npo.opinion.recovery": _row(chief="rw", manager="rw", admin="rw"),
    "npo.opinion.analysis": _row(
        officer="rwc",
        handler="rwc",
        centre="rwc",
        chief="rwc",
        governor="rwc",
        manager="rwc",
        auditor="r",
        admin="rwc",
    ),
    "npo.opinion.analysis.line": _row(
        officer="r",
        handler="r",
        centre="r",
        chief="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.opinion.plan": _row(
        centre="rwc", chief="rwcd", manager="r", auditor="r", admin="rwcd"
    ),
    "npo.opinion.entry": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        handler="rwc",
        centre="rwc",
        chief="rwc",
        admin="rwc",
    ),
    "npo.rating": _row(
        officer="r", centre="r", chief="r", manager="r", auditor="r", admin="r"
    ),
    "npo.flood.guard": _row(auditor="r"),
    "npo.request.kind": _row("r", admin="rw"),
    "npo.request.urgent.review": _row(manager="rwcd", admin="rwcd"),
    # requests
    "npo.request": _row(
        officer="rwcd",
        delegate="rwc",
        researcher="rw",
        member="r",
        deliverer="r",
        manager="r",
        auditor="r",
        admin="rwcd",
        portal="r",
    ),
    "npo.verification": _row(
        officer="rwc",
        delegate="rwc",
        researcher="r",
        member="r",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.referral": _row(
        officer="r",
        delegate="r",
        researcher="rw",
        member="r",
        manager="r",
        auditor="r",
        admin="rw",
    ),
    "npo.declaration": _row(
        officer="r",
        delegate="r",
        researcher="r",
        member="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.delivery": _row(
        officer="r",
        delegate="r",
        member="r",
        deliverer="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.delivery.item": _row(
        officer="r",
        delegate="r",
        member="r",
        deliverer="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.receipt.code": _row(),
    "npo.outside.referral": _row(
        officer="rwcd", delegate="rwcd", manager="r", auditor="r", admin="rwcd"
    ),
    # what we owe each other, and paying it
    "npo.agreement": _row(
        lawyer="rwcd",
        officer="rwc",
        handler="r",
        claims="r",
        grantor="r",
        payer="r",
        governor="r",
        manager="rw",
        auditor="r",
        admin="rwcd",
    ),
    "npo.agreement.party": _row(
        lawyer="rwcd",
        officer="rwcd",
        handler="r",
        claims="r",
        grantor="r",
        payer="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.agreement.line": _row(
        lawyer="rwcd",
        officer="rwcd",
        handler="r",
        claims="r",
        grantor="r",
        payer="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.agreement.settlement": _row(
        lawyer="rwcd",
        officer="rwcd",
        handler="r",
        claims="r",
        grantor="r",
        payer="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.agreement.check": _row(
        lawyer="r",
        officer="r",
        claims="r",
        grantor="r",
        payer="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.agreement.check.item": _row(
        lawyer="rwc",
        officer="r",
        claims="r",
        grantor="r",
        payer="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.agreement.clarification": _row(
        lawyer="rwcd",
        officer="rwcd",
        claims="r",
        grantor="r",
        payer="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.agreement.breach": _row(
        lawyer="rwc",
        officer="rwc",
        claims="r",
        grantor="r",
        payer="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.agreement.exception": _row(
        lawyer="r",
        payer="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.agreement.waiver": _row(
        lawyer="r",
        payer="r",
        governor="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.agreement.register": _row(
        lawyer="rwc",
        governor="rwc",
        manager="rwc",
        admin="rwc",
    ),
    "npo.agreement.step": _row(
        lawyer="rwc",
        officer="rwc",
        manager="rwc",
        admin="rwc",
    ),
    "npo.dispute.move": _row(
        lawyer="rwc",
        handler="rwc",
        claims="rwc",
        manager="rwc",
        admin="rwc",
    ),
    "npo.dispute.step": _row(
        lawyer="r",
        handler="r",
        claims="r",
        grantor="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.dispute.meeting": _row(
        lawyer="rwcd",
        handler="rwcd",
        claims="rwcd",
        grantor="r",
        manager="rw",
        auditor="r",
        admin="rwcd",
    ),
    "npo.work": _row(
        lawyer="rwcd",
        officer="rwc",
        governor="r",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.work.publication": _row(
        lawyer="rwc",
        officer="rwc",
        governor="r",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.dispute": _row(
        lawyer="rwc",
        handler="rwc",
        claims="rwc",
        grantor="r",
        manager="rw",
        auditor="r",
        admin="rwc",
    ),
    "npo.compensation": _row(
        claims="rwc",
        lawyer="r",
        grantor="r",
        payer="r",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.compensation.finding": CASE_PART,
    "npo.compensation.round": CASE_PART,
    "npo.compensation.evidence": CASE_PART
    | {name: "rc" for name in ("claims", "lawyer", "admin")},
    "npo.compensation.head": CASE_PART | {"claims": "rwcd", "admin": "rwcd"},
    "npo.compensation.mitigation": CASE_PART | {"claims": "rwcd", "admin": "rwcd"},
    "npo.compensation.step": _row(
        claims="rwcd", lawyer="rwcd", grantor="rwcd", manager="rwcd", admin="rwcd"
    ),
    "npo.payout": _row(
        payer="r",
        claims="r",
        grantor="r",
        deliverer="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.payout.run": PAY_RUN,
    "npo.payout.run.line": PAY_RUN,
    "npo.payout.step": _row(payer="rwcd", admin="rwcd"),
    "npo.paying.setup": _row(admin="rwcd"),
    # what people say
    "npo.inquiry": _row(
        "r",
        front="rwc",
        officer="rwc",
        delegate="rwc",
        handler="rwc",
        centre="rwc",
        chief="rwc",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.inquiry.consultation": _row("r"),
    "npo.info.item": INFO_ITEM,
    "npo.guide": _row("r", officer="rwc", centre="rwc", chief="rwcd", admin="rwcd"),
    "npo.info.request": _row(
        "r",
        front="rwc",
        officer="rwc",
        delegate="rwc",
        handler="rwc",
        centre="rwc",
        chief="rwc",
        admin="rwc",
    ),
    "npo.info.request.step": _row("rwcd", health="", sealer="", auditor=""),
    "npo.inquiry.topic": _row("r", admin="rwcd"),
    "npo.answer": _row("r", officer="rwc", centre="rwc", chief="rwcd", admin="rwcd"),
    "npo.work.field": _row("r", admin="rwcd"),
    "npo.liaison": _row("r", governor="rwcd", chief="rwcd", admin="rwcd"),
    # whoever may be a liaison officer, or be asked
    "npo.inquiry.step": _row("rwcd", health="", sealer="", auditor=""),
    "npo.voice.match": _row(
        front="rwcd",
        officer="rwcd",
        delegate="rwcd",
        handler="rwcd",
        sealer="rwcd",
        centre="rwcd",
        chief="rwcd",
        admin="rwcd",
    ),
    "npo.complaint": _row(
        "r",
        officer="rwc",
        handler="rwc",
        governor="rw",
        manager="rw",
        sealer="rwc",
        centre="rwc",
        chief="rwc",
        admin="rwc",
    ),
    "npo.complaint.category": _row("r", admin="rwcd"),
    "npo.complaint.seal": _row(
        governor="rwcd", manager="rwcd", sealer="rwcd", admin="rwcd"
    ),
    "npo.focal.person": _row(governor="rwc", manager="rwc", auditor="r", admin="rwc"),
    "npo.authority": _row("r", governor="rwc", admin="rwcd"),
    "npo.complaint.assignment": _row("r"),
    "npo.complaint.assignment.reminder": _row("r"),
    "npo.complaint.action": _row(
        "r",
        officer="rwcd",
        handler="rwcd",
        sealer="rwcd",
        centre="rwcd",
        chief="rwcd",
        admin="rwcd",
    ),
    "npo.complaint.desk": _row(
        front="rwcd",
        officer="rwcd",
        delegate="rwcd",
        handler="rwcd",
        centre="rwcd",
        chief="rwcd",
        admin="rwcd",
    ),
    "npo.complaint.step": _row("rwcd", health="", auditor=""),
    # whoever is asked answers, without another role as well
    "npo.complaint.reply": _row("rwcd"),
    "npo.suggestion": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        handler="rwc",
        centre="rwc",
        chief="rwc",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.interaction": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        handler="rwc",
        centre="rwc",
        chief="rwc",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.visit": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        centre="rwc",
        chief="rwc",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.visit.purpose": _row("r", admin="rwcd"),
    "npo.visit.sheet": _row(
        front="r",
        officer="r",
        delegate="r",
        centre="r",
        chief="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.visit.count": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        centre="rwc",
        chief="rwc",
        manager="rwc",
        admin="rwc",
    ),
    "npo.visit.sheet.step": COUNTER_FORM,
    "npo.visit.refer": COUNTER_FORM,
    "npo.support.service": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        centre="rwc",
        chief="rwc",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.support.service.type": _row("r", admin="rwcd"),
    "npo.checklist": _row(
        front="r",
        officer="r",
        delegate="r",
        centre="r",
        chief="rwc",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.checklist.item": _row(
        front="r",
        officer="r",
        delegate="r",
        centre="r",
        chief="rwcd",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.inspection": _row(
        front="rw",
        officer="rw",
        delegate="rw",
        centre="rwc",
        chief="rwc",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.inspection.line": _row(
        front="rw",
        officer="rw",
        delegate="rw",
        centre="rw",
        chief="rw",
        manager="r",
        auditor="r",
        admin="rw",
    ),
    "npo.corrective.action": _row(
        front="rwc",
        officer="rwc",
        delegate="rwc",
        centre="rwc",
        chief="rwc",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.emergency.report": _row(
        centre="rw",
        chief="rw",
        manager="r",
        auditor="r",
        admin="rw",
    ),
    "npo.office.scorecard": _row(
        centre="rwc",
        chief="rwc",
        manager="rwc",
        admin="rwc",
    ),
    "npo.office.scorecard.line": _row(
        centre="r",
        chief="r",
        manager="r",
        admin="r",
    ),
    "npo.submission.return": _row(
        manager="rwc",
        admin="rwc",
    ),
    "npo.official": _row("r", chief="rwc", governor="rwc", admin="rwcd"),
    # who is no official and arranges none sees none of them: record rules
    "npo.appointment": _row("rw", health="r", auditor="r"),
    "npo.appointment.book": _row("rwcd", health="", auditor=""),
    "npo.mailbox": _row("r", admin="rwcd"),
    "npo.console": _row(
        officer="r",
        handler="r",
        centre="r",
        chief="r",
        manager="r",
        auditor="r",
        admin="r",
    ),
    "npo.voice.report": _row(
        handler="r", centre="r", chief="r", manager="r", auditor="r", admin="r"
    ),
    "npo.voice.statistics": _row(
        handler="rwc", centre="rwc", chief="rwc", manager="rwc", admin="rwc"
    ),
    "npo.console.bulk": CONSOLE_BULK,
    "npo.console.bulk.line": CONSOLE_BULK,
    "npo.improvement": _row("rwc", health="r", auditor="r"),
    "npo.internal.request": _row("rwc", health="r", auditor="r"),
    "npo.centre.task": _row("r", chief="rw", admin="rwcd"),
    "npo.training.topic": _row("r", admin="rwcd"),
    "npo.objective": _row(
        centre="r",
        chief="rwcd",
        governor="r",
        manager="rwcd",
        auditor="r",
        admin="rwcd",
    ),
    "npo.objective.value": _row(
        centre="r", chief="r", governor="r", manager="r", auditor="r", admin="r"
    ),
    "npo.page.review": _row(
        centre="rwc", chief="rwc", governor="r", manager="r", auditor="r", admin="rwc"
    ),
    "npo.training": CENTRE_REGISTER,
    "npo.campaign": CENTRE_REGISTER,
    "npo.service.representative": CENTRE_REGISTER,
    "npo.training.attendee": CENTRE_LINES,
    "npo.campaign.post": CENTRE_LINES,
    "npo.story": _row(
        officer="rwc",
        centre="rwc",
        chief="rwcd",
        manager="r",
        auditor="r",
        admin="rwcd",
    ),
    "npo.standard": STANDARDS,
    "npo.standard.item": STANDARDS,
    "npo.sample": SAMPLES,
    "npo.sample.check": SAMPLES,
    "npo.centre.page": CENTRE_PAGE,
    "npo.department.page": CENTRE_PAGE,
    "npo.centre.page.line": CENTRE_PAGE_LINES,
    "npo.centre.page.objective": CENTRE_PAGE_LINES,
    "npo.department.page.line": CENTRE_PAGE_LINES,
    "npo.consultation": _row(
        officer="rwc",
        handler="rwc",
        centre="rwc",
        chief="rwc",
        governor="rwc",
        manager="r",
        auditor="r",
        admin="rwc",
    ),
    "npo.service.level": _row("r", governor="rwc", admin="rwcd"),
    # what may be given
    "npo.approval": _row(
        officer="r",
        member="r",
        governor="r",
        manager="r",
        grantor="r",
        auditor="r",
        admin="r",
    ),
    "npo.authority.line": _row("r", governor="rwc", admin="rwcd"),
    "npo.ceiling": _row("r", governor="rwc", admin="rwcd"),
    "npo.fund": _row("r", manager="rwc", admin="rwcd"),
    "npo.fund.budget": _row(
        member="r", governor="r", manager="rwc", auditor="r", admin="rwcd"
    ),
    "npo.zakat.head": _row("r", admin="rwcd"),
    # forms
    "npo.delivery.plan": _row(deliverer="rwcd", admin="rwcd"),
    "npo.delivery.step": _row(deliverer="rwcd", manager="rwcd", admin="rwcd"),
    "npo.request.deliver.item": _row(deliverer="rwcd", admin="rwcd"),
    "npo.approval.answer": _row(
        member="rwcd", governor="rwcd", manager="rwcd", grantor="rwcd", admin="rwcd"
    ),
    "npo.consent.record": _row(
        front="rwcd", officer="rwcd", delegate="rwcd", admin="rwcd"
    ),
    "npo.data.request.step": _row(
        front="rwcd",
        officer="rwcd",
        delegate="rwcd",
        manager="rwcd",
        protector="rwcd",
        admin="rwcd",
    ),
    "npo.timeline": _row("r"),
    "npo.request.bulk": _row(
        officer="rwcd", delegate="rwcd", manager="rwcd", admin="rwcd"
    ),
    "npo.request.bulk.line": _row(
        officer="rwcd", delegate="rwcd", manager="rwcd", admin="rwcd"
    ),
    "npo.request.intake": _row(officer="rwcd", delegate="rwcd", admin="rwcd"),
    "npo.request.reason": _row(
        officer="rwcd", delegate="rwcd", member="rwcd", admin="rwcd"
    ),
    "npo.request.refer": _row(officer="rwcd", delegate="rwcd", admin="rwcd"),
    "npo.request.sign": _row(officer="rwcd", delegate="rwcd", admin="rwcd"),
    "npo.request.decide": _row(member="rwcd", admin="rwcd"),
    "npo.request.deliver": _row(deliverer="rwcd", admin="rwcd"),
    "npo.committee.interest": _row(member="rwcd", admin="rwcd"),
    "npo.committee.paper": _row("r"),
    "npo.committee.sign": _row(member="rwcd", admin="rwcd"),
    "npo.beneficiary.merge": _row(officer="rwcd", admin="rwcd"),
    "npo.beneficiary.merge.line": _row(officer="rwcd", admin="rwcd"),
    "npo.beneficiary.reveal": _row(
        officer="rwcd", delegate="rwcd", researcher="rwcd", health="rwcd", admin="rwcd"
    ),
    "npo.household.move": _row(
        officer="rwcd", delegate="rwcd", researcher="rwcd", admin="rwcd"
    ),
    "npo.beneficiary.reason": _row(
        officer="rwcd", delegate="rwcd", manager="rwcd", admin="rwcd"
    ),
    "npo.document.reason": _row(officer="rwcd", delegate="rwcd", admin="rwcd"),
    "npo.policy.read": _row(governor="rwcd", admin="rwcd"),
    "npo.policy.read.fact": _row(governor="rwcd", admin="rwcd"),
    "npo.policy.read.clause": _row(governor="rwcd", admin="rwcd"),
    "npo.policy.read.item": _row(governor="rwcd", admin="rwcd"),
    "npo.policy.read.slip": _row(governor="rwcd", admin="rwcd"),
    "npo.policy.version.justify": _row(governor="rwc", admin="rwc"),
    "npo.policy.compare": _row(governor="rwc", manager="rwc", admin="rwc"),
    "npo.policy.channel.adjust": _row(governor="rwc", admin="rwc"),
    "npo.profile.apply": _row(admin="rwc"),
    "npo.setup": _row(admin="rwc"),
    "npo.setup.check": _row(governor="r", admin="r"),
    # reported by anybody of the staff (R157)
    "npo.data.breach.report": _row("rwc"),
    "npo.policy.keeping": _row(governor="rwc", manager="rwc", auditor="r", admin="rwc"),
    "npo.policy.keeping.line": _row(governor="r", manager="r", auditor="r", admin="r"),
}
LOGS = ("npo.duty", "npo.stage.log", "npo.message")


@tagged("post_install", "-at_install")
class TestAccessMatrix(SecurityCommon):
    """D02: each role against each model, from a table."""

    def test_every_model_is_in_the_table(self):
        """A new model comes with a decision on who may do what."""
        self.assertEqual(sorted(MATRIX), self._npo_models())

    def test_matrix(self):
        """D02: read, write, create and delete of each role on each model."""
        for role in ROLE_NAMES:
            for name, row in MATRIX.items():
                model = self._as(role, self.env[name])
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if model.has_access(operation)
                )
                with self.subTest(f"{role} on {name}"):
                    self.assertEqual(found, row[role])

    def test_auditor_writes_nothing(self):
        """The internal auditor reads and never writes, in any model of ours."""
        # by whoever is asked, refused to others; a report of an incident
        answered = {"npo.complaint.reply", "npo.data.breach.report"}
        for name in set(self._npo_models()) - answered:
            model = self._as("auditor", self.env[name])
            for operation in ("write", "create", "unlink"):
                with self.subTest(f"{operation} {name}"):
                    self.assertFalse(model.has_access(operation))

    def test_outsiders(self):
        """An employee without a role sees nothing; a portal user writes nothing."""
        for name in self._npo_models():
            internal = self._as("internal", self.env[name])
            portal = self._as("portal", self.env[name])
            with self.subTest(name):
                self.assertFalse(internal.has_access("read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(portal.has_access(operation))

    def test_no_line_for_everybody(self):
        """A line of access without a group would open a model to all."""
        lines = self.env["ir.model.access"].search(
            [("model_id.model", "=like", "npo.%"), ("group_id", "=", False)]
        )
        self.assertFalse(lines)

    def test_logs_are_kept(self):
        """D02, D13: what was logged is changed and deleted by nobody, not by admin."""
        self._new_request()
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        people = [admin, *self.users.values()]
        for name in LOGS:
            log = self.env[name].search([], limit=1)
            self.assertTrue(log)
            for user in people:
                own = log.with_user(user)
                for call in (
                    lambda own=own: own.write({"company_id": self.company.id}),
                    lambda own=own: own.unlink(),
                    lambda own=own: own.copy(),
                    lambda own=own: own.create(
                        {"res_model": "npo.request", "res_id": 1}
                    ),
                ):
                    with self.subTest(f"{user.login} {name}"):
                        self._assert_refused(call, AccessError)
