import base64
import io

from PIL import Image
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import EVENING, NOON, InspectionCommon, photo


@tagged("post_install", "-at_install")
class TestRound(InspectionCommon):
    """R184, R194–R197: a round from its plan to its score."""

    def test_sections(self):
        """R195–R197: the three points with their items; readiness has its own list."""
        survey = self._begun()
        sections = survey.line_ids.grouped("section")
        self.assertEqual(
            {name: len(lines) for name, lines in sections.items()},
            {
                "general_order": 10,
                "instructions_clarity": 9,
                "workflow_supervision": 11,
            },
        )
        ready = self._begun(kind="readiness", user="front")
        self.assertEqual(set(ready.line_ids.mapped("section")), {"readiness"})
        self.assertEqual(len(ready.line_ids), 10)

    def test_names_in_both_languages(self):
        """The items are taken over in Arabic and in English."""
        self.env["res.lang"]._activate_lang("ar_001")
        item = self.env.ref("npo_relations.checklist_item_go_entrance")
        item.with_context(lang="ar_001").name = "المدخل نظيف"
        item.with_context(lang="en_US").name = "Clean entrance"
        line = self._line(self._begun(), "go_entrance")
        self.assertEqual(line.with_context(lang="ar_001").name, "المدخل نظيف")
        self.assertEqual(line.with_context(lang="en_US").name, "Clean entrance")

    def test_note_is_required(self):
        """R195: what is not in order is described, whatever way it is written."""
        one = self._begun()
        line = one.line_ids[0]
        for result in ("partial", "not_ok"):
            for note in (False, "", "  "):
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    line.write({"result": result, "note": note})
        line.write({"result": "not_ok", "note": "Broken door"})
        self.assertTrue(line.date_answered)

    def test_score(self):
        """Score = (in order + half of partly) ÷ what applies, stored when finished."""
        one = self._begun()
        self._answer(
            one, go_entrance="not_ok", go_seating="partial", go_noise="na", wf_docs="na"
        )
        one.action_finish()
        self.assertEqual(one.state, "done")
        self.assertAlmostEqual(one.score, 100 * 26.5 / 28, places=1)
        self.assertEqual(one.red_count, 1)
        self.assertTrue(one.is_in_time)

    def test_nothing_applies(self):
        """A round of which nothing applies has no score, and is not finished."""
        one = self._begun()
        one.line_ids.write({"result": "na"})
        with self.assertRaisesRegex(UserError, "."):
            one.action_finish()
        self.assertEqual(one.state, "in_progress")

    def test_unanswered(self):
        """A round with an item left open is not finished, and names the first one."""
        one = self._begun()
        (one.line_ids - one.line_ids[3]).write({"result": "ok"})
        with self.assertRaises(UserError) as caught:
            one.action_finish()
        self.assertIn(one.line_ids[3].name, str(caught.exception))

    def test_readiness_is_signed(self):
        """R184: the representative signs by name; before opening is in time."""
        one = self._answer(self._begun(kind="readiness", user="front"))
        for name in ("", "   "):
            with self.assertRaises(UserError):
                one.action_finish(name)
        one.action_finish(" Maysa ")
        self.assertEqual(one.signed_name, "Maysa")
        self.assertEqual(one.inspector_id, self.users["front"])
        self.assertTrue(one.is_in_time)
        self.assertFalse(one.is_red)

    def test_red_when_not_signed_by_opening(self):
        """R184: unsigned at 8 o'clock is red; signed later is not in time."""
        one = self._round("readiness", user="front")
        self.assertEqual(one.date_due, fields.Datetime.to_datetime("2026-06-01 05:00"))
        self.assertFalse(one.is_red)
        with freeze_time(NOON):
            one.invalidate_recordset(["is_red", "is_late"])
            self.assertTrue(one.is_red)
            domain = [("id", "=", one.id)]
            rounds = self.env["npo.inspection"]
            self.assertEqual(rounds.search([*domain, ("is_red", "=", True)]), one)
            self.assertFalse(rounds.search([*domain, ("is_red", "=", False)]))
            self.assertEqual(self.site.today_readiness, "late")
            one.action_start()
            self._answer(one)
            one.action_finish("Maysa")
            self.assertFalse(one.is_in_time)
            self.assertFalse(one.is_red)
            self.site.invalidate_recordset()
            self.assertEqual(self.site.today_readiness, "done")

    def test_waiting_of_the_day(self):
        """R197: the average waiting of the day comes from the visits of the site."""
        purpose = self.env.ref("npo_relations.visit_purpose_inquiry")
        visits = self.env["npo.visit"].sudo()
        for number, (site, minutes) in enumerate(
            ((self.site, 10), (self.site, 30), (self.branch, 99)), start=1
        ):
            visits.create(
                {
                    "company_id": self.company.id,
                    "site_id": site.id,
                    "purpose_id": purpose.id,
                    "day": self.today,
                    "number": number,
                    "section": "women",
                    "waiting_minutes": minutes,
                }
            )
        one = self._begun()
        self.assertEqual((one.visit_count, one.waiting_minutes), (2, 20))
        shown = one.get_round()
        self.assertEqual((shown["visits"], shown["waiting"]), (2, 20))

    def test_only_today(self):
        """A round of tomorrow is not begun today, nor one that was missed."""
        one = self._round()
        tomorrow = self._rounds(day="2026-06-02", kind="field_survey")[0]
        with self.assertRaises(UserError):
            tomorrow.with_user(self.users["centre"]).action_start()
        with freeze_time(EVENING):
            self._plan()
            self.assertEqual(one.state, "missed")
            with self.assertRaises(UserError):
                one.action_start()

    def test_finished_stays(self):
        """What was finished is not answered again."""
        one = self._answer(self._begun())
        one.action_finish()
        with self.assertRaises(UserError):
            one.line_ids[0].write({"result": "na"})
        with self.assertRaises(UserError):
            one.action_finish()
        with self.assertRaises(UserError):
            one.action_start()


@tagged("post_install", "-at_install")
class TestChecklist(InspectionCommon):
    """The lists are data; a round under way keeps what it began with."""

    def _own(self):
        proposed = self.env.ref("npo_relations.checklist_field_survey")
        chief = proposed.with_user(self.users["chief"])
        return chief.browse(chief.action_adapt()["res_id"])

    def test_proposed_list_is_not_changed(self):
        """What is proposed to all associations is nobody's to change."""
        proposed = self.env.ref("npo_relations.checklist_field_survey")
        chief = proposed.with_user(self.users["chief"])
        for call in (
            lambda: chief.write({"name": "x"}),
            lambda: chief.item_ids[0].write({"name": "x"}),
            lambda: chief.item_ids[0].unlink(),
            lambda: chief.create({"name": "x", "kind": "readiness"}),
            lambda: chief.item_ids.create(
                {"checklist_id": chief.id, "section": "general_order", "name": "x"}
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                call()

    def test_own_list(self):
        """An association makes the list its own once; its rounds go by that."""
        own = self._own()
        self.assertEqual(own.company_id, self.company)
        self.assertEqual(len(own.item_ids), 30)
        self.assertEqual(self._own(), own)
        self.assertEqual(self._begun().checklist_id, own)

    def test_changed_under_way(self):
        """A round keeps items and version; the next one has the new ones."""
        own = self._own()
        first = self._begun()
        before = first.line_ids.mapped("name")
        version = own.version
        own.item_ids[0].name = "Something else"
        own.item_ids[1].unlink()
        self.env["npo.checklist.item"].with_user(self.users["chief"]).create(
            {"checklist_id": own.id, "section": "general_order", "name": "New"}
        )
        self.assertEqual(own.version, version + 3)
        self.assertEqual(first.line_ids.mapped("name"), before)
        self.assertEqual(first.checklist_version, version)
        self._answer(first).action_finish()
        second = self._begun(site=self.branch)
        self.assertIn("Something else", second.line_ids.mapped("name"))
        self.assertIn("New", second.line_ids.mapped("name"))
        self.assertEqual(second.checklist_version, own.version)

    def test_item_of_one_site(self):
        """An item may be looked at in some sites only."""
        own = self._own()
        own.item_ids[0].site_ids = self.branch
        self.assertEqual(len(self._begun().line_ids), 29)
        self.assertEqual(len(self._begun(site=self.branch).line_ids), 30)

    def test_empty_list(self):
        """A list without items is said, and the round is not begun."""
        self._own().item_ids.unlink()
        one = self._round()
        with self.assertRaises(UserError):
            one.action_start()
        self.assertEqual(one.state, "planned")

    @mute_logger("odoo.sql_db")
    def test_one_list_of_a_kind(self):
        own = self._own()
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            own.copy({"company_id": self.company.id})

    def test_section_of_another_list(self):
        own = self._own()
        with self.assertRaises(ValidationError):
            own.item_ids[0].section = "readiness"


@tagged("post_install", "-at_install")
class TestPhoto(InspectionCommon):
    """R194: a photo is looked at by its content, scaled down, and tells no place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls._begun()
        cls.line = cls.one.line_ids[0]

    def _kept(self, content):
        self.line.write({"result": "ok", "photo": content})
        self.line.invalidate_recordset(["photo"])
        return base64.b64decode(self.line.photo)

    def test_without_place(self):
        """What the camera wrote of place, time and device is gone."""
        exif = Image.Exif()
        exif[0x010F] = "SecretPhone"
        exif[0x0112] = 6  # turned by a quarter
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "N", (24.0, 42.0, 0.0)
        gps[3], gps[4] = "E", (46.0, 40.0, 0.0)
        content = photo(exif=exif)
        self.assertIn(b"SecretPhone", base64.b64decode(content))
        kept = self._kept(content)
        self.assertNotIn(b"SecretPhone", kept)
        self.assertNotIn(b"Exif", kept)
        with Image.open(io.BytesIO(kept)) as picture:
            self.assertFalse(picture.getexif())
            self.assertFalse(picture.info.get("exif"))
            self.assertEqual(picture.size, (30, 40))  # upright

    def test_small(self):
        """A large photo becomes a small JPEG, within the size of the association."""
        self.company.npo_photo_kb = 60
        content = photo(3000, 2200, quality=95)
        self.assertGreater(len(content), 3_000_000)
        kept = self._kept(content)
        self.assertLessEqual(len(kept), 60 * 1024)
        with Image.open(io.BytesIO(kept)) as picture:
            self.assertEqual(picture.format, "JPEG")

    def test_png(self):
        kept = self._kept(photo(kind="PNG"))
        self.assertTrue(kept.startswith(b"\xff\xd8\xff"))
        self.assertTrue(self.line.has_photo)

    def test_too_large(self):
        """Fifteen megabytes are answered by a sentence; the answer itself is taken."""
        content = base64.b64encode(b"\xff\xd8\xff" + b"x" * 15 * 1024 * 1024)
        with self.assertRaises(UserError) as caught:
            self._kept(content)
        self.assertIn("15", str(caught.exception))
        self.assertIn(str(self.company.npo_max_upload_mb), str(caught.exception))

    def test_no_photo(self):
        """What only calls itself a photo is refused."""
        cut = b"\xff\xd8\xff\x00"
        for content in (b"<svg onload=alert(1)>", b"%PDF-1.4", cut, b""):
            encoded = base64.b64encode(content) or b"!!!"
            with self.subTest(content), self.assertRaises(UserError):
                self._kept(encoded)
        bomb = Image.new("1", (9000, 9000))
        stream = io.BytesIO()
        bomb.save(stream, "PNG")
        with self.assertRaises(UserError):
            self._kept(base64.b64encode(stream.getvalue()))


@tagged("post_install", "-at_install")
class TestRoundGuards(InspectionCommon):
    """Hostile and careless callers: what only a step writes is refused to them."""

    def test_steps_are_not_written(self):
        one = self._begun()
        for vals in (
            {"state": "done"},
            {"score": 100},
            {"signed_name": "x"},
            {"inspector_id": self.users["chief"].id},
            {"date_ended": "2026-06-01 10:00:00"},
            {"name": "x"},
            {"date_due": "2030-01-01 10:00:00"},
            {"line_ids": []},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                one.write(vals)
        for vals in (
            {"site_id": self.branch.id},
            {"day": "2026-06-03"},
            {"kind": "readiness"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                one.write(vals)

    def test_not_created_done(self):
        """Neither values nor defaults of a context make a round that is done."""
        rounds = self.env["npo.inspection"].with_user(self.users["centre"])
        vals = {"company_id": self.company.id, "site_id": self.site.id}
        with self.assertRaises(AccessError):
            rounds.create({**vals, "state": "done"})
        made = rounds.with_context(default_state="done", default_score=100).create(vals)
        self.assertEqual((made.state, made.score), ("planned", 0))
        with self.assertRaises(UserError):
            rounds.create({**vals, "day": "2026-05-01", "kind": "readiness"})

    def test_items_of_the_round_alone(self):
        """An item is answered; its words, its round and its place stay."""
        one = self._begun()
        line = one.line_ids[0]
        for vals in (
            {"name": "x"},
            {"section": "readiness"},
            {"date_answered": "2026-01-01"},
            {"has_photo": True},
            {"inspection_id": 1},
            {"action_ids": []},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                line.write(vals)
        for call in (
            line.unlink,
            one.unlink,
            lambda: line.create({"inspection_id": one.id, "name": "x"}),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_who_answers(self):
        """Only the inspector answers; reception sees readiness, auditors read."""
        one = self._begun()
        line = one.line_ids[0]
        with self.assertRaises(UserError):
            line.with_user(self.users["chief"]).write({"result": "ok"})
        for name in ("front", "auditor", "manager", "researcher", "handler"):
            own = line.with_user(self.users[name])
            with self.subTest(name), self.assertRaises(AccessError):
                own.write({"result": "ok"})
            with self.subTest(name), self.assertRaises(AccessError):
                one.with_user(self.users[name]).action_finish()
        self.assertFalse(
            one.with_user(self.users["front"])._filtered_access("read"),
        )
        self.site.supervisor_id = self.users["front"]
        self.assertTrue(one.with_user(self.users["front"])._filtered_access("read"))

    def test_delegate(self):
        """A delegate goes through the own sites."""
        mine = self._round(site=self.branch, user="delegate")
        mine.action_start()
        self.assertEqual(mine.state, "in_progress")
        other = self._round(user="delegate")
        with self.assertRaises(AccessError):
            other.action_start()

    def test_take_over(self):
        """Who comes second is told who began; a round is taken over, not shared."""
        one = self._begun()
        chief = one.with_user(self.users["chief"])
        with self.assertRaises(UserError) as caught:
            chief.action_start()
        self.assertIn("Centre", str(caught.exception))
        chief.action_take_over()
        self.assertEqual(one.inspector_id, self.users["chief"])
        self.assertEqual(one.taken_over_from_id, self.users["centre"])
        with self.assertRaises(UserError):
            one.line_ids[0].write({"result": "ok"})
        chief.line_ids[0].write({"result": "ok"})

    def test_long_words(self):
        one = self._begun(kind="readiness", user="front")
        with self.assertRaises(ValidationError):
            one.line_ids[0].write({"result": "not_ok", "note": "x" * 10000})
        self._answer(one)
        with self.assertRaises(ValidationError):
            one.action_finish("x" * 10000)
