from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# Written by the methods below only.
_FLOW_FIELDS = {
    "state",
    "proposed_by_id",
    "decided_by_id",
    "decided_on",
    "result_version_id",
    "version_id",
}
_DECIDERS = ("governance_officer", "general_manager")


class NpoPolicyErratum(models.Model):
    """A slip in the text of a version, and its correction: R020, Annex D.

    In a draft an accepted correction is written at once, and the log keeps it. A
    version in force is frozen: there the correction is accepted by somebody else than
    who proposed it, and makes a minor version with everything of the former one.
    """

    _name = "npo.policy.erratum"
    _description = "Erratum"
    _order = "id desc"
    _rec_name = "printed"

    clause_id = fields.Many2one(
        "npo.policy.clause", required=True, index=True, ondelete="cascade"
    )
    version_id = fields.Many2one(
        "npo.policy.version",
        compute="_compute_version_id",
        store=True,
        precompute=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="version_id.company_id", string="Association", store=True, index=True
    )
    version_state = fields.Selection(
        related="version_id.state", string="State of the version"
    )
    kind = fields.Selection(
        [
            ("slip", "Slip of the pen or the scan"),
            ("meaning", "Slip that changes the meaning"),
            ("spelling", "Spelling"),
            ("name", "Name of an association"),
        ],
        required=True,
        default="slip",
    )
    printed = fields.Text("As printed", required=True)
    proposed = fields.Text("As it should read", required=True)
    reason = fields.Text(required=True)
    state = fields.Selection(
        [("proposed", "Proposed"), ("accepted", "Accepted"), ("refused", "Refused")],
        required=True,
        readonly=True,
        default="proposed",
        copy=False,
    )
    proposed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, default=lambda self: self.env.uid
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Date(readonly=True, copy=False)
    result_version_id = fields.Many2one(
        "npo.policy.version",
        string="Corrected in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("clause_id")
    def _compute_version_id(self):
        for erratum in self:
            erratum.version_id = erratum.clause_id.version_id

    @api.constrains("printed", "proposed", "clause_id")
    def _check_printed(self):
        """What is to be mended stands in the clause, and once only."""
        for erratum in self.filtered(lambda erratum: erratum.state == "proposed"):
            if erratum.printed == erratum.proposed:
                raise ValidationError(self.env._("The correction changes nothing."))
            erratum._corrected(erratum.clause_id.text)

    @api.constrains("clause_id")
    def _check_version_is_correctable(self):
        for erratum in self:
            if erratum.version_id.state not in ("draft", "approved"):
                raise ValidationError(
                    self.env._(
                        "A correction is proposed to a draft or to the version in "
                        "force: %(version)s is neither.",
                        version=erratum.version_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        start = {
            "state": "proposed",
            "proposed_by_id": self.env.uid,
            "decided_by_id": False,
            "decided_on": False,
            "result_version_id": False,
        }
        own = [
            {
                name: value
                for name, value in {**vals, **start}.items()
                if name != "version_id"
            }
            for vals in vals_list
        ]
        return super().create(own)

    def write(self, vals):
        if _FLOW_FIELDS & set(vals):
            raise UserError(
                self.env._("A correction is accepted or refused by its buttons only.")
            )
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_open()

    def _check_open(self):
        if any(erratum.state != "proposed" for erratum in self):
            raise UserError(
                self.env._("The correction was decided: the log keeps it as it is.")
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_accept(self):
        """Accept corrections: a draft is mended, a version in force is followed by
        one minor version with all of them.

        :return: the action that opens the minor version, if one was made
        """
        self._check_decider()
        self._check_open()
        errata = self.sudo()
        made = self.env["npo.policy.version"]
        for version, group in errata.grouped("version_id").items():
            version._check_state("draft", "approved")
            if version.state == "draft":
                group._correct()
                group._decide("accepted", version, self.env.user)
            else:
                group._check_second_person(self.env.user)
                minor = version._make_minor(group)
                group._decide("accepted", minor, self.env.user)
                made |= minor
        return self._open_version(made) if len(made) == 1 else True

    def action_refuse(self):
        """Refuse corrections: the text stays as it is."""
        self._check_decider()
        self._check_open()
        self.sudo()._decide("refused", self.env["npo.policy.version"], self.env.user)

    def _open_version(self, version):
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.policy.version",
            "res_id": version.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    @api.model
    def _check_decider(self):
        """Raise unless the user decides on corrections."""
        user = self.env.user
        if self.env.su or any(
            user.has_group(f"npo_relations.group_npo_{role}") for role in _DECIDERS
        ):
            self.check_access("read")
            return
        raise AccessError(
            self.env._(
                "Only a governance officer or the general manager decides on a "
                "correction."
            )
        )

    def _check_second_person(self, user):
        """Raise when somebody would accept a correction of their own (R020)."""
        if user in self.proposed_by_id:
            raise UserError(
                self.env._(
                    "The version is in force: a correction is accepted by somebody "
                    "else than who proposed it."
                )
            )

    def _corrected(self, text):
        """Return a text with the correction in it; raise when it is not clear where."""
        self.ensure_one()
        found = (text or "").count(self.printed)
        if not found:
            raise ValidationError(
                self.env._(
                    "“%(printed)s” does not stand in the clause.", printed=self.printed
                )
            )
        if found > 1:
            raise ValidationError(
                self.env._(
                    "“%(printed)s” stands in the clause more than once. Quote more of "
                    "the words around it.",
                    printed=self.printed,
                )
            )
        return text.replace(self.printed, self.proposed)

    def _correct(self, clauses=None):
        """Write the corrections into the clauses of a draft.

        :param dict clauses: the clauses that stand for those of the corrections
        """
        for erratum in self.sorted("id"):
            clause = (clauses or {}).get(erratum.clause_id, erratum.clause_id)
            clause.text = erratum._corrected(clause.text)

    def _decide(self, state, version, user):
        """Write a decision; the caller has checked what is allowed."""
        for group in self.grouped("version_id").values():
            group._write_decision(
                {
                    "state": state,
                    "decided_by_id": user.id,
                    "decided_on": group.company_id._npo_today(),
                    "result_version_id": version.id,
                }
            )
        if state == "accepted":
            self._log_on(version)

    def _log_on(self, version):
        for erratum in self:
            version._log_reason(
                self.env._(
                    "Corrected: “%(printed)s” to “%(proposed)s”.",
                    printed=erratum.printed,
                    proposed=erratum.proposed,
                ),
                erratum.reason,
            )

    def _carry_over(self, clauses):
        """Move the corrections that nobody decided yet to a minor version."""
        for erratum in self:
            erratum._write_decision({"clause_id": clauses[erratum.clause_id].id})

    def _write_decision(self, vals):
        """Write past the guard of the log."""
        return super().write(vals)
