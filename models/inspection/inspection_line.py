import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...tools.photo import PhotoError, clean_photo
from ..centre.improvable_mixin import NpoImprovableMixin
from ..core.guards import check_values
from .checklist import SECTIONS

RED = ("partial", "not_ok")
# What the inspector writes of an item; everything else is of the round.
ANSWER = {"result", "note", "photo"}


class NpoInspectionLine(models.Model):
    """One item of a round, as the checklist had it when the round began (R195–R197)."""

    _name = "npo.inspection.line"
    _description = "Item of a Round"
    _inherit = [NpoImprovableMixin._name]
    _order = "inspection_id, sequence, id"

    inspection_id = fields.Many2one(
        "npo.inspection", "Round", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="inspection_id.company_id",
        string="Association",
        store=True,
        precompute=True,
    )
    site_id = fields.Many2one(related="inspection_id.site_id")
    item_id = fields.Many2one(
        "npo.checklist.item", index="btree_not_null", ondelete="set null"
    )
    sequence = fields.Integer()
    section = fields.Selection(SECTIONS, required=True, readonly=True)
    code = fields.Char(readonly=True)
    name = fields.Char(
        "What is looked at", required=True, readonly=True, translate=True
    )
    result = fields.Selection(
        [
            ("ok", "In order"),
            ("partial", "Partly in order"),
            ("not_ok", "Not in order"),
            ("na", "Does not apply"),
        ]
    )
    note = fields.Text()
    photo = fields.Binary(
        attachment=True, copy=False, help="Of the place, never of people."
    )
    has_photo = fields.Boolean(readonly=True)
    date_answered = fields.Datetime("Answered on", readonly=True)
    action_ids = fields.One2many(
        "npo.corrective.action", "line_id", "Corrective actions", readonly=True
    )

    @api.constrains("result", "note")
    def _check_note(self):
        """What is not in order is described (R195)."""
        for line in self:
            if line.result in RED and not (line.note or "").strip():
                raise ValidationError(
                    self.env._("Write what is not in order: %s", line.name)
                )

    # ------------------------------------------------------------
    # ANSWER
    # ------------------------------------------------------------

    def write(self, vals):
        check_values(self, vals)
        if not self.env.su:
            self._check_answer(vals)
        vals = dict(vals)
        if "photo" in vals:
            vals["photo"] = self._cleaned(vals["photo"])
            vals["has_photo"] = bool(vals["photo"])
        if "result" in vals:
            vals["date_answered"] = fields.Datetime.now()
        if {"has_photo", "date_answered"} & set(vals):
            self.check_access("write")
            return super(NpoInspectionLine, self.sudo()).write(vals)
        return super().write(vals)

    def _check_answer(self, names):
        """Raise unless the inspector of a round under way answers its items."""
        if set(names) - ANSWER:
            raise AccessError(
                self.env._("Only result, note and photo of an item are written.")
            )
        self.check_access("write")
        for one in self.sudo().inspection_id:
            one._check_mine(self.env.user)

    def _cleaned(self, photo):
        """Return a photo as it is kept: small, without place, time and device."""
        if not photo:
            return False
        company = self.company_id[:1].sudo() or self.env.company
        try:
            content = base64.b64decode(photo, validate=False)
        except (binascii.Error, ValueError, TypeError):
            content = b""
        limit = company.npo_max_upload_mb
        if limit and len(content) > limit * 1024 * 1024:
            raise UserError(
                self.env._(
                    "This photo is too large: %(size)s megabytes, and %(limit)s at most"
                    " can be sent. Choose a smaller size in the camera and take it"
                    " again; your answer and note are kept.",
                    size=round(len(content) / 1024 / 1024),
                    limit=limit,
                )
            )
        try:
            return base64.b64encode(clean_photo(content, company.npo_photo_kb * 1024))
        except PhotoError:
            raise UserError(
                self.env._(
                    "This is not a photo that can be shown: choose a JPEG or PNG"
                    " picture, whatever the name of the file says."
                )
            ) from None

    # ------------------------------------------------------------
    # WHAT COMES OF IT
    # ------------------------------------------------------------

    @api.depends("name", "inspection_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name

    def _improvement_vals(self):
        # EXTENDS npo.improvable.mixin: what stands in the way is an obstacle (R083)
        vals = super()._improvement_vals()
        return {**vals, "kind": "obstacle", "description": self.note}

    def action_correct(self):
        """Open the corrective action of the item, made at once (R198)."""
        self.ensure_one()
        self.check_access("read")
        if self.result not in RED:
            raise UserError(
                self.env._("Only what is not in order is put right. Answer it first.")
            )
        actions = self.env["npo.corrective.action"]
        action = self.sudo().action_ids[:1].with_env(self.env)
        if not action:
            actions.check_access("create")
            action = actions.sudo()._open_from_line(self).with_env(self.env)
        return {
            "type": "ir.actions.act_window",
            "res_model": actions._name,
            "res_id": action.id,
            "view_mode": "form",
        }

    def _copy_names(self):
        """Take the names over in all languages; one statement for the whole round."""
        self.flush_recordset(["name", "item_id"])
        self.env.cr.execute(
            SQL(
                "UPDATE npo_inspection_line line SET name = item.name"
                " FROM npo_checklist_item item"
                " WHERE item.id = line.item_id AND line.id = ANY(%s)",
                self.ids,
            )
        )
        self.invalidate_recordset(["name"])
