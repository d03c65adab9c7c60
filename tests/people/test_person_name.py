from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged, users

from ...tools.person_name import join_name, same_name, split_name
from .common import PeopleCommon

SPLITS = {
    "نورة": ("نورة", "", "", ""),
    "نورة العتيبي": ("نورة", "", "", "العتيبي"),
    "محمد بن عبد الله": ("محمد", "عبد الله", "", ""),
    "محمد عبدالله العتيبي": ("محمد", "عبدالله", "", "العتيبي"),
    "محمد بن عبد الله بن سعد العتيبي": ("محمد", "عبد الله", "سعد", "العتيبي"),
    "نورة بنت عبد الله آل سعود": ("نورة", "عبد الله", "", "آل سعود"),
    "عبد الرحمن بن عبد العزيز بن عبد الله آل الشيخ": (
        "عبد الرحمن",
        "عبد العزيز",
        "عبد الله",
        "آل الشيخ",
    ),
    "سارة ابنة خالد أبو بكر": ("سارة", "خالد", "", "أبو بكر"),
    "نور الدين محمد سيف الإسلام القحطاني": (
        "نور الدين",
        "محمد",
        "سيف الإسلام",
        "القحطاني",
    ),
    "علي بن حسن بن أحمد بن فهد الشهري": ("علي", "حسن", "أحمد فهد", "الشهري"),
    "أم كلثوم محمد": ("أم كلثوم", "", "", "محمد"),
    "": ("", "", "", ""),
    "بن": ("", "", "", ""),
    "عبد": ("عبد", "", "", ""),
    "John Ali Smith": ("John", "Ali", "", "Smith"),
}


@tagged("post_install", "-at_install")
class TestPersonName(PeopleCommon):
    """Names in four parts beside the full name (issue 4, identity)."""

    def test_split(self):
        """«عبد الله», «بنت», «آل» and the like; nothing of a name is lost."""
        for full, parts in SPLITS.items():
            with self.subTest(full):
                self.assertEqual(split_name(full), parts)
                self.assertTrue(same_name(full, parts))
                self.assertEqual(split_name(join_name(parts))[0], parts[0])

    def _parts(self, record):
        return (
            record.npo_first_name or "",
            record.npo_father_name or "",
            record.npo_grandfather_name or "",
            record.npo_family_name or "",
        )

    def test_full_proposes(self):
        """A full name gives the parts, on a new contact and on one that gets a file."""
        name = "محمد بن عبد الله بن سعد العتيبي"
        file = self._new_file(name=name)
        self.assertEqual(file.name, name)
        self.assertEqual(self._parts(file), SPLITS[name])
        contact = self.env["res.partner"].create({"name": name})
        self.assertFalse(contact.npo_first_name)
        self._new_file(partner_id=contact.id, name=name)
        self.assertEqual(self._parts(contact), SPLITS[name])

    def test_parts_compose(self):
        """The parts give the full name, in any way of writing."""
        file = self._as(self.Beneficiary, self.officer).create(
            {
                "npo_first_name": " سارة ",
                "npo_father_name": "خالد",
                "npo_family_name": "آل علي",
            }
        )
        self.assertEqual(file.name, "سارة خالد آل علي")
        file.npo_grandfather_name = "فهد"
        self.assertEqual(file.name, "سارة خالد فهد آل علي")
        self.assertEqual(file.partner_id.npo_search_key, "ساره خالد فهد ال علي")
        self.assertIn(file, file._npo_find("سارة بنت خالد بن فهد"))
        file.name = "سارة بنت خالد بن فهد آل علي"
        self.assertEqual(file.npo_grandfather_name, "فهد")
        file.name = "هدى العمري"
        self.assertEqual(self._parts(file), ("هدى", "", "", "العمري"))

    def test_own_split_stays(self):
        """What the officer reads off the card is not proposed away again."""
        file = self._new_file(name="محمد علي حسن")
        file.write({"npo_grandfather_name": "حسن", "npo_family_name": False})
        self.assertEqual(self._parts(file), ("محمد", "علي", "حسن", ""))
        self.assertEqual(file.name, "محمد علي حسن")
        file.name = "محمد بن علي بن حسن"
        self.assertEqual(self._parts(file), ("محمد", "علي", "حسن", ""))

    def test_bad_input(self):
        """Glossary 27, D08: markup and endless text are no names."""
        file = self._new_file()
        for name in ("<b>x</b>", "x" * 300):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                file.npo_father_name = name

    @users("npo_relations_officer")
    def test_form(self):
        """On the form each side follows the other."""
        form = Form(self.env["npo.beneficiary"])
        form.name = "محمد بن عبد الله العتيبي"
        self.assertEqual(form.npo_father_name, "عبد الله")
        form.npo_grandfather_name = "سعد"
        self.assertEqual(form.name, "محمد عبد الله سعد العتيبي")
        file = form.save()
        self.assertEqual(file.npo_grandfather_name, "سعد")
        self.assertEqual(file.name, "محمد عبد الله سعد العتيبي")
