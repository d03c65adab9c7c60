"""What a copy of a person's own data is made of (P010): which models, which fields.

Every model of ours that leads to a person stands in one of the two lists; a test looks
for new ones in the registry.
"""

from odoo.fields import Domain

# Of the person: model -> paths that lead to the contact, and what else must hold. A
# path of two leads through lines with their `partner_id`: what must hold of the line.
# A sealed matter is not printed by who may not know of it (P092); the person reads of
# it with its focal persons.
NOT_CLOSE = [("secrecy", "in", (False, "normal"))]
COPIED = {
    "res.partner": (("id",), []),
    "npo.beneficiary": (("partner_id",), []),
    "npo.identity.change": (("beneficiary_id.partner_id",), []),
    # the family of today: what came after somebody left is the others'
    "npo.household": ((("member_ids", [("is_current", "=", True)]),), []),
    "npo.household.member": (("partner_id",), []),
    "npo.representative": (("partner_id", "representative_id"), []),
    "npo.document": (("partner_id",), []),
    "npo.consent": (("partner_id",), []),
    "npo.assessment": (("partner_id",), []),
    # of a family's study what is the family's, and of its members the person alone
    "npo.assessment.line": (("assessment_id.partner_id",), [("member_id", "=", False)]),
    "npo.assessment.health": (("member_id.partner_id",), []),
    "npo.request": (("partner_id",), []),
    "npo.verification": (("request_id.partner_id",), []),
    "npo.declaration": (("applicant_id", "signer_id"), []),
    "npo.delivery": (("partner_id",), []),
    "npo.delivery.item": (("delivery_id.partner_id",), []),
    "npo.attestation": (("partner_id",), []),
    "npo.outside.referral": (("partner_id",), []),
    "npo.outreach": (("partner_id",), []),
    "npo.false.declaration": (("partner_id",), []),
    "npo.appeal": (("partner_id",), NOT_CLOSE),
    "npo.inquiry": (("partner_id",), []),
    "npo.complaint": (("partner_id",), [("confidentiality", "!=", "sealed")]),
    "npo.suggestion": (("partner_id",), []),
    "npo.info.request": (("partner_id",), []),
    "npo.interaction": (("partner_id",), [("sealed_complaint_id", "=", False)]),
    "npo.visit": (("partner_id",), []),
    "npo.appointment": (("partner_id",), []),
    "npo.compensation": (("partner_id",), []),
    "npo.compensation.finding": (("compensation_id.partner_id",), []),
    "npo.compensation.head": (("compensation_id.partner_id",), []),
    "npo.compensation.round": (("compensation_id.partner_id",), []),
    "npo.agreement": (("partner_id",), []),
    "npo.agreement.party": (("partner_id",), []),
    "npo.dispute": (("partner_id",), NOT_CLOSE),
    "npo.work": (("partner_id",), []),
    "npo.story": (("partner_id",), []),
    "npo.payout": (("partner_id",), []),
    "npo.message": (("partner_id",), NOT_CLOSE),
    "npo.data.request": (("partner_id",), []),
    "npo.data.correction": (("case_id.partner_id",), []),
    "npo.undertaking": (("partner_id",), []),
    "npo.board.member": (("partner_id",), []),
    "npo.policy.signatory": (("partner_id",), []),
}

# Not in the copy, and why: the codes are put in words by `_left_out_texts`.
LEFT_OUT = {
    "npo.access.log": "seen_by",
    "npo.access.alert": "house",
    "npo.approval": "house",
    "npo.data.breach.person": "told",
    "npo.destruction.line": "house",
    "npo.duplicate": "others",
    "npo.duty": "house",
    "npo.import.row": "taken_over",
    "npo.improvement": "house",
    "npo.legal.hold": "house",
    "npo.portal.access": "secret",
    "npo.opinion.invitation": "unnamed",
    "npo.rating": "unnamed",
    "npo.reminder": "house",
    "npo.stage.log": "house",
}

# Of the contact, which is core's and everybody's, the fields that are about a person.
CONTACT_FIELDS = frozenset(
    {
        "name",
        "phone",
        "email",
        "street",
        "street2",
        "city",
        "zip",
        "lang",
        "npo_gender",
    }
)
# No data of anybody: how the product finds and guards a record.
TECHNICAL = frozenset(
    {
        "id",
        "active",
        "access_token",
        "activity_exception_decoration",
        "client_key",
        "create_date",
        "create_uid",
        "date_stage_next",
        "date_window_next",
        "digest",
        "duplicate_date",
        "event_key",
        "is_adult_told",
        "level",
        "mail_reference",
        "priority",
        "rating_code",
        "res_id",
        "res_model",
        "search_key",
        "sequence",
        "sms_uuid",
        "stage_category",
        "stage_code",
        "token",
        "write_date",
        "write_uid",
    }
)
# Names and numbers of others, wherever they stand; and what would put somebody of the
# staff at risk.
OTHERS = frozenset(
    {
        "attendees",
        "breadwinner",
        "companion",
        "concerned_name",
        "deed_no",
        "instrument_masked",
        "instrument_number",
        "landlord",
        "legal_note",
        "owner_iban",
        "owner_name",
        "persons_present",
        "receiver_name",
        "safety_note",
        "shared_data",
        "signatory",
        "signer_identity",
        "third_party",
        "typed_name",
        "withdrawn_witness",
        "witness_name",
    }
)
# Fields of models where the same name is somebody else's.
OTHERS_IN = {
    "npo.representative": {"identity_number", "identity_masked"},
    "npo.false.declaration": {"evidence", "evidence_name"},
    # what the staff wrote of a family, and where it lives, is of all its members
    "npo.household": {"note", "site_id"},
    "npo.delivery": {"photo", "signature"},
    "npo.agreement.party": {"signature"},
    "npo.complaint": {"proposal"},
    # how far the association would go is between it and its lawyers
    "npo.compensation": {
        "amount_proposed",
        "legal_opinion",
        "limit_reason",
        "proposal",
    },
    "npo.compensation.head": {"amount_proposed"},
    "npo.dispute": {"closing_note"},
}
# Worked out, and told all the same.
BESIDE = {"npo.beneficiary": {"iban"}}
# Called by the name of a person, though they have a number.
NAMED = frozenset({"npo.beneficiary", "npo.household"})
# What is a draft of the house until the person is told (R125): model -> (the field that
# says when it was told, what waits for it).
UNTIL_TOLD = {
    "npo.request": (
        "date_announced",
        {
            "amount_approved",
            "amount_granted",
            "conditions",
            "date_decided",
            "date_valid_until",
            "decision",
            "decision_note",
            "decision_reason_id",
            "outcome",
            "quantity_approved",
            "quantity_granted",
            "recommendation",
        },
    ),
    "npo.complaint": ("date_answered", {"answer", "outcome", "root_cause"}),
    "npo.inquiry": ("date_answered", {"answer"}),
    "npo.suggestion": ("date_answered", {"answer"}),
    "npo.info.request": ("date_answered", {"answer", "outcome"}),
    "npo.appeal": (
        "date_outcome",
        {"new_amount", "new_decision", "new_quantity", "outcome", "outcome_note"},
    ),
    "npo.compensation": (
        "date_approved",
        {"amount_agreed", "amount_approved", "answer", "outcome"},
    ),
}
KINDS = frozenset(
    {
        "boolean",
        "char",
        "date",
        "datetime",
        "float",
        "html",
        "integer",
        "many2many",
        "many2one",
        "monetary",
        "selection",
        "text",
    }
)


def of_person(path, person_id):
    """Return the domain of the records that a path leads to a contact from."""
    if isinstance(path, str):
        return Domain(path, "=", person_id)
    lines, condition = path
    return Domain(
        lines, "any", Domain("partner_id", "=", person_id) & Domain(condition)
    )


def is_untold(record, name):
    """Tell whether a value of a record is a draft that the person was not told yet."""
    told, waits = UNTIL_TOLD.get(record._name, (None, ()))
    return name in waits and not record[told]


def copied_fields(model):
    """Return the fields of a model that a copy tells, in their order.

    What is stored, no file, and nobody else's. A link is told where it leads to an
    entry of a list, or to a record that has a number; never to a person.
    """
    hidden = TECHNICAL | OTHERS | OTHERS_IN.get(model._name, frozenset())
    return [
        field
        for field in model._fields.values()
        if field.type in KINDS
        and (field.store or field.name in BESIDE.get(model._name, ()))
        and field.name not in hidden
        and not field.name.startswith(("message_", "activity_", "website_"))
        and (model._name != "res.partner" or field.name in CONTACT_FIELDS)
        and (not field.relational or leads_to_no_person(model, field))
    ]


def leads_to_no_person(model, field):
    """Tell whether a link may be told: to a list of ours, or to a numbered record."""
    comodel = model.env[field.comodel_name]
    if not comodel._name.startswith("npo."):
        return comodel._name == "res.currency"
    if comodel._name in COPIED or comodel._name in LEFT_OUT:
        return hasattr(comodel, "_reference_prefix") and comodel._name not in NAMED
    return not {"partner_id", "beneficiary_id", "user_id"} & comodel._fields.keys()


def copied_files(model):
    """Return the names of the file fields of a model that a copy brings along."""
    hidden = OTHERS_IN.get(model._name, frozenset())
    return [
        field.name
        for field in model._fields.values()
        if field.type == "binary"
        and field.attachment
        and field.name not in hidden
        and model._name != "res.partner"
    ]
