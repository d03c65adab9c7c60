from odoo import api, fields, models

# What a copy leaves out and a minor version keeps: the board approved this text.
_SHARED_FIELDS = (
    "approval_date",
    "approval_year",
    "approved_by_body",
    "date_uncertain",
    "effective_date",
    "issue_date",
    "meeting_id",
    "meeting_text",
    "minutes_no",
    "session_no",
)


class NpoPolicyVersion(models.Model):
    """Minor versions: the version in force with its slips mended (R020)."""

    _inherit = "npo.policy.version"

    erratum_ids = fields.One2many(
        "npo.policy.erratum", "version_id", string="Corrections"
    )
    erratum_count = fields.Integer("Open corrections", compute="_compute_erratum_count")

    @api.depends("erratum_ids.state")
    def _compute_erratum_count(self):
        counts = dict(
            self.env["npo.policy.erratum"]._read_group(
                [("version_id", "in", self.ids), ("state", "=", "proposed")],
                ["version_id"],
                ["__count"],
            )
        )
        for version in self:
            version.erratum_count = counts.get(version._origin, 0)

    def action_open_errata(self):
        """Open the corrections of the version."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Corrections"),
            "res_model": "npo.policy.erratum",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("version_id", "=", self.id)],
        }

    def _make_minor(self, errata):
        """Put a copy of the version in force in its place, with slips corrected.

        Everything is copied: parameters, approval, signatories, lines and clauses. The
        board approved this text; the correction only gives what it said.

        :param errata: proposed corrections, accepted by the caller
        :return: the minor version
        """
        self.ensure_one()
        self._lock_policy()
        self._check_state("approved")
        waiting = self.erratum_ids.filtered(
            lambda other: other.state == "proposed" and other not in errata
        )
        minor = self.copy(self._approval_vals())
        self.signatory_ids._copy_to(minor)
        clauses = {clause.former_id: clause for clause in minor.clause_ids}
        errata._correct(clauses)
        minor._set_state(
            "under_review",
            version_no=self.version_no,
            minor_no=self._next_minor_no(),
            version_label=not self.version_noun and self.version_label,
        )
        minor._put_in_force(unevidenced_reason=self.unevidenced_reason)
        waiting._carry_over(clauses)
        return minor

    def _approval_vals(self):
        """Return the values of the approval, which a minor version shares."""
        return self._convert_to_write({name: self[name] for name in _SHARED_FIELDS})

    def _next_minor_no(self):
        """Return the number of the next correction of this version."""
        self.ensure_one()
        last = self._read_group(
            [
                ("policy_id", "=", self.policy_id.id),
                ("version_no", "=", self.version_no),
            ],
            aggregates=["minor_no:max"],
        )
        return last[0][0] + 1
