from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, plaintext2html

from ..core.guards import without_defaults

LOOKED_BACK = timedelta(hours=26)  # a run that was missed is made up for
CLOSERS = ("data_protection_officer", "general_manager")
# What is no reading of a person's values, or has its own watch.
OTHER_WAYS = ("merged", "list", "sealed", "unseal", "named")


class NpoAccessAlert(models.Model):
    """Reading that has to be explained: much at once, or near to who reads (R154).

    A cron points it out, once for a person, a kind and a day; the data-protection
    officer asks, writes down the explanation and closes it. Who read does not see it.
    What is said here is how often somebody looked, never what was seen.
    """

    _name = "npo.access.alert"
    _description = "Unusual Reading"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, day desc, id desc"
    _rec_name = "kind"

    company_id = fields.Many2one(
        "res.company", string="Association", required=True, readonly=True, index=True
    )
    reader_id = fields.Many2one(
        "res.users", string="Who read", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        [
            ("bulk", "Much within an hour"),
            ("list", "A long list taken along"),
            ("own", "The own file"),
            ("relative", "A file of the own family"),
            ("colleague", "A colleague's file"),
        ],
        string="What stands out",
        required=True,
        readonly=True,
    )
    day = fields.Date(required=True, readonly=True)
    line_ids = fields.Many2many("npo.access.log", string="Lines", readonly=True)
    line_count = fields.Integer("Times", readonly=True)
    state = fields.Selection(
        [("open", "To be explained"), ("explained", "Explained")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    explanation = fields.Text()
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True)
    date_closed = fields.Datetime("Closed on", readonly=True)

    _once = models.UniqueIndex(
        "(company_id, reader_id, kind, day)", "This was pointed out already."
    )

    def write(self, vals):
        if not self.env.su:
            free = {"explanation", *self.env["mail.activity.mixin"]._fields}
            free |= set(self.env["mail.thread"]._fields)
            if set(vals) - free:
                raise AccessError(self.env._("Only the explanation is written here."))
            if "explanation" in vals and any(one.state != "open" for one in self):
                raise UserError(self.env._("This was explained already."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What was pointed out is not deleted."))

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def action_close(self):
        """Close with the explanation that was written down."""
        self.env["npo.home"]._require_role(*CLOSERS)
        self.check_access("write")
        if any(not (one.explanation or "").strip() for one in self):
            raise UserError(self.env._("Write the explanation first."))
        closed = self.filtered(lambda one: one.state == "open").sudo()
        closed.write(
            {
                "state": "explained",
                "closed_by_id": self.env.uid,
                "date_closed": fields.Datetime.now(),
            }
        )
        closed.activity_unlink(["mail.mail_activity_data_todo"])

    def action_view_lines(self):
        """Open the lines of the log that stand behind it."""
        self.ensure_one()
        self.check_access("read")
        self.env["npo.access.log"].check_access("read")
        domain = [("id", "in", self.sudo().line_ids.ids)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Protected Data Shown"),
            "res_model": "npo.access.log",
            "view_mode": "list",
            "domain": domain,
        }

    # ------------------------------------------------------------
    # POINTING OUT
    # ------------------------------------------------------------

    @api.model
    def _cron_point_out(self):
        """Look at what was read of late in each association, however long it takes."""
        since = fields.Datetime.now() - LOOKED_BACK
        for company in self.env["res.company"].search([]):
            self._point_out(company, since)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _point_out(self, company, since):
        """Point out what stands out in an association since a moment, once.

        :return: the alerts that wait for an explanation by it
        """
        found = {}
        for kind, condition in self._conditions(company, since).items():
            for user_id, day, ids in self._standing_out(company, since, condition):
                found[user_id, kind, day] = ids
        if not found:
            return self.browse()
        alerts = self.sudo()
        known = {
            (one.reader_id.id, one.kind, one.day): one
            for one in alerts.search(
                [
                    ("company_id", "=", company.id),
                    ("day", ">=", min(day for _user, _kind, day in found)),
                ]
            )
        }
        told = self._more(known, found)
        told |= without_defaults(alerts).create(
            [
                {
                    "company_id": company.id,
                    "reader_id": user_id,
                    "kind": kind,
                    "day": day,
                    "line_ids": [Command.set(ids)],
                    "line_count": len(ids),
                }
                for (user_id, kind, day), ids in found.items()
                if (user_id, kind, day) not in known
            ]
        )
        told._tell()
        return told

    def _more(self, known, found):
        """Add to alerts what was read since; an explanation of before is none of it."""
        reopened = self.sudo()
        for key, alert in known.items():
            new = set(found.get(key, ())) - set(alert.line_ids.ids)
            if not new:
                continue
            if alert.state != "open":
                reopened |= alert
                alert._ask_again()
            alert.write(
                {
                    "state": "open",
                    "line_ids": [Command.link(line_id) for line_id in new],
                    "line_count": alert.line_count + len(new),
                }
            )
        return reopened

    def _ask_again(self):
        """Put the explanation into the talk: it says nothing of what was read since."""
        self._message_log(
            body=plaintext2html(self.explanation or ""),
            author_id=self.closed_by_id.partner_id.id,
        )
        self.write({"explanation": False, "closed_by_id": False, "date_closed": False})

    def _tell(self):
        """Give who answers for data protection one task for each alert."""
        for alert in self:
            alert.company_id._npo_give_task(
                alert._asker(),
                lambda env: (env._("Ask what this reading was for"), False),
                alert,
            )

    def _asker(self):
        """Return who asks: never who read."""
        company = self.company_id
        for role in ("data_protection_officer", "general_manager", "auditor"):
            if holders := company._npo_role_holders(role) - self.reader_id:
                return holders[0]
        return self.env.user

    @api.model
    def _standing_out(self, company, since, condition):
        """Return [(user, day where the association works, lines)] of staff alone."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT line.user_id,
                          (line.date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date,
                          array_agg(line.id)
                     FROM npo_access_log line
                     JOIN res_users reader ON reader.id = line.user_id
                    WHERE line.company_id = %(company)s AND line.date >= %(since)s
                      AND NOT reader.share AND %(condition)s
                 GROUP BY 1, 2""",
                tz=company._npo_tz(),
                company=company.id,
                since=since,
                condition=condition,
            )
        )

    @api.model
    def _was_read(self, alias):
        """Return the condition that a line is a reading, of what is not kept close."""
        return SQL(
            "%(line)s.way NOT IN %(ways)s"
            " AND coalesce(%(line)s.secrecy, 'normal') = 'normal'",
            line=alias,
            ways=OTHER_WAYS,
        )

    @api.model
    def _conditions(self, company, since):
        """Return {kind: condition on a line and its reader}."""
        near = SQL(
            """(EXISTS (
                   SELECT 1 FROM npo_household_member own
                     JOIN npo_household_member other
                       ON other.household_id = own.household_id
                    WHERE own.partner_id = reader.partner_id AND own.is_current
                      AND other.partner_id = line.person_ref AND other.is_current)
                OR EXISTS (
                   SELECT 1 FROM npo_representative acts
                    WHERE acts.date_revoked IS NULL AND (
                          (acts.partner_id, acts.representative_id)
                              = (line.person_ref, reader.partner_id)
                       OR (acts.partner_id, acts.representative_id)
                              = (reader.partner_id, line.person_ref))))
               AND line.person_ref <> reader.partner_id"""
        )
        colleague = SQL(
            """EXISTS (
                   SELECT 1 FROM res_users one
                    WHERE one.partner_id = line.person_ref AND one.active
                      AND NOT one.share AND one.id <> line.user_id)"""
        )
        # what came within an hour before each line, itself included
        bulk = SQL(
            """line.id IN (
                   SELECT id FROM (
                       SELECT id, count(*) OVER (
                                  PARTITION BY user_id ORDER BY date
                                  RANGE BETWEEN '1 hour' PRECEDING AND CURRENT ROW
                              ) AS within
                         FROM npo_access_log log
                        WHERE company_id = %s AND date >= %s AND %s) counted
                    WHERE within > %s)""",
            company.id,
            since - timedelta(hours=1),
            self._was_read(SQL("log")),
            company.npo_reading_limit,
        )
        readings = {
            "bulk": bulk,
            "own": SQL("line.person_ref = reader.partner_id"),
            "relative": near,
            "colleague": colleague,
        }
        was_read = self._was_read(SQL("line"))
        return {
            **{
                kind: SQL("%s AND %s", was_read, condition)
                for kind, condition in readings.items()
            },
            "list": SQL(
                "line.way = 'list' AND line.entry_count > %s", company.npo_list_limit
            ),
        }
