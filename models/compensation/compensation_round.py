from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.guards import check_values
from .compensation import READERS, REMEDIES
from .compensation import NpoCompensation as Base
from .part_mixin import NpoCompensationPartMixin


class NpoCompensationRound(models.Model):
    """A round of the negotiation: an offer, and what was said to it (R142).

    Offers stay on record, whatever came of them.
    """

    _name = "npo.compensation.round"
    _description = "Round of a Negotiation"
    _inherit = [NpoCompensationPartMixin._name]
    _order = "compensation_id, number"
    _rec_name = "number"

    compensation_id = fields.Many2one(
        Base._name, required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="compensation_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="compensation_id.currency_id")
    number = fields.Integer("Round", aggregator=None)
    date = fields.Date("Offered on", required=True)
    user_id = fields.Many2one("res.users", "Offered by", required=True)
    attendees = fields.Text()
    remedy = fields.Selection(REMEDIES, "Form of remedy", required=True)
    amount = fields.Monetary("Offer")
    offer_text = fields.Text("Offer, as the person reads it", required=True)
    minutes = fields.Text()
    result = fields.Selection(
        [
            ("open", "Waiting for the answer"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("countered", "Another amount asked for"),
            ("void", "Taken back"),
        ],
        required=True,
        default="open",
    )

    # the answer
    date_answered = fields.Date("Answered on")
    answered_via = fields.Selection(
        [("portal", "In the portal"), ("paper", "On paper"), ("meeting", "In words")]
    )
    counter_amount = fields.Monetary("Asked for instead")
    answer_text = fields.Text("Answer in the person's words")
    signer_id = fields.Many2one("res.partner", "Signed by")
    signed_name = fields.Char("Name typed in place of a drawing")
    signature = fields.Image(max_width=1024, max_height=1024)
    ip_address = fields.Char("Signed from", groups=fields.NO_ACCESS)
    release_text = fields.Text("Settlement that was signed")

    _one_open = models.UniqueIndex(
        "(compensation_id) WHERE result IN ('open', 'accepted')",
        "There is an offer that waits for its answer, or was accepted.",
    )
    _not_negative = models.Constraint(
        "CHECK (amount >= 0 AND counter_amount >= 0)", "An amount is not negative."
    )

    @api.constrains("amount", "remedy")
    def _check_amount(self):
        for line in self:
            if line.remedy == "money" and line.amount <= 0:
                raise ValidationError(
                    self.env._(
                        "An offer of money has an amount: write what is proposed for"
                        " each head of damage."
                    )
                )

    def _require_step(self):
        # OVERRIDE npo.compensation.part.mixin
        if not self.env.su:
            raise AccessError(
                self.env._("An offer is made and answered by the buttons of the case.")
            )


class NpoCompensation(models.Model):
    """The negotiation with the harmed party (R142)."""

    _inherit = Base._name
    _flow_fields = {"remedy", "remedy_text"}

    round_ids = fields.One2many(
        "npo.compensation.round",
        "compensation_id",
        string="Negotiation",
        readonly=True,
        groups=READERS,
    )
    remedy = fields.Selection(
        REMEDIES, "Form of remedy", readonly=True, copy=False, tracking=True
    )
    remedy_text = fields.Text(
        "What was agreed", readonly=True, copy=False, groups=READERS
    )

    has_offer = fields.Boolean(
        "An offer waits", compute="_compute_has_offer", compute_sudo=True
    )

    @api.depends("round_ids.result")
    def _compute_has_offer(self):
        for case in self:
            case.has_offer = bool(case._open_round())

    def _open_round(self):
        """Return the offer that waits for its answer, as superuser."""
        return self.sudo().round_ids.filtered(lambda line: line.result == "open")

    def _accepted_round(self):
        """Return the offer that was accepted, as superuser."""
        return self.sudo().round_ids.filtered(lambda line: line.result == "accepted")

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_negotiate(self):
        """Go into the negotiation: three conditions are met."""
        self._require_group("compensation_officer")
        self._require_stage("study")
        for case in self:
            case._check_studied()
            case._move("negotiation")

    def _offer(self, remedy, text, date=None, **vals):
        """Make an offer of what is proposed for the heads of damage (R142).

        :param text: what the person reads of it, in the portal and in the message
        :param vals: attendees, minutes
        """
        self.ensure_one()
        self._require_group("compensation_officer")
        self._require_stage("negotiation")
        self._task_done()
        if self._open_round():
            raise UserError(
                self.env._("An offer waits for its answer. Note the answer first.")
            )
        text = self._require_text(text, self.env._("Write the offer in plain words."))
        self._check_text_lengths({"remedy_text": text})
        self._check_unlimited(vals)
        self.env["npo.duty"]._claim("propose", self)
        case = self.sudo()
        case.round_ids.flush_recordset(["result"])  # one that was answered is no more
        line = case.env["npo.compensation.round"].create(
            {
                "compensation_id": self.id,
                "number": len(case.round_ids) + 1,
                "date": self._not_after_today(date),
                "user_id": self.env.uid,
                "remedy": remedy,
                "amount": case.amount_proposed,
                "offer_text": text,
                "attendees": vals.get("attendees"),
                "minutes": vals.get("minutes"),
            }
        )
        case.write({"remedy": remedy, "remedy_text": text})
        self._notify("cpn_offer", once=str(line.number))
        return line

    def _check_unlimited(self, vals):
        check_values(
            self.env["npo.compensation.round"],
            {name: vals[name] for name in vals if isinstance(vals[name], str)},
        )

    def _answer_offer(self, result, text="", counter=0, **vals):
        """Note what the person said to the offer that waits.

        :param result: accepted, declined or countered
        :param vals: how it was answered and signed
        """
        self.ensure_one()
        line = self._open_round()
        if not line:
            raise UserError(
                self.env._("No offer waits for an answer. Look at where it stands now.")
            )
        self._check_text_lengths({"remedy_text": text or ""})
        check_values(line, {"counter_amount": counter})
        line.write(
            {
                "result": result,
                "answer_text": text or False,
                "counter_amount": counter,
                "date_answered": self.company_id._npo_today(),
                **vals,
            }
        )
        if result == "accepted":
            self._agree()
        else:
            self._task(self.user_id, self.env._("The harmed party answered the offer"))

    def _agree(self):
        """Close the negotiation: what was offered is agreed on, and decided next."""
        self._agree_heads()
        self._close_negotiation(self.env._("The offer was accepted."))
        self._task(self.user_id, self.env._("The offer was accepted: propose it"))

    def _close_negotiation(self, note):
        line = self._accepted_round() or self.sudo().round_ids
        found_by = line[-1:].user_id or self.env.user
        self._finding("negotiation").write(
            {
                "state": "met",
                "note": note,
                "found_by_id": found_by.id,
                "date_found": self.company_id._npo_today(),
            }
        )
        self._move("decision")

    def _accept_on_paper(self, text, file, file_name, signer):
        """Record an acceptance signed on paper, with the file of it (R142)."""
        self._require_group("compensation_officer")
        self._require_stage("negotiation")
        if not file:
            raise UserError(self.env._("Attach the settlement that was signed."))
        if not self._open_round():
            raise UserError(self.env._("No offer waits for an answer."))
        people = self.partner_id | self.representative_id
        if signer not in people:
            raise UserError(
                self.env._("It is signed by the harmed party, or who represents it.")
            )
        release = self._settlement_text()
        self._keep_settlement(file, file_name)
        self._answer_offer(
            "accepted",
            text,
            answered_via="paper",
            signer_id=signer.id,
            release_text=release,
        )

    def _answered_in_words(self, result, text, counter=0):
        """Note that the person declined, or asked for another amount."""
        self._require_group("compensation_officer")
        self._require_stage("negotiation")
        if result not in ("declined", "countered"):
            raise UserError(self.env._("Say what the person answered."))
        self._answer_offer(result, text, counter, answered_via="meeting")

    def _settle_by_judgment(self):
        """Take the amount of the final judgment in the place of an agreement (R142)."""
        self.ensure_one()
        self._require_group("compensation_officer")
        self._require_stage("negotiation")
        if not self._has_final_judgment():
            raise UserError(self.env._("There is no final judgment on the dispute."))
        case = self.sudo()
        amount = case.dispute_id.judgment_amount
        if case.currency_id.compare_amounts(case.amount_proposed, amount):
            raise UserError(
                self.env._(
                    "What is proposed for the heads of damage has to add up to what the"
                    " judgment awards."
                )
            )
        self.env["npo.duty"]._claim("propose", self)
        case._open_round().result = "void"
        case.write(
            {
                "remedy": "money",
                "remedy_text": self.env._("What the final judgment awards."),
            }
        )
        self._agree_heads()
        self._close_negotiation(self.env._("The final judgment awards the amount."))
