from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.arabic import ordinal, to_arabic_digits


class NpoPolicyVersionText(models.Model):
    """What a version says, as a whole: its clauses as they read (R014, R019)."""

    _inherit = "npo.policy.version"

    reading_html = fields.Html(
        "As It Reads", compute="_compute_reading_html", sanitize=False
    )
    clause_count = fields.Integer(compute="_compute_clause_count")

    @api.depends("clause_ids.text", "clause_ids.term", "clause_ids.label")
    def _compute_reading_html(self):
        for version in self:
            version.reading_html = version.clause_ids._as_html()

    @api.depends("clause_ids")
    def _compute_clause_count(self):
        counts = dict(
            self.env["npo.policy.clause"]._read_group(
                [("version_id", "in", self.ids)], ["version_id"], ["__count"]
            )
        )
        for version in self:
            version.clause_count = counts.get(version._origin, 0)

    def action_open_clauses(self):
        """Open the clauses of the version as a list of their own."""
        self.ensure_one()
        return self._clauses_action(self.env._("Clauses"))

    def action_check_names(self):
        """Show the clauses that name another association than the policy's (R019)."""
        self.ensure_one()
        self._check_governance()
        clauses = self.clause_ids.filtered("foreign_name")
        check = clauses._foreign_name_check(self.company_id)
        title_names = check(self.title_as_approved or "")
        if clauses:
            message = self.env._(
                "Clauses that name another association: %(count)s.", count=len(clauses)
            )
        elif title_names:
            message = self.env._(
                "The title as printed names another association: %(names)s.",
                names="، ".join(title_names),
            )
        else:
            message = self.env._("No clause names another association.")
        notification = {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if clauses or title_names else "success",
                "message": message,
            },
        }
        if clauses:
            notification["params"]["next"] = self._clauses_action(
                self.env._("Clauses that name another association"), clauses
            )
        return notification

    def action_compare(self):
        """Show what differs from the version before this one (R035)."""
        self.ensure_one()
        self._check_comparer()
        former = self.policy_id.version_ids.filtered(
            lambda version: version._rank() < self._rank()
        ).sorted(lambda version: version._rank())[-1:]
        if not former:
            raise UserError(
                self.env._("This is the first version: there is none to compare with.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare"),
            "res_model": "npo.policy.compare",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_policy_id": self.policy_id.id,
                "default_old_version_id": former.id,
                "default_new_version_id": self.id,
                "dialog_size": "extra-large",
            },
        }

    def _check_comparer(self):
        """Raise unless the user may compare versions, drafts included."""
        if not self.env["npo.policy.compare"].has_access("create"):
            raise AccessError(
                self.env._(
                    "Only a governance officer or the general manager compares "
                    "versions of a policy."
                )
            )

    def _clauses_action(self, name, clauses=None):
        """Return the action that lists clauses of the version, all by default."""
        domain = [("version_id", "=", self.id)]
        if clauses is not None:
            domain = [("id", "in", clauses.ids)]
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "npo.policy.clause",
            "views": [[False, "list"], [False, "form"]],
            "domain": domain,
            "context": {"default_version_id": self.id, "create": self.state == "draft"},
        }


class NpoPolicyVersionNumber(models.Model):
    """The number of a version: a whole one, and after a point its corrections (R007).

    A correction of slips is a minor version, 1.1 after 1 (R020): the same text, the
    same approval, the slips mended.
    """

    _inherit = "npo.policy.version"

    minor_no = fields.Integer("Correction number", readonly=True, copy=False)
    number = fields.Char(compute="_compute_number", store=True)
    version_noun = fields.Selection(
        [("copy", "Copy (نسخة)"), ("issue", "Issue (إصدار)")],
        string="Word for a version",
        help="As the document calls its versions. Empty: it does not say.",
    )
    ordinal_label = fields.Char(
        "Version in words",
        compute="_compute_ordinal_label",
        help="In the language of the document: «النسخة الثانية», «الإصدار الثاني».",
    )

    @api.depends("version_no", "minor_no")
    def _compute_number(self):
        for version in self:
            minor = f".{version.minor_no}" if version.minor_no else ""
            version.number = f"{version.version_no}{minor}"

    @api.depends("version_no", "minor_no", "version_noun", "company_id.npo_digits")
    def _compute_ordinal_label(self):
        nouns = {"copy": ("النسخة", True), "issue": ("الإصدار", False)}
        for version in self:
            noun, is_feminine = nouns.get(version.version_noun, ("", False))
            number = ordinal(version.version_no, is_feminine)
            label = f"{noun} {number or version.number}" if noun else ""
            if label and version.minor_no and number:
                label = f"{label} ({version.number})"
            if version.company_id.npo_digits == "arabic":
                label = to_arabic_digits(label)
            version.ordinal_label = label
