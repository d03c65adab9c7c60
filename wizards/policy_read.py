import base64
import difflib

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_list

from ..tools.arabic import fold
from ..tools.policy_reader import ReadError, read_bytes, read_text
from .policy_read_proposal import company_values, version_values

# More lines than these of a text are not shown beside the proposal.
SHOWN_LINES = 1500
# Two sentences more alike than this are one sentence that was changed.
ALIKE = 0.6
# A longer text is no sentence: likeness is not looked for in it.
COMPARED_LENGTH = 2000


class NpoPolicyRead(models.TransientModel):
    """Reading an approved policy from the association's own text: R001–R041, Annex A.

    The text is read into a proposal, which the governance officer sees beside it and
    corrects; confirming makes a draft of a version. Nothing is guessed: what the text
    does not say stays empty and is named.
    """

    _name = "npo.policy.read"
    _description = "Read a Policy"

    state = fields.Selection(
        [("source", "Text"), ("review", "Proposal"), ("done", "Draft made")],
        default="source",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    policy_id = fields.Many2one(
        "npo.policy",
        domain="[('company_id', '=', company_id)]",
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        help="A new version of this policy is made. Empty: a policy not yet in the"
        " register.",
    )
    base_version_id = fields.Many2one(
        "npo.policy.version", compute="_compute_base_version_id"
    )
    file = fields.Binary("Approved text", help="A .docx, .md or .txt file.")
    file_name = fields.Char()
    text = fields.Text("Or the text itself", help="Copied from the document.")
    fact_ids = fields.One2many("npo.policy.read.fact", "read_id", string="Facts")
    clause_ids = fields.One2many("npo.policy.read.clause", "read_id", string="Clauses")
    item_ids = fields.One2many(
        "npo.policy.read.item", "read_id", string="Channels, tools and steps"
    )
    slip_ids = fields.One2many("npo.policy.read.slip", "read_id", string="Slips")
    read_text = fields.Text(readonly=True)
    text_html = fields.Html("The text, line by line", readonly=True, sanitize=False)
    summary = fields.Html("What was found", readonly=True, sanitize=False)
    association_names = fields.Char(
        readonly=True, help="As the text writes them, with a bar between them."
    )
    signatory_positions = fields.Char(readonly=True)
    version_id = fields.Many2one("npo.policy.version", readonly=True)

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Read a Policy")

    @api.depends("company_id")
    def _compute_policy_id(self):
        """The policy that runs the cases is the one whose new text comes in."""
        for wizard in self:
            wizard.policy_id = self.env["npo.policy"].search(
                [
                    ("company_id", "=", wizard.company_id.id),
                    ("is_operating", "=", True),
                ],
                limit=1,
            )

    @api.depends("policy_id")
    def _compute_base_version_id(self):
        for wizard in self:
            policy = wizard.policy_id
            wizard.base_version_id = policy.current_version_id or policy.version_ids[:1]

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    def action_read(self):
        """Read the text into a proposal."""
        self.ensure_one()
        self._check_may_read()
        reading = self._reading()
        self._check_not_known(reading.text)
        names = [reading.facts.association_name, *reading.facts.association_variants]
        self.association_names = "|".join(filter(None, names))
        self.write(
            {
                "state": "review",
                "read_text": reading.text,
                "signatory_positions": " ".join(reading.facts.signatory_positions),
                "fact_ids": self._replace(self._fact_vals(reading)),
                "clause_ids": self._replace(self._clause_vals(reading)),
                "item_ids": self._replace(self._item_vals(reading)),
                "slip_ids": self._replace(self._slip_vals(reading)),
                "text_html": self._text_html(reading),
            }
        )
        self.summary = self._summary(reading)
        return self._reopen()

    def action_back(self):
        """Go back to the text; the proposal is made anew from there."""
        self.ensure_one()
        self._check_may_read()
        if self.state == "review":
            self.state = "source"
        return self._reopen()

    def _check_may_read(self):
        self.env["npo.policy.version"]._check_governance()
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "Choose %(association)s among your associations first, at the top"
                    " of the screen.",
                    association=self.company_id.sudo().name,
                )
            )

    @api.model
    def _replace(self, vals_list):
        return [Command.clear(), *(Command.create(vals) for vals in vals_list)]

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read a Policy"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def _reading(self):
        """Return what the reader makes of the text; raise what to do where it fails."""
        try:
            if self.file:
                return read_bytes(base64.b64decode(self.file), self.file_name or "")
            return read_text(self.text or "")
        except ReadError as error:
            raise UserError(self._error_message(error.code)) from error

    @api.model
    def _error_message(self, code):
        messages = {
            "empty": self.env._(
                "There is no text to read. Choose the file of the approved policy, or"
                " paste its text."
            ),
            "encoding": self.env._(
                "The letters of the file cannot be read. Save it as UTF-8 text or as"
                " .docx, and choose it again."
            ),
            "too_large": self.env._(
                "The file is larger than 5 MB. Save the text without its pictures, and"
                " choose it again."
            ),
            "damaged": self.env._(
                "The document is damaged. Open it in a word processor, save it anew as"
                " .docx, and choose it again."
            ),
            "kind": self.env._(
                "Files of this kind are not read. Choose a .docx, .md or .txt file, or"
                " paste the text."
            ),
            "not_policy": self.env._(
                "This does not read like a policy on relations with beneficiaries: its"
                " headings were not found. Choose the approved policy itself."
            ),
        }
        return messages.get(code) or messages["damaged"]

    def _check_not_known(self, text):
        """Refuse the text of a version that is there already."""
        versions = self.env["npo.policy.version"]
        known = versions.search(
            [
                ("company_id", "=", self.company_id.id),
                ("source_digest", "=", versions._digest(text)),
            ],
            limit=1,
        )
        if known:
            raise UserError(
                self.env._(
                    "This very text was read already: %(version)s.",
                    version=known.display_name,
                )
            )

    # ------------------------------------------------------------
    # PROPOSAL
    # ------------------------------------------------------------

    def _fact_vals(self, reading):
        """Return a line for each fact, with what the present version says."""
        fact = self.env["npo.policy.read.fact"]
        policy = ("npo.policy", self.policy_id)
        version = ("npo.policy.version", self.base_version_id)
        company = ("res.company", self.company_id)
        rows = [
            ("document", *policy, "kind", reading.facts.kind),
            *(
                (section, *version, name, value)
                for section, name, value in version_values(reading.facts)
            ),
            *(
                ("association", *company, name, self._region(value, name))
                for name, value in company_values(reading.facts)
            ),
        ]
        return [
            {
                "sequence": number,
                "section": section,
                "model": model,
                "field": name,
                "label": self.env[model]._fields[name]._description_string(self.env),
                "value": fact._to_text(model, name, value),
                "current": record and fact._to_text(model, name, record[name]),
            }
            for number, (section, model, record, name, value) in enumerate(rows)
        ]

    def _region(self, value, name):
        if name != "npo_region_id" or not value:
            return value
        return self.env["npo.region"].search([("code", "=", value)], limit=1)

    def _clause_vals(self, reading):
        """Return a line for each clause, compared with the present version's."""
        rows = [
            (depth, clause)
            for root in reading.clauses
            for depth, clause in _walk(root, 0)
        ]
        topics = self.env["npo.policy.topic"]._match(
            [(clause.text, clause.role) for _depth, clause in rows]
        )
        known = self._known_texts()
        return [
            {
                "sequence": number,
                "depth": depth,
                "key": clause.key,
                "role": clause.role,
                "is_heading": clause.heading,
                "label": clause.label,
                "term": clause.term,
                "text": clause.text,
                "line_no": ", ".join(map(str, clause.lines)),
                "topic_id": topic.id,
                "change": self._change(clause.text, known) if known else False,
            }
            for number, ((depth, clause), topic) in enumerate(
                zip(rows, topics, strict=True)
            )
        ]

    def _known_texts(self):
        """Return the texts of the present version's clauses, folded."""
        return {fold(clause.text) for clause in self.base_version_id.clause_ids}

    def _with_placeholder(self, text):
        """Return the text with the association's name left to be filled in (R019)."""
        names = (self.association_names or "").split("|")
        for name in sorted(filter(None, names), key=len, reverse=True):
            text = text.replace(name, "{association}")
        return text

    def _change(self, text, known):
        """Tell how a text of the document stands to the present version's."""
        key = fold(self._with_placeholder(text))
        if key in known:
            return "same"
        if len(key) > COMPARED_LENGTH:
            return "new"
        alike = difflib.get_close_matches(key, known, n=1, cutoff=ALIKE)
        return "changed" if alike else "new"

    def _item_vals(self, reading):
        """Return a line for each channel, tool and step that the text lists."""
        channels = self.env["npo.channel"].with_context(active_test=False).search([])
        channel_ids = {channel.code: channel.id for channel in channels}
        stages = {
            stage.code: stage.id
            for stage in self.env["npo.stage"].search([("kind", "=", "request")])
        }
        facts = reading.facts
        rows = [
            *(
                {
                    "kind": kind,
                    "name": channel.text,
                    "key": channel.clause_key,
                    "channel_ids": [
                        Command.set(
                            [
                                channel_ids[code]
                                for code in channel.codes
                                if code in channel_ids
                            ]
                        )
                    ],
                }
                for kind, listed in (
                    ("communication", facts.channels),
                    ("complaint", facts.complaint_channels),
                )
                for channel in listed
            ),
            *(
                {
                    "kind": "tool",
                    "name": tool.text,
                    "key": tool.clause_key,
                    "code": tool.code,
                }
                for tool in facts.tools
            ),
            *(
                {
                    "kind": "step",
                    "name": step.text,
                    "key": step.clause_key,
                    "stage_id": stages.get(step.stage),
                }
                for step in facts.steps
            ),
        ]
        return [{**vals, "sequence": number} for number, vals in enumerate(rows)]

    def _slip_vals(self, reading):
        return [
            {
                "key": slip.clause_key,
                "line_no": str(slip.line),
                "printed": slip.printed,
                "proposed": slip.proposed,
                "kind": slip.kind,
                # a number and a line that is no clause have no words to correct
                "decision": "propose" if slip.clause_key and slip.printed else "note",
            }
            for slip in reading.slips
        ]

    # ------------------------------------------------------------
    # THE TEXT BESIDE THE PROPOSAL
    # ------------------------------------------------------------

    def _text_html(self, reading):
        """Return the lines with their numbers; left-out ones grey, slips marked."""
        reasons = {item.line: item.reason for item in reading.left_out}
        slips = {slip.line: slip for slip in reading.slips}
        lines = reading.text.splitlines()
        rows = [
            self._line_html(number, line, reasons.get(number), slips.get(number))
            for number, line in enumerate(lines[:SHOWN_LINES], start=1)
            if line.strip()
        ]
        if len(lines) > SHOWN_LINES:
            rows.append(
                Markup("<tr><td></td><td>%s</td></tr>")
                % self.env._("Lines not shown here: %s", len(lines) - SHOWN_LINES)
            )
        return Markup("<table class='o_npo_read_text' dir='auto'>%s</table>") % Markup(
            ""
        ).join(rows)

    def _line_html(self, number, line, reason, slip):
        note = reason and self._reason_label(reason)
        text = escape(line)
        if slip and slip.printed:
            marked = Markup("<mark>%s</mark>") % slip.printed
            text = text.replace(escape(slip.printed), marked, 1)
        return Markup("<tr class='%s'><td>%s</td><td>%s%s</td></tr>") % (
            "text-muted" if note else "",
            number,
            text,
            Markup(" <small>(%s)</small>") % note if note else "",
        )

    @api.model
    def _reason_label(self, reason):
        """Return why a line is no clause, in words."""
        labels = {
            "title": self.env._("title"),
            "toc": self.env._("table of contents"),
            "info_block": self.env._("information block"),
            "version_label": self.env._("version"),
            "preparer": self.env._("preparer"),
            "signatory_table": self.env._("signatories"),
            "signature": self.env._("signatories"),
            "chair_signature": self.env._("signatories"),
            "basmala": self.env._("basmala"),
            "thanks": self.env._("thanks"),
            "approval_line": self.env._("approval"),
            "licence": self.env._("licence"),
            "contact": self.env._("contact details"),
            "association": self.env._("name of the association"),
            "acronym": self.env._("name of the association"),
            "slogan": self.env._("slogan"),
            "region": self.env._("region"),
            "furniture": self.env._("head or foot of a page"),
            "rule": self.env._("ruled line"),
        }
        return labels.get(reason) or self.env._("cover")

    def _summary(self, reading):
        """Return what was found and what the text does not say (D21)."""
        counts = self.env._(
            "Clauses: %(clauses)s. Channels: %(channels)s. Tools: %(tools)s. Steps:"
            " %(steps)s. Suspected slips: %(slips)s.",
            clauses=len(self.clause_ids),
            channels=len(reading.facts.channels),
            tools=len(reading.facts.tools),
            steps=len(reading.facts.steps),
            slips=len(reading.slips),
        )
        html = Markup("<p>%s</p>") % counts
        if names := list(filter(None, (self.association_names or "").split("|"))):
            html += Markup("<p>%s</p>") % self.env._(
                "The text names the association: %(names)s. In its place the text will"
                " show: %(association)s.",
                names=", ".join(f"«{name}»" for name in names),
                association=self.company_id.name,
            )
        silent = self.fact_ids.filtered(lambda fact: not fact.value).mapped("label")
        if silent:
            html += Markup("<p>%s</p>") % self.env._(
                "The text does not say: %s. These stay empty, and stand on the list of"
                " what is still to be set up.",
                format_list(self.env, silent),
            )
        if gone := self._gone_clauses():
            items = Markup("").join(Markup("<li>%s</li>") % text for text in gone)
            html += Markup("<details><summary>%s</summary><ul>%s</ul></details>") % (
                self.env._(
                    "Clauses of the present version that this text has no more: %s",
                    len(gone),
                ),
                items,
            )
        return html

    def _gone_clauses(self):
        """Return the texts of the present version that the new one has no more."""
        texts = {
            fold(self._with_placeholder(clause.text)) for clause in self.clause_ids
        }
        return [
            clause.name
            for clause in self.base_version_id.clause_ids
            if self._change(clause.text, texts) == "new"
        ]


def _walk(clause, depth):
    """Yield (depth, clause) for a clause and all below it."""
    yield depth, clause
    for child in clause.children:
        yield from _walk(child, depth + 1)
