from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common_forget import ForgetCommon

BYTES = b"somebody else's paper"


@tagged("post_install", "-at_install")
class TestForgetLimits(ForgetCommon):
    """D17, P016: what may never be erased, and never be found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.env["npo.beneficiary"].create(
            [
                {
                    "name": f"Limit Number {number}",
                    "company_id": cls.company.id,
                    "identity_type": "none",
                }
                for number in range(3)
            ]
        )
        cls.partners = cls.files.partner_id
        cls.one = cls.partners[0]
        cls.rules = cls.env["npo.retention.rule"]
        cls.other = cls.env["res.company"].create({"name": "Another Association"})
        cls._long_ago()

    def _passer(self, **vals):
        return self.env["res.partner"].create({"name": "Limit Passer", **vals})

    def _visit(self, partner, state="done", company=None):
        purpose = self.env["npo.visit.purpose"].search([], limit=1)
        visit = self.env["npo.visit"].create(
            {
                "company_id": self.company.id,
                "site_id": self.site.id,
                "purpose_id": purpose.id,
                "partner_id": partner.id,
                "visitor_name": "Limit Visitor",
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE npo_visit SET state = %s, company_id = %s WHERE id = %s",
                state,
                (company or self.company).id,
                visit.id,
            )
        )
        self.env.invalidate_all()
        return visit

    def _contact(self, **vals):
        return self.env["npo.interaction"].create(
            {
                "company_id": self.company.id,
                "site_id": self.site.id,
                "channel_id": self.door.id,
                "subject": "Limit Contact",
                **vals,
            }
        )

    def _is_nameless(self, partner):
        partner.invalidate_recordset()
        return "Limit" not in partner.name

    def _person(self, by_law=False, partner=None):
        """Return what is worked out of a person: (is_free, held_by), or None."""
        ids = (partner or self.one).ids
        rows = self.rules._persons(self.company, by_law, ids)
        found = self.env.execute_query(SQL("SELECT is_free, held_by FROM (%s) s", rows))
        return found[0] if found else None

    # ------------------------------------------------------------
    # TWO APPROVE
    # ------------------------------------------------------------

    def test_approval_by_the_context(self):
        """D17: who approved is neither taken from the context nor from a column."""
        sessions = self.sessions.with_user(self.protector)
        session = sessions.with_context(
            default_first_by_id=self.manager.id,
            default_date_first="2026-01-01 10:00:00",
            default_cancel_reason="X",
        ).create({})
        self.assertRecordValues(
            session,
            [{"first_by_id": False, "date_first": False, "cancel_reason": False}],
        )
        session.action_draw_up()
        session.sudo().first_by_id = self.protector  # no duty was claimed
        with self.assertRaises(UserError):
            session.with_user(self.manager).action_approve()

    def test_years_are_noted(self):
        """P009: the session says by which years it was drawn up."""
        contact = self.env["npo.retention.class"].search([("code", "=", "contact")])
        contact.with_company(self.company).sudo().own_years = 7
        session = self.sessions.with_user(self.protector).create({})
        session.action_draw_up()
        bodies = " ".join(session.message_ids.mapped("body"))
        self.assertIn(f"{contact.name}: 7", bodies)

    # ------------------------------------------------------------
    # NOBODY WHO WAS NOT LISTED
    # ------------------------------------------------------------

    def test_alone(self):
        """P016: whoever anything still names is not alone, whatever it is."""
        names = ("board", "refers", "abroad", "bill", "related", "alone")
        persons = {name: self._passer() for name in names}
        self.env["npo.board.member"].create(
            {
                "partner_id": persons["board"].id,
                "company_id": self.company.id,
                "date_from": "2020-01-01",
            }
        )
        young = self._contact(referrer_id=persons["refers"].id)
        self._visit(persons["abroad"], company=self.other)
        journal = self.env["account.journal"].create(
            {
                "name": "Misc",
                "code": "MSL",
                "type": "general",
                "company_id": self.company.id,
            }
        )
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": self.company.id,
                "journal_id": journal.id,
                "partner_id": persons["bill"].id,
            }
        )
        self.env["res.partner"].create(
            {"name": "Limit Child", "parent_id": persons["related"].id}
        )
        self.env.flush_all()
        ids = {person.id for person in persons.values()}
        self.assertEqual(
            self.engine._alone(self.company, ids, {}), {persons["alone"].id}
        )
        found = {"npo.interaction": {young.id}}
        self.assertEqual(
            self.engine._alone(self.company, ids, found),
            {persons["alone"].id, persons["refers"].id},
        )

    def test_passer_who_lives_elsewhere(self):
        """P016: a visit goes; who came, and is known elsewhere, stays."""
        passer = self._passer()
        visit = self._visit(passer)
        self._visit(passer, company=self.other)
        self._carry_out(self._approved())
        self.assertNotEqual(visit.partner_id, passer)
        self.assertFalse(self._is_nameless(passer))

    def test_who_governs(self):
        """P016: who is on the board, for good, is not due, whatever is over."""
        self.assertTrue(self._person()[0])
        self.env["npo.board.member"].create(
            {
                "partner_id": self.one.id,
                "company_id": self.company.id,
                "date_from": "2020-01-01",
            }
        )
        self.assertIsNone(self._person())

    # ------------------------------------------------------------
    # WHAT IS OPEN, AND OF WHOM
    # ------------------------------------------------------------

    def test_open_by_itself(self):
        """P016: an open inquiry or visit holds, for who asks for it as well."""
        self._visit(self.one, state="waiting")
        rule = self.rules._known().filtered(lambda one: one.res_model == "npo.visit")
        for by_law in (False, True):
            with self.subTest(by_law=by_law):
                self.assertEqual(self._person(by_law), (False, [rule.id]))

    def test_known_to_another(self):
        """P016: a visit at another association keeps the person from this one."""
        self._visit(self.one, company=self.other)
        self.assertIsNone(self._person())

    def test_another_association(self):
        """P016: a session of one association erases no word of another's."""
        ours, theirs = self._visit(self.one), self._visit(self.one, company=self.other)
        self.engine._forget(self.company, self.one.ids)
        self.assertNotIn("Limit", ours.visitor_name)
        self.assertEqual(theirs.visitor_name, "Limit Visitor")

    def test_held_row(self):
        """P016: a row on hold, or of another who is held, is not reached."""
        visit, other = self._visit(self.one), self._visit(self.one)
        contact = self._contact(partner_id=self.one.id, referrer_id=self.partners[1].id)
        free = self._contact(partner_id=self.one.id)
        holds = self.env["npo.legal.hold"].with_user(self.protector)
        holds.create(
            [
                {
                    "res_model": "npo.visit",
                    "res_id": visit.id,
                    "reason": "The court asks for it.",
                },
                {"partner_id": self.partners[1].id, "reason": "A dispute."},
            ]
        )
        holds.search([("res_id", "=", visit.id)]).sudo().partner_id = False
        self.env.flush_all()
        self.engine._forget(self.company, self.one.ids)
        self.assertEqual(visit.visitor_name, "Limit Visitor")
        self.assertNotIn("Limit", other.visitor_name)
        self.assertEqual(contact.subject, "Limit Contact")
        self.assertNotIn("Limit", free.subject)

    def test_referrer(self):
        """P016: what somebody told of another keeps its words, and loses the link."""
        contact = self._contact(partner_id=self.partners[1].id, referrer_id=self.one.id)
        self.engine._forget(self.company, self.one.ids)
        self.assertEqual(contact.subject, "Limit Contact")
        self.assertNotEqual(contact.referrer_id, self.one)
        self.assertEqual(contact.partner_id, self.partners[1])

    def test_household_of_the_living(self):
        """P016: a family with another live file keeps its words and its children."""
        household = self.env["npo.household"].create(
            {
                "company_id": self.company.id,
                "note": "Limit note",
                "member_ids": [
                    Command.create({"partner_id": self.one.id, "relation": "head"}),
                    Command.create(
                        {"partner_id": self.partners[1].id, "relation": "wife"}
                    ),
                    Command.create({"first_name": "Limitchild", "relation": "son"}),
                ],
            }
        )
        child = household.member_ids.filtered(lambda one: one.relation == "son")
        self.files[1].sudo().state = "active"
        self.engine._forget(self.company, self.one.ids)
        self.assertEqual(household.note, "Limit note")
        self.assertEqual(child.first_name, "Limitchild")
        self.files[1].sudo().state = "closed"
        self.engine._forget(self.company, self.one.ids)
        self.assertNotEqual(household.note, "Limit note")
        self.assertNotEqual(child.first_name, "Limitchild")

    # ------------------------------------------------------------
    # AGREEMENTS
    # ------------------------------------------------------------

    def test_party(self):
        """P016: an agreement in force holds each party; its row goes, no more."""
        agreement = self.env["npo.agreement"].create(
            {
                "title": "Limit agreement",
                "company_id": self.company.id,
                "kind": "partnership",
                "partner_id": self.partners[1].id,
            }
        )
        missing = self.partners[:2] - agreement.party_ids.partner_id
        agreement.party_ids = [
            Command.create({"partner_id": partner.id}) for partner in missing
        ]
        parties = agreement.party_ids
        mine = parties.filtered(lambda party: party.partner_id == self.one)
        his = parties.filtered(lambda party: party.partner_id == self.partners[1])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE npo_agreement_party SET typed_name = 'Limit typed'"
            " WHERE agreement_id = %s",
            [agreement.id],
        )
        for state, is_free in (("active", False), ("terminated", True)):
            self.env.cr.execute(
                "UPDATE npo_agreement SET state = %s WHERE id = %s",
                [state, agreement.id],
            )
            self.env.invalidate_all()
            self.assertEqual(self._person(by_law=True)[0], is_free)
        self.engine._forget(self.company, self.one.ids)
        self.assertNotEqual(mine.typed_name, "Limit typed")
        self.assertEqual(his.typed_name, "Limit typed")
        self.assertEqual(agreement.title, "Limit agreement")

    # ------------------------------------------------------------
    # FILES, MAILS
    # ------------------------------------------------------------

    def test_files_of_others(self):
        """P016: a file that belongs to another record, or is in use, stays."""
        file = self.files[0]
        attachments = self.env["ir.attachment"].create(
            [
                {"name": "a", "raw": BYTES, "res_model": "res.partner", "res_id": id_}
                for id_ in (self.partners[1].id, self.one.id)
            ]
            + [
                {"name": "m", "raw": BYTES, "res_model": "mail.compose.message"}
                for _number in range(2)
            ]
        )
        theirs, mine, shared, loose = attachments
        message = file.message_post(body="x")
        message.attachment_ids = [Command.set(attachments.ids)]
        living = self.files[1].message_post(body="y")
        living.attachment_ids = [Command.set(shared.ids)]
        self.env.flush_all()
        self.engine._forget(self.company, self.one.ids)
        self.assertEqual((theirs + mine + shared + loose).exists(), theirs + shared)
        self.assertFalse(message.exists())

    def test_mails_to_many(self):
        """P016: a mail that somebody else got as well stays theirs."""
        both = self.one + self.partners[1]
        mails = self.env["mail.mail"].create(
            [
                {
                    "subject": "Limit",
                    "body_html": "x",
                    "recipient_ids": [Command.set(persons.ids)],
                }
                for persons in (both, self.one)
            ]
        )
        talk = self.files[1].message_post(body="Limit talk")
        mails += self.env["mail.mail"].create(
            {
                "mail_message_id": talk.id,
                "body_html": "x",
                "recipient_ids": [Command.set(self.one.ids)],
            }
        )
        self.env.flush_all()
        self.engine._forget(self.company, self.one.ids)
        self.assertEqual(mails.exists(), mails[0])
        self.assertEqual(mails[0].recipient_ids, self.partners[1])
        self.assertTrue(talk.exists())

    # ------------------------------------------------------------
    # ACCOUNTS
    # ------------------------------------------------------------

    def test_names_in_lines(self):
        """P009: who stands in a line of a young entry alone keeps the name."""
        self._travel(0)
        company = self.company
        journal = self.env["account.journal"].create(
            {"name": "M", "code": "MLN", "type": "general", "company_id": company.id}
        )
        bank = self.env["res.partner.bank"].create(
            {"partner_id": self.one.id, "acc_number": "LIMIT0001"}
        )
        unused = self.env["res.partner.bank"].create(
            {"partner_id": self.one.id, "acc_number": "LIMIT0002"}
        )
        account = self.env["account.account"].create(
            {
                "name": "A",
                "code": "990011",
                "account_type": "asset_current",
                "company_ids": [Command.set(company.ids)],
            }
        )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": company.id,
                "journal_id": journal.id,
                "date": fields.Date.today(),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.one.id,
                            "debit": 5,
                        }
                    ),
                    Command.create({"account_id": account.id, "credit": 5}),
                ],
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET partner_id = NULL, partner_bank_id = %s"
            " WHERE id = %s",
            [bank.id, move.id],
        )
        self.assertIn(self.one.id, self.engine._names_kept(company, self.one.ids))
        self.engine._forget(company, self.one.ids)
        self.env.invalidate_all()
        self.assertEqual(bank.acc_number, "LIMIT0001")
        self.assertNotEqual(unused.acc_number, "LIMIT0002")
        self.assertEqual(self.one.name, "Limit Number 0")

    # ------------------------------------------------------------
    # HOLDS
    # ------------------------------------------------------------

    def test_hold_is_not_shortened(self):
        """P016: a hold lasts longer or is lifted; the record says whose it is."""
        today = self.company._npo_today()
        holds = self.env["npo.legal.hold"].with_user(self.protector)
        visit = self._visit(self.one)
        hold = holds.with_context(default_partner_id=self.partners[1].id).create(
            {
                "res_model": "npo.visit",
                "res_id": visit.id,
                "partner_id": self.partners[1].id,
                "reason": "A dispute.",
                "date_from": today,
                "date_until": fields.Date.add(today, days=9),
            }
        )
        self.assertEqual(hold.partner_id, self.one)
        with self.assertRaises(UserError):
            hold.date_until = fields.Date.add(today, days=8)
        hold.date_until = fields.Date.add(today, days=10)
        hold.date_until = False
        with self.assertRaises(UserError):
            hold.date_until = fields.Date.add(today, days=999)
        # who told of another is held as well as whom it is about
        contact = self._contact(partner_id=self.partners[1].id, referrer_id=self.one.id)
        rule = self.rules._known().filtered(
            lambda one: one.res_model == "npo.interaction"
        )
        self._travel(24)
        rows = rule._over_rows(self.company, contact.ids)
        self.assertEqual(self.env.execute_query(rows), [(contact.id, True)])
        self.assertTrue(hold._fields["date_until"].tracking)

    # ------------------------------------------------------------
    # LOOKED FOR
    # ------------------------------------------------------------

    def test_search_tells_no_secret(self):
        """P016, P092: no key, no sealed matter, no other association's row is told."""
        word = "Ostrichfern"
        self.env["ir.config_parameter"].sudo().set_param("limit.key", word)
        category = self.env["npo.complaint.category"].search([], limit=1)
        complaint = self.env["npo.complaint"]._receive(
            {
                "channel_id": self.door.id,
                "company_id": self.company.id,
                "partner_id": self.one.id,
                "category_id": category.id,
                "title": word,
                "description": word,
            }
        )
        complaint.message_post(body=word)
        other = self._visit(self.partners[1], company=self.other)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE npo_complaint SET confidentiality = 'sealed',"
            " access_token = %s WHERE id = %s",
            [word, complaint.id],
        )
        self.env.cr.execute(
            "UPDATE npo_visit SET visitor_name = %s WHERE id = %s", [word, other.id]
        )
        self.env.cr.execute(
            "UPDATE res_partner SET signup_type = %s WHERE id = %s",
            [f"{word}s", self.one.id],
        )
        self.env.invalidate_all()
        engine = self.engine.with_user(self.protector).sudo()
        self.assertEqual(engine._traces_of([word]), {})
        self.partners[2].sudo().comment = f"<p>{word}</p>"
        self.assertEqual(engine._traces_of([word]), {"res_partner": 1})

    def test_search_is_logged(self):
        """P013: each search is on record, and nobody looks a list of names up."""
        wizards = self.env["npo.trace.search"].with_user(self.protector)
        form = wizards.create({"words": "Limit Number 1"})
        form.action_search()
        logs, searches = self.env["npo.access.log"], [("res_model", "=", form._name)]
        line = logs.search(searches)
        self.assertRecordValues(
            line,
            [{"user_id": self.protector.id, "way": "read", "res_id": form.id}],
        )
        wizards.create({"words": "a - . b"}).action_search()
        guard = self.env["npo.flood.guard"].sudo()
        key = guard._key(self.company, "trace", self.protector.id)
        for _number in range(20):
            guard._count(self.company, key, 60)
        form.words = "Limit Number 1"
        form.action_search()
        self.assertEqual(logs.search(searches), line)
        self.assertFalse(form.result)
