from odoo.tests import BaseCase, tagged

from ...tools.ballot import Ballot, outcome, quorum


@tagged("post_install", "-at_install")
class TestBallot(BaseCase):
    """R123, R124: the arithmetic of quorum and majority, case by case."""

    def test_quorum(self):
        for seats, share, expected in (
            (1, 50, 1),
            (2, 50, 2),
            (3, 50, 2),
            (4, 50, 3),
            (5, 50, 3),
            (6, 66, 4),
            (3, 0, 1),
            (3, 99, 3),
            (0, 50, 1),
        ):
            with self.subTest(seats=seats, share=share):
                self.assertEqual(quorum("share", seats, share, 9), expected)
        self.assertEqual(quorum("number", 3, 50, 5), 5)
        self.assertEqual(quorum("number", 3, 50, 0), 1)

    def test_outcome(self):
        for majority, votes, expected in (
            ("simple", (0, 0, 0, 5), "open"),
            ("simple", (2, 1, 2, 5), "adopted"),
            ("simple", (1, 2, 0, 3), "fallen"),
            ("simple", (2, 2, 0, 4), "tie"),
            ("simple", (2, 2, 0, 4, "for"), "adopted"),
            ("simple", (2, 2, 0, 4, "against"), "fallen"),
            ("simple", (0, 0, 3, 3), "tie"),
            ("absolute", (2, 1, 2, 5), "fallen"),
            ("absolute", (3, 2, 0, 5), "adopted"),
            ("absolute", (2, 2, 0, 4), "tie"),
            ("absolute", (2, 2, 0, 4, "for"), "adopted"),
            ("absolute", (1, 1, 3, 5), "fallen"),
            ("two_thirds", (2, 1, 0, 3), "adopted"),
            ("two_thirds", (3, 2, 0, 5), "fallen"),
            ("two_thirds", (2, 2, 0, 4), "fallen"),
            ("two_thirds", (0, 0, 3, 3), "tie"),
        ):
            with self.subTest(majority=majority, votes=votes):
                self.assertEqual(outcome(majority, Ballot(*votes)), expected)
