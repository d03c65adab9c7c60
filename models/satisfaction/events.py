"""What people are asked about, and how they answer: shared lists, no ORM."""

EVENTS = [
    ("after_service", "After the service"),
    ("after_visit", "After the visit"),
    ("after_complaint", "After a complaint was closed"),
    ("after_decision", "After the decision"),
    ("periodic", "Yearly"),
    ("pulse", "Quick pulse"),
    ("internal", "Internal service"),
    ("stakeholder", "Stakeholders"),
]
# Asked of one person about one thing: five questions at most (P121).
TRANSACTIONAL = ("after_service", "after_visit", "after_complaint", "after_decision")

DIMENSIONS = [
    ("access", "Access"),
    ("information", "Clear information"),
    ("courtesy", "Courtesy"),
    ("competence", "Competence"),
    ("speed", "Speed"),
    ("fairness", "Fairness"),
    ("privacy", "Privacy"),
    ("place", "Premises"),
    ("outcome", "Result"),
    ("complaints", "Handling of complaints"),
    ("trust", "Trust"),
    ("digital", "Electronic services"),
]

SCALES = [
    ("satisfaction", "Satisfied, 1–5"),
    ("agreement", "Agree, 1–5"),
    ("recommend", "From 0 to 10"),
    ("yes_no", "Yes or no"),
    ("number", "Number"),
    ("text", "Text"),
]
SCORED = ("satisfaction", "agreement", "recommend")

SOURCES = [
    ("link", "By the link"),
    ("portal", "In the portal"),
    ("qr", "By the code on paper"),
    ("phone", "By telephone"),
    ("tablet", "On the tablet"),
    ("paper", "On paper"),
]
# Somebody of ours writes down what the person says (P122, P125).
ASSISTED = ("phone", "tablet", "paper")

ROLES = [
    ("first", "First question"),
    ("core", "Asked of everybody"),
    ("pool", "Asked in turn"),
    ("text_low", "Words of who is not satisfied"),
    ("text_high", "Words of who is satisfied"),
    ("contact", "Asked of who is not satisfied"),
]

GENDERS = [("male", "Male"), ("female", "Female")]
AUDIENCES = [
    ("beneficiary", "Beneficiaries"),
    ("supporter", "Supporters"),
    ("volunteer", "Volunteers"),
    ("supplier", "Suppliers"),
    ("staff", "Staff"),
]


def on_five(scale, value):
    """Return an answer on a scale from one to five."""
    return 1 + value * 0.4 if scale == "recommend" else float(value)


def promoter(scale, value):
    """Return what an answer counts for in the net promoter score: −100, 0 or 100."""
    if scale != "recommend":
        return 0
    return 100 if value >= 9 else -100 if value <= 6 else 0
