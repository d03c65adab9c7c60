from odoo import fields, models
from odoo.tools import SQL

from .guards import without_defaults
from .stage import LEVELS


class NpoStageLog(models.Model):
    """The hand-over log of a case: each level, who, from when to when (R103).

    Written by the case's own moves, never by hand; the hours are stored when a case
    leaves a stage and never walked again.
    """

    _name = "npo.stage.log"
    _description = "Hand-over Log"
    _order = "id"

    res_model = fields.Char("Kind of case", required=True)
    res_id = fields.Many2oneReference("Case", model_field="res_model", required=True)
    company_id = fields.Many2one("res.company", string="Association", required=True)
    site_id = fields.Many2one("npo.site", index="btree_not_null")
    stage_id = fields.Many2one("npo.stage", required=True, ondelete="restrict")
    level = fields.Selection(LEVELS, readonly=True)
    is_waiting = fields.Boolean(
        "Waiting for the applicant",
        readonly=True,
        help="Time that is not the association's (R067).",
    )
    user_id = fields.Many2one("res.users", string="Moved by", required=True)
    owner_id = fields.Many2one("res.users", string="With")
    date_start = fields.Datetime("From", required=True)
    date_end = fields.Datetime("To")
    hours = fields.Float(aggregator="avg")
    date_due = fields.Date("Target", readonly=True)
    is_late = fields.Boolean(
        "Left after the target", readonly=True, help="The target was missed (R067)."
    )
    note = fields.Text("Hand-over note", readonly=True)

    _case_idx = models.Index("(res_model, res_id)")
    _open_idx = models.Index("(res_model, res_id) WHERE date_end IS NULL")

    def _enter(self, cases, close=True, note=False):
        """Note that the cases entered their stage now, and end the stage before.

        :param bool close: False for cases that were just made
        :param note: what the one who hands over tells the next
        """
        now = fields.Datetime.now()
        if close:
            self._leave(cases, now)
        without_defaults(self.sudo()).create(
            [
                {
                    "res_model": case._name,
                    "res_id": case.id,
                    "company_id": case.company_id.id,
                    "site_id": case.site_id.id,
                    "stage_id": case.stage_id.id,
                    "level": case.level,
                    "is_waiting": case._is_waiting(),
                    "user_id": self.env.uid,
                    "owner_id": case._holder().id,
                    "date_start": now,
                    "date_due": case._stage_due(),
                    "note": note,
                }
                for case in cases.sudo()
            ]
        )

    def _leave(self, cases, now):
        """End the open lines of the cases; what was left after its target is marked."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE npo_stage_log l
                   SET date_end = %(now)s,
                       -- the clock of a server may have been set back
                       hours = GREATEST(0, EXTRACT(
                           EPOCH FROM (%(now)s - date_start)) / 3600),
                       is_late = date_due IS NOT NULL AND date_due < (
                           %(now)s AT TIME ZONE 'UTC'
                           AT TIME ZONE COALESCE(c.npo_tz, 'Asia/Riyadh'))::date
                  FROM res_company c
                 WHERE c.id = l.company_id AND l.res_model = %(model)s
                   AND l.res_id = ANY(%(ids)s) AND l.date_end IS NULL
                """,
                now=now,
                model=cases._name,
                ids=cases.ids,
            )
        )
        self.invalidate_model(["date_end", "hours", "is_late"])
