"""What tells nothing of a person, and so stays when a record is made nameless.

Every text, file and structure of a record is erased unless it stands here: a new
field is forgotten by default. Numbers, choices, days and links stay by their type:
the statistics are made of them.
"""

# In any model: names of models, codes of stages and of lists.
COMMON = frozenset(
    {
        "res_model",
        "model",
        "stage_code",
        "stage_before",
        "resume_stage_code",
        "return_stage_code",
        "lang",
        "tz",
    }
)
NEUTRAL = {
    # of the policy, not of the person
    "npo.request": {"response_text", "urgent_bypassed"},
    # statistics: in which band the income, the house and the family are
    "npo.assessment": {"per_capita_band", "income_band", "crowding"},
    # what was given: nobody is named by a blanket
    "npo.delivery.item": {"name", "unit"},
    # by which way, and when in the year
    "npo.message": {"way", "event_key"},
    "npo.outreach": {"period"},
    "npo.opinion.invitation": {"round"},
    "npo.opinion.answer": {"question_code", "person_key"},
    # that two ratings are of one person, not of whom
    "npo.rating": {"person_key"},
    "npo.dispute": {"settled_method"},
    "npo.import.row": {"register"},
    # what a bill and a payment are known by in the books
    "account.move": {
        "name",
        "sequence_prefix",
        "inalterable_hash",
        "payment_state",
        "incoterm_location",
    },
    "account.move.line": {"move_name", "parent_state"},
    "account.payment": {"name"},
    "account.bank.statement.line": {"internal_index"},
    "payment.transaction": {"reference", "provider_reference"},
    "survey.user_input": {"test_entry"},
    "res.users": {"notification_type"},
}
# Days of which the year is enough: an age is counted from it, nobody is found by it.
YEAR_ONLY = frozenset({"birth_date", "date_deceased"})
# Where somebody lives, as numbers.
PLACES = frozenset(
    {"latitude", "longitude", "partner_latitude", "partner_longitude", "geo_lat"}
)
# Where a text is looked for as empty or not, it leaves this in its place.
BLANK = "—"
# Models whose words leave nothing behind: a contact, an address, an account.
EMPTIED = frozenset({"res.partner", "res.users"})
# {model: {file: text that says that there was one}}: a measure asks for either.
LEAVES = {"npo.delivery": {"signature": "receiver_name"}}
