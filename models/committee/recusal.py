from odoo import api, fields, models

KINDS = [
    ("relative", "Relative of the applicant"),
    ("registered", "Registered or verified the request"),
    ("assessed", "Studied the case"),
    ("interest", "Has an interest"),
]
DUTIES = {"register": "registered", "verify": "registered", "assess": "assessed"}


class NpoCommitteeRecusal(models.Model):
    """A member who takes no part in a decision: declared, or known (R124)."""

    _name = "npo.committee.recusal"
    _description = "Recusal"
    _order = "item_id, id"
    _rec_name = "user_id"

    item_id = fields.Many2one(
        "npo.committee.item", required=True, index=True, ondelete="cascade"
    )
    committee_id = fields.Many2one(
        related="item_id.committee_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="item_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Member", required=True, index=True)
    kind = fields.Selection(KINDS, required=True)
    note = fields.Char()
    is_declared = fields.Boolean(
        "Declared by the member", help="Else it follows from what is recorded."
    )

    _once = models.UniqueIndex(
        "(item_id, user_id)", "This member is recused from it already."
    )

    # ------------------------------------------------------------
    # WHAT IS KNOWN
    # ------------------------------------------------------------

    @api.model
    def _known(self, requests, users):
        """Return why members may not decide on requests, by what is recorded.

        Read by a handful of queries, whatever the size of the agenda.

        :return: {(request id, user id): kind}
        """
        requests = requests.sudo()
        found = self._known_by_duty(requests, users)
        relatives = self._relatives(requests, users)
        return found | dict.fromkeys(relatives, "relative")

    @api.model
    def _known_by_duty(self, requests, users):
        by_partner = {user.partner_id.id: user.id for user in users}
        duties = (
            self.env["npo.duty"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", "npo.request"),
                    ("res_id", "in", requests.ids),
                    ("duty", "in", list(DUTIES)),
                    ("partner_id", "in", list(by_partner)),
                ],
                ["res_id", "duty", "partner_id"],
            )
        )
        done = [(duty.res_id, duty.duty, duty.partner_id) for duty in duties]
        done += [
            (request.id, "register", request.create_uid.partner_id)
            for request in requests
            if request.create_uid.partner_id.id in by_partner
        ]
        if not done:
            return {}
        allowed = self.env["npo.duty.exception"]._in_force(
            users.partner_id, requests.company_id
        )
        return {
            (request_id, by_partner[person.id]): DUTIES[duty]
            for request_id, duty, person in done
            if not allowed._covering(
                (duty, "decide"), person, requests.browse(request_id)
            )
        }

    @api.model
    def _relatives(self, requests, users):
        """Return the pairs (request id, user id) of one household, or one family.

        Whoever lives in the applicant's household today, ever acted for them, or is
        the applicant.
        """
        requests = requests.sudo()
        kin = requests.partner_id._npo_kin(users.partner_id)
        return {
            (request.id, user.id)
            for request in requests
            for user in users
            if user.partner_id in request.partner_id | request.representative_id
            or (request.partner_id.id, user.partner_id.id) in kin
        }
