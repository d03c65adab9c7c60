from odoo import api, models


class NpoImportTarget(models.AbstractModel):
    """What a register says to an import of its rows (D16).

    The values of a row pass through these in order: `finish` by itself, `resolve` and
    `present` with the others of its batch; then they are created as the user.
    """

    _name = "npo.import.target"
    _description = "Register that Takes Rows of a Spreadsheet"

    @api.model
    def _npo_import_finish(self, vals):
        """Complete the values of a row.

        :return: what is wrong: [(field, sentence)]
        """
        return []

    @api.model
    def _npo_import_resolve(self, vals_list):
        """Put records in the place of the numbers by which rows name them.

        :return: what is wrong with each row: [[(field, sentence)]]
        """
        return [[] for _vals in vals_list]

    @api.model
    def _npo_import_person(self, vals):
        """Return what a person is known by; False where only the whole row says it."""
        return False

    @api.model
    def _npo_import_present(self, vals_list):
        """Tell of each row whether the register has it already.

        :return: a sentence for each, or False
        """
        return [False for _vals in vals_list]

    def _npo_import_created(self, target):
        """Do what the user asked for with the new records."""

    def _npo_import_undo(self):
        """Take back what an import of all or none made."""
        self.unlink()
