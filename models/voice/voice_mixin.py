import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import consteq, hmac

from ...tools.arabic import clean_code
from ..centre.improvable_mixin import NpoImprovableMixin
from ..core.clock_mixin import NpoClockMixin
from ..core.guards import without_defaults
from ..people.contact_mixin import NpoContactMixin

# Without what is easily mistaken when read aloud or from a slip.
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
# Kind of channel -> the way by which a statistic counts it (R179).
WAYS = {
    "in_person": "centre",
    "phone": "centre",
    "letter": "centre",
    "fax": "centre",
    "delegate": "centre",
    "web": "website",
}


class NpoVoiceMixin(models.AbstractModel):
    """What people ask, say and suffer: inquiry, complaint, suggestion (R063, R150).

    Whoever speaks may be a contact, may be unknown and leave a number or an address,
    or may want to stay unknown. By whatever way it comes, it is taken in by
    `_receive`, which gives it a number, a code to follow it by, and says thank you.
    """

    _name = "npo.voice.mixin"
    _description = "What People Say"
    _inherit = [
        NpoClockMixin._name,
        NpoContactMixin._name,
        NpoImprovableMixin._name,
    ]
    _rec_names_search = ["name", "title", "partner_id"]
    # The event whose message acknowledges that it came in.
    _acknowledge_event = None

    title = fields.Char("In one line", required=True, index="trigram")
    description = fields.Text("In the person's words", prefetch=False)
    partner_id = fields.Many2one(string="Person", required=False)
    is_anonymous = fields.Boolean("Wants to stay unknown")
    is_unmatched = fields.Boolean(
        "Not matched",
        compute="_compute_is_unmatched",
        store=True,
        precompute=True,
        help="Somebody left a name or a number, and is not tied to a contact yet.",
    )
    channel_id = fields.Many2one(required=True)
    received_via = fields.Selection(
        [
            ("centre", "Centre"),
            ("website", "Website"),
            ("portal", "Portal"),
            ("other", "Other"),
        ],
        compute="_compute_received_via",
        store=True,
        precompute=True,
    )
    interaction_id = fields.Many2one(
        "npo.interaction", "Came from", index="btree_not_null", check_company=True
    )
    department_id = fields.Many2one(
        "hr.department", "Unit", index="btree_not_null", check_company=True
    )
    answer = fields.Text(copy=False, prefetch=False)

    @api.model
    def _ways(self):
        """Return (code, label) of the ways by which a statistic counts (R179)."""
        return self._fields["received_via"]._description_selection(self.env)

    @api.depends("partner_id", "is_anonymous")
    def _compute_is_unmatched(self):
        for case in self:
            case.is_unmatched = not case.partner_id and not case.is_anonymous

    @api.depends("channel_id")
    def _compute_received_via(self):
        for case in self:
            channel = case.channel_id.sudo()
            is_portal = channel.code == "portal"
            case.received_via = (
                "portal" if is_portal else WAYS.get(channel.kind, "other")
            )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("partner_id", "is_anonymous", "contact_name")
    def _check_unknown(self):
        """Who wants to stay unknown is not on record by name."""
        for case in self:
            if case.is_anonymous and (case.partner_id or case.contact_name):
                raise ValidationError(
                    self.env._(
                        "%s was said without a name: leave person and name out.",
                        case.name,
                    )
                )

    def _improvement_vals(self):
        # EXTENDS npo.improvable.mixin: the words stay with the person
        return {**super()._improvement_vals(), "title": self.title}

    # ------------------------------------------------------------
    # TAKEN IN
    # ------------------------------------------------------------

    @api.model
    def _receive(self, vals, files=()):
        """Take in what somebody says, by any way: desk, page, portal or mail.

        :param dict vals: at least title, description, channel_id and company_id
        :param files: (name, bytes) of what was attached
        :return: the record, as superuser
        """
        case = without_defaults(self.sudo()).create(vals)
        case._attach(files)
        case._acknowledge()
        return case

    def _attach(self, files):
        """Keep what was attached, after a look at its size and its true kind."""
        self.ensure_one()
        check = self.env["npo.document"]._check_content
        contents = [(name, base64.b64encode(data)) for name, data in files]
        for name, content in contents:
            check(content, name, self.company_id)
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "datas": content,
                        "res_model": self._name,
                        "res_id": self.id,
                        "company_id": self.company_id.id,
                    }
                    for name, content in contents
                ]
            )
        )

    def _acknowledge(self):
        """Say at once that it came in: its number, until when, and with whom (P072)."""
        if self._acknowledge_event:
            self._notify(self._acknowledge_event)

    # ------------------------------------------------------------
    # FOLLOWED WITHOUT AN ACCOUNT
    # ------------------------------------------------------------

    def _tracking_code(self):
        """Return the code by which the record is followed, together with its number.

        It is worked out and not stored: a receipt shows it again, a list never.
        """
        self.ensure_one()
        seed = hmac(self.env(su=True), "npo_voice_code", f"{self._name}:{self.id}")
        number = int(seed, 16)
        signs = []
        for _sign in range(CODE_LENGTH):
            number, sign = divmod(number, len(CODE_SIGNS))
            signs.append(CODE_SIGNS[sign])
        return "".join(signs)

    def _has_tracking_code(self, code):
        """Tell whether this is the code of the record, however it was typed."""
        typed = clean_code(code or "").upper()
        return consteq(self._tracking_code().encode(), typed.encode())

    def _mobile(self):
        """Return the mobile that the person has with us, or left."""
        return self.partner_id.phone or self.contact_phone or ""
