from odoo import fields, models

MIN_LENGTH = 4  # fewer letters are found in everything
PER_HOUR = 20  # searches of one person


class NpoTraceSearch(models.TransientModel):
    """Is anything left of a person? Looked for in every table (D17, P016).

    What is typed is not kept: only where it was found is.
    """

    _name = "npo.trace.search"
    _description = "Search for What Is Left"

    words = fields.Text(
        "Names and numbers",
        help="One on each line, as they were written: name, mobile, identity number.",
    )
    result = fields.Text("Found in", readonly=True)

    def action_search(self):
        """Look through the whole database and show the tables it stands in."""
        self.ensure_one()
        self.env["npo.home"]._require_role("data_protection_officer")
        words = [word.strip() for word in (self.words or "").splitlines()]
        words = [word for word in words if word]
        # it would be found as well; the client saved it before, and raising would
        # bring it back
        self.write({"words": False, "result": False})
        if refusal := self._refusal(words):
            return self._refused(refusal)
        found = self.env["npo.forget"].sudo()._traces_of(words)
        self._log_search(found)
        self.sudo().result = self._told(found)
        return self._open_form()

    def _refusal(self, words):
        """Return why nothing is looked for now; a search that may be is counted."""
        if not words or any(sum(map(str.isalnum, word)) < MIN_LENGTH for word in words):
            return self.env._(
                "Write names and numbers of at least %s letters, one on each line.",
                MIN_LENGTH,
            )
        # nobody goes through a list of names this way
        guard, company = self.env["npo.flood.guard"], self.env.company
        key = guard._key(company, "trace", self.env.uid)
        if guard._is_full(company, {key: PER_HOUR}):
            return self.env._("You have looked often enough. Try again in an hour.")
        guard.sudo()._count(company, key, 60)
        return ""

    def _refused(self, message):
        """Return the notification of why nothing is looked for, then the form."""
        params = {"message": message, "type": "warning", "next": self._open_form()}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": params,
        }

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "new",
            "name": self.env._("Is anything left?"),
        }

    def _log_search(self, found):
        """Note that the user looked, and in how many tables there was something."""
        self.env["npo.access.log"]._write_lines(
            [
                {
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_name": f"{self._name},{self.id}",
                    "company_id": self.env.company.id,
                    "way": "read",
                    "entry_count": len(found),
                    "reason": self.env._("Is anything left?"),
                }
            ]
        )

    def _told(self, found):
        """Return in words where something was found."""
        if not found:
            return self.env._("Nothing is left of it in the database.")
        names = self.env["ir.model"].sudo()
        by_table = {
            model._table: names._get(model._name).name
            for model in self.env.values()
            if not model._abstract
        }
        return "\n".join(
            f"{by_table.get(table, table)}: {count}" for table, count in found.items()
        )
