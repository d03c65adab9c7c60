import base64
import json
from zipfile import ZipFile

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.privacy.copy_registry import (
    COPIED,
    LEFT_OUT,
    UNTIL_TOLD,
    copied_fields,
    copied_files,
    of_person,
)
from ..common import AssociationCommon, local_today, new_users
from ..common_browser import WebCommon

PERSONS = ("res.partner", "npo.beneficiary")
OTHER_NUMBER = "1122334455"
SECRET = "Saleh Alfarsi"


@tagged("post_install", "-at_install")
class TestCopyFile(AssociationCommon, WebCommon):
    """P010, R162: the whole of one's own data, for programmes, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary(city="Arar")
        cls.partner = cls.file.partner_id
        cls.protector = cls.users["protector"]
        cls.officer.name = "Khalid Almutairi"
        cls.request = cls._new_request(
            cls.file, description=f"{SECRET} {OTHER_NUMBER} asked Khalid Almutairi."
        ).sudo()
        cls.household = cls.env["npo.household"].create(
            {
                "company_id": cls.company.id,
                "site_id": cls.branch.id,
                "rent": 1234,
                "member_ids": [
                    Command.create({"relation": "head", "partner_id": cls.partner.id}),
                    Command.create(
                        {
                            "relation": "son",
                            "name": SECRET,
                            "identity_type": "national_id",
                            "identity_number": "1010101010",
                        }
                    ),
                ],
            }
        )

    def _verified(self, kind="copy", **vals):
        case = (
            self.env["npo.data.request"]
            .with_user(self.officer)
            .create({"partner_id": self.partner.id, "kind": kind, **vals})
        )
        case._verify_identity("call", "Asked for the birth date")
        return case.with_user(self.protector)

    def _archive(self, case):
        self.env.flush_all()
        with case._copy_archive() as stream, ZipFile(stream) as archive:
            self.assertFalse(archive.testzip())
            files = {name: archive.read(name) for name in archive.namelist()}
        return json.loads(files.pop("data.json")), files

    # ------------------------------------------------------------
    # COMPLETE
    # ------------------------------------------------------------

    def test_every_model(self):
        """P010: each model of ours that leads to a person is copied or says why not.

        A new model fails here until somebody decided.
        """
        found = {"res.partner"}
        for name, model in self.env.registry.items():
            if not name.startswith("npo.") or model._abstract or model._transient:
                continue
            if not model._auto:
                continue
            fields_of = model._fields.values()
            if any(
                field.store
                and (
                    (field.type == "many2one" and field.comodel_name in PERSONS)
                    or field.type == "many2one_reference"
                )
                for field in fields_of
            ):
                found.add(name)
        decided = COPIED.keys() | LEFT_OUT.keys()
        self.assertFalse(found - decided, "decide: in the copy, or left out and why")
        self.assertFalse(COPIED.keys() & LEFT_OUT.keys())
        self.assertFalse({name for name in COPIED if name not in self.env})

    def test_registry(self):
        """What the lists name is there, and no field told leads to a person."""
        for name, (paths, _rest) in COPIED.items():
            model = self.env[name].sudo()
            with self.subTest(name):
                for path in paths:
                    model.search(of_person(path, self.partner.id), limit=1)
                for field in copied_fields(model):
                    self.assertNotIn(
                        field.comodel_name, (*PERSONS, "res.users", "hr.employee")
                    )
                copied_files(model)
        for name, (told, names) in UNTIL_TOLD.items():
            self.assertLessEqual({told, *names}, self.env[name]._fields.keys(), name)

    def test_whole(self):
        """P010: file, family, requests, messages and own files; it is logged."""
        portal = {"own": (f"own_{self.company.id}", "base.group_portal")}
        user = new_users(self.env, self.company, portal, False)["own"]
        user.partner_id = self.partner
        attachments = self.env["ir.attachment"]
        own = attachments.with_user(user).sudo()
        own.create(
            {
                "name": "../../salary = letter.pdf",
                "raw": b"My salary",
                "res_model": "npo.request",
                "res_id": self.request.id,
            }
        )
        attachments.create(
            {
                "name": "staff.txt",
                "raw": b"Of the staff",
                "res_model": "npo.request",
                "res_id": self.request.id,
            }
        )
        self.request.message_post(
            body="The roof leaks.",
            author_id=self.partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.request.message_post(
            body=Markup("<p>Not for <b>them</b>.</p>"),
            author_id=self.officer.partner_id.id,
            message_type="comment",
        )
        document = self.request.document_ids.filtered(lambda d: not d.is_identity)[:1]
        document.sudo().write(
            {"file": base64.b64encode(b"%PDF-1.4 Own"), "file_name": "deed.pdf"}
        )
        case = self._verified()
        data, files = self._archive(case)
        records = data["records"]
        self.assertEqual(set(records), set(COPIED))
        text = json.dumps(data, ensure_ascii=False)
        for value in (
            self.file.identity_number,
            self.file.iban,
            "Arar",
            self.request.name,
            "1234",
            "The roof leaks.",
            case.name,
        ):
            self.assertIn(value, text)
        self.assertEqual(len(records["npo.household.member"]), 1)
        self.assertEqual(len(data["messages"]), 1)
        self.assertNotIn("Not for", text)
        self.assertTrue(any("1" in line for line in data["left_out"]))
        self.assertEqual(sorted(files), sorted(data["files"]))
        self.assertIn(b"My salary", files.values())
        self.assertIn(b"%PDF-1.4 Own", files.values())
        self.assertNotIn(b"Of the staff", files.values())
        self.assertTrue(any(name.endswith("-deed.pdf") for name in files))
        for name in files:
            self.assertRegex(name, r"^files/\d+-[\w.\- ]+$")
            self.assertNotIn("..", name)
        log = self.env["npo.access.log"].search([("reason", "=", case.name)])
        self.assertEqual((log.way, log.user_id), ("copy", self.protector))
        self.assertGreater(log.entry_count, 5)

    # ------------------------------------------------------------
    # WITHOUT OTHERS
    # ------------------------------------------------------------

    def test_nobody_else(self):
        """P010, R162: no other person's name or number, and no name of the staff."""
        self.request.research_note = f"{SECRET}, {OTHER_NUMBER}, Khalid Almutairi"
        data, _files = self._archive(self._verified())
        text = json.dumps(data, ensure_ascii=False)
        for value in (SECRET, OTHER_NUMBER, "1010101010", "Khalid", "Almutairi"):
            self.assertNotIn(value, text)
        self.assertIn("••••", text)

    def test_family_of_today(self):
        """P010: who left a family is told nothing of it; nobody what staff noted."""
        self.household.note = "The neighbours say so."
        self.partner = self._new_beneficiary(2).partner_id
        line = self.env["npo.household.member"].create(
            {
                "household_id": self.household.id,
                "relation": "son",
                "partner_id": self.partner.id,
                "date_from": fields.Date.subtract(local_today(), days=9),
            }
        )
        case = self._verified()
        [family] = self._archive(case)[0]["records"]["npo.household"]
        self.assertNotIn("The neighbours say so.", family.values())
        self.assertNotIn(self.household.site_id.name, family.values())
        line.date_to = fields.Date.subtract(local_today(), days=1)
        self.assertFalse(line.is_current)
        records = self._archive(case)[0]["records"]
        self.assertFalse(records["npo.household"])
        self.assertTrue(records["npo.household.member"])

    def test_not_announced(self):
        """R125: a decision that was not announced is a draft of the house."""
        request = self._advance(self.request, "decided").sudo()
        request.decision_note = "Between ourselves."
        data, _files = self._archive(self._verified())
        self.assertNotIn("Between ourselves.", json.dumps(data))
        request.date_announced = local_today()
        case = self.env["npo.data.request"].search([("kind", "=", "copy")], limit=1)
        data, _files = self._archive(case.with_user(self.protector))
        self.assertIn("Between ourselves.", json.dumps(data))

    def test_sealed(self):
        """P092: what is sealed is not in the hands of who makes the copy."""
        complaint = self.env["npo.complaint"].create(
            {
                "title": "Sealed Words",
                "channel_id": self.env.ref("npo_relations.channel_website").id,
                "company_id": self.company.id,
                "partner_id": self.partner.id,
            }
        )
        case = self._verified()
        self.assertIn("Sealed Words", json.dumps(self._archive(case)[0]))
        complaint.confidentiality = "sealed"
        self.assertNotIn("Sealed Words", json.dumps(self._archive(case)[0]))

    # ------------------------------------------------------------
    # WHO, UNTIL WHEN
    # ------------------------------------------------------------

    def test_who(self):
        """P014: not before the identity, not by another role, not of another kind."""
        case = self.env["npo.data.request"].create(
            {
                "partner_id": self.partner.id,
                "kind": "copy",
                "company_id": self.company.id,
            }
        )
        with self.assertRaises(UserError):
            case.with_user(self.protector)._copy_archive()
        case.with_user(self.officer)._verify_identity("call")
        for name in ("manager", "auditor", "front"):
            with self.subTest(name), self.assertRaises(AccessError):
                case.with_user(self.users[name])._copy_archive()
        for call in ("_seen_by", "action_print_seen", "action_download_data"):
            with self.subTest(call), self.assertRaises(AccessError):
                getattr(case.with_user(self.users["auditor"]), call)()

    def test_of_another_association(self):
        """D06: the same roles next door get nothing of it, whatever was read before."""
        case = self._verified()
        foreign = self.env["res.company"].create({"name": "Next Door"})
        group = "npo_relations.group_npo_"
        users = new_users(
            self.env,
            foreign,
            {
                "protector": ("far_protector", f"{group}data_protection_officer"),
                "officer": ("far_officer", f"{group}relations_officer"),
            },
        )
        for user in users.values():
            own = case.with_user(user).with_context(allowed_company_ids=foreign.ids)
            for call in (
                "_copy_archive",
                "_own_data",
                "_seen_by",
                "action_print_copy",
                "action_print_seen",
                "action_download_data",
            ):
                with self.subTest(f"{user.login} {call}"):
                    with self.assertRaises(AccessError):
                        getattr(own, call)()
            self.authenticate(user.login, user.login.ljust(8, "x"))
            answer = self.url_open(f"/my/privacy/{case.id}/data")
            with self.subTest(user.login):
                self.assertFalse(answer.content.startswith(b"PK"))
        self.assertFalse(
            self.env["npo.access.log"].search([("reason", "=", case.name)])
        )

    def test_expires(self):
        """R162: an answered copy is there for the association's days, no longer."""
        case = self._verified()
        case._fulfil("done")
        self.assertTrue(case._copy_archive())
        days = self.company.npo_copy_days
        case.sudo().date_closed = fields.Datetime.subtract(
            fields.Datetime.now(), days=days + 2
        )
        self.env.flush_all()
        for name in ("_copy_archive", "_own_data", "_seen_by"):
            with self.subTest(name), self.assertRaises(UserError):
                getattr(case, name)()

    def test_portal(self):
        """P010: the person alone downloads it; who saw the file is told as a role."""
        portal = {
            name: (f"{name}_{self.company.id}", "base.group_portal")
            for name in ("mine", "other")
        }
        users = new_users(self.env, self.company, portal)
        users["mine"].partner_id = self.partner
        self.file.with_user(self.officer)._reveal("identity_number", "The card")
        case = self._verified()
        case._fulfil("done")
        for name, is_given in (("other", False), ("mine", True)):
            self.authenticate(users[name].login, users[name].login.ljust(8, "x"))
            answer = self.url_open(f"/my/privacy/{case.id}/data")
            with self.subTest(name):
                zipped = answer.content.startswith(b"PK")
                self.assertEqual(zipped, is_given)
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        page = self.url_open("/my/seen")
        self.assertEqual(page.status_code, 200)
        role = self.env.ref("npo_relations.group_npo_relations_officer")
        self.assertIn(role.with_context(lang="ar_001").name, page.text)
        for value in (self.file.identity_number, "The card", "Almutairi"):
            self.assertNotIn(value, page.text)

    def test_seen_by(self):
        """R154: told with days, roles and reasons; names where data protection says."""
        self.file.with_user(self.officer)._reveal(
            "identity_number", f"The card of {SECRET}"
        )
        case = self._verified("access")
        [row] = case._seen_by()
        self.assertEqual(
            row[1], self.env.ref("npo_relations.group_npo_relations_officer").name
        )
        self.assertEqual(row[2], "")
        self.assertNotIn(SECRET, row[5])
        with self.assertRaises(AccessError):
            case.with_user(self.officer).names_readers = True
        case.names_readers = True
        self.assertEqual(case._seen_by()[0][2], "Khalid Almutairi")
        report = self.env["ir.actions.report"].with_user(self.protector)
        html, _kind = report._render_qweb_html(
            "npo_relations.report_npo_seen_by", case.ids
        )
        self.assertIn("Khalid Almutairi", html.decode())
        self.assertNotIn(self.file.identity_number, html.decode())

    def test_statements(self):
        """Fifty more records cost no more statements, but for the batch itself."""
        case, counts = self._verified(), []
        purpose = self.env["npo.visit.purpose"].search([], limit=1)
        for size in (5, 50):
            self.env["npo.visit"].sudo().create(
                [
                    {
                        "company_id": self.company.id,
                        "site_id": self.site.id,
                        "partner_id": self.partner.id,
                        "purpose_id": purpose.id,
                    }
                ]
                * size
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            case._copy_archive().close()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
