from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.arabic import gendered
from .guards import without_defaults

BATCH = 500


class NpoMessage(models.Model):
    """What the association told a person about a case, and what became of it (D04).

    A message is written when its event happens, in the recipient's language and
    gender, and sent by a cron right after: a slow mail server never holds up an
    officer, and who has no address is seen in the log and told in another way. A
    gateway, for text messages say, extends `_gateways`: what the person prefers comes
    first, and that another way was taken is on record (R057).
    """

    _name = "npo.message"
    _description = "Message to a Person"
    _order = "id desc"
    _rec_name = "subject"

    res_model = fields.Char("Kind of case", required=True)
    res_id = fields.Many2oneReference("Case", model_field="res_model", required=True)
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    partner_id = fields.Many2one("res.partner", string="Recipient", index=True)
    email_to = fields.Char("E-mail", help="Of who is not a contact of ours.")
    phone_to = fields.Char("Mobile", help="Of who is not a contact of ours.")
    site_id = fields.Many2one("npo.site", index="btree_not_null")
    template_id = fields.Many2one("mail.template", string="Event", ondelete="set null")
    subject = fields.Char(required=True)
    body = fields.Html(required=True, prefetch=False, sanitize=True)
    state = fields.Selection(
        [
            ("outgoing", "Waiting to be sent"),
            ("sent", "Sent"),
            ("no_address", "To print: no address"),
            ("printed", "Printed"),
            ("failed", "Failed"),
        ],
        required=True,
        default="outgoing",
    )
    channel_id = fields.Many2one(
        "npo.channel", string="Preferred channel", index="btree_not_null"
    )
    way = fields.Char("Sent by", readonly=True)
    date_sent = fields.Datetime("Sent on")
    failure = fields.Char()
    event_key = fields.Char(
        help="The moment of the case that the message tells of: it is told once."
    )

    _case_idx = models.Index("(res_model, res_id, id DESC)")
    _event_uniq = models.UniqueIndex(
        "(res_model, res_id, template_id, event_key) WHERE event_key IS NOT NULL",
        "This was told to the person already.",
    )
    _outgoing_idx = models.Index("(id) WHERE state = 'outgoing'")
    _measured_idx = models.Index("(company_id, create_date)")

    @api.model
    def _queue(self, template, cases, event=""):
        """Write one message for each case to the person it concerns, never twice.

        :param template: `mail.template` on the model of the cases
        :param cases: records with `partner_id` and `company_id`
        :param event: tells apart what happens more than once at one stage
        :return: the messages, in the order of the cases
        """
        cases = cases.filtered(self._has_reader)
        if not template or not cases:
            return self.browse()
        keys = self._event_keys(template, cases, event)
        cases = cases.filtered(lambda case: case.id in keys)
        texts = self._render_texts(template, cases)
        messages = without_defaults(self.sudo()).create(
            [
                {
                    "res_model": case._name,
                    "res_id": case.id,
                    "company_id": case.company_id.id,
                    "site_id": "site_id" in case._fields and case.site_id.id,
                    **self._recipient(case),
                    "template_id": template.id,
                    "channel_id": case.partner_id.npo_preferred_channel_id.id,
                    "event_key": keys[case.id],
                    **texts[case.id],
                }
                for case in cases
            ]
        )
        self._wake_cron()
        return messages

    @api.model
    def _has_reader(self, case):
        """Tell whether anybody is there to read a message about a case."""
        return any(self._recipient(case).values())

    @api.model
    def _recipient(self, case):
        """Return the values that say who is written to: a contact, or what was left.

        Who asks without being known leaves an address or a number on the case.
        """
        if case.partner_id or "contact_email" not in case._fields:
            return {"partner_id": case.partner_id.id}
        return {"email_to": case.contact_email, "phone_to": case.contact_phone}

    @api.model
    def _render_texts(self, template, cases):
        """Return {case id: subject and body}, in each person's language and gender."""
        template = template.sudo()
        subjects = template._render_field("subject", cases.ids, compute_lang=True)
        bodies = template._render_field("body_html", cases.ids, compute_lang=True)
        return {
            case.id: {
                "subject": subjects[case.id],
                "body": gendered(bodies[case.id], case.partner_id.npo_gender),
            }
            for case in cases
        }

    @api.model
    def _event_keys(self, template, cases, event):
        """Return {case id: key} of the cases that were not told this yet.

        A case is told a thing once for each time that it gets to a stage; what has no
        stages has no key, and is told each time.
        """
        self.flush_model(["res_model", "res_id", "template_id", "event_key"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT at.res_id, at.key
                  FROM (SELECT ids.res_id,
                               NULLIF(CONCAT(MAX(log.id), %(event)s::text), '') AS key
                          FROM UNNEST(%(ids)s) AS ids(res_id)
                          LEFT JOIN npo_stage_log log
                            ON log.res_model = %(model)s AND log.res_id = ids.res_id
                         GROUP BY ids.res_id) at
                  LEFT JOIN npo_message told
                    ON told.res_model = %(model)s AND told.res_id = at.res_id
                   AND told.template_id = %(template)s AND told.event_key = at.key
                 WHERE told.id IS NULL
                """,
                event=event and f":{event}",
                model=cases._name,
                ids=cases.ids,
                template=template.id,
            )
        )
        return dict(rows)

    @api.model
    def _wake_cron(self):
        """Have the messages sent right after this transaction."""
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        cron_id = get_id("npo_relations.ir_cron_npo_message_send")
        self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    @api.model
    def _cron_send(self):
        """Send what waits, oldest first, some hundred at a time."""
        domain = [("state", "=", "outgoing")]
        messages = self.search(domain, limit=BATCH, order="id").try_lock_for_update()
        messages._deliver()
        self.env["ir.cron"]._commit_progress(
            len(messages), remaining=self.search_count(domain)
        )

    def action_send_again(self):
        """Put messages that could not be sent back into the queue."""
        self._check_sender()
        self._send_again()

    def _send_again(self):
        """Put those of the messages that could not be sent back into the queue."""
        retry = self.filtered(lambda message: message.state in ("no_address", "failed"))
        retry.sudo().write({"state": "outgoing", "failure": False})
        self._wake_cron()

    def action_print(self):
        """Print messages, to be handed over or posted, and note that they were."""
        self._check_sender()
        unsent = self.filtered(
            lambda message: message.state in ("no_address", "failed")
        )
        unsent.sudo().write(
            {"state": "printed", "way": "letter", "date_sent": fields.Datetime.now()}
        )
        report = self.env.ref("npo_relations.action_report_npo_message_slip")
        return report.report_action(self)

    def _check_sender(self):
        if not self._is_sender():
            raise UserError(self.env._("Only a relations officer can send it again."))
        self.check_access("read")

    def _is_sender(self):
        """Tell whether the user sees to it that the messages arrive."""
        return self.env.user.has_group("npo_relations.group_npo_relations_officer")

    @api.model
    def _gateways(self):
        """Return {code of a channel: function that sends messages}.

        A gateway returns the messages that it sent; none is part of the module, for
        nothing leaves the house unless somebody installs it (P023).
        """
        return {}

    def _deliver(self):
        """Send by the channel that each person prefers, else by mail."""
        rest = self
        for code, send in self._gateways().items():
            preferring = rest.filtered(
                lambda msg, code=code: msg.channel_id.code == code
            )
            sent = send(preferring) if preferring else preferring
            sent._mark_sent(code)
            rest -= sent
        rest._deliver_by_mail()

    def _deliver_by_mail(self):
        """Hand the messages to the mail server; who has no address is marked so."""
        reachable = self.filtered(lambda message: message._email())
        (self - reachable).write({"state": "no_address"})
        mails = self.env["mail.mail"].sudo()
        mails.create(reachable._mail_values())
        reachable._mark_sent("email")

    def _mail_values(self):
        """Return the values of the mails that bring the messages, in their order."""
        return [
            {
                "npo_message_id": message.id,
                "subject": message.subject,
                "body_html": message._mail_body(),
                "email_from": message.company_id.email_formatted,
                "recipient_ids": [fields.Command.set(message.partner_id.ids)],
                "email_to": message.email_to,
                "auto_delete": True,
            }
            for message in self
        ]

    def _email(self):
        """Return the address that the message goes to, if there is one."""
        return self.partner_id.email or self.email_to

    def _mark_sent(self, way):
        """Note by which way the messages went, beside the one that was preferred."""
        if self:
            now = fields.Datetime.now()
            self.write({"state": "sent", "way": way, "date_sent": now})

    def _mail_body(self):
        """Return the message as it is sent; what each one ends with is added here."""
        self.ensure_one()
        return self.body
