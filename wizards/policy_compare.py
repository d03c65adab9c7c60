from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ..tools.hijri import format_both
from ..tools.text_diff import aligned, match, word_diff

# Not content of the policy: bookkeeping, and what the sections below show.
_LEFT_OUT = {
    "company_id",
    "create_uid",
    "date_in_force",
    "id",
    "kind",
    "minor_no",
    "number",
    "policy_id",
    "source_digest",
    "source_file_name",
    "state",
    "unevidenced_reason",
    "version_no",
    "write_uid",
}
_TYPES = {"boolean", "char", "date", "html", "integer", "many2one", "selection", "text"}
_MARKS = {
    "same": Markup("%s"),
    "old": Markup("<del style='background-color: #fbe0e0; color: #7a1414'>%s</del>"),
    "new": Markup("<ins style='background-color: #dff3e3; color: #0d4a1d'>%s</ins>"),
}


class NpoPolicyCompare(models.TransientModel):
    """Two versions of a policy side by side: parameters, lists and text (R035, R020).

    Clauses that were copied from each other are paired by their link; others, of texts
    that were read in anew, by their place and their words.
    """

    _name = "npo.policy.compare"
    _description = "Differences of Two Versions"

    policy_id = fields.Many2one("npo.policy", required=True, readonly=True)
    company_id = fields.Many2one(related="policy_id.company_id")
    old_version_id = fields.Many2one(
        "npo.policy.version",
        string="Former version",
        required=True,
        domain="[('policy_id', '=', policy_id)]",
    )
    new_version_id = fields.Many2one(
        "npo.policy.version",
        string="Later version",
        required=True,
        domain="[('policy_id', '=', policy_id)]",
    )
    show_all = fields.Boolean("Show what is the same too")
    html = fields.Html(compute="_compute_html", sanitize=False)

    @api.model
    def default_get(self, fields_list):
        """Take the two versions chosen in a list, the earlier one first."""
        values = super().default_get(fields_list)
        active_ids = self.env.context.get("active_ids") or []
        if self.env.context.get("active_model") != "npo.policy.version":
            return values
        if "default_new_version_id" in self.env.context:
            return values
        versions = self.env["npo.policy.version"].browse(active_ids)
        if len(versions) != 2 or len(versions.policy_id) != 1:
            raise UserError(self.env._("Choose two versions of one policy."))
        first, second = versions.sorted(lambda version: version._rank())
        return {
            **values,
            "policy_id": first.policy_id.id,
            "old_version_id": first.id,
            "new_version_id": second.id,
        }

    @api.depends("old_version_id", "new_version_id", "show_all")
    @api.depends_context("lang")
    def _compute_html(self):
        for compare in self:
            if not compare.old_version_id or not compare.new_version_id:
                compare.html = False
                continue
            compare.html = self.env["ir.qweb"]._render(
                "npo_relations.policy_compare_body",
                {"compare": compare, "sections": compare._sections()},
            )

    def action_print(self):
        """Print the comparison; a form is its user's."""
        self.ensure_one()
        self.check_access("read")
        return self.env.ref(
            "npo_relations.action_report_npo_policy_compare"
        ).report_action(self)

    # ------------------------------------------------------------
    # SECTIONS
    # ------------------------------------------------------------

    def _sections(self):
        """Return [{title, rows}]; a row is {kind, label, old, new} of marked texts.

        Only what differs, unless everything is asked for.
        """
        self.ensure_one()
        old, new = self.old_version_id, self.new_version_id
        old.check_access("read")
        new.check_access("read")
        lists = [
            (self.env._("Channels"), "channel_line_ids", self._channel_words),
            (self.env._("Tools of the officer"), "tool_ids", self._tool_words),
            (self.env._("Handling steps"), "step_ids", self._step_words),
            (self.env._("Signatories"), "signatory_ids", self._signatory_words),
        ]
        sections = [(self.env._("Parameters"), self._parameter_rows(old, new))]
        for title, name, words in lists:
            before, after = old[name].sorted(), new[name].sorted()
            sections.append((title, self._list_rows(before, after, words)))
        sections.append((self.env._("Text"), self._clause_rows(old, new)))
        return [
            {"title": title, "rows": kept}
            for title, rows in sections
            if (kept := [row for row in rows if self.show_all or row["kind"] != "same"])
        ]

    def _parameter_rows(self, old, new):
        rows = []
        for name, field in old._fields.items():
            if not self._is_parameter(name, field):
                continue
            values = [self._value_words(version, field) for version in (old, new)]
            rows.append(
                self._row(*values) | {"label": field._description_string(self.env)}
            )
        return rows

    def _is_parameter(self, name, field):
        bookkeeping = {
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }
        return (
            field.store
            and field.type in _TYPES
            and name not in _LEFT_OUT
            and name not in bookkeeping
        )

    def _value_words(self, version, field):
        """Return the value of a parameter as people read it."""
        value = version[field.name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if not value:
            return "0" if field.type == "integer" else ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "date":
            digits = version.company_id.npo_digits
            return format_both(value, self.env.lang or "en_US", digits)
        if field.type == "many2one":
            return value.display_name
        return html2plaintext(value) if field.type == "html" else str(value)

    def _list_rows(self, before, after, words, links=None):
        """Return the rows of two lists of records.

        :param words: gives the text of a record
        :param dict links: {new record: its former} where it is known
        """
        olds, news = [words(line) for line in before], [words(line) for line in after]
        places = {line: place for place, line in enumerate(before)}
        pairs = [
            (places[links[line]], place)
            for place, line in enumerate(after)
            if links and links.get(line) in places
        ]
        left = [a for a in range(len(olds)) if a not in {pair[0] for pair in pairs}]
        right = [b for b in range(len(news)) if b not in {pair[1] for pair in pairs}]
        pairs += [
            (left[a], right[b])
            for a, b in match([olds[a] for a in left], [news[b] for b in right])
        ]
        return [
            self._row(
                olds[a] if a is not None else None, news[b] if b is not None else None
            )
            for a, b in aligned(len(olds), len(news), pairs)
        ]

    def _clause_rows(self, old, new):
        links = {}
        for clause in new.clause_ids:
            former = clause.former_id
            while former and former.version_id != old:
                former = former.former_id
            links[clause] = former
        before = old.clause_ids.browse(
            [clause.id for clause, _depth in old.clause_ids._walk()]
        )
        after = new.clause_ids.browse(
            [clause.id for clause, _depth in new.clause_ids._walk()]
        )
        return self._list_rows(before, after, self._clause_words, links)

    @api.model
    def _row(self, old, new):
        """Return a row with its words marked; None is a line that is not there."""
        if old is None or new is None:
            kind = "new" if old is None else "old"
            return {
                "kind": kind,
                "label": "",
                "old": self._lines(_MARKS["old"] % old) if old is not None else "",
                "new": self._lines(_MARKS["new"] % new) if new is not None else "",
            }
        if old == new:
            text = self._lines(escape(old))
            return {"kind": "same", "label": "", "old": text, "new": text}
        parts = word_diff(old, new)
        return {
            "kind": "changed",
            "label": "",
            "old": self._marked(parts, "new"),
            "new": self._marked(parts, "old"),
        }

    @api.model
    def _marked(self, parts, left_out):
        text = Markup("").join(
            _MARKS[kind] % words for kind, words in parts if kind != left_out
        )
        return self._lines(text)

    @api.model
    def _lines(self, markup):
        return Markup("<br/>").join(Markup(line) for line in markup.split("\n"))

    # ------------------------------------------------------------
    # WORDS OF A LINE
    # ------------------------------------------------------------

    def _label_of(self, line, name):
        return dict(line._fields[name]._description_selection(self.env)).get(line[name])

    def _channel_words(self, line):
        notes = [self._label_of(line, "kind")]
        if line.origin != "policy":
            notes.append(self._label_of(line, "origin"))
        if not line.is_in_use:
            notes.append(self.env._("not in use"))
        channels = ", ".join(line.sudo().channel_ids.mapped("name"))
        return f"{line.name}: {channels} ({', '.join(filter(None, notes))})"

    def _tool_words(self, tool):
        return tool.name or ""

    def _step_words(self, step):
        words = f"{step.name} ({self._label_of(step, 'stage_code')})"
        if step.origin == "policy":
            return words
        return f"{words} · {self._label_of(step, 'origin')}"

    def _signatory_words(self, line):
        names = (self._label_of(line, "position"), line.name_on_document)
        return " · ".join(filter(None, names))

    def _clause_words(self, clause):
        label = f"{clause.label} " if clause.label else ""
        return label + clause._rendered()
