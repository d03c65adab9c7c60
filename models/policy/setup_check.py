from odoo import api, models


class NpoSetupCheck(models.TransientModel):
    """What the checklist asks of the policy (D21; Annex D 9: approval evidenced)."""

    _inherit = "npo.setup.check"

    @api.model
    def _checks(self, company):
        # EXTENDS npo.setup.check
        return [*super()._checks(company), *self._policy_checks(company)]

    def _policy_checks(self, company):
        in_force = company.npo_policy_version_id
        version = in_force or self._latest_version(company)
        if not version:
            return [self._in_force_check(in_force, version)]
        return [
            self._in_force_check(in_force, version),
            *self._version_checks(version),
            self._tools_check(version),
            self._board_check(company),
        ]

    def _latest_version(self, company):
        """Return the version that is being prepared, where none is in force."""
        return (
            self.env["npo.policy.version"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("policy_id.is_operating", "=", True),
                ],
                order="id desc",
                limit=1,
            )
        )

    def _in_force_check(self, in_force, version):
        _ = self.env._
        where = {"record": version} if version else {}
        return self._check(
            "policy",
            "in_force",
            _("A policy in force"),
            in_force,
            why=_("Without it no time of study can be counted."),
            hint=_(
                "Set the association up from a profile or from its own text, and"
                " approve the version."
            ),
            **where or {"action": "npo_relations.npo_policy_action"},
        )

    def _version_checks(self, version):
        _ = self.env._
        return [
            self._check(
                "policy",
                "approval",
                _("Evidence of the approval"),
                not version.is_evidence_missing,
                is_stated=False,
                why=_("No date, year or meeting of the approval is known."),
                hint=_("Ask the board’s secretary for the minutes."),
                record=version,
            ),
            self._check(
                "policy",
                "preparer",
                _("Who prepared the policy (title)"),
                version.prepared_by_title,
                is_stated=False,
                why=_("The text does not tell who prepared it."),
                hint=_("Enter the title of the role, no name."),
                record=version,
            ),
            self._check(
                "policy",
                "text",
                _("Text of the policy"),
                version.clause_ids,
                why=_("The version has no clauses."),
                hint=_("Read the approved text in, or enter its clauses."),
                record=version,
            ),
            self._check(
                "policy",
                "declaration",
                _("Wording of the declaration"),
                version.declaration_text,
                why=_("The applicant signs the product’s own wording."),
                hint=_("Enter the association’s wording on the version."),
                record=version,
            ),
            self._check(
                "policy",
                "published",
                _("Policy published"),
                version.policy_id._is_public(),
                why=_("Nobody outside can read the policy in force."),
                hint=_("Publish it, once the management agrees."),
                record=version.policy_id,
            ),
        ]

    def _board_check(self, company):
        _ = self.env._
        chair = [
            ("company_id", "=", company.id),
            ("position", "=", "chair"),
            ("is_in_office", "=", True),
        ]
        return self._check(
            "policy",
            "board",
            _("Board with its chair"),
            self.env["npo.board.member"].sudo().search_count(chair, limit=1),
            is_stated=False,
            why=_("No chair of the board is in office."),
            hint=_("Enter the members of the board with their terms."),
            model="npo.board.member",
        )

    def _tools_check(self, version):
        """R098: each tool that the policy names has its document.

        The support request form is printed by the system itself (R101).
        """
        _ = self.env._
        without = version.tool_ids.filtered(
            lambda tool: tool.kind != "form" and not (tool.file or tool.url)
        )
        return self._check(
            "policy",
            "tools",
            _("Documents of the officer’s tools"),
            version.tool_ids and not without,
            why=_("Without a document: %s", " · ".join(without.mapped("name"))),
            hint=_("Upload each document, or enter its link."),
            model="npo.tool",
        )
