from odoo import api, fields, models
from odoo.fields import Domain


class NpoPersonSearch(models.AbstractModel):
    """Search of the cases of a person as the front desk types it (D07, glossary 27).

    A case with `name` (its reference) and `partner_id` inherits this and shows
    `npo_search` in its search view. The persons are looked up first and their cases
    then taken by the index on `partner_id`: a condition on a column of the case OR a
    column of the contact can use no index at all.
    """

    _name = "npo.person.search"
    _description = "Search by Person"

    npo_search = fields.Char(
        "Name, phone or number",
        compute="_compute_npo_search",
        search="_search_npo_search",
        help="Finds a name in any spelling, a phone number in any form, a file or"
        " reference number, or an exact identity number.",
    )

    def _compute_npo_search(self):
        self.npo_search = False

    @api.model
    def _search_npo_search(self, operator, value):
        if operator in ("ilike", "like", "=") and isinstance(value, str):
            return self._npo_search_domain(value)
        if operator == "in":
            texts = [text for text in value if text]
            own = self.with_context(npo_many_texts=len(texts) > 1)
            return Domain.OR(own._npo_search_domain(text) for text in texts)
        return NotImplemented

    @api.model
    def _npo_search_domain(self, text):
        """Return the domain of the cases that a text may mean."""
        partner_ids = self.env["res.partner"]._npo_find_ids(text)
        reference = Domain("name", "ilike", (text or "").strip())
        return reference | Domain("partner_id", "in", partner_ids)
