import copy
import json
import logging
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...models.policy.profile import PROFILES
from .profile_text import CHOICE_WORDS, ProfileText, get, leaves

_logger = logging.getLogger(__name__)

MODULE = Path(__file__).resolve().parents[2]
INVENTED = "قيمة مختلقة"


def read_profile(code):
    """Return the profile of a code, read without the ORM."""
    path = MODULE / "data" / "profiles" / f"{code}.json"
    return json.loads(path.read_text(encoding="utf-8"))


@tagged("post_install", "-at_install")
class TestProfilesAgainstTexts(BaseCase):
    """The five profiles against the five approved policies: R001–R018, Annex A.

    The policies are not part of the module. Where the folder ``../shared/policies``
    beside the checkout is absent these tests pass, and each says so in the log.
    """

    def _texts(self):
        """Yield (code, profile, text) for the texts at hand; log when there is none."""
        folder = MODULE.parent / "shared" / "policies"
        if not folder.is_dir():
            _logger.info("No policies in %s: nothing to compare with.", folder)
            return
        for code in PROFILES:
            profile = read_profile(code)
            (path,) = folder.glob(f"{profile['source']}_*.txt")
            yield code, profile, path.read_text(encoding="utf-8")

    def test_every_fact(self):
        """Every fact of a profile is in its text, and the profile says nothing else."""
        for code, profile, text in self._texts():
            with self.subTest(profile=code):
                self.assertEqual(ProfileText(profile, text).run(), [])

    def test_other_text(self):
        """A profile does not fit the text of another association."""
        texts = list(self._texts())
        for code, profile, _text in texts:
            for other_code, _profile, other_text in texts:
                if other_code != code:
                    with self.subTest(profile=code, text=other_code):
                        mismatches = ProfileText(profile, other_text).run()
                        self.assertGreater(len(mismatches), 3)

    def test_altered_fact(self):
        """Whichever fact is altered, the comparison finds it."""
        for code, profile, text in self._texts():
            for path in self._facts(profile):
                altered = self._altered(profile, path)
                with self.subTest(profile=code, path=path):
                    self.assertTrue(ProfileText(altered, text).run())

    def test_lists_altered(self):
        """A missing, added, renamed or moved line is found."""
        for code, profile, text in self._texts():
            for key in ("channels", "tools", "steps", "version.signatories"):
                for change in (
                    lambda lines: lines.reverse(),
                    lambda lines: lines.pop(0),
                    lambda lines: lines.insert(0, lines[1]),
                ):
                    altered = copy.deepcopy(profile)
                    lines = get(altered, key)
                    if not lines:
                        continue
                    change(lines)
                    with self.subTest(profile=code, key=key):
                        self.assertTrue(ProfileText(altered, text).run())

    def test_added_value(self):
        """A value that is neither a fact looked for nor a marked default is found."""
        for code, profile, text in self._texts():
            for group in ("association", "version", "version.approval"):
                altered = copy.deepcopy(profile)
                get(altered, group)["motto"] = INVENTED
                with self.subTest(profile=code, group=group):
                    self.assertTrue(ProfileText(altered, text).run())

    def test_large_correction(self):
        """An erratum corrects a letter; it is no way to smuggle in another name."""
        for code, profile, text in self._texts():
            if code == "ghimar":
                altered = copy.deepcopy(profile)
                name = "سياسة تنظيم العلاقة مع المستفيدين لجمعية مختلقة اليوم"
                altered["policy"]["name"]["ar"] = name
                self.assertTrue(ProfileText(altered, text).run())

    @staticmethod
    def _facts(profile):
        """Yield the paths of single values that the text must bear out."""
        defaults = tuple(profile["product_defaults"])
        for path, _value in leaves(
            {key: profile[key] for key in ("association", "policy", "version")}
        ):
            if path.startswith(defaults) or path.endswith((".en", ".code")):
                continue
            yield path
        for key in ("channels", "tools"):
            for number, line in enumerate(profile[key]):
                if line.get("origin", "policy") == "policy":
                    yield f"{key}.{number}.name.ar"
        for number, step in enumerate(profile["steps"]):
            if step["origin"] == "policy":
                yield f"steps.{number}.term"

    @staticmethod
    def _altered(profile, path):
        """Return a copy of a profile with another value at a path."""
        altered = copy.deepcopy(profile)
        *parents, key = path.split(".")
        holder = get(altered, ".".join(parents))
        key = int(key) if isinstance(holder, list) else key
        value = holder[key]
        if path in CHOICE_WORDS:
            options = [option for option in CHOICE_WORDS[path] if option != value]
            holder[key] = options[0]
        elif key == "signatories":
            holder[key] = [*value, "member"]
        elif key == "region" and not value:
            holder[key] = {"code": "riyadh", "printed": "منطقة الرياض"}
        elif key == "approval_year":
            holder[key] = value + 1 if value else 2020
        elif key in ("approval_date", "issue_date"):
            holder[key] = "2020-01-01"
        elif isinstance(value, bool) and path.split(".")[1] in (
            "switches",
            "flow",
            "print",
        ):
            holder[key] = not value
        elif key in ("date_uncertain", "gender_inclusive"):
            holder[key] = not value
        elif isinstance(value, int) and not isinstance(value, bool):
            holder[key] = value + 1
        else:
            holder[key] = INVENTED
        return altered
