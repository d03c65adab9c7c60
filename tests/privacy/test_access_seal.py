import io
from contextlib import closing, redirect_stdout
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from unittest.mock import Mock, patch

from freezegun import freeze_time
from psycopg2.errors import InsufficientPrivilege

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.sql_db import db_connect
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...hooks import uninstall_hook
from ...models.core import access_log
from ...models.privacy import access_seal
from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestAccessSeal(AssociationCommon):
    """D13, R154: the log stays as it was written, and it shows if it did not."""

    logs_in = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_beneficiary()
        cls.logs = cls.env["npo.access.log"]
        cls.seals = cls.env["npo.access.seal"]
        cls.auditor = cls.users["auditor"]

    def setUp(self):
        super().setUp()
        self.patch(access_seal, "LINES", 3)
        self.patch(access_seal, "BATCH", 2)

    def _read(self, times=1):
        for _time in range(times):
            self.logs.with_user(self.officer)._log(
                self.file, ["identity_number"], "read", "So"
            )
        self.env.flush_all()

    def _own(self, records):
        return records.search([("company_id", "=", self.company.id)], order="id")

    def _seal_all(self):
        while self.seals._seal(self.company):
            pass
        return self._own(self.seals)

    def _found(self, written=""):
        """Return what the check finds: [(what, how many)]."""
        self.env.invalidate_all()
        found = self.seals._check_chain(self.company, written)
        self.assertTrue(all(self.seals._finding_texts(found)))
        return sorted((code, count) for code, _number, count in found)

    def _tamper(self, query, *values):
        """Change the tables as who has the password of the database could."""
        self.env.flush_all()
        self.cr.execute("SET LOCAL session_replication_role = replica")
        self.cr.execute(query, values)
        self.assertEqual(self.cr.rowcount, 1, query)
        self.cr.execute("SET LOCAL session_replication_role = origin")

    # ------------------------------------------------------------
    # KEPT
    # ------------------------------------------------------------

    def test_database_refuses(self):
        """D13: the database itself refuses a change, a deletion, an emptying."""
        self._read(2)
        line, other = self._own(self.logs)
        seal = self.seals._seal(self.company)
        for query in (
            "UPDATE npo_access_log SET reason = 'x' WHERE id = %s",
            "UPDATE npo_access_log SET res_id = res_id + 1 WHERE id = %s",
            "UPDATE npo_access_log SET user_id = 1 WHERE id = %s",
            "UPDATE npo_access_log SET seal_id = NULL WHERE id = %s",
            "DELETE FROM npo_access_log WHERE id = %s",
        ):
            self._assert_kept(query, [line.id])
        self._assert_kept("DELETE FROM npo_access_seal WHERE id = %s", [seal.id])
        self._assert_kept(
            "UPDATE npo_access_seal SET line_count = 9 WHERE id = %s", [seal.id]
        )
        self._assert_kept("TRUNCATE npo_access_log CASCADE", [])
        # what follows the record goes on: whose complaint it is, how close it is kept
        self.cr.execute(
            "UPDATE npo_access_log SET secrecy = 'normal' WHERE id = %s", [other.id]
        )
        self.assertFalse(self._found())

    def _assert_kept(self, query, values):
        with (
            self.subTest(query),
            mute_logger("odoo.sql_db"),
            self.assertRaises(InsufficientPrivilege),
            self.cr.savepoint(),
        ):
            self.cr.execute(query, values)

    def test_calls_refused(self):
        """D13: no role, an administrator included, writes or deletes by a call."""
        self._read()
        seal = self.seals._seal(self.company)
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        for record in (self._own(self.logs), seal):
            vals = {"company_id": self.company.id}
            for user in (admin, *(self.users[n] for n in ("auditor", "protector"))):
                own = record.with_user(user).with_context(
                    allowed_company_ids=self.company.ids
                )
                for method, args in (
                    ("write", [record.ids, vals]),
                    ("web_save", [record.ids, vals, {}]),
                    ("unlink", [record.ids]),
                    ("create", [[vals]]),
                    ("copy", [record.ids]),
                ):
                    with (
                        self.subTest(f"{user.login}: {record._name}.{method}"),
                        self.assertRaises(AccessError),
                        mute_logger("odoo.addons.base.models.ir_model"),
                        self.cr.savepoint(),
                    ):
                        call_kw(own.browse(), method, args, {})

    def test_uninstall(self):
        """What the database keeps goes with the module."""
        self._read()
        uninstall_hook(self.env)
        self.cr.execute(
            "DELETE FROM npo_access_log WHERE company_id = %s", [self.company.id]
        )
        self.assertEqual(self.cr.rowcount, 1)

    def test_line(self):
        """R154: a line says whose data, from where, and nothing of what was seen."""
        place = Mock(httprequest=Mock(remote_addr="203.0.113.7"))
        with patch.object(access_log, "request", place):
            self._read()
        self._read()
        line, inside = self._own(self.logs)
        self.assertRecordValues(
            line,
            [
                {
                    "user_id": self.officer.id,
                    "person_ref": self.file.partner_id.id,
                    "address": "203.0.113.7",
                    "reason": "So",
                }
            ],
        )
        self.assertFalse(inside.address)
        self.assertNotIn(self.file.identity_number, str(line.read()))

    def test_paper_and_files(self):
        """R154, R157: a form with numbers, and the file of an import, are noted."""
        request = self._new_request(self.file)
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.officer)
            ._render_qweb_html("npo_relations.report_npo_request_form", request.ids)
        )
        self.assertIn(self.file.identity_number, html.decode())
        lines = self._own(self.logs)
        self.assertEqual(set(lines.mapped("way")), {"print"})
        self.assertEqual(request.service_id.kind, "cash")
        self.assertEqual(set(lines.mapped("field_name")), {"identity_number", "iban"})
        self.assertEqual(set(lines.mapped("reason")), {request.name})
        sheet = self.env["npo.import"].create(
            {"register": "beneficiary", "company_id": self.company.id}
        )
        sheet.report_file = "eA=="
        streams = self.env["ir.binary"].with_user(self.officer)
        with patch.object(type(self.env["ir.attachment"]), "_to_http_stream"):
            streams._record_to_stream(sheet, "report_file")
        last = self._own(self.logs)[-1]
        self.assertEqual(last.res_model, "npo.import")
        self.assertEqual(last.field_name, "report_file")

    def test_health(self):
        """P013: opening the health of a member of a family is noted, once a record."""
        household = self.env["npo.household"].create(
            {
                "company_id": self.company.id,
                "site_id": self.branch.id,
                "member_ids": [
                    Command.create(
                        {
                            "relation": "head",
                            "partner_id": self.file.partner_id.id,
                            "health_status": "chronic",
                            "disability_type": "hearing",
                        }
                    )
                ],
            }
        )
        reader = self._new_staff("health", "health_reader", self.company)
        reader.group_ids += self.env.ref("npo_relations.group_npo_relations_officer")
        member = household.member_ids.with_user(reader)
        member.read(["name"])
        self.assertFalse(self._own(self.logs))
        member.read(["name", "health_status", "disability_type"])
        self.assertRecordValues(
            self._own(self.logs),
            [{"way": "health", "person_ref": self.file.partner_id.id}],
        )

    # ------------------------------------------------------------
    # SEALED
    # ------------------------------------------------------------

    def test_sealed(self):
        """D13: the cron closes every line once; seals hang together; a check is few."""
        self._read(7)
        with self.enter_registry_test_mode():
            self.env.ref(
                "npo_relations.ir_cron_npo_access_seal"
            ).method_direct_trigger()
        self.env.invalidate_all()
        seals = self._own(self.seals)
        self.assertEqual(seals.mapped("number"), [1, 2, 3])
        self.assertEqual(seals.mapped("line_count"), [3, 3, 1])
        self.assertEqual(seals.mapped("previous_hash"), ["", *seals[:2].mapped("hash")])
        self.assertTrue(all(line.seal_id for line in self._own(self.logs)))
        self.assertFalse(self.seals._seal(self.company))
        self.assertFalse(self._found())

    def test_one_at_a_time(self):
        """D13: while one run seals an association, another leaves it alone."""
        self._read()
        with closing(db_connect(self.cr.dbname).cursor()) as other:
            other.execute(
                "SELECT pg_advisory_xact_lock(hashtext('npo_access_seal'), %s)",
                [self.company.id],
            )
            self.assertFalse(self.seals._seal(self.company))
            other.rollback()
        self.assertTrue(self.seals._seal(self.company))

    def test_check_statements(self):
        """Twice the lines cost no statement more where the seals are as many."""
        counts = []
        self.patch(access_seal, "BATCH", 50)
        for size in (3, 60):
            self.patch(access_seal, "LINES", size)
            self._read(size)
            self._seal_all()
            before = self.cr.sql_log_count
            self.assertFalse(self._found())
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0], counts)

    def test_changed(self):
        """D13: a changed line is found, whatever of it was changed."""
        self._read(5)
        self._seal_all()
        line = self._own(self.logs)[1]
        for change in (
            "user_id = 1",
            "reason = NULL",
            "person_ref = person_ref + 1",
            "date = date - interval '1 microsecond'",
            "address = '192.0.2.1'",
            "res_id = res_id + 1",
        ):
            with self.subTest(change), self.cr.savepoint() as savepoint:
                self._tamper(
                    f"UPDATE npo_access_log SET {change} WHERE id = %s", line.id
                )
                self.assertEqual(self._found(), [("line_changed", 1)])
                savepoint.rollback()
        self.assertFalse(self._found())

    def test_hidden(self):
        """D13: a line is not hidden by calling it that of a sealed complaint."""
        self._read(5)
        self._seal_all()
        line = self._own(self.logs)[1]
        complaint = self.env["npo.complaint"].create(
            {
                "title": "x",
                "channel_id": self.env.ref("npo_relations.channel_website").id,
                "company_id": self.company.id,
            }
        )
        self.env.flush_all()
        self.cr.execute(
            "UPDATE npo_complaint SET confidentiality = 'sealed' WHERE id = %s",
            [complaint.id],
        )
        for change in (
            "secrecy = 'sealed'",
            f"secrecy = 'sealed', complaint_id = {complaint.id}",
            f"complaint_id = {complaint.id}",
        ):
            with self.subTest(change), self.cr.savepoint() as savepoint:
                # the database lets it through: it follows the record
                self.cr.execute(
                    f"UPDATE npo_access_log SET {change} WHERE id = %s", [line.id]
                )
                self.assertEqual(self._found(), [("line_hidden", 1)])
                savepoint.rollback()
        # what is really of it is no fault
        self.logs._log_whole(complaint, "read")
        self.env.flush_all()
        self.assertFalse(self._found())

    def test_deleted_and_added(self):
        """D13: a deleted line is found, and one put in later, dated back or not."""
        self._read(5)
        seals = self._seal_all()
        line = self._own(self.logs)[1]
        copied = """
            INSERT INTO npo_access_log (res_model, res_id, res_name, company_id,
                   user_id, date, way, seal_id)
            SELECT res_model, res_id, res_name, company_id, user_id,
                   date - %s * interval '1 hour', way, %s
              FROM npo_access_log WHERE id = %s"""
        with self.cr.savepoint() as savepoint:
            self._tamper("DELETE FROM npo_access_log WHERE id = %s", line.id)
            self.assertEqual(self._found(), [("line_gone", 1)])
            savepoint.rollback()
        with self.cr.savepoint() as savepoint:
            self._tamper(copied, 0, seals[0].id, line.id)
            self.assertEqual(self._found(), [("line_added", 1)])
            savepoint.rollback()
        with self.cr.savepoint() as savepoint:
            self._tamper(copied, 5, None, line.id)
            self.assertEqual(self._found(), [("line_open", 1)])
            self._seal_all()
            self.assertEqual(self._found(), [("line_late", 1)])
            savepoint.rollback()

    def test_seals_touched(self):
        """D13: a removed or changed seal is found, and an end that was cut off."""
        self._read(7)
        first, second, last = self._seal_all()
        mark = last.hash
        with self.cr.savepoint() as savepoint:
            self._tamper("DELETE FROM npo_access_seal WHERE id = %s", second.id)
            self.assertEqual(self._found(), [("line_lost", 3), ("seal_gone", 1)])
            savepoint.rollback()
        for change in ("line_count = 2", "digest = 'x'", "hash = 'x'"):
            with self.subTest(change), self.cr.savepoint() as savepoint:
                self._tamper(
                    f"UPDATE npo_access_seal SET {change} WHERE id = %s", first.id
                )
                self.assertIn("seal_changed", dict(self._found()))
                savepoint.rollback()
        with self.cr.savepoint() as savepoint:
            self._tamper("DELETE FROM npo_access_log WHERE seal_id = %s", last.id)
            self._tamper("DELETE FROM npo_access_seal WHERE id = %s", last.id)
            self.assertFalse(self._found())
            self.assertEqual(self._found(mark), [("cut", 1)])
            savepoint.rollback()
        self.assertFalse(self._found(f" {mark[:32]} {mark[32:].upper()}\n"))

    def test_not_sealed(self):
        """D13: a line that nobody sealed within the hour is told of."""
        with freeze_time(fields.Datetime.subtract(fields.Datetime.now(), hours=2)):
            self._read()
        self.assertEqual(self._found(), [("line_open", 1)])
        self._seal_all()
        self.assertFalse(self._found())

    def test_backlog(self):
        """D13: what waited for hours, and fills more than one seal, is no alarm."""
        with freeze_time(fields.Datetime.subtract(fields.Datetime.now(), hours=2)):
            self._read(7)
        self.assertEqual(self._seal_all().mapped("line_count"), [3, 3, 1])
        self.assertFalse(self._found())

    # ------------------------------------------------------------
    # WHO CHECKS
    # ------------------------------------------------------------

    def test_page(self):
        """D13: auditor and data protection check on the screen, and nobody else."""
        self._read(2)
        seals = self._seal_all()
        pages = self.env["npo.access.check"]
        for name in ("auditor", "protector"):
            form = Form(pages.with_user(self.users[name]))
            page = form.save()
            self.assertEqual(page.last_mark, seals[-1].hash)
            page.action_check()
            self.assertEqual(page.state, "sound")
            self.assertIn("2", page.result)
        self._tamper(
            "UPDATE npo_access_log SET reason = 'x' WHERE id = %s",
            self._own(self.logs)[0].id,
        )
        page.action_check()
        self.assertEqual(page.state, "broken")
        for name in ("officer", "manager", "front"):
            with self.subTest(name), self.assertRaises(AccessError):
                page.sudo().with_user(self.users[name]).action_check()

    def test_command(self):
        """D13: the command says which seal is the last, and what is wrong."""
        path = Path(__file__).parents[2] / "cli" / "check_access_log.py"
        spec = spec_from_file_location("odoo.cli.check_access_log", path)
        command = module_from_spec(spec)
        spec.loader.exec_module(command)
        self._read(2)
        seal = self._seal_all()

        def run(**written):
            out = io.StringIO()
            self.env.invalidate_all()
            with redirect_stdout(out):
                is_sound = command.check(self.env, written)
            return is_sound, out.getvalue()

        is_sound, text = run()
        self.assertTrue(is_sound, text)
        self.assertIn(seal.hash, text)
        self.assertNotIn(self.company.name, text)
        self.assertFalse(run(**{str(self.company.id): "0" * 64})[0])
        self._tamper(
            "UPDATE npo_access_log SET reason = 'x' WHERE id = %s",
            self._own(self.logs)[0].id,
        )
        self.assertFalse(run()[0])
