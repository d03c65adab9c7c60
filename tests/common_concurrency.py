import threading
from contextlib import closing

from odoo import SUPERUSER_ID, api
from odoo.exceptions import RedirectWarning, UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import SQL, mute_logger

from .common import AssociationCommon, new_users

REFERRING = """
    SELECT source.relname, attribute.attname, con.confdeltype = 'n',
           attribute.attnotnull
      FROM pg_constraint con
      JOIN pg_class source ON source.oid = con.conrelid
      JOIN pg_class target ON target.oid = con.confrelid
      JOIN pg_attribute attribute
        ON attribute.attrelid = con.conrelid AND attribute.attnum = con.conkey[1]
     WHERE con.contype = 'f' AND target.relname = %s
"""


def _delete(cr, table, ids, seen=None):
    """Delete rows with all that refers to them, as no rule of the ORM would allow."""
    seen = set() if seen is None else seen
    ids = [row_id for row_id in ids if (table, row_id) not in seen]
    if not ids:
        return
    seen.update((table, row_id) for row_id in ids)
    cr.execute(REFERRING, [table])
    for source, column, is_nulled, is_required in cr.fetchall():
        name, where = SQL.identifier(source), SQL.identifier(column)
        if is_nulled and source.startswith(("ir_", "res_")):
            cr.execute(
                SQL(
                    "UPDATE %s SET %s = NULL WHERE %s = ANY(%s)",
                    name,
                    where,
                    where,
                    ids,
                )
            )
            continue
        cr.execute(
            "SELECT 1 FROM information_schema.columns"
            " WHERE table_name = %s AND column_name = 'id'",
            [source],
        )
        if cr.fetchone():
            begun = [row_id for other, row_id in seen if other == source]
            if begun and not is_required:
                cr.execute(
                    SQL(
                        "UPDATE %s SET %s = NULL WHERE id = ANY(%s) AND %s = ANY(%s)",
                        name,
                        where,
                        begun,
                        where,
                        ids,
                    )
                )
            cr.execute(SQL("SELECT id FROM %s WHERE %s = ANY(%s)", name, where, ids))
            _delete(cr, source, [row_id for (row_id,) in cr.fetchall()], seen)
        else:
            cr.execute(SQL("DELETE FROM %s WHERE %s = ANY(%s)", name, where, ids))
    cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(table), ids))


class AtOnceCommon(BaseCase):
    """People press at one moment, each in a transaction of their own.

    On committed data, so that the database itself decides; everything is deleted
    afterwards. Each call goes through `retrying`, as a call from the browser does.
    """

    profile = AssociationCommon.profile
    logs_in = False
    _new_association = vars(AssociationCommon)["_new_association"]
    _new_staff = vars(AssociationCommon)["_new_staff"]
    _new_staff_of = vars(AssociationCommon)["_new_staff_of"]
    _new_committee = vars(AssociationCommon)["_new_committee"]
    _new_beneficiary = vars(AssociationCommon)["_new_beneficiary"]
    _new_request = vars(AssociationCommon)["_new_request"]
    _service = vars(AssociationCommon)["_service"]
    _hand_in = vars(AssociationCommon)["_hand_in"]
    _advance = vars(AssociationCommon)["_advance"]
    _sign_and_study = vars(AssociationCommon)["_sign_and_study"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.cr = cls.registry.cursor()
        cls.addClassCleanup(cls._forget)
        cls.companies, cls.partner_ids = [], []
        context = {"tracking_disable": True, "no_reset_password": True}
        cls.env = api.Environment(cls.cr, SUPERUSER_ID, context)
        cls._sweep()
        cls.company = cls._new_association("Two At Once", cls.profile)
        cls.companies.append(cls.company.id)
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.users = cls._new_staff_of(cls.company)
        portal = {"portal": (f"portal_{cls.company.id}", "base.group_portal")}
        cls.users |= new_users(cls.env, cls.company, portal, cls.logs_in)
        cls.officer = cls.users["officer"]
        cls.site = cls.env["npo.site"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.committee = cls._new_committee(cls.company, cls.users)
        cls.service = cls._service("rent_aid")
        cls.channel = cls.env["npo.channel"].search([("code", "=", "interview")])
        cls.cr.commit()

    @classmethod
    def _sweep(cls):
        """Delete what a run that was broken off left behind."""
        names = ["Two At Once", "Two Registers", "Rolled Back", "Other"]
        left = cls.env["res.company"].search([("name", "in", names)])
        if left:
            cls.companies = left.ids
            cls._delete_companies()
            cls.companies = []

    @classmethod
    def _forget(cls):
        """Delete what was committed: the associations, their people and sequences."""
        with closing(cls.cr):
            cls.cr.rollback()
            cls._delete_companies()
        cls.registry.clear_all_caches()

    @classmethod
    def _delete_companies(cls):
        # what refers to a row goes with it here: the foreign keys need not look again,
        # table by table, which takes a quarter of a minute for each association
        cls.cr.execute("SET LOCAL session_replication_role = replica")
        for company_id in cls.companies:
            cls.cr.execute(
                "SELECT id FROM res_users WHERE company_id = %s", [company_id]
            )
            user_ids = [row_id for (row_id,) in cls.cr.fetchall()]
            cls.cr.execute(
                "SELECT id FROM res_partner WHERE company_id = %s OR id IN"
                " (SELECT partner_id FROM res_users WHERE id = ANY(%s))"
                " OR id = (SELECT partner_id FROM res_company WHERE id = %s)",
                [company_id, user_ids, company_id],
            )
            partner_ids = [row_id for (row_id,) in cls.cr.fetchall()]
            seen = set()
            _delete(cls.cr, "res_company", [company_id], seen)
            _delete(cls.cr, "res_users", user_ids, seen)
            _delete(cls.cr, "res_partner", partner_ids, seen)
        cls.cr.commit()

    def setUp(self):
        super().setUp()
        self.addCleanup(self.cr.rollback)
        self.index = 0

    def _at(self, stage):
        """Return a committed request at a stage, of a person of its own."""
        live = self.env["npo.beneficiary"].search(
            [("company_id", "=", self.company.id), ("identity_number", "!=", False)]
        )
        live.write({"active": False})
        request = self._new_request()
        if stage != "data_entry":
            request = self._advance(request, stage)
        self.cr.commit()
        return request.sudo()

    def _at_once(self, *calls):
        """Make calls in one moment, each by its user in its own transaction.

        :param calls: (user, function of the environment)
        :return: for each call its result, or the error that its user was told
        """
        barrier = threading.Barrier(len(calls), timeout=60)
        results = [None] * len(calls)

        def run(index, user, call):
            try:
                results[index] = self._press(barrier, user, call)
            except Exception as error:  # noqa: BLE001 - raised below, in the test
                results[index] = error

        threads = [
            threading.Thread(target=run, args=(index, *call))
            for index, call in enumerate(calls)
        ]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(90)
        self.cr.rollback()  # to see what they committed
        self.env.invalidate_all()
        for result in results:
            if isinstance(result, Exception) and not isinstance(
                result, (UserError, RedirectWarning)
            ):
                raise result
        return results

    def _press(self, barrier, user, call):
        """Make one call as the server does; what it sees is fixed before any acts."""
        waited = []

        def attempt():
            cr.execute("SELECT count(*) FROM npo_request")
            if not waited:
                waited.append(True)
                barrier.wait()
            return call(env)

        with self.registry.cursor() as cr:
            context = {"allowed_company_ids": self.companies[:1]}
            env = api.Environment(cr, user.id, context)
            try:
                return retrying(attempt, env)
            except Exception:
                cr.rollback()
                raise

    def _assert_one_wins(self, results):
        told = [result for result in results if isinstance(result, UserError)]
        self.assertEqual(len(told), 1, results)
        self.assertTrue(str(told[0]))

    def _count(self, request, **written):
        """Assert how many log lines, messages and duties a request has."""
        case = [("res_model", "=", "npo.request"), ("res_id", "=", request.id)]
        for name, code in (("stage_id.code", "stage"), ("duty", "duty")):
            if code in written:
                model = "npo.duty" if code == "duty" else "npo.stage.log"
                records = self.env[model].search([*case, (name, "=", written[code])])
                self.assertEqual(len(records), 1, model)
        if template := written.get("message"):
            template = self.env.ref(f"npo_relations.mail_template_{template}")
            messages = self.env["npo.message"].search(
                [*case, ("template_id", "=", template.id)]
            )
            self.assertEqual(len(messages), 1)
        self.assertEqual(
            len(request.stage_log_ids.filtered(lambda log: not log.date_end)), 1
        )

    def assertRecordValues(self, records, expected):  # noqa: N802 - as in Odoo's
        """Compare values, as `TransactionCase` does."""
        for record, values in zip(records, expected, strict=True):
            for name, value in values.items():
                field = record._fields[name]
                found = record[name]
                if field.type == "many2one":
                    found = found.id
                elif field.type == "many2many":
                    found = found.ids
                self.assertEqual(found, value, name)
