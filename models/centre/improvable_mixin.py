from odoo import api, fields, models


class NpoImprovableMixin(models.AbstractModel):
    """What an improvement may come of: a suggestion, a poll, a complaint (R055)."""

    _name = "npo.improvable.mixin"
    _description = "Origin of Improvements"

    improvement_ids = fields.One2many(
        "npo.improvement",
        "res_id",
        string="Improvements",
        domain=lambda self: [("res_model", "=", self._name)],
    )
    improvement_count = fields.Integer(compute="_compute_improvement_count")

    @api.depends("improvement_ids")
    @api.depends_context("uid")
    def _compute_improvement_count(self):
        model = self.env["npo.improvement"]
        counts = {}
        if model.has_access("read"):
            domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
            counts = dict(model._read_group(domain, ["res_id"], ["__count"]))
        for record in self:
            record.improvement_count = counts.get(record._origin.id, 0)

    def _improvement_vals(self):
        """Return what an improvement takes over from the record that it comes of."""
        self.ensure_one()
        taken = {"company_id": self.company_id.id, "title": self.display_name}
        for name in ("site_id", "department_id", "service_id"):
            if name in self._fields:
                taken[name] = self[name].id
        return taken

    def action_improve(self):
        """Open an improvement that comes of the record."""
        self.check_access("read")
        self.ensure_one()
        return self.env["npo.improvement"]._open_from(self)._own_action()

    def action_view_improvements(self):
        """Open what came of the record."""
        self.check_access("read")
        self.ensure_one()
        self.env["npo.improvement"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Improvements"),
            "res_model": "npo.improvement",
            "view_mode": "list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {"create": False},
        }
