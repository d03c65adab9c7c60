from odoo import api, fields, models
from odoo.exceptions import UserError


class NpoVoiceMatch(models.TransientModel):
    """Choose who it is that left a number or an address, or enter them."""

    _name = "npo.voice.match"
    _description = "Find the Person"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference("Case", model_field="res_model", required=True)
    candidate_ids = fields.Many2many(
        "res.partner", string="Proposed", compute="_compute_candidate_ids"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        compute="_compute_person",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    new_name = fields.Char(
        "Name",
        compute="_compute_person",
        compute_sudo=False,
        store=True,
        readonly=False,
    )

    def _case(self):
        """Return what was said; whoever may write it may tell whose it is."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if model is None or not hasattr(model, "_match_candidates"):
            raise UserError(self.env._("There is nobody to find for this."))
        case = model.browse(self.res_id)
        case.check_access("write")
        return case

    @api.depends("res_model", "res_id")
    def _compute_candidate_ids(self):
        for form in self:
            form.candidate_ids = form._case()._match_candidates()

    @api.depends("res_model", "res_id")
    def _compute_person(self):
        """Propose who alone has the number or the address, else the name left."""
        for form in self:
            found = form.candidate_ids
            form.partner_id = found if len(found) == 1 else False
            form.new_name = form._case().contact_name

    def action_confirm(self):
        """Tie it to the person that was chosen."""
        self._case()._match(self.partner_id)

    def action_create(self):
        """Enter a new contact, and tie it to that one."""
        self._case()._match_new(self.new_name)
