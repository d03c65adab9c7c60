from odoo import fields, models
from odoo.exceptions import UserError

from .agreement import ENDED, IN_FORCE
from .agreement_flow import DRAFTERS


class NpoAgreement(models.Model):
    """A change of what was agreed is a new version; both parties see both (R031)."""

    _inherit = "npo.agreement"
    _flow_fields = frozenset({"version_no", "previous_id"})

    version_no = fields.Integer("Version", default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "npo.agreement",
        string="Version before",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    next_ids = fields.One2many("npo.agreement", "previous_id", "Later versions")

    _one_next = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "A new version of this agreement was begun already.",
    )

    def copy(self, default=None):
        # EXTENDS base: with its terms, without signatures and ticks
        copies = super().copy(default)
        for agreement, duplicate in zip(self, copies, strict=True):
            agreement._copy_terms(duplicate)
        return copies

    def _copy_terms(self, target):
        """Give another agreement the parties, lines and ladder of this one."""
        parties = target.sudo().party_ids.grouped("partner_id")
        for party in self.sudo().party_ids:
            terms = party._terms()
            if party.partner_id in parties:
                parties[party.partner_id].write(terms)
            else:
                parties[party.partner_id] = party.copy(
                    {"agreement_id": target.id, **terms}
                )
        for line in self.sudo().line_ids:
            party = parties.get(line.party_id.partner_id)
            line.copy({"agreement_id": target.id, "party_id": party and party.id})
        for settlement in self.sudo().settlement_ids:
            settlement.copy({"agreement_id": target.id})

    def _new_version(self):
        """Return a draft with the same terms, to be changed and agreed on."""
        self.ensure_one()
        self._require_role(*DRAFTERS)
        self._require_state(*IN_FORCE, *ENDED)
        if self.next_ids:
            raise UserError(
                self.env._("A new version was begun already: %s.", self.next_ids.name)
            )
        version = self.sudo().copy(
            {
                "name": self.name,
                "version_no": self.version_no + 1,
                "previous_id": self.id,
                "user_id": self.env.uid,
            }
        )
        version = version.with_env(self.env)
        version._claim_once("register")
        return version

    def action_new_version(self):
        """Begin a new version, and open it."""
        version = self._new_version()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "view_mode": "form",
        }

    def _replace_earlier(self):
        """End the version before, the moment that this one comes into force."""
        for agreement in self:
            earlier = agreement.previous_id
            if earlier.state in IN_FORCE:
                earlier._end(
                    "expired",
                    agreement.date_activated,
                    self.env._("Replaced by version %s.", agreement.version_no),
                )

    def _versions(self):
        """Return all versions of the agreement, the newest first."""
        self.ensure_one()
        return self.sudo().search(
            [("company_id", "=", self.company_id.id), ("name", "=", self.name)],
            order="version_no desc",
        )


class NpoAgreementParty(models.Model):
    _inherit = "npo.agreement.party"

    def _terms(self):
        """Return what another version takes over of a party."""
        return {
            "capacity": self.capacity,
            "signatory": self.signatory,
            "signatory_capacity": self.signatory_capacity,
        }
