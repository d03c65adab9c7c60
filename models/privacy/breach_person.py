from odoo import api, fields, models
from odoo.exceptions import UserError

REACHED = ("sent", "printed")


class NpoDataBreachPerson(models.Model):
    """That a person was told of an incident with their data, when and how (P017).

    A message is written by `npo.message` in the person's language; who was told
    otherwise is noted by hand.
    """

    _name = "npo.data.breach.person"
    _description = "Notice of a Data Incident"
    _order = "id"
    _rec_name = "breach_id"
    _check_company_auto = True

    breach_id = fields.Many2one(
        "npo.data.breach", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="breach_id.company_id", string="Association", store=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    way = fields.Selection(
        [
            ("message", "By message"),
            ("phone", "By phone"),
            ("letter", "By letter"),
            ("person", "In person"),
        ],
        "Told",
    )
    date_told = fields.Datetime("Told on")
    told_by_id = fields.Many2one("res.users", string="Told by", readonly=True)
    note = fields.Char()
    message_id = fields.Many2one(
        "npo.message", readonly=True, index="btree_not_null", ondelete="set null"
    )
    message_state = fields.Selection(related="message_id.state", string="Message")

    _person_uniq = models.UniqueIndex(
        "(breach_id, partner_id)", "This person stands on the list already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_teller(vals) for vals in vals_list]
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        self._check_open()
        return super().write(self._with_teller(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_told(self):
        self._check_open()
        if any(line.date_told for line in self):
            raise UserError(self.env._("Who was told stays on the list."))

    def _check_open(self):
        if not self.env.su:
            self.breach_id._check_open()

    def _with_teller(self, vals):
        """Return the values, with who told; only the queue links a message."""
        if self.env.su:
            return vals
        vals = {k: v for k, v in vals.items() if k not in ("told_by_id", "message_id")}
        return {**vals, "told_by_id": self.env.uid} if vals.get("date_told") else vals

    def _is_told(self):
        """Tell whether the person was reached: a message that waits told nobody."""
        self.ensure_one()
        if self.way == "message" and self.message_state not in REACHED:
            return False
        return bool(self.date_told)

    def action_view_message(self):
        """Open the message, to print it or to send it again."""
        self.ensure_one()
        self.check_access("read")
        self.message_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.message",
            "res_id": self.message_id.id,
            "view_mode": "form",
        }

    def _waiting(self):
        """Return who is still to be written to, or whose message did not arrive."""
        return self.filtered(
            lambda line: (
                not line.date_told
                or (line.way == "message" and line.message_state == "failed")
            )
        )

    def _tell(self):
        """Write a message to who was not told yet, and note it.

        A message is written once: what did not arrive is sent again.
        """
        lines = self._waiting().sudo()
        lines.message_id._send_again()
        template = self.env.ref("npo_relations.mail_template_data_breach")
        fresh = lines.filtered(lambda line: not line.message_id)
        messages = self.env["npo.message"]._queue(template, fresh, "told")
        written = {message.res_id: message.id for message in messages}
        for line in fresh.filtered(lambda line: line.id in written):
            line.message_id = written[line.id]
        lines.filtered("message_id").write(
            {
                "way": "message",
                "date_told": fields.Datetime.now(),
                "told_by_id": self.env.uid,
            }
        )
