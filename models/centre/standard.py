import json
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import file_path

WEIGHTS = {"met": 1, "partial": 0.5, "unmet": 0}


class NpoStandard(models.Model):
    """A standard or good practice, and how far the association meets it (R073)."""

    _name = "npo.standard"
    _description = "Standard"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    source = fields.Char("Where it is written", translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    item_ids = fields.One2many("npo.standard.item", "standard_id", "Items")
    met_percent = fields.Float(
        "Met (%)", compute="_compute_met", store=True, aggregator="avg"
    )
    open_count = fields.Integer("Not assessed yet", compute="_compute_met", store=True)

    @api.depends("item_ids.state")
    def _compute_met(self):
        """What is met counts whole, what is met in part half; of what applies."""
        for standard in self:
            states = standard.item_ids.mapped("state")
            judged = [WEIGHTS[state] for state in states if state in WEIGHTS]
            standard.met_percent = 100 * sum(judged) / len(judged) if judged else 0
            standard.open_count = states.count("open")


class NpoStandardItem(models.Model):
    """What a standard asks for, and what shows that it is met."""

    _name = "npo.standard.item"
    _description = "Item of a Standard"
    _inherit = ["npo.improvable.mixin"]
    _order = "standard_id, sequence, id"
    _check_company_auto = True

    standard_id = fields.Many2one(
        "npo.standard", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="standard_id.company_id", string="Association", store=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("What is asked for", required=True, translate=True)
    state = fields.Selection(
        [
            ("open", "Not assessed"),
            ("met", "Met"),
            ("partial", "Met in part"),
            ("unmet", "Not met"),
            ("na", "Does not apply"),
        ],
        "Self-assessment",
        required=True,
        default="open",
    )
    evidence = fields.Text("What shows it")
    evidence_url = fields.Char("Link to it")
    file = fields.Binary("Document", attachment=True)
    file_name = fields.Char()
    date_assessed = fields.Date("Assessed on", readonly=True, copy=False)
    user_id = fields.Many2one("res.users", "Assessed by", readonly=True, copy=False)

    @api.constrains("state", "evidence", "evidence_url", "file")
    def _check_evidence(self):
        for item in self:
            shown = (item.evidence or "").strip() or item.evidence_url or item.file
            if item.state in ("met", "partial") and not shown:
                raise ValidationError(
                    self.env._("Write what shows that “%s” is met.", item.name)
                )

    @api.constrains("file", "file_name")
    def _check_file(self):
        for item in self.filtered("file"):
            self.env["npo.document"]._check_content(
                item.with_context(bin_size=False).file, item.file_name, item.company_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._assessed(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._assessed(vals))

    def _assessed(self, vals):
        """Return the values with the day and the person of the assessment."""
        vals = {k: v for k, v in vals.items() if k not in ("date_assessed", "user_id")}
        if "state" in vals:
            is_open = vals["state"] == "open"
            today = self.env.company._npo_today()
            vals["date_assessed"] = not is_open and today
            vals["user_id"] = not is_open and self.env.uid
        return vals


class ResCompany(models.Model):
    """A new association finds the standards that are asked for most, not assessed."""

    _inherit = "res.company"

    def _npo_apply_profile(self, code):
        # EXTENDS: the register of standards (R073)
        version = super()._npo_apply_profile(code)
        company = self.sudo().with_company(self).with_context(lang="en_US")
        company._npo_load_standards()
        return version

    def _npo_load_standards(self):
        """Create the standards that the association lacks."""
        standards = self.env["npo.standard"].with_context(active_test=False)
        known = standards.search([("company_id", "=", self.id)]).mapped("code")
        path = file_path("npo_relations/data/profiles/standards.json")
        for entry in json.loads(Path(path).read_text(encoding="utf-8")):
            if entry["code"] in known:
                continue
            vals = {key: entry[key] for key in ("code", "name", "source")}
            standard = self._npo_create_named("npo.standard", [vals])
            items = [
                {"standard_id": standard.id, "name": name, "sequence": number}
                for number, name in enumerate(entry["items"], start=1)
            ]
            self._npo_create_named("npo.standard.item", items)
