from odoo.tests import BaseCase, tagged

from ...tools.small_groups import Figure, behind, is_told, shown, together


@tagged("post_install", "-at_install")
class TestSmallGroups(BaseCase):
    """Nobody is found among a few, nor by taking groups from a total (R079)."""

    def test_few_are_hidden(self):
        """R079: groups below the least are hidden, nobody and enough are told."""
        groups = {"a": 12, "b": 4, "c": 0, "d": 3, "e": 5}
        self.assertEqual(shown(groups, 5), ({"a", "c", "e"}, {"b", "d"}))

    def test_one_hidden_group_takes_the_next_smallest_with_it(self):
        """R079: one hidden group alone is the total without the others."""
        groups = {"a": (12, 9), "b": (4, 1), "c": (7, 7), "d": (0, 0)}
        self.assertEqual(shown(groups, 5), ({"a", "d"}, {"b", "c"}))

    def test_hidden_groups_are_enough_together(self):
        """R079: two groups of one are two persons when the others are taken away."""
        told, hidden = shown({"a": 20, "b": 1, "c": 1, "d": 9}, 5)
        self.assertEqual((told, hidden), ({"a"}, {"b", "c", "d"}))

    def test_difference_is_never_of_few(self):
        """R079: whatever the groups, what the total leaves is nobody or enough."""
        for a in range(9):
            for b in range(9):
                for c in range(9):
                    groups = {"a": a, "b": b, "c": c}
                    told, hidden = shown(groups, 5)
                    rest = sum(groups[key] for key in hidden)
                    with self.subTest(groups):
                        self.assertFalse(told & hidden)
                        self.assertEqual(told | hidden, set(groups))
                        # a total below the least is not told itself
                        self.assertTrue(is_told(rest, 5) or not is_told(a + b + c, 5))
                        for key in told:
                            self.assertTrue(is_told(groups[key], 5))
                        filled = [key for key in groups if groups[key]]
                        if hidden and len(filled) > 1:
                            self.assertGreater(len(hidden), 1)

    def test_persons_are_counted(self):
        """R079: five records of one person are of one; the same few twice are few."""
        one, enough = Figure((5, 5), "a"), Figure((6, 1), "bcdef")
        self.assertFalse(is_told(one, 5))
        self.assertTrue(is_told(enough, 5))
        self.assertEqual(shown({"x": one, "y": enough}, 5), (set(), {"x", "y"}))
        # the five of one service each are one person, when the others are taken away
        groups = {number: Figure((1,), "a") for number in range(5)}
        groups |= {"y": enough, "z": Figure((9,), "bcdef")}
        self.assertEqual(shown(groups, 5), ({"z"}, {*range(5), "y"}))
        self.assertEqual(behind(one, enough, one), 6)
        # who is not known is counted as so many
        self.assertEqual(behind(one, (3, 1), 2), 6)

    def test_together(self):
        """R079: of several figures the numbers are added up, and nobody twice."""
        both = together([Figure((2, 1), "ab"), Figure((3, 3), "bc")], 2)
        self.assertEqual((both, both.persons), ((5, 4), {"a", "b", "c"}))
        nobody = together([], 2)
        self.assertEqual((nobody, behind(nobody)), ((0, 0), 0))

    def test_nothing_to_hide(self):
        self.assertEqual(shown({}, 5), (set(), set()))
        self.assertEqual(shown({"a": 5, "b": 6}, 5), ({"a", "b"}, set()))
        self.assertEqual(shown({"a": 1, "b": 2}, 1), ({"a", "b"}, set()))

    def test_total(self):
        self.assertTrue(is_told(0, 5))
        self.assertFalse(is_told(4, 5))
        self.assertTrue(is_told(5, 5))
