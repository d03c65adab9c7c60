from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError

from ...tools import hijri
from ..core.guards import check_values, without_defaults

METHODS = [
    ("portal", "In the portal"),
    ("paper", "On paper"),
    ("phone", "By phone"),
    ("witness", "Spoken, with a witness"),
    ("spoken", "Read out at the desk"),
]
# Who sees what somebody agreed to.
CONSENT_READERS = (
    "npo_relations.group_npo_service_representative,"
    "npo_relations.group_npo_branch_delegate,"
    "npo_relations.group_npo_social_researcher,"
    "npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_auditor"
)
# All that is ever written after the giving, once: how it ended.
ENDING_FIELDS = frozenset(
    {"date_withdrawn", "withdrawn_by_id", "withdrawn_method", "withdrawn_witness"}
)


class NpoConsent(models.Model):
    """What a person agreed to, when, how and to which words (D18, P011).

    A line is written when it is given, and once more when it ends: nothing else is
    ever changed, by nobody. Agreeing again is a new line.
    """

    _name = "npo.consent"
    _description = "Consent"
    _order = "id desc"
    _rec_name = "purpose_id"

    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="restrict"
    )
    purpose_id = fields.Many2one(
        "npo.consent.purpose", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(related="purpose_id.kind")
    text_id = fields.Many2one(
        "npo.consent.text",
        string="Version of the text",
        required=True,
        index=True,
        ondelete="restrict",
    )
    sentence = fields.Text("As it was read", required=True)
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    site_id = fields.Many2one(
        "npo.site",
        string="Site",
        compute="_compute_site_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )

    # given
    date_given = fields.Datetime("Given on", required=True)
    method = fields.Selection(METHODS, required=True)
    given_by_id = fields.Many2one(
        "res.partner",
        string="Given by",
        index="btree_not_null",
        help="Who agreed on the person's behalf: a guardian or an attorney.",
    )
    witness_name = fields.Char("Witness")
    recorded_by_id = fields.Many2one("res.users", string="Recorded by", required=True)
    proof = fields.Binary(attachment=True)
    proof_name = fields.Char()

    # ended
    date_withdrawn = fields.Datetime("Withdrawn on")
    withdrawn_by_id = fields.Many2one("res.users", string="Withdrawal recorded by")
    withdrawn_method = fields.Selection(METHODS, string="Withdrawn how")
    withdrawn_witness = fields.Char("Witness of the withdrawal")
    date_replaced = fields.Datetime(
        "Replaced on", help="The person agreed to a newer text."
    )
    is_current = fields.Boolean(
        "In force", compute="_compute_is_current", store=True, precompute=True
    )

    _current_uniq = models.UniqueIndex(
        "(partner_id, company_id, purpose_id) WHERE is_current IS TRUE",
        "The person has agreed to this already.",
    )
    _partner_idx = models.Index("(partner_id, id DESC)")

    @api.depends("partner_id.npo_beneficiary_ids.site_id", "company_id")
    def _compute_site_id(self):
        """The site of the person's file: a delegate's rule asks for it."""
        for consent in self:
            files = consent.partner_id.npo_beneficiary_ids.filtered(
                lambda file, consent=consent: file.company_id == consent.company_id
            )
            consent.site_id = files[:1].site_id

    @api.depends("date_withdrawn", "date_replaced")
    def _compute_is_current(self):
        for consent in self:
            consent.is_current = not (consent.date_withdrawn or consent.date_replaced)

    @api.constrains("method", "witness_name")
    def _check_witness(self):
        for consent in self:
            if consent.method == "witness" and not consent.witness_name:
                raise ValidationError(
                    self.env._("What was spoken needs a witness: write the name.")
                )
            if consent.method == "spoken" and consent.kind == "consent":
                raise ValidationError(
                    self.env._("Only the notice is read out without a witness.")
                )

    # ------------------------------------------------------------
    # IMMUTABLE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A consent is recorded by its form alone."))
        for vals in vals_list:
            check_values(self, vals)
        return super(NpoConsent, without_defaults(self)).create(vals_list)

    def write(self, vals):
        ending = ENDING_FIELDS | {"date_replaced"}
        ended = any(not consent.is_current for consent in self)
        if not self.env.su or ended or not ending.issuperset(vals):
            raise AccessError(
                self.env._("What somebody agreed to is on record and not changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(
            self.env._("What somebody agreed to is on record and not deleted.")
        )

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @api.model
    def _has_consent(self, partner, purpose, company=None):
        """Tell whether a person agrees to a purpose now.

        :param purpose: its code, or the record
        """
        return partner in self._consenting(partner, purpose, company)

    @api.model
    def _consenting(self, partners, purpose, company=None):
        """Return those of the persons who agree to a purpose now, in one statement."""
        company = company or self.env.company
        path = "purpose_id.code" if isinstance(purpose, str) else "purpose_id.id"
        value = purpose if isinstance(purpose, str) else purpose.id
        current = self.sudo().search_fetch(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                (path, "=", value),
                ("is_current", "=", True),
            ],
            ["partner_id"],
        )
        return partners.browse(current.partner_id.ids)

    @api.model
    def _current(self, partner, company, purposes=None):
        """Return what is in force for a person in an association, in sudo."""
        domain = [
            ("partner_id", "=", partner.id),
            ("company_id", "=", company.id),
            ("is_current", "=", True),
        ]
        if purposes is not None:
            domain.append(("purpose_id", "in", purposes.ids))
        return self.sudo().search(domain)

    # ------------------------------------------------------------
    # GIVING, WITHDRAWING
    # ------------------------------------------------------------

    @api.model
    def _give(self, partner, purposes, company, method, **vals):
        """Record that a person agrees; what they agreed to already stays as it is.

        The caller has checked who does it. A newer text replaces the older one.

        :param purposes: of the association, each with its text in force
        :return: the consents in force to the purposes
        """
        texts = purposes._current_texts(company)
        if missing := purposes.filtered(lambda purpose: purpose not in texts):
            raise UserError(
                self.env._("There is no text for this purpose: %s.", missing[0].name)
            )
        current = self._current(partner, company, purposes)
        kept = current.filtered(
            lambda consent: consent.text_id == texts[consent.purpose_id]
        )
        now = fields.Datetime.now()
        if replaced := current - kept:
            replaced.write({"date_replaced": now})
            self.env.flush_all()
        lang = self.env.lang or partner.lang
        try:
            with self.env.cr.savepoint():
                given = self.sudo().create(
                    [
                        {
                            "partner_id": partner.id,
                            "purpose_id": purpose.id,
                            "text_id": texts[purpose].id,
                            "sentence": texts[purpose]
                            .with_context(lang=lang)
                            ._sentence(company),
                            "company_id": company.id,
                            "date_given": now,
                            "method": method,
                            "recorded_by_id": self.env.uid,
                            **vals,
                        }
                        for purpose in purposes - kept.purpose_id
                    ]
                )
        except UniqueViolation as error:
            # Pressed twice: begun again, this one finds what the first recorded.
            raise ConcurrencyError(str(error)) from error
        return kept | given

    def _withdraw(self, method, witness=False):
        """End consents: as easy as giving, and what depends on them stops (D18).

        The caller has checked who does it.
        """
        current = self.sudo().filtered(
            lambda consent: consent.is_current and consent.kind == "consent"
        )
        if not current:
            return
        current.write(
            {
                "date_withdrawn": fields.Datetime.now(),
                "withdrawn_by_id": self.env.uid,
                "withdrawn_method": method,
                "withdrawn_witness": witness,
            }
        )
        current._after_withdrawal()

    def _after_withdrawal(self):
        """Stop what depends on consents that ended; other models extend it."""

    # ------------------------------------------------------------
    # NOTICE
    # ------------------------------------------------------------

    @api.model
    def _notice(self, company):
        """Return the text of the notice in force, in sudo; empty when there is none."""
        purposes = self.env["npo.consent.purpose"]._of(company, kind="notice")[:1]
        texts = purposes._current_texts(company)
        return texts.get(purposes, self.env["npo.consent.text"].sudo())

    @api.model
    def _record_notice(self, partner, company, method, **vals):
        """Record that the notice was shown or read to a person (P015)."""
        if notice := self._notice(company):
            self._give(partner, notice.purpose_id, company, method, **vals)

    # ------------------------------------------------------------
    # PORTAL
    # ------------------------------------------------------------

    @api.model
    def _portal_rows(self, company):
        """Return what the user may agree to, and what they did.

        :return: list of (purpose, text in force, consent in force or none)
        """
        purposes = self.env["npo.consent.purpose"]._of(company)
        texts = purposes._current_texts(company)
        current = self._current(self.env.user.partner_id, company)
        by_purpose = {consent.purpose_id: consent for consent in current}
        return [
            (purpose, texts[purpose], by_purpose.get(purpose, current.browse()))
            for purpose in purposes
        ]

    @api.model
    def _portal_history(self, company, limit=50):
        """Return what the user agreed to, withdrew and was shown, newest first."""
        return self.sudo().search(
            [
                ("partner_id", "=", self.env.user.partner_id.id),
                ("company_id", "=", company.id),
            ],
            limit=limit,
        )

    def _date_text(self, name="date_given"):
        """Return the day of a moment in both calendars (D08)."""
        self.ensure_one()
        company = self.company_id.sudo()
        lang = self.env.lang or self.env.user.lang or "en_US"
        moment = self[name]
        day = fields.Datetime.context_timestamp(
            self.with_context(tz=company._npo_tz()), moment
        ).date()
        return hijri.format_both(day, lang, company.npo_digits)

    def _portal_lines(self):
        """Return (day, sentence) of what happened to a consent, newest first."""
        self.ensure_one()
        _ = self.env._
        name = self.purpose_id.name
        lines = []
        if self.date_withdrawn:
            text = _("you withdrew: %s", name)
            lines.append((self._date_text("date_withdrawn"), text))
        if self.kind == "notice":
            text = _("we showed you: %s", name)
        else:
            text = _("you agreed: %s", name)
        return [*lines, (self._date_text(), text)]

    @api.model
    def _portal_set(self, company, purpose_id, is_given):
        """Agree to a purpose, or withdraw: the user's own button.

        :return: the purpose, or nothing where there is no such purpose
        """
        purposes = self.env["npo.consent.purpose"]._of(company)
        purpose = purposes.filtered(lambda item: item.id == purpose_id)
        if not purpose:
            return purpose
        partner = self.env.user.partner_id
        if is_given:
            self._give(partner, purpose, company, "portal")
        else:
            self._current(partner, company, purpose).with_env(self.env)._withdraw(
                "portal"
            )
        return purpose


class ResPartner(models.Model):
    _inherit = "res.partner"

    npo_consent_ids = fields.One2many(
        "npo.consent",
        "partner_id",
        string="Consents",
        readonly=True,
        groups=CONSENT_READERS,
    )
