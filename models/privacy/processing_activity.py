import json
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import file_path

from .data_request import ANSWER_DAYS

PROPOSED = "npo_relations/data/profiles/processing.json"
KEPT_YEARS = 5  # ⚖ after the processing ended (P018)
REVIEW_MONTHS = 12  # ⚖


class NpoProcessingActivity(models.Model):
    """One line of the records of processing: what is done with which data (P018).

    Proposed to each association from the parts of the product, and corrected there.
    What ended is archived and kept for five years more.
    """

    _name = "npo.processing.activity"
    _description = "Processing Activity"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char("Activity", required=True, translate=True, tracking=True)
    code = fields.Char(copy=False)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    # what for
    purpose = fields.Text(required=True, translate=True)
    legal_basis = fields.Selection(
        [
            ("consent", "Consent"),
            ("agreement", "An agreement with the person"),
            ("law", "A duty by law"),
            ("interest", "The person's own vital interest"),
            ("legitimate", "Legitimate interest"),
        ],
        required=True,
        default="consent",
        tracking=True,
    )
    basis_note = fields.Char("Where the basis is written", translate=True)

    # whose, which, to whom
    person_kinds = fields.Text("Kinds of persons", required=True, translate=True)
    data_kinds = fields.Text("Kinds of data", required=True, translate=True)
    has_sensitive = fields.Boolean("Sensitive data among them", tracking=True)
    recipients = fields.Text(translate=True)
    has_transfer = fields.Boolean(
        "Leaves the Kingdom", tracking=True, help="By default nothing does (P023)."
    )
    transfer_note = fields.Text("Where to, and with what safeguards", translate=True)
    processors = fields.Text(
        translate=True,
        help="Who processes for the association, with the number of the agreement"
        " (P024).",
    )

    # how long, how protected
    retention = fields.Text("Kept for", required=True, translate=True)
    measures = fields.Text("Measures of protection", required=True, translate=True)

    # in time
    date_from = fields.Date(
        "Since", required=True, default=lambda self: self.env.company._npo_today()
    )
    date_to = fields.Date("Until", tracking=True)
    date_reviewed = fields.Date("Reviewed on", tracking=True, copy=False)
    date_review = fields.Date(
        "Next review", compute="_compute_date_review", store=True, precompute=True
    )
    is_review_due = fields.Boolean(
        "To be reviewed", compute="_compute_is_review_due", search="_search_review_due"
    )
    date_reminded = fields.Date(readonly=True, copy=False)

    _code_uniq = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another activity has this code.",
    )
    _end_after_start = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An activity ends after it began.",
    )

    @api.depends("date_from", "date_reviewed")
    def _compute_date_review(self):
        for activity in self:
            last = activity.date_reviewed or activity.date_from
            activity.date_review = last and fields.Date.add(last, months=REVIEW_MONTHS)

    @api.model
    def _due_domain(self):
        today = self.env.company._npo_today()
        return Domain("date_review", "<=", today) & Domain("date_to", "=", False)

    @api.depends("date_review", "date_to")
    def _compute_is_review_due(self):
        due = self._due_domain()
        for activity in self:
            activity.is_review_due = bool(activity.filtered_domain(due))

    def _search_review_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._due_domain() if True in value else ~self._due_domain()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_old(self):
        """What was processed stays on record for five years after it ended."""
        today = self.env.company._npo_today()
        for activity in self:
            ended = activity.date_to
            if not ended or fields.Date.add(ended, years=KEPT_YEARS) > today:
                raise UserError(
                    self.env._(
                        "An activity is kept for %s years after it ended: enter the day"
                        " on which it ended, and archive it.",
                        KEPT_YEARS,
                    )
                )

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            if any(not (vals.get("date_to") or one.date_to) for one in self):
                raise UserError(self.env._("Enter first on which day it ended."))
        return super().write(vals)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_reviewed(self):
        """Note that the line was looked through and is right as it stands."""
        self._check_keeper()
        for company, activities in self.grouped("company_id").items():
            activities.date_reviewed = company._npo_today()
        self.sudo().activity_ids.action_done()

    @api.model
    def _check_keeper(self):
        self.check_access("write")
        if not self.env.su:
            self.env["npo.home"]._require_role("data_protection_officer")

    def action_propose(self):
        """Take over the activities that the product proposes and the list lacks."""
        self.browse()._check_keeper()
        company = self.env.company
        loader = company.sudo().with_company(company).with_context(lang="en_US")
        loader._npo_load_processing()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_print_records(self):
        """Print the records for the authority, each activity."""
        self.check_access("read")
        report = self.env.ref("npo_relations.action_report_npo_processing")
        return report.report_action(self)

    @api.model
    def _cron_review(self):
        """Give who answers a task for each line to be reviewed, once a year."""
        for company in self.env["res.company"].search([]):
            own = self.with_company(company)
            due = own.search(own._due_domain() & Domain("company_id", "=", company.id))
            due = due.filtered(
                lambda one: not one.date_reminded or one.date_reminded < one.date_review
            )
            officer = company._npo_colleague("data_protection_officer")
            for activity in due:
                company._npo_give_task(
                    activity.user_id or officer,
                    lambda env: (env._("Review the record of processing"), False),
                    activity,
                    activity.date_review,
                )
            due.sudo().date_reminded = company._npo_today()

    @api.model
    def _public_notice(self, company):
        """Return what everybody is told of an association's use of data (P015).

        In sudo: of the records no more is shown than the page names.

        :return: values of `npo_relations.privacy_notice_page`
        """
        today = company._npo_today()
        running = Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        company = company.sudo()
        notice = self.env["npo.consent"]._notice(company)
        requests = self.env["npo.data.request"]
        return {
            "activities": self.sudo().search(
                Domain("company_id", "=", company.id) & running
            ),
            "bases": dict(self._fields["legal_basis"]._description_selection(self.env)),
            "notice_text": notice and notice._sentence(company),
            "rights": [
                label
                for _kind, label in requests._fields["kind"]._description_selection(
                    self.env
                )
            ],
            "answer_days": ANSWER_DAYS,
            "officer_phone": company.npo_privacy_phone or company.phone,
            "officer_email": company.npo_privacy_email or company.email,
        }

    def _print_rows(self):
        """Return [(label, text)] of an activity, as it is printed."""
        self.ensure_one()
        _ = self.env._
        bases = dict(self._fields["legal_basis"]._description_selection(self.env))
        transfer = self.transfer_note if self.has_transfer else _("None")
        sensitive = _("Yes") if self.has_sensitive else _("No")
        return [
            (_("Purpose"), self.purpose),
            (
                _("Legal basis"),
                " · ".join(filter(None, (bases[self.legal_basis], self.basis_note))),
            ),
            (_("Kinds of persons"), self.person_kinds),
            (_("Kinds of data"), self.data_kinds),
            (_("Sensitive data among them"), sensitive),
            (_("Recipients"), self.recipients),
            (_("Processors"), self.processors),
            (_("Outside of the Kingdom"), transfer),
            (_("Kept for"), self.retention),
            (_("Measures of protection"), self.measures),
        ]


class ResCompany(models.Model):
    """A new association finds the activities of the product, to be corrected (P018)."""

    _inherit = "res.company"

    def _npo_apply_profile(self, code):
        # EXTENDS: the records of processing
        version = super()._npo_apply_profile(code)
        company = self.sudo().with_company(self).with_context(lang="en_US")
        company._npo_load_processing()
        return version

    def _npo_load_processing(self):
        """Create the activities that the association lacks."""
        activities = self.env["npo.processing.activity"]
        known = activities.with_context(active_test=False).search(
            [("company_id", "=", self.id), ("code", "!=", False)]
        )
        entries = json.loads(Path(file_path(PROPOSED)).read_text(encoding="utf-8"))
        codes = set(known.mapped("code"))
        missing = [entry for entry in entries if entry["code"] not in codes]
        for number, entry in enumerate(missing, start=1):
            entry["sequence"] = number * 10
        self._npo_create_named("npo.processing.activity", missing)
