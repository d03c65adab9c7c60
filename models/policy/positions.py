"""The positions on a board, in the order in which they sign: R012."""

POSITIONS = [
    ("chair", "Chair of the board"),
    ("vice_chair", "Vice-chair of the board"),
    ("financial_supervisor", "Financial supervisor"),
    ("member", "Member"),
    ("secretary", "Secretary of the board"),
]
