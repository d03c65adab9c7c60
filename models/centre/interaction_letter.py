from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .interaction import NpoInteraction as Base

PAPER = ("letter", "fax")
REGISTERS = {"in": "LTI", "out": "LTO"}


class NpoInteraction(models.Model):
    """The register of letters and faxes, in and out (R089, R095).

    A letter has a number of its own, by year and direction, from its first moment. It
    stays in its register: what was numbered is not turned into something else.
    """

    _inherit = Base._name
    _step_fields = Base._step_fields | {"register_no"}

    register_no = fields.Char(
        "Register number", readonly=True, copy=False, index="trigram"
    )
    date_letter = fields.Date("Date on the letter")
    sender_ref = fields.Char("Sender's number")
    page_count = fields.Integer("Pages")
    fax_number = fields.Char()
    fax_state = fields.Selection(
        [
            ("waiting", "To be sent"),
            ("sent", "Arrived"),
            ("partial", "In part"),
            ("failed", "Did not go through"),
        ],
        "Transmission",
    )
    scan = fields.Binary(attachment=True, copy=False)
    scan_name = fields.Char(copy=False)
    reply_to_id = fields.Many2one(
        "npo.interaction",
        "Reply to",
        index="btree_not_null",
        check_company=True,
        copy=False,
    )
    reply_ids = fields.One2many("npo.interaction", "reply_to_id", "Replied by")

    _register_uniq = models.UniqueIndex(
        "(company_id, register_no) WHERE register_no IS NOT NULL",
        "This number of the register was given to another letter.",
    )
    _register_idx = models.Index(
        "(company_id, direction, date DESC, id DESC) WHERE register_no IS NOT NULL"
    )
    _pages_positive = models.Constraint(
        "CHECK (page_count >= 0)", "A letter does not have fewer pages than none."
    )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("reply_to_id")
    def _check_reply(self):
        if self._has_cycle("reply_to_id"):
            raise ValidationError(self.env._("A letter is not a reply to itself."))

    @api.constrains("date_letter", "direction")
    def _check_date_letter(self):
        for letter in self.filtered("date_letter"):
            today = letter.company_id.sudo()._npo_today()
            if letter.direction == "in" and letter.date_letter > today:
                raise ValidationError(
                    self.env._("A letter does not come in before it was written.")
                )

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id"))
            self._check_scan(vals, company or self.env.company)
        letters = super().create(vals_list)
        letters._keep_secret()
        return letters

    def write(self, vals):
        # EXTENDS npo.interaction
        for company in self.company_id:
            self._check_scan(vals, company)
        result = super().write(vals)
        if {"channel_id", "direction"} & set(vals):
            self._check_register()
            self._enter_register()
        if vals.get("reply_to_id"):
            self._keep_secret()
        if vals.get("classification") == "secret":
            self.sudo().reply_ids._keep_secret()
        return result

    def _keep_secret(self):
        """Tell a reply no further than the secret letter that it replies to (R157)."""
        # superuser: who replies may not see what is replied to
        replies = self.sudo().filtered(
            lambda one: one.reply_to_id.classification == "secret" != one.classification
        )
        if replies:
            replies.classification = "secret"

    @api.model
    def _check_scan(self, vals, company):
        """Refuse a scan by its size or its true kind, by whatever way it comes."""
        if vals.get("scan"):
            self.env["npo.document"]._check_content(
                vals["scan"], vals.get("scan_name"), company
            )

    def _recorded(self):
        # EXTENDS npo.interaction
        super()._recorded()
        self._enter_register()

    def _is_paper(self):
        return self.channel_kind in PAPER

    def _enter_register(self):
        """Give the letters without a number the next one of their register."""
        new = self.filtered(lambda one: one._is_paper() and not one.register_no)
        for (company, direction), letters in new.grouped(
            lambda one: (one.company_id, one.direction)
        ).items():
            numbers = self.env["ir.sequence"]._npo_draw(
                REGISTERS[direction], company, len(letters)
            )
            for letter, number in zip(letters, numbers, strict=True):
                letter.sudo().register_no = number

    def _check_register(self):
        """Raise when a letter would leave the register that it has a number of."""
        for letter in self.filtered("register_no"):
            prefix = REGISTERS[letter.direction]
            if not (letter._is_paper() and letter.register_no.startswith(f"{prefix}/")):
                raise UserError(
                    self.env._(
                        "%s stands in the register of letters: its way and direction"
                        " stay. Record another contact instead.",
                        letter.register_no,
                    )
                )

    # ------------------------------------------------------------
    # ANSWERED, PRINTED
    # ------------------------------------------------------------

    def action_reply(self):
        """Open a new letter to who wrote, as the reply to this one."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reply"),
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                "default_direction": "in" if self.direction == "out" else "out",
                "default_channel_id": self.channel_id.id,
                "default_site_id": self.site_id.id,
                "default_partner_id": self.partner_id.id,
                "default_contact_name": self.contact_name,
                "default_subject": self.subject,
                "default_classification": self.classification,
                "default_fax_number": self.fax_number,
                "default_reply_to_id": self.id,
            },
        }

    def action_print_letter(self):
        """Print an outgoing letter, to be signed and sent."""
        self.check_access("read")
        if any(not (one._is_paper() and one.direction == "out") for one in self):
            raise UserError(self.env._("Only an outgoing letter is printed."))
        report = self.env.ref("npo_relations.action_report_npo_letter")
        return report.report_action(self)

    def _registers(self):
        """Return [{direction, letters}] of the letters among these, as registers.

        Each register is that of one association, in the order of its numbers.
        """
        self.check_access("read")
        letters = self.filtered("register_no").sorted("register_no")
        if not letters:
            raise UserError(self.env._("There is no letter and no fax among these."))
        return [
            {"direction": direction, "letters": lines}
            for (_company, direction), lines in letters.grouped(
                lambda one: (one.company_id, one.direction)
            ).items()
        ]

    def _local_day(self):
        """Return the day on which it was registered, where the association works."""
        zone = self.with_context(tz=self.company_id.sudo()._npo_tz())
        return fields.Datetime.context_timestamp(zone, self.date).date()

    @api.model
    def _content_fields(self):
        # EXTENDS npo.interaction
        return super()._content_fields() | {
            "sender_ref",
            "fax_number",
            "scan",
            "scan_name",
        }
