"""What a family lives on (glossary 7, P131): arithmetic, no ORM.

The one definition of income per head, for the household and for its study.
"""


def per_capita(income, rent, instalments, members):
    """Return the monthly income per head after rent and instalments, 0 at least.

    Nobody in the household: the applicant lives alone (P131).
    """
    left = max(0.0, (income or 0) - (rent or 0) - (instalments or 0))
    return round(left / max(1, members or 0), 2)


def monthly(amount, period):
    """Return an amount by month; what comes once is no monthly amount."""
    shares = {"monthly": 1, "yearly": 12}
    return round(amount / shares[period], 2) if amount and period in shares else 0.0
