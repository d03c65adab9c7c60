from odoo import api, fields, models
from odoo.exceptions import AccessError

from .data_request_flow import PROTECTOR

# ⚖ So much stands on the sheet, newest first; whoever needs more asks for it.
MAX_SEEN = 1000


class NpoDataRequest(models.Model):
    """Who was shown a person's data, told to the person (R154, R162)."""

    _inherit = "npo.data.request"

    names_readers = fields.Boolean(
        "Name who saw the file",
        copy=False,
        help="The sheet tells the roles; the names only where data protection decides"
        " that the person needs them.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS npo.data.request: no default brings it in, whosever it is
        if any(vals.get("names_readers") for vals in vals_list):
            self._check_names_readers()
        return super().create([{"names_readers": False, **vals} for vals in vals_list])

    def write(self, vals):
        # EXTENDS npo.data.request
        if "names_readers" in vals:
            self._check_names_readers()
        return super().write(vals)

    def _check_names_readers(self):
        if not (self.env.su or self.env.user.has_group(PROTECTOR)):
            raise AccessError(
                self.env._("Whether names are told is decided by data protection.")
            )

    def action_print_seen(self):
        """Print who was shown the person's data, for the person."""
        self.ensure_one()
        self._check_copy()
        report = self.env.ref("npo_relations.action_report_npo_seen_by")
        return report.report_action(self)

    def _seen_by(self):
        """Return the rows of the sheet."""
        self.ensure_one()
        self._check_copy()
        case = self.sudo()
        return self._seen_rows(
            case.partner_id, case.company_id, names=case.names_readers
        )

    @api.model
    def _seen_rows(self, partner, company, names=False, reasons=True):
        """Return who was shown what of a person, newest first.

        In sudo, for who was allowed to tell. A value is in no line of the log, so
        there is none here.

        :return: [(moment, role, name or "", what, how, why or "")]
        """
        logs = self.env["npo.access.log"]._of_person(partner, company)
        lines = logs.filtered(
            lambda line: line.user_id.partner_id != partner and line.way != "merged"
        )[:MAX_SEEN]
        ways = dict(lines._fields["way"]._description_selection(self.env))
        words = self.sudo()._hidden_words_of(partner, company) if reasons else None
        local = self.with_context(tz=company._npo_tz())
        return [
            (
                fields.Datetime.context_timestamp(local, line.date),
                self._reader_role(line.user_id),
                line.user_id.name if names else "",
                line.value_name,
                ways[line.way],
                self._own_words(line.reason or "", words) if reasons else "",
            )
            for line in lines
        ]

    @api.model
    def _reader_role(self, user):
        """Return the role of somebody: the highest of ours that was given to them."""
        privilege = self.env.ref("npo_relations.privilege_npo")
        roles = user.group_ids.filtered(lambda group: group.privilege_id == privilege)
        role = roles.sorted("sequence")[-1:]
        return role.name or self.env._("Member of staff")
