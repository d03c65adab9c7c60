import re

from odoo import fields, models

from ...tools.arabic import to_arabic_digits, to_latin_digits

ARABIC = "ar_001"
_ARABIC_LETTER = re.compile(r"[\u0621-\u064a]")
_LABEL_MARKS = " \t.-–:)(،/"
# Parts that list several things: where none is numbered, the paper numbers them.
_LISTED = {
    "stakeholder_class",
    "objective",
    "mean",
    "channel",
    "tool",
    "step",
    "goal",
    "responsibility",
    "provision",
    "centre_task",
}


class NpoPolicyVersion(models.Model):
    """A version as people read it: on paper and on the public page (R002, R009–R018).

    Both are made of the clauses, so that the contents, the page and the paper cannot
    differ (R014).
    """

    _inherit = "npo.policy.version"

    opening_text = fields.Char(help="Printed above the title. Empty: the basmala.")
    closing_text = fields.Char(help="Printed on the last page. Empty: thanks.")

    # ------------------------------------------------------------
    # TEXT
    # ------------------------------------------------------------

    def _text_rows(self, digits="latin"):
        """Return the clauses in the order of the text, as rows of paper and page.

        The words stay as approved; numbers before them are in the digits asked for.
        The section of the approval is left out: it is made of the data (R009).

        :return: [{clause, anchor, depth, kind, label, term, text}], kind being
            "heading", "item" or "paragraph"
        """
        self.ensure_one()
        children = self.clause_ids.grouped("parent_id")
        roots = children.get(self.clause_ids.browse(), self.clause_ids.browse())
        rows = []
        stack = [(clause, 0) for clause in reversed(roots)]
        labels = self._text_labels(children)
        while stack:
            clause, depth = stack.pop()
            if clause.role == "approval":
                continue
            rows.append(clause._text_row(depth, labels.get(clause.id, ""), digits))
            below = children.get(clause, self.clause_ids.browse())
            stack += [(child, depth + 1) for child in reversed(below)]
        return rows

    def _text_labels(self, children):
        """Return the numbers of the clauses: as printed, else counted in a list.

        :param children: {clause: its clauses}
        :return: {clause id: number}
        """
        labels = {}
        for siblings in children.values():
            for clause in siblings.filtered("label"):
                labels[clause.id] = clause.label.strip(_LABEL_MARKS)
            for role, listed in siblings.grouped("role").items():
                if (
                    role in _LISTED
                    and len(listed) > 1
                    and not any(listed.mapped("label"))
                ):
                    labels |= {
                        clause.id: str(number)
                        for number, clause in enumerate(listed, start=1)
                    }
        return labels

    def _text_contents(self, rows):
        """Return the rows of the contents: the headings of the first level (R014)."""
        return [row for row in rows if row["kind"] == "heading" and not row["depth"]]

    # ------------------------------------------------------------
    # PAPER
    # ------------------------------------------------------------

    def _print_lang(self):
        """Return the language of the paper: that of the text, which is as approved."""
        self.ensure_one()
        sample = self.title_as_approved or self.clause_ids[:1].text or ""
        return ARABIC if _ARABIC_LETTER.search(sample) else None

    def _print_title(self):
        return self.title_as_approved or self.policy_id.name

    def _was_approved(self):
        """Tell whether a body approved the version, in force by now or not."""
        self.ensure_one()
        return not self.is_evidence_missing and self.state in (
            "scheduled",
            "approved",
            "superseded",
        )

    def _print_meeting(self, p):
        """Return the approving meeting, with what is known of it (R006)."""
        self.ensure_one()
        year = p.number(self.approval_year or "")
        return p.number(self.meeting_text or "") or p.both(self.approval_date) or year

    def _print_version(self, p):
        """Return the version in words: as the document calls it, or as printed."""
        self.ensure_one()
        return self.ordinal_label or p.number(self.version_label or "")

    def _print_names(self, p):
        """Return what stands below the name: short name, acronym, slogan (R015)."""
        names = [p.company.npo_short_name, *p.motto]
        return list(dict.fromkeys(name for name in names if name))


class NpoPolicyClause(models.Model):
    _inherit = "npo.policy.clause"

    def _text_row(self, depth, label, digits):
        """Return the clause as a row of `_text_rows`."""
        self.ensure_one()
        to_digits = to_arabic_digits if digits == "arabic" else to_latin_digits
        kind = "paragraph"
        if self.is_heading:
            kind = "heading"
        elif label or (depth and self.role in _LISTED):
            kind = "item"
        return {
            "clause": self,
            "anchor": f"clause-{self.id}",
            "depth": depth,
            "kind": kind,
            "label": to_digits(label),
            "term": self.term or "",
            "text": self._rendered_text(),
        }
