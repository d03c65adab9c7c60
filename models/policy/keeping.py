from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import date_utils, format_list

from ...tools.spreadsheet import Sheet, write_workbook
from ..core.counted_page import NpoCountedPage
from ..core.kpi_figures import UNKNOWN

STATES = [
    ("kept", "Kept"),
    ("exceptions", "With exceptions"),
    ("empty", "None in the period"),
    ("untold", "Not enough data"),
    ("carried", "Carried out"),
    ("nothing", "Nothing carries it out yet"),
]
# What the policy aims at: each of them shows its measure, or that it has none (R048).
OBJECTIVES = ("general_objective", "objective", "mean")


class NpoPolicyKeeping(models.TransientModel):
    """“Keeping the policy”: clause by clause, how it is carried out, and the figures.

    P001, P002, R048. Nothing of it is written for one clause or one part of the
    product: topics and measures are data, and what carries a clause out is told by its
    links and its topics. A clause that nothing carries out shows as such.

    The figures are computed for the association, all measures at once; the records
    behind them open with the rights of who looks.
    """

    _name = "npo.policy.keeping"
    _description = "Keeping the Policy"
    _inherit = [NpoCountedPage._name]
    _rec_name = "version_id"

    _readers = ("governance_officer", "general_manager", "auditor")

    version_id = fields.Many2one(
        "npo.policy.version", string="Version", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="version_id.company_id", string="Association", store=True
    )
    line_ids = fields.One2many(
        "npo.policy.keeping.line", "keeping_id", string="Clauses", readonly=True
    )
    clause_count = fields.Integer("Number of clauses", readonly=True)
    carried_count = fields.Integer("Clauses carried out", readonly=True)
    nothing_count = fields.Integer("Nothing carries out", readonly=True)
    exception_count = fields.Integer("Clauses with exceptions", readonly=True)

    @api.depends("version_id", "date_from", "date_to")
    def _compute_display_name(self):
        for keeping in self:
            keeping.display_name = self.env._(
                "Keeping: %s", keeping.version_id.display_name or ""
            )

    # ------------------------------------------------------------
    # WHO, WHICH
    # ------------------------------------------------------------

    def _reader_refusal(self):
        # OVERRIDE npo.counted.page
        return self.env._("This page is for governance, management and internal audit.")

    @api.model
    def _new_page(self, version, date_from=None, date_to=None):
        """Return the page of a version, filled; this year without a period.

        In sudo, for an auditor writes nothing; it stays its reader's own.
        """
        version.check_access("read")
        today = version.company_id._npo_today()
        keeping = self.sudo().create(
            {
                "version_id": version.id,
                "date_from": date_from or date_utils.start_of(today, "year"),
                "date_to": date_to or date_utils.end_of(today, "year"),
            }
        )
        keeping._fill()
        return self.browse(keeping.id)

    def action_open(self):
        """Open the page of the version in force, or of the latest there is."""
        self.browse()._check_reader()
        company = self.env.company
        version = company.sudo().npo_policy_version_id.with_env(self.env) or self.env[
            "npo.policy.version"
        ].search([("company_id", "=", company.id)], order="id desc", limit=1)
        if not version:
            raise UserError(
                self.env._(
                    "The association has no policy yet. Set it up under Configuration,"
                    " Set Up an Association."
                )
            )
        return self._new_page(version)._own_action()

    def action_show(self):
        # EXTENDS npo.counted.page
        self.version_id.check_access("read")
        return super().action_show()

    # ------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------

    def _fill(self):
        """Write the lines anew, with all figures counted once for all of them."""
        self.ensure_one()
        self._check_period()
        clauses = self._clauses()
        topics = self._topics(clauses)
        figures = self._figures(clauses, topics)
        lines, sequence = [], 0
        for clause in clauses:
            rows = self._clause_rows(clause, topics[clause], figures)
            for row in rows:
                sequence += 1
                lines.append({**row, "sequence": sequence, "keeping_id": self.id})
        self.line_ids.unlink()
        self.env["npo.policy.keeping.line"].create(lines)
        self.write(self._totals(lines))

    def _clauses(self):
        """Return the clauses in the order in which they are read: a tree, in depth."""
        clauses = self.env["npo.policy.clause"].search(
            [("version_id", "=", self.version_id.id)], order="sequence, id"
        )
        children = clauses.grouped("parent_id")
        ordered, waiting = [], list(children.get(clauses.browse(), ()))[::-1]
        while waiting:
            clause = waiting.pop()
            ordered.append(clause.id)
            waiting.extend(list(children.get(clause, ()))[::-1])
        return clauses.browse(ordered)

    def _topics(self, clauses):
        """Return {clause: topics}: its own, and what else its words promise.

        The words are asked only where the officer left the topic that they give.
        """
        topics = self.env["npo.policy.topic"]
        matches = topics._match_all([(c.text, c.role) for c in clauses])
        return {
            clause: matched
            if not clause.topic_id or clause.topic_id == matched[:1]
            else clause.topic_id
            for clause, matched in zip(clauses, matches, strict=True)
        }

    def _figures(self, clauses, topics):
        """Return ({measure: figure}, {measure: {channel: figure}}) of the period."""
        kpis = self.env["npo.kpi"].union(
            *(topics[clause].kpi_ids for clause in clauses)
        )
        period = (self.company_id, self.date_from, self.date_to)
        return kpis._figures(*period), kpis._figures_by("channel", *period)

    def _clause_rows(self, clause, topics, figures):
        """Return the rows of a clause: itself, then one for each further measure."""
        row = {
            "clause_id": clause.id,
            "level": clause.parent_path.count("/") - 1,
            "name": self._clause_name(clause),
        }
        if clause.is_heading and clause.child_ids:
            return [{**row, "kind": "part"}]
        how = self._how(clause, topics)
        carriers = topics.filtered("how")
        row.update(
            kind="clause",
            how=how,
            state="carried" if how else "nothing",
            action_xmlid=carriers[:1].action_xmlid,
        )
        measures = [
            self._measure_row(kpi, clause, figures)
            for kpi in carriers.kpi_ids.sorted("sequence")
        ]
        if not measures:
            if clause.role in OBJECTIVES:  # shown as what has none, not left out
                row["measure"] = self.env._("No measure yet")
            return [row]
        rest = {"kind": "measure", "clause_id": clause.id, "level": row["level"]}
        return [row | measures[0], *(rest | measure for measure in measures[1:])]

    def _clause_name(self, clause):
        label = f"{clause.label} " if clause.label else ""
        return label + clause._rendered()

    def _how(self, clause, topics):
        """Return what carries a clause out, as sentences; empty where nothing does."""
        ways = [topic.how for topic in topics if topic.how]
        for label, records in (
            (self.env._("Stage: %s"), clause.stage_id),
            (self.env._("Channels: %s"), clause.channel_ids),
            (self.env._("Tool: %s"), clause.tool_id),
        ):
            if records:
                ways.append(label % format_list(self.env, records.mapped("name")))
        idle = topics.filtered(lambda topic: not topic.how).mapped("name")
        if ways and idle:
            # a clause of several promises does not hide those that nothing keeps
            ways.append(self.env._("Nothing carries out yet: %s", " · ".join(idle)))
        return "\n".join(dict.fromkeys(ways))

    def _measure_row(self, kpi, clause, figures):
        """Return a measure for a clause, narrowed to its channels where it has some."""
        totals, by_channel = figures
        counted, kept = totals[kpi]
        channels = clause.channel_ids if kpi.channel_field else clause.channel_ids[:0]
        if channels:
            counted, kept = self._of_channels(
                kpi, channels, totals[kpi], by_channel[kpi]
            )
        exceptions = kpi._exceptions(counted, kept)
        if kept is None:
            state = "untold"
        elif not counted:
            state = "empty"
        elif exceptions:
            state = "exceptions"
        else:  # a mere count shows that it is done, and no more
            state = "kept" if kpi.kept_domain and kpi.is_promise else "carried"
        return {
            "kpi_id": kpi.id,
            "measure": kpi.name,
            "channel_ids": [Command.set(channels.ids)],
            "counted": counted,
            "kept": kept,
            "exceptions": exceptions,
            "figure": kpi._figure_text(counted, kept),
            "state": state,
        }

    def _of_channels(self, kpi, channels, total, groups):
        """Return the figure of some channels, unknown where one of them is hidden.

        What the measure itself has taken out of its groups is missing from its total.
        """
        told, hidden = kpi._shown_groups(groups, self.company_id)
        counted = sum(figure[0] for figure in told.values())
        if kpi.is_opinion and (total[1] is None or counted != total[0]):
            hidden |= set(channels) - set(told)
        if hidden & set(channels):
            return UNKNOWN
        return kpi._together(told.get(channel, (0, 0)) for channel in channels)

    def _totals(self, rows):
        clauses = [row for row in rows if row["kind"] == "clause"]
        failed = {row["clause_id"] for row in rows if row.get("exceptions")}
        nothing = sum(row["state"] == "nothing" for row in clauses)
        return {
            "clause_count": len(clauses),
            "carried_count": len(clauses) - nothing,
            "nothing_count": nothing,
            "exception_count": len(failed),
        }

    # ------------------------------------------------------------
    # PAPER AND FILES
    # ------------------------------------------------------------

    def action_print(self):
        self._check_reader()
        report = self.env.ref("npo_relations.action_report_npo_policy_keeping")
        return report.report_action(self)

    def action_export(self):
        """Offer the page as a spreadsheet."""
        self._check_reader()
        content = write_workbook([self._sheet()], self._document().direction == "rtl")
        return self._offer(content, self._file_name(self.env._("Keeping"), "xlsx"))

    def _totals_text(self):
        return self.env._(
            "Clauses: %(all)s · carried out: %(carried)s · nothing carries out:"
            " %(nothing)s · with exceptions: %(exceptions)s",
            all=self.clause_count,
            carried=self.carried_count,
            nothing=self.nothing_count,
            exceptions=self.exception_count,
        )

    def _sheet(self):
        """Return the page as a sheet."""
        states = dict(self.line_ids._fields["state"]._description_selection(self.env))
        rows = []
        for line in self.line_ids:
            if line.kind == "part":
                rows.append(line.name)
                continue
            is_told = line.kpi_id and line.state != "untold"
            rows.append(
                [
                    line.name,
                    line.how,
                    line.measure,
                    line.counted if is_told else "",
                    line.kept if is_told else "",
                    line.exceptions if is_told else "",
                    states.get(line.state),
                ]
            )
        _ = self.env._
        return Sheet(
            name=_("Keeping"),
            heading=[
                _("Keeping the Policy"),
                self.company_id.name,
                self.version_id.display_name,
                self._period_text(),
                self._totals_text(),
            ],
            columns=[
                (_("Clause"), 60),
                (_("How it is carried out"), 60),
                (_("Measure"), 30),
                (_("Counted"), 10),
                (_("Kept"), 10),
                (_("Exceptions"), 10),
                (_("State"), 20),
            ],
            rows=rows,
        )


class NpoPolicyKeepingLine(models.TransientModel):
    """A row of the page: a part of the policy, a clause, or a further measure of it."""

    _name = "npo.policy.keeping.line"
    _description = "Keeping of a Clause"
    _order = "keeping_id, sequence, id"

    keeping_id = fields.Many2one("npo.policy.keeping", index=True, ondelete="cascade")
    sequence = fields.Integer()
    kind = fields.Selection(
        [("part", "Part"), ("clause", "Clause"), ("measure", "Measure")], readonly=True
    )
    clause_id = fields.Many2one(
        "npo.policy.clause", string="Clause", readonly=True, ondelete="cascade"
    )
    level = fields.Integer(readonly=True)
    name = fields.Text("Text", readonly=True)
    how = fields.Text("How it is carried out", readonly=True)
    action_xmlid = fields.Char(readonly=True)
    kpi_id = fields.Many2one("npo.kpi", readonly=True, ondelete="cascade")
    channel_ids = fields.Many2many(
        "npo.channel",
        "npo_policy_keeping_line_channel_rel",
        "line_id",
        "channel_id",
        readonly=True,
    )
    counted = fields.Integer(readonly=True)
    kept = fields.Integer(readonly=True)
    exceptions = fields.Integer(readonly=True)
    measure = fields.Text(readonly=True)
    figure = fields.Text("Figures of the period", readonly=True)
    state = fields.Selection(STATES, readonly=True)

    def action_records(self):
        """Open what was counted, with the reader's own rights."""
        return self._open_records()

    def action_exceptions(self):
        """Open what broke the promise, with the reader's own rights."""
        return self._open_records(kept=False)

    def _open_records(self, kept=None):
        self.keeping_id._check_reader()
        self.check_access("read")
        self.ensure_one()
        keeping = self.keeping_id
        self.kpi_id._check_records_readable()
        return self.kpi_id._open_records(
            keeping.company_id,
            keeping.date_from,
            keeping.date_to,
            kept,
            self.channel_ids,
        )

    def action_screen(self):
        """Open where the clause is carried out."""
        self.keeping_id._check_reader()
        self.check_access("read")
        self.ensure_one()
        return self.env["ir.actions.actions"]._for_xml_id(self.action_xmlid)
