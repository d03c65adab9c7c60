from odoo import api, models


class NpoDocument(models.Model):
    """Documents that come from a spreadsheet (D16)."""

    _name = "npo.document"
    _inherit = ["npo.document", "npo.import.target"]

    @api.model
    def _npo_import_finish(self, vals):
        """Return what is wrong with the values of a row: [(field, sentence)]."""
        problems = []
        for name, sentence in (
            ("beneficiary_id", self.env._("Whose document it is, is missing.")),
            ("document_type_id", self.env._("The kind of document is missing.")),
        ):
            if not vals.get(name):
                problems.append((name, sentence))
        issued, expires = vals.get("issue_date"), vals.get("expiry_date")
        if issued and issued > self.env.company._npo_today():
            problems.append(
                (
                    "issue_date",
                    self.env._("A document cannot be issued in the future."),
                )
            )
        if issued and expires and expires < issued:
            problems.append(
                (
                    "expiry_date",
                    self.env._("A document cannot expire before it was issued."),
                )
            )
        return problems

    @api.model
    def _npo_import_resolve(self, vals_list):
        """Put the file in the place of the number by which a row names its person."""
        files = self.env["npo.beneficiary"]._npo_import_find(
            [vals["beneficiary_id"] for vals in vals_list]
        )
        missing = self.env._("Nobody has a file with this number.")
        problems = []
        for vals in vals_list:
            file = files.get(vals["beneficiary_id"])
            vals["beneficiary_id"] = file and file.id
            problems.append([] if file else [("beneficiary_id", missing)])
        return problems

    @api.model
    def _npo_import_present(self, vals_list):
        """Tell of each row whether the person's same document is on file already."""
        # sudo: restricted numbers too, only that the document is there is told
        lines = self.sudo().search_fetch(
            [
                ("beneficiary_id", "in", [v["beneficiary_id"] for v in vals_list]),
                ("document_type_id", "in", [v["document_type_id"] for v in vals_list]),
                ("state", "!=", "missing"),
            ],
            ["beneficiary_id", "document_type_id", "number", "restricted_number"],
        )
        known = {
            (
                line.beneficiary_id.id,
                line.document_type_id.id,
                line.number or line.restricted_number or "",
            )
            for line in lines
        }
        sentence = self.env._("This document is on file already.")
        return [
            (
                vals["beneficiary_id"],
                vals["document_type_id"],
                vals.get("number") or "",
            )
            in known
            and sentence
            for vals in vals_list
        ]
