from odoo import api, fields, models


class NpoImportRow(models.Model):
    """What became of a row of a spreadsheet.

    It holds no value of the row: its number, what is wrong in which column, the record
    that it became, and a keyed hash, by which the same row is known again in another
    run and from which nobody learns what stood in it.
    """

    _name = "npo.import.row"
    _description = "Row of an Import"
    _order = "import_id, number"

    import_id = fields.Many2one(
        "npo.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    register = fields.Char(required=True)
    number = fields.Integer("Row", required=True)
    state = fields.Selection(
        [
            ("ready", "Good"),
            ("error", "Error"),
            ("twice", "Twice in the file"),
            ("present", "On file already"),
            ("created", "Imported"),
        ],
        string="Outcome",
        required=True,
    )
    key = fields.Char(groups="base.group_system")
    person_key = fields.Char(groups="base.group_system")
    res_id = fields.Many2oneReference(model_field="res_model")
    res_model = fields.Char()
    problems = fields.Json(help="[letter of the column, its title, what is wrong]")
    problem_text = fields.Char("What is wrong", compute="_compute_problem_text")

    _key_uniq = models.UniqueIndex(
        "(company_id, register, key) WHERE state = 'created'",
        "This row was imported already.",
    )
    _number_uniq = models.UniqueIndex("(import_id, number)", "This row is known.")
    _person_idx = models.Index("(import_id, person_key)")

    @api.depends("problems")
    def _compute_problem_text(self):
        for row in self:
            row.problem_text = " · ".join(
                f"{letter} {title}: {text}" if letter else text
                for letter, title, text in row.problems or []
            )
