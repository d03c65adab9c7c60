from odoo import fields, models
from odoo.exceptions import UserError


class NpoAppealableMixin(models.AbstractModel):
    """A decision about a person, to which the person may object (D12).

    What inherits it says when the decision was announced, whether it hurts anybody,
    on which file its duties were recorded, and what an outcome does to it.
    """

    _name = "npo.appealable.mixin"
    _description = "Decision Open to Objection"

    _appeal_subject = None

    def _appeal_announced(self):
        """Return the day on which the decision was announced, or False."""
        raise NotImplementedError

    def _appeal_file(self):
        """Return the record on which the duties of the decision were recorded."""
        return self

    def _appeal_apply(self, appeal):
        """Carry out the outcome of an objection."""
        raise NotImplementedError

    def _appeal_lodged(self, appeal):
        """Go on when somebody objected."""

    def _appeal_dropped(self, appeal):
        """Go on when an objection was taken back, or not let in: nothing changed."""

    def _appeal_last_day(self):
        """Return the last day of the period to object, or False."""
        self.ensure_one()
        announced = self._appeal_announced()
        days = self.company_id.npo_appeal_days
        return announced and fields.Date.add(announced, days=days)

    def _appeals(self):
        """Return the objections to what was decided here, newest first. In sudo."""
        return (
            self.env["npo.appeal"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )

    def _may_appeal(self):
        """Tell whether the decision may be objected to, in time or late.

        There is one open objection to a decision, and its outcome is final: only a
        new decision is objected to again.
        """
        self.ensure_one()
        announced = self.sudo()._appeal_announced()
        return bool(announced) and not any(
            not appeal.is_closed
            or (appeal.outcome and appeal.date_decision >= announced)
            for appeal in self._appeals()
        )

    # ------------------------------------------------------------
    # AT THE DESK
    # ------------------------------------------------------------

    def _require_appeal_clerk(self):
        """Raise unless the user records objections to this decision at the desk."""
        raise NotImplementedError

    def action_appeal(self):
        """Open the form in which an objection is recorded at the desk."""
        self.check_access("read")
        self.ensure_one()
        self._require_appeal_clerk()
        if not self._may_appeal():
            raise UserError(
                self.env._(
                    "There is no decision to object to: it was not announced, or an"
                    " objection to it was lodged already."
                )
            )
        if not self.partner_id:
            raise UserError(
                self.env._("Say who the person is first: an objection is somebody's.")
            )
        name = self._name.removeprefix("npo.")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record an objection"),
            "res_model": "npo.appeal.record",
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{name}_id": self.id},
        }
