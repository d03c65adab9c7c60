from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_time

from ..core.guards import check_values
from ..core.locks import hold
from .inspection import NpoInspection as Base

# What a result is worth of what applies (glossary 20.1).
WORTH = {"ok": 1.0, "partial": 0.5, "not_ok": 0.0}


class NpoInspection(models.Model):
    """A round from beginning to end: one inspector, item after item (R184, R194)."""

    _inherit = Base._name

    # ------------------------------------------------------------
    # BEGIN
    # ------------------------------------------------------------

    def action_start(self):
        """Begin the round, or go on with one's own; one inspector carries it out."""
        self.ensure_one()
        self.check_access("write")
        hold(self)
        one = self.sudo()
        if one.state == "planned":
            one._check_day()
            one._begin(self.env.user)
        one._check_mine(self.env.user)
        return self._round_action()

    def action_take_over(self):
        """Go on with a round that a colleague began and cannot finish."""
        self.ensure_one()
        self.check_access("write")
        hold(self)
        one = self.sudo()
        if one.state != "in_progress":
            raise UserError(self.env._("Only a round under way is taken over."))
        if one.inspector_id != self.env.user:
            one.write(
                {
                    "taken_over_from_id": one.inspector_id.id,
                    "inspector_id": self.env.uid,
                }
            )
        return self._round_action()

    def _check_day(self):
        today = self.company_id._npo_today()
        if self.day != today:
            raise UserError(
                self.env._(
                    "This round is for another day: %(day)s. Today is %(today)s.",
                    day=self.day,
                    today=today,
                )
            )

    def _check_mine(self, user):
        """Raise unless the round is under way and this user carries it out."""
        if self.state == "in_progress" and self.inspector_id == user:
            return
        if self.state == "in_progress":
            raise UserError(
                self.env._(
                    "%(person)s began this round at %(time)s. Leave it to them, or take"
                    " it over.",
                    person=self.inspector_id.name,
                    time=format_time(
                        self.env,
                        self.date_started,
                        tz=self.company_id._npo_tz(),
                        time_format="short",
                    ),
                )
            )
        if self.state == "missed":
            raise UserError(
                self.env._("The day is over: this round counts as not performed.")
            )
        if self.state == "done":
            raise UserError(self.env._("This round is finished; it stays as it is."))
        raise UserError(self.env._("Begin the round first."))

    def _begin(self, user):
        """Take the items over from the checklist as it is now."""
        checklist = self.env["npo.checklist"]._of(self.company_id, self.kind)
        items = checklist._items_for(self.site_id)
        if not items:
            raise UserError(
                self.env._(
                    "The checklist has no item for this site. Add some to it under"
                    " Service Centre, Checklists."
                )
            )
        self.write(
            {
                "state": "in_progress",
                "inspector_id": user.id,
                "date_started": fields.Datetime.now(),
                "checklist_id": checklist.id,
                "checklist_version": checklist.version,
            }
        )
        lines = self.env["npo.inspection.line"].create(
            [
                {
                    "inspection_id": self.id,
                    "item_id": item.id,
                    "sequence": sequence,
                    "section": item.section,
                    "code": item.code,
                    "name": item.name,
                }
                for sequence, item in enumerate(items)
            ]
        )
        lines._copy_names()

    # ------------------------------------------------------------
    # THE SCREEN
    # ------------------------------------------------------------

    def _round_action(self):
        action = self.env["ir.actions.client"]._for_xml_id(
            "npo_relations.npo_inspection_round_action"
        )
        return {**action, "context": {"active_id": self.id}}

    def get_round(self):
        """Return what the screen shows: the items, and the day's figures."""
        self.ensure_one()
        self.check_access("read")
        lines = self.line_ids
        sections = dict(lines._fields["section"]._description_selection(self.env))
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        corrected = lines.sudo().action_ids.grouped("line_id")
        return {
            "name": self.name,
            "site": self.site_id.name,
            "kind": self.kind,
            "kind_name": kinds[self.kind],
            "is_open": self.state == "in_progress"
            and self.inspector_id == self.env.user,
            "score": self.score,
            "visits": self.visit_count,
            "waiting": round(self.waiting_minutes),
            "photo_mb": self.company_id.sudo().npo_max_upload_mb,
            "lines": [
                {
                    "id": line.id,
                    "section": line.section,
                    "section_name": sections[line.section],
                    "name": line.name,
                    "result": line.result,
                    "note": line.note or "",
                    "has_photo": line.has_photo,
                    "is_corrected": line in corrected,
                }
                for line in lines
            ],
        }

    # ------------------------------------------------------------
    # FINISH
    # ------------------------------------------------------------

    def action_finish(self, signed_name=""):
        """Finish the round: everything is answered; readiness is signed by name."""
        self.ensure_one()
        self.check_access("write")
        hold(self)
        one = self.sudo()
        one._check_mine(self.env.user)
        signed_name = (signed_name or "").strip()
        check_values(self, {"signed_name": signed_name})
        if left := one.line_ids.filtered(lambda line: not line.result):
            raise UserError(
                self.env._(
                    "Not answered yet: %(count)s. The first of them: %(name)s",
                    count=len(left),
                    name=left[0].name,
                )
            )
        applicable = one.line_ids.filtered(lambda line: line.result != "na")
        if not applicable:
            raise UserError(
                self.env._("Nothing applied: answer at least one item of the list.")
            )
        if one.kind == "readiness" and not signed_name:
            raise UserError(self.env._("Type your name: readiness is signed."))
        now = fields.Datetime.now()
        worth = sum(WORTH[line.result] for line in applicable)
        one.write(
            {
                "state": "done",
                "date_ended": now,
                "is_in_time": now <= one.date_due,
                "signed_name": signed_name,
                "score": 100 * worth / len(applicable),
                "red_count": len(
                    applicable.filtered(lambda line: line.result == "not_ok")
                ),
            }
        )
