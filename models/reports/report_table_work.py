from odoo import api, models
from odoo.fields import Domain

from ...tools import small_groups
from .report_table import NpoReportTable as Base


class NpoReportTable(models.AbstractModel):
    """Visits, rounds, requests, training, payments and privacy, as tables."""

    _inherit = Base._name

    @api.model
    def _tables(self):
        # EXTENDS npo.report.table
        own = {
            "visits_by_purpose": self.env._("Visitors by purpose"),
            "support_services": self.env._("Support services by kind"),
            "rounds": self.env._("Rounds of the period"),
            "corrective_open": self.env._("What is still to be put right"),
            "offices": self.env._("Sites beside one another"),
            "decisions": self.env._("Decisions of the committee"),
            "decision_reasons": self.env._("Reasons of the decisions"),
            "requests_late": self.env._("Requests that are late"),
            "window_not_kept": self.env._("Answers outside the window, and why"),
            "payments_late": self.env._("Bills that were not paid on time"),
            "reports": self.env._("Reports of the period"),
            "acknowledgements": self.env._("Who was asked and has read"),
            "trainings": self.env._("Training of the period"),
            "payments_due": self.env._("Payments due and late"),
            "data_requests": self.env._("Privacy requests by kind"),
            "data_shown": self.env._("Protected data shown"),
            "stakeholders": self.env._("Stakeholders by kind"),
            "opinions": self.env._("Satisfaction of each class of stakeholders"),
            "improvements": self.env._("Improvements of the period"),
        }
        return [*super()._tables(), *own.items()]

    # ------------------------------------------------------------
    # SERVICE CENTRE
    # ------------------------------------------------------------

    @api.model
    def _table_visits_by_purpose(self, run):
        _ = self.env._
        visits = self.env["npo.visit"]
        groups = visits._read_group(
            self._own(run) & self._days(run, "day"),
            ["purpose_id"],
            ["__count", "companions:sum", "waiting_minutes:avg"],
        )
        rows = [
            [
                self._name_of(visits, "purpose_id", purpose),
                count,
                companions or 0,
                round(waiting or 0),
            ]
            for purpose, count, companions, waiting in groups
        ]
        rows.sort(key=lambda row: (-row[1], row[0]))
        return {
            "headings": [
                _("Purpose"),
                _("Visitors"),
                _("Companions"),
                _("Average waiting (minutes)"),
            ],
            "rows": rows,
            "bars": 1,
        }

    @api.model
    def _table_support_services(self, run):
        services = self.env["npo.support.service"]
        groups = services._read_group(
            self._own(run) & self._moments(run, "date"), ["type_id"], ["quantity:sum"]
        )
        rows = [[kind.display_name, quantity] for kind, quantity in groups]
        rows.sort(key=lambda row: (-row[1], row[0]))
        total = sum(row[1] for row in rows)
        return {
            "headings": [self.env._("Service"), self.env._("Quantity")],
            "rows": rows,
            "sums": [self.env._("Total"), total],
            "bars": 1,
        }

    @api.model
    def _table_rounds(self, run):
        _ = self.env._
        columns = [
            (_("Reference"), lambda one: one.name),
            (_("Site"), lambda one: one.site_id.name),
            (_("Round"), lambda one: self._choice(one, "kind")),
            (_("Date"), lambda one: self._date(run, one.day)),
            (_("State"), lambda one: self._choice(one, "state")),
            (_("Score (%)"), lambda one: self._score(one)),
            (_("Not in order"), lambda one: one.red_count),
        ]
        domain = self._own(run) & self._days(run, "day")
        return self._list("npo.inspection", domain, columns, "day, site_id, id")

    @api.model
    def _score(self, one):
        return round(one.score, 1) if one.state == "done" else "—"

    @api.model
    def _table_corrective_open(self, run):
        _ = self.env._
        columns = [
            (_("Reference"), lambda one: one.name),
            (_("Site"), lambda one: one.site_id.name),
            (_("Seen on"), lambda one: self._date(run, one.date_detected)),
            (_("Due"), lambda one: self._date(run, one.date_due)),
            (_("State"), lambda one: self._choice(one, "state")),
        ]
        domain = self._own(run) & Domain("state", "!=", "verified")
        return self._list("npo.corrective.action", domain, columns, "date_detected, id")

    @api.model
    def _table_offices(self, run):
        """Return the scorecard of the sites: its own numbers, none of ours (R200)."""
        card = self.env["npo.office.scorecard"].create(
            {
                "company_id": run.company_id.id,
                "date_from": run.date_from,
                "date_to": run.date_to,
            }
        )
        card._fill()
        rows = [line._row() for line in card.line_ids]
        headings = card._titles()
        card.unlink()
        return {"headings": headings, "rows": rows, "bars": 2}

    @api.model
    def _table_trainings(self, run):
        _ = self.env._
        columns = [
            (_("Reference"), lambda one: one.name),
            (_("Topic"), lambda one: one.topic_id.name),
            (_("Date"), lambda one: self._date(run, one.date_from)),
            (_("Hours"), lambda one: one.hours),
            (_("Attended by"), lambda one: one.attendee_count),
            (_("State"), lambda one: self._choice(one, "state")),
        ]
        domain = self._own(run) & self._days(run, "date_from")
        return self._list("npo.training", domain, columns, "date_from, id")

    @api.model
    def _table_improvements(self, run):
        _ = self.env._
        columns = [
            (_("Reference"), lambda one: one.name),
            (_("Kind"), lambda one: self._choice(one, "kind")),
            (_("Due"), lambda one: self._date(run, one.date_due)),
            (_("State"), lambda one: self._choice(one, "state")),
        ]
        if not self.env.context.get("without_words"):  # of people, which may name them
            columns.insert(2, (_("In one line"), lambda one: one.title))
        domain = self._own(run) & (
            self._moments(run, "create_date") | self._days(run, "date_due")
        )
        return self._list("npo.improvement", domain, columns, "date_due, id")

    # ------------------------------------------------------------
    # REQUESTS
    # ------------------------------------------------------------

    @api.model
    def _decided(self, run):
        return self._own(run) & self._moments(run, "date_decided")

    @api.model
    def _table_decisions(self, run):
        """Return what was decided, by number: the letters name the persons."""
        _ = self.env._
        columns = [
            (_("Request"), lambda request: request.name),
            (_("Service"), lambda request: request.service_id.name),
            (_("Decision"), lambda request: self._choice(request, "decision")),
            (_("Reason"), lambda request: request.decision_reason_id.name or "—"),
            (_("Decided on"), lambda request: self._date(run, request.date_decided)),
            (_("Told on"), lambda request: self._date(run, request.date_announced)),
        ]
        return self._list(
            "npo.request", self._decided(run), columns, "date_decided, id"
        )

    @api.model
    def _table_decision_reasons(self, run):
        domain = self._decided(run) & Domain("decision_reason_id", "!=", False)
        return self._counted(
            "npo.request", domain, "decision_reason_id", self.env._("Reason")
        )

    @api.model
    def _table_requests_late(self, run):
        _ = self.env._
        columns = [
            (_("Request"), lambda request: request.name),
            (_("Service"), lambda request: request.service_id.name),
            (_("Stage"), lambda request: request.stage_id.name),
            (_("Due"), lambda request: self._date(run, request.date_deadline)),
        ]
        domain = self._own(run) & Domain("is_overdue", "=", True)
        return self._list("npo.request", domain, columns, "date_deadline, id")

    @api.model
    def _table_window_not_kept(self, run):
        """Return the answers before the first day or after the last, and why (P002)."""
        _ = self.env._
        columns = [
            (_("Request"), lambda request: request.name),
            (_("Not before"), lambda one: self._date(run, one.earliest_reply_date)),
            (_("Not after"), lambda one: self._date(run, one.reply_deadline)),
            (_("Told on"), lambda one: self._date(run, one.date_announced)),
            (_("Answer"), lambda one: self._choice(one, "window_state")),
            (_("Reason"), lambda one: one.early_reply_reason_id.name or "—"),
        ]
        domain = self._own(run) & self._days(run, "date_announced")
        domain &= Domain("window_state", "in", ("replied_early", "replied_late"))
        return self._list("npo.request", domain, columns, "date_announced, id")

    # ------------------------------------------------------------
    # GOVERNANCE, FINANCE, PRIVACY
    # ------------------------------------------------------------

    @api.model
    def _table_acknowledgements(self, run):
        _ = self.env._
        asked = self.env["npo.policy.acknowledgement"]
        domain = self._own(run, None) & Domain("date_asked", "<=", run.date_to)
        counts = dict(asked._read_group(domain, ["version_id"], ["__count"]))
        read = dict(
            asked._read_group(
                domain & Domain("date_read", "!=", False), ["version_id"], ["__count"]
            )
        )
        rows = [
            [
                version.display_name,
                count,
                read.get(version, 0),
                count - read.get(version, 0),
            ]
            for version, count in counts.items()
        ]
        return {
            "headings": [_("Version"), _("Asked"), _("Has read"), _("Not read yet")],
            "rows": rows,
            "bars": 2,
        }

    @api.model
    def _table_payments_due(self, run):
        """Return the orders that are due by the end of the period, by number."""
        _ = self.env._
        today = run.company_id._npo_today()
        columns = [
            (_("Payment order"), lambda order: order.name),
            (_("Due"), lambda order: self._date(run, order.date_due)),
            (_("Days late"), lambda order: max((today - order.date_due).days, 0)),
            (_("Amount"), lambda order: order.amount),
            (_("Paid so far"), lambda order: order.amount_paid),
            (_("State"), lambda order: self._choice(order, "state")),
        ]
        domain = self._own(run, None) & Domain("date_due", "<=", run.date_to)
        domain &= Domain("state", "not in", ("paid", "void"))
        return self._list("npo.payout", domain, columns, "date_due, id")

    @api.model
    def _table_payments_late(self, run):
        """Return the bills due in the period that were not paid on time, by number."""
        _ = self.env._
        kpi = self.env.ref("npo_relations.kpi_paid_on_time")
        domain = kpi._records_domain(
            run.company_id, run.date_from, run.date_to, kept=False
        )
        columns = [
            (_("Bill"), lambda bill: bill.name),
            (_("Due"), lambda bill: self._date(run, bill.invoice_date_due)),
            (_("Paid on"), lambda bill: self._date(run, bill.npo_date_paid)),
            (_("Amount"), lambda bill: bill.amount_total),
        ]
        return self._list("account.move", domain, columns, "invoice_date_due, id")

    @api.model
    def _table_reports(self, run):
        """Return which reports were submitted on the period, and answered when."""
        _ = self.env._
        columns = [
            (_("Reference"), lambda one: one.name),
            (_("Report"), lambda one: one.type_id.name),
            (_("Period"), lambda one: one.period),
            (_("Submitted on"), lambda one: self._date(run, one.date_submitted)),
            (_("Answered on"), lambda one: self._date(run, one.date_answered)),
            (_("State"), lambda one: self._choice(one, "submission_state")),
        ]
        domain = self._own(run, None) & self._days(run, "date_to")
        domain &= Domain("submission_state", "!=", "draft")
        return self._list("npo.report.run", domain, columns, "date_to, id")

    @api.model
    def _table_data_requests(self, run):
        return self._counted(
            "npo.data.request",
            self._own(run, None) & self._days(run, "date_received"),
            "kind",
            self.env._("Asks to"),
        )

    @api.model
    def _table_data_shown(self, run):
        """Return how often protected data was shown; nothing of complaints (P092)."""
        domain = self._own(run, None) & self._moments(run, "date")
        domain &= Domain("res_model", "!=", "npo.complaint")
        return self._counted("npo.access.log", domain, "way", self.env._("Way"))

    @api.model
    def _table_stakeholders(self, run):
        """Return every kind of stakeholder with its contacts, none left out (P003)."""
        _ = self.env._
        kinds = self.env["npo.stakeholder.type"].search([])
        own = Domain("company_id", "in", (run.company_id.id, False))
        counts = dict(
            self.env["res.partner"]._read_group(
                own & Domain("npo_kind_ids", "!=", False), ["npo_kind_ids"], ["__count"]
            )
        )
        files = self.env["npo.beneficiary"].search_count(
            Domain("company_id", "=", run.company_id.id)
        )
        rows = [
            [kind.name, files if kind.code == "beneficiary" else counts.get(kind, 0)]
            for kind in kinds
        ]
        return {
            "headings": [_("Kind of stakeholder"), _("On record")],
            "rows": rows,
            "bars": 1,
        }

    @api.model
    def _table_opinions(self, run):
        """Return how satisfied each class is, none left out; few are not told (P003).

        Of the classes that are told nobody can be worked out (R079).
        """
        _ = self.env._
        part = {"headings": [_("Asked as"), _("Answers"), _("Satisfied (%)")]}
        if "npo.opinion.answer" not in self.env:
            return {**part, "rows": []}
        kpi = self.env.ref("npo_relations.kpi_csat")
        if kpi._withheld(run.company_id, run.date_from, run.date_to, run.site_id):
            note = _("Told by whole months, when they are over")
            return {**part, "rows": [], "note": note}
        least = run.company_id.npo_small_answers
        answers = self.env["npo.opinion.answer"].with_context(npo_least=least)
        domain = self._own(run) & self._days(run, "date")
        counts = {}
        for month, audience, is_satisfied, count, persons in answers._read_group(
            domain & Domain("is_first", "=", True),
            ["date:month", "audience", "is_satisfied"],
            ["__count", "person_key:some"],
        ):
            numbers = (count, count if is_satisfied else 0)
            figure = small_groups.Figure(numbers, persons)
            counts.setdefault(audience, {}).setdefault(month, []).append(figure)
        figures, few = self._told_by_month(counts, least)
        told, _hidden = small_groups.shown(figures, least, few)
        few = _("Too few answers to tell")
        rows = []
        for audience, label in answers._fields["audience"]._description_selection(
            self.env
        ):
            count, satisfied = figures.get(audience, (0, 0))
            if audience in told and count:
                rows.append([label, count, round(100 * satisfied / count, 1)])
            else:
                rows.append([label, few if count else 0, "—"])
        return {**part, "rows": rows}

    @api.model
    def _told_by_month(self, counts, least):
        """Return ({key: figure of the whole}, the keys that some month hides)."""
        months, figures = {}, {}
        for key, parts in counts.items():
            figures[key] = small_groups.together(sum(parts.values(), []), 2)
            for month, some in parts.items():
                months.setdefault(month, {})[key] = small_groups.together(some, 2)
        hidden = (small_groups.shown(groups, least)[1] for groups in months.values())
        return figures, set().union(*hidden)
