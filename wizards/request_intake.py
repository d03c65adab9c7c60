import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.arabic import clean_code

# What is typed of a new person, and may be on file already.
HINTING = (
    "name",
    "phone",
    "birth_date",
    "npo_gender",
    "identity_type",
    "identity_number",
)


class NpoRequestIntake(models.TransientModel):
    """Receive a person: search first, and only a miss offers a new file.

    The officer types an identity number, a mobile or a name. Who is found is chosen;
    who is not is registered, and the request begins at once.
    """

    _name = "npo.request.intake"
    _description = "Receive a Person"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    query = fields.Char(
        "Identity number, mobile or name",
        help="Arabic or Latin digits, any spelling of the name.",
    )
    match_ids = fields.Many2many("npo.beneficiary", compute="_compute_match_ids")
    is_searched = fields.Boolean(compute="_compute_match_ids")
    beneficiary_id = fields.Many2one("npo.beneficiary", string="This person")

    # a new person
    name = fields.Char("Full name")
    identity_type = fields.Selection(
        lambda self: (
            self.env["npo.beneficiary"]
            ._fields["identity_type"]
            ._description_selection(self.env)
        ),
        default="national_id",
    )
    identity_number = fields.Char()
    phone = fields.Char("Mobile")
    npo_gender = fields.Selection(
        lambda self: (
            self.env["res.partner"]
            ._fields["npo_gender"]
            ._description_selection(self.env)
        ),
        string="Gender",
    )
    birth_date = fields.Date()
    hint_ids = fields.Many2many("npo.beneficiary", compute="_compute_hint_ids")
    hint_text = fields.Html(compute="_compute_hint_ids", sanitize=False)  # built there
    is_other_person = fields.Boolean("I compared: this is another person")
    region_id = fields.Many2one("npo.region")
    city = fields.Char()
    circumstance_ids = fields.Many2many(
        "npo.circumstance", string="Special circumstances"
    )

    # who comes, and what makes it hard to come (D11, R066)
    representation_ids = fields.Many2many(
        "npo.representative", compute="_compute_representation_ids"
    )
    representation_id = fields.Many2one(
        "npo.representative",
        string="Comes on behalf of the person",
        domain="[('id', 'in', representation_ids)]",
        compute="_compute_representation_id",
        store=True,
        readonly=False,
    )
    circumstance_note = fields.Char(compute="_compute_circumstance_note")

    # whether the person lives where the association serves (P135)
    coverage_note = fields.Char(compute="_compute_coverage_note")
    coverage_exception = fields.Char("Why an exception is made")

    # the notice on how data is used (P015)
    notice_text = fields.Text("Tell the person", compute="_compute_notice_text")
    is_notice_needed = fields.Boolean(compute="_compute_is_notice_needed")
    is_notice_told = fields.Boolean("I told the person how the data is used")

    # the request
    interaction_id = fields.Many2one("npo.interaction", "Came from")
    service_id = fields.Many2one(
        "npo.service", domain="[('company_id', '=', company_id)]"
    )
    channel_id = fields.Many2one(
        "npo.channel",
        domain="[('id', 'in', allowed_channel_ids)]",
        compute="_compute_channel_id",
        store=True,
        readonly=False,
    )
    priority = fields.Selection(
        lambda self: (
            self.env["npo.request"]._fields["priority"]._description_selection(self.env)
        ),
        compute="_compute_channel_id",
        store=True,
        readonly=False,
    )
    allowed_channel_ids = fields.Many2many(
        "npo.channel", compute="_compute_allowed_channel_ids"
    )
    site_id = fields.Many2one(
        "npo.site",
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self._default_site_id(),
    )
    description = fields.Text("The need in the applicant's words")

    @api.model
    def _default_site_id(self):
        own = self.env.user.npo_site_ids.filtered(
            lambda site: site.company_id == self.env.company
        )
        return own[:1] or self.env["npo.site"]._default_for(self.env.company)

    @api.depends("query", "company_id")
    def _compute_match_ids(self):
        for intake in self:
            text = (intake.query or "").strip()
            intake.is_searched = len(text) >= 3
            intake.match_ids = (
                self.env["npo.beneficiary"]
                .with_company(intake.company_id)
                ._npo_find(text, limit=8)
                if intake.is_searched
                else False
            )

    @api.depends("match_ids", "company_id", *HINTING)
    def _compute_hint_ids(self):
        """Say who a new person may be already, while the officer types (R108)."""
        files = self.env["npo.beneficiary"]
        for intake in self:
            typed = {name: intake[name] for name in HINTING}
            pairs = []
            if intake.is_searched and not intake.match_ids:
                pairs = self.env["npo.duplicate"]._likely(
                    intake.company_id, typed, files
                )
            intake.hint_ids = files.union(*(file for file, _text in pairs))
            intake.hint_text = files._duplicate_list(pairs)

    @api.depends("company_id")
    def _compute_allowed_channel_ids(self):
        for intake in self:
            version = intake.company_id.sudo().npo_policy_version_id
            intake.allowed_channel_ids = (
                version._allowed_channels()
                if version
                else self.env["npo.channel"].search([])
            )

    @api.depends("beneficiary_id", "site_id", "region_id", "city")
    def _compute_coverage_note(self):
        for intake in self:
            file = intake.beneficiary_id
            intake.coverage_note = file._coverage_sentence(
                intake.company_id,
                intake.site_id,
                file.region_id if file else intake.region_id,
                file.city if file else intake.city,
            )

    def _circumstances(self):
        """Return what makes it hard to come, on file or told now."""
        return self.beneficiary_id.circumstance_ids | self.circumstance_ids

    @api.depends("beneficiary_id", "circumstance_ids")
    def _compute_circumstance_note(self):
        for intake in self:
            intake.circumstance_note = intake.beneficiary_id._circumstance_sentence(
                intake._circumstances()
            )

    @api.depends("company_id", "beneficiary_id", "circumstance_ids", "interaction_id")
    def _compute_channel_id(self):
        """For whom coming is hard: telephone or what they prefer, and first (R066).

        Who was in contact already came by the channel of that contact (R090).
        """
        for intake in self:
            allowed = intake.allowed_channel_ids
            is_hard = any(intake._circumstances().mapped("is_remote"))
            proposed = is_hard and intake.beneficiary_id._proposed_channel(
                intake.company_id
            )
            came_by = intake.interaction_id.channel_id._origin & allowed._origin
            intake.channel_id = came_by or proposed or allowed[:1]
            intake.priority = "1" if is_hard else "0"

    @api.depends("company_id", "beneficiary_id")
    def _compute_representation_ids(self):
        rights = self.env["npo.representative"]
        for intake in self:
            intake.representation_ids = rights._valid_representative(
                intake.beneficiary_id.partner_id, "apply", company=intake.company_id
            )

    @api.depends("representation_ids")
    def _compute_representation_id(self):
        """Another person chosen: nobody comes on the former's behalf."""
        for intake in self:
            chosen = intake.representation_id
            intake.representation_id = chosen & intake.representation_ids._origin

    @api.depends("company_id")
    def _compute_notice_text(self):
        for intake in self:
            notice = self.env["npo.consent"]._notice(intake.company_id)
            intake.notice_text = notice and notice._sentence(intake.company_id)

    @api.depends("company_id", "beneficiary_id")
    def _compute_is_notice_needed(self):
        consents = self.env["npo.consent"]
        for intake in self:
            notice = consents._notice(intake.company_id)
            told = consents._current(
                intake.beneficiary_id.partner_id, intake.company_id
            )
            intake.is_notice_needed = bool(notice) and notice not in told.text_id

    @api.onchange("query")
    def _onchange_query(self):
        """Carry what was typed over to the new file, so that it is typed once."""
        text = clean_code(self.query)
        if re.fullmatch("[12][0-9]{9}", text):
            self.identity_number = text
            self.identity_type = "iqama" if text.startswith("2") else "national_id"
        elif re.fullmatch(r"\+?[0-9]+", text):
            self.phone = text
        else:
            self.name = (self.query or "").strip()
        found = self.match_ids._origin
        self.beneficiary_id = found if len(found) == 1 else False

    def action_confirm(self):
        """Open the request of the person chosen, or of the new one."""
        self.ensure_one()
        self.env["npo.request"]._require_group("relations_officer", "branch_delegate")
        if not self.service_id:
            raise UserError(self.env._("Choose the service that is asked for."))
        if self.is_notice_needed and not self.is_notice_told:
            raise UserError(
                self.env._("Tell the person how the data is used, and tick it.")
            )
        beneficiary = self.beneficiary_id or self._new_beneficiary()
        if self.is_notice_needed:
            self.env["npo.consent"]._record_notice(
                beneficiary.partner_id,
                self.company_id,
                "phone" if self.channel_id.code == "phone" else "spoken",
            )
        request = self.env["npo.request"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": beneficiary.partner_id.id,
                "beneficiary_id": beneficiary.id,
                "service_id": self.service_id.id,
                "channel_id": self.channel_id.id,
                "site_id": self.site_id.id,
                "description": self.description,
                "priority": self.priority or "0",
                "coverage_exception": self.coverage_exception,
                "interaction_id": self.interaction_id.id,
                **self._representative_vals(),
            }
        )
        if self.interaction_id and not self.interaction_id.partner_id:
            self.interaction_id.partner_id = beneficiary.partner_id  # R212
        request._mark_submitted()
        request.action_receive()
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.request",
            "res_id": request.id,
            "view_mode": "form",
        }

    def _representative_vals(self):
        """Return who comes on behalf of the person; the request checks the right."""
        if not self.representation_id:
            return {}
        representative = self.representation_id.representative_id
        return {"representative_id": representative.id, "origin": "representative"}

    def _new_beneficiary(self):
        if self.match_ids:
            raise UserError(
                self.env._(
                    "Somebody like this is registered already: choose the person from"
                    " the list, or search by the identity number."
                )
            )
        if not (self.name or "").strip():
            raise UserError(self.env._("Write the full name of the person."))
        if self.hint_ids and not self.is_other_person:
            raise UserError(
                self.env._(
                    "This person may be registered already: choose the person, or tick"
                    " that you compared and it is somebody else."
                )
            )
        hints = self.hint_ids
        beneficiary = self.env["npo.beneficiary"].create(
            {
                "company_id": self.company_id.id,
                "site_id": self.site_id.id,
                **{name: self[name] for name in HINTING},
                "region_id": self.region_id.id,
                "city": self.city,
                "circumstance_ids": [Command.set(self.circumstance_ids.ids)],
            }
        )
        self.env["npo.duplicate"]._remember_different(beneficiary, hints)
        return beneficiary
