from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SecurityCommon
from .test_public_methods import EVERYBODY, HANDLERS, VOICE_READERS

# What is done with a letter, a post and a visit -> for whom it is.
LETTER = {"action_print_letter": VOICE_READERS, "action_reply": HANDLERS}
POST = {"action_move_private": HANDLERS}
VISIT = {"action_end": HANDLERS}
# Of other people's contacts a delegate and a sealed-case officer are shown none.
NOT_THEIRS = {"delegate"}


@tagged("post_install", "-at_install")
class TestContactMethods(SecurityCommon):
    """R085, R088, R205: steps on real letters, posts and visits, by everybody.

    A step that the record does not allow is refused to all; here each could be taken,
    and what refuses is who asks.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        person = cls._new_beneficiary().partner_id
        cls.letter = cls._contact("letter", person, direction="out")
        cls.post = cls._contact(
            "x", person, network="x", link="https://x.com/1", is_public=True
        )
        cls.visit = cls._contact("interview", person)

    @classmethod
    def _contact(cls, channel, person, **vals):
        return cls.env["npo.interaction"].create(
            {
                "channel_id": cls._channel(channel).id,
                "subject": "The rent",
                "summary": "When is it paid?",
                "company_id": cls.company.id,
                "site_id": cls.site.id,
                "partner_id": person.id,
                "user_id": False,
                **vals,
            }
        )

    @classmethod
    def _channel(cls, code):
        kinds = {"x": "social"}
        domain = (
            [("kind", "=", kinds[code])] if code in kinds else [("code", "=", code)]
        )
        found = cls.env["npo.interaction"]._open_channels(
            cls.company.npo_policy_version_id
        )
        return found.filtered_domain(domain)[:1] or cls.env["npo.channel"].search(
            domain, limit=1
        )

    def _steps(self):
        for record, methods in (
            (self.letter, LETTER),
            (self.post, POST),
            (self.visit, VISIT),
        ):
            for method, allowed in methods.items():
                yield record, method, allowed - NOT_THEIRS

    def _call(self, role, record, method):
        own = self._as(role, record)
        return call_kw(own.browse(), method, [own.ids], {})

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_refused(self):
        """Who it is not for is refused by their rights, not by how the record is."""
        tried = 0
        for record, method, allowed in self._steps():
            for role in sorted(EVERYBODY - allowed):
                tried += 1
                with self.subTest(f"{role}: {method}"):
                    self._assert_refused(
                        lambda r=role, one=record, m=method: self._call(r, one, m),
                        AccessError,
                    )
        self.assertGreater(tried, 30)
        self.assertTrue(self.post.is_public)
        self.assertFalse(self.visit.date_ended)

    def test_taken(self):
        """Who it is for takes it."""
        for record, method, allowed in self._steps():
            for role in sorted(allowed):
                with self.subTest(f"{role}: {method}"), self.cr.savepoint() as undo:
                    try:
                        self._call(role, record, method)
                    except UserError as error:
                        self.fail(str(error))
                    undo.rollback()
