from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import AssociationCommon

SEATS = ("deputy", "third", "fourth")


class CommitteeCommon(AssociationCommon):
    """A committee of five who vote, with its secretary, and sessions of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in SEATS:
            cls.users[name] = cls._new_staff(name, "committee_member", cls.company)
        cls._enlarge(cls.committee, cls.users)
        cls.chair, cls.member = cls.users["chair"], cls.users["member"]
        cls.secretary = cls.users["secretary"]
        cls.deputy = cls.users["deputy"]
        cls.voters = [cls.users[x] for x in ("chair", "deputy", "member", *SEATS[1:])]
        cls.service.requires_research = False

    @classmethod
    def _enlarge(cls, committee, users):
        """Five seats that vote; more than half are the quorum."""
        committee.write(
            {
                "quorum_kind": "share",
                "member_ids": [
                    Command.create(
                        {
                            "user_id": users[name].id,
                            "role": "deputy" if name == "deputy" else "member",
                        }
                    )
                    for name in SEATS
                ],
            }
        )

    @classmethod
    def _waiting(cls, count=1):
        """Return requests that wait for the committee, of a person each."""
        requests = cls.env["npo.request"]
        for index in range(count):
            number = index if index < 4 else False
            file = cls._new_beneficiary(index) if number is not False else None
            requests |= cls._advance(cls._new_request(file), "committee").sudo()
        return requests

    @classmethod
    def _session(cls, **vals):
        return (
            cls.env["npo.committee.session"]
            .with_user(cls.secretary)
            .create({"committee_id": cls.committee.id, "place": "Hall", **vals})
        )

    @classmethod
    def _convened(cls, **vals):
        """Return a session that is convened, with all that waits on its agenda."""
        session = cls._session(**vals)
        session.action_draw_agenda()
        session.action_convene()
        return session

    @classmethod
    def _opened(cls, present=None, **vals):
        """Return an open session; who is there, all the voters by default."""
        session = cls._convened(**vals)
        users = cls.env["res.users"].union(
            *(cls.voters if present is None else present)
        )
        lines = session.attendance_ids.filtered(lambda x: x.user_id in users)
        lines.action_present()
        session.with_user(present[0] if present else cls.chair).action_open()
        return session

    @classmethod
    def _move_acceptance(cls, items, amount=9000):
        items.with_user(cls.secretary).write({"motion": "accepted", "amount": amount})

    @classmethod
    def _vote(cls, item, **votes):
        """Let members vote: name of the user -> for, against or abstain."""
        for name, vote in votes.items():
            item.with_user(cls.users[name])._vote(vote)

    @classmethod
    def _new_user(cls, name, groups):
        return new_test_user(
            cls.env,
            f"{name}_{cls.company.id}",
            groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
