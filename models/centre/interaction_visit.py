from odoo import fields, models
from odoo.exceptions import UserError

from .interaction import NpoInteraction as Base
from .interaction_letter import NpoInteraction as Letter


class NpoInteraction(models.Model):
    """The end of a visit: it takes its time, and no question stays open (R105, R106).

    What a visitor asks are inquiries of the visit, as many as there are. Each is
    answered, or passed on and followed up, before the visit ends.
    """

    _inherit = Base._name

    _step_fields = Letter._step_fields | {"date_ended"}

    inquiry_ids = fields.One2many(
        "npo.inquiry", "interaction_id", string="Questions of the visit"
    )
    date_ended = fields.Datetime("Ended on", readonly=True, copy=False)

    def action_end(self):
        """End visits; how long they took is kept where nobody wrote it."""
        self._check_handler()
        now = fields.Datetime.now()
        for visit in self.filtered(lambda one: not one.date_ended).sudo():
            visit._check_nothing_open()
            minutes = max(0, int((now - visit.date).total_seconds() // 60))
            visit.write({"date_ended": now, "duration": visit.duration or minutes})

    def _check_nothing_open(self):
        """Raise while a question was neither answered nor passed on (R105)."""
        waiting = self.inquiry_ids.filtered(lambda one: one.stage_code == "new")
        if waiting:
            raise UserError(
                self.env._(
                    "Asked and not answered yet: %s. Answer now, or pass it on to the"
                    " liaison officer, who answers later.",
                    ", ".join(waiting.mapped("name")),
                )
            )
