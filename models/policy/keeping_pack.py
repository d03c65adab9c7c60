import base64
import hashlib
import io
import zipfile

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import periods, small_groups
from ...tools.spreadsheet import Sheet, write_workbook
from . import keeping

# The reports of which the figures of the period go into the pack.
REPORTS = (
    "satisfaction_report",
    "complaints_stats",
    "inquiries_stats",
    "requests_report",
    "committee_decisions",
    "policy_ack",
    "payments_due",
    "privacy_report",
    "board_report",
)
# The measure whose records are counted out.
RECEIVED = "npo_relations.kpi_requests_received"


class NpoPolicyKeeping(models.TransientModel):
    """What a governance visit asks for, in one file: P002.

    The policies in force as printed with the minutes that approved them, how they are
    kept, the register of required policies, who has read them, the meetings, and the
    figures of the period: requests and their window, satisfaction, complaints,
    payments. An index says what each file holds, and its check sum. Persons appear as
    numbers; of the staff, names alone. No text that people write on cases goes in, so
    that no identity number can.
    """

    _inherit = keeping.NpoPolicyKeeping._name

    def action_evidence_pack(self):
        """Offer the pack of the period as a ZIP file."""
        self._check_reader()
        stream = io.BytesIO()
        index = []
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, content, title in self._pack_files():
                pack.writestr(name, content)
                check_sum = hashlib.sha256(content).hexdigest()
                index.append([name, title, len(content), check_sum])
            for name, content in self._index_files(index):
                pack.writestr(name, content)
        name = self._file_name(self.env._("Evidence"), "zip")
        return self._offer(stream.getvalue(), name)

    def action_evidence_pack_of_year(self):
        """Offer the pack of the last year that is over: one action, no questions."""
        self.browse()._check_reader()
        company = self.env.company
        version = company.sudo().npo_policy_version_id.with_env(self.env)
        if not version:
            raise UserError(self.env._("The association has no policy in force yet."))
        today = company._npo_today()
        first, last = periods.before("year", *periods.period_of("year", today))
        return self._new_page(version, first, last).action_evidence_pack()

    def _index_files(self, index):
        """Yield the files that say what the others are; by them one sees a change."""
        _ = self.env._
        columns = [(_("File"), 35), (_("What it holds"), 60), (_("Bytes"), 12)]
        columns.append((_("Check sum"), 70))
        title = _("Index")
        sheet = Sheet(title, self._heading(title), columns, index)
        is_rtl = self._document().direction == "rtl"
        yield "index.xlsx", write_workbook([sheet], is_rtl)
        sums = "".join(f"{check_sum}  {name}\n" for name, _t, _s, check_sum in index)
        yield "sha256sums.txt", sums.encode()

    def _pack_files(self):
        """Yield (name, content, what it is) of the files of the pack."""
        is_rtl = self._document().direction == "rtl"
        reports = self.env["ir.actions.report"]
        for version in self._versions_in_force():
            content, _type = reports._render_qweb_pdf(
                "npo_relations.report_policy", version.ids
            )
            yield f"policy-{version.policy_id.id}.pdf", content, version.display_name
        yield from self._minutes_files()
        for name, sheets in (
            ("keeping", [self._sheet()]),
            ("required-policies", self._requirement_sheets()),
            ("acknowledgements", self._acknowledgement_sheets()),
            ("meetings", self._meeting_sheets()),
            ("obligations", [self._obligation_sheet()]),
            ("requests", self._request_sheets()),
        ):
            if sheets:
                title = " · ".join(sheet.name for sheet in sheets)
                yield f"{name}.xlsx", write_workbook(sheets, is_rtl), title
        for code in REPORTS:
            kind = self.env.ref(f"npo_relations.report_type_{code}")
            yield f"{code.replace('_', '-')}.xlsx", self._report_book(kind), kind.name

    def _report_book(self, kind):
        """Return the figures of a report on the period; no words that people wrote."""
        runs = self.env["npo.report.run"].sudo().with_context(without_words=True)
        run = runs.new(
            {
                "type_id": kind.id,
                "company_id": self.company_id.id,
                "cadence": "year",
                "date_from": self.date_from,
                "date_to": self.date_to,
                "user_id": self.env.uid,
            }
        )
        run = run._for_its_readers()
        run.update(run._filled_vals())
        return run._workbook()

    # ------------------------------------------------------------
    # MEETINGS
    # ------------------------------------------------------------

    def _minutes_files(self):
        """Yield the signed minutes by which the versions in force were approved."""
        for version in self._versions_in_force():
            meeting = version.meeting_id.sudo()
            if meeting.minutes:
                yield (
                    f"board-minutes-{meeting.id}{self._suffix(meeting.minutes_name)}",
                    base64.b64decode(meeting.minutes),
                    self.env._("Minutes: %s", meeting.text or meeting.display_name),
                )

    @staticmethod
    def _suffix(name):
        """Return the kind of a file by its name; nothing else of the name is kept."""
        kind = (name or "").rpartition(".")[2].lower()
        return f".{kind}" if kind in ("pdf", "png", "jpg", "jpeg", "docx") else ".bin"

    def _meeting_sheets(self):
        """Return the meetings of the period, of the board and of the committee."""
        _ = self.env._
        own = Domain("company_id", "=", self.company_id.id)
        days = Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to)
        board = [
            [
                meeting.session_no,
                meeting.minutes_no,
                self._date(meeting.date),
                _("Yes") if meeting.minutes_name else _("No"),
            ]
            for meeting in self.env["npo.board.meeting"].sudo().search(own & days)
        ]
        start, end = self.company_id._npo_day_bounds(self.date_from, self.date_to)
        moments = Domain("start", ">=", start) & Domain("start", "<", end)
        committee = [
            [
                session.name,
                self._date(session.start),
                session.present_count,
                session.item_count,
                session.decided_count,
                self._label(session, "state"),
            ]
            for session in self.env["npo.committee.session"]
            .sudo()
            .search(own & moments)
        ]
        return [
            Sheet(
                _("Board meetings"),
                self._heading(_("Board meetings")),
                [
                    (_("Session"), 16),
                    (_("Minutes"), 16),
                    (_("Date"), 40),
                    (_("Signed minutes on record"), 24),
                ],
                board,
            ),
            Sheet(
                _("Committee sessions"),
                self._heading(_("Committee sessions")),
                [
                    (_("Reference"), 20),
                    (_("Date"), 40),
                    (_("Present"), 12),
                    (_("Requests"), 12),
                    (_("Decided"), 12),
                    (_("State"), 20),
                ],
                committee,
            ),
        ]

    def _versions_in_force(self):
        return self.env["npo.policy.version"].search(
            [("company_id", "=", self.company_id.id), ("state", "=", "approved")]
        )

    def _heading(self, title):
        return [title, self.company_id.name, self._period_text()]

    def _label(self, record, name):
        """Return the label of a selection's value."""
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], "")

    def _date(self, value):
        return str(self._document().both(value)) if value else ""

    # ------------------------------------------------------------
    # OBLIGATIONS
    # ------------------------------------------------------------

    def _obligation_sheet(self):
        """Return what was due in the period, and when it was met (R155).

        A time that was met stands with its day; what is due still, without one.
        """
        _ = self.env._
        own = Domain("company_id", "=", self.company_id.id)
        due = Domain("date_due", ">=", self.date_from)
        due &= Domain("date_due", "<=", self.date_to)
        met = self.env["npo.compliance.fulfilment"].sudo()
        met = met.search(own & due & Domain("is_void", "=", False))
        obligations = self.env["npo.compliance.obligation"].sudo()
        waiting = obligations.search(own & due & Domain("is_done", "=", False))
        times = [(line.obligation_id, line.date_due, line.date_met) for line in met]
        times += [(one, one.date_due, False) for one in waiting]
        times.sort(key=lambda time: (time[1], time[0].id))
        rows = [
            [
                one.name,
                one.title,
                self._label(one, "source_kind"),
                one.source,
                one.user_id.name or "",
                self._date(day),
                self._date(met_on),
                _("Yes") if met_on and met_on > day else "",
            ]
            for one, day, met_on in times
        ]
        columns = [
            (_("Number"), 20),
            (_("What must be done"), 50),
            (_("What asks for it"), 20),
            (_("Where it is written"), 50),
            (_("Owner"), 30),
            (_("Due on"), 40),
            (_("Met on"), 40),
            (_("Late"), 12),
        ]
        title = _("Obligations")
        return Sheet(title, self._heading(title), columns, rows)

    # ------------------------------------------------------------
    # REGISTER, ACKNOWLEDGEMENTS
    # ------------------------------------------------------------

    def _requirement_sheets(self):
        """Return the list of required policies, and the versions in force (P001)."""
        _ = self.env._
        versions = [
            [
                version.policy_id.name,
                version.number,
                self._date(version.approval_date),
                version.meeting_text,
                version.session_no,
                version.minutes_no,
                self._date(version.date_in_force),
            ]
            for version in self._versions_in_force()
        ]
        sheets = [
            Sheet(
                _("Policies in force"),
                self._heading(_("Policies in force")),
                [
                    (_("Policy"), 50),
                    (_("Version"), 20),
                    (_("Approval"), 30),
                    (_("Meeting"), 30),
                    (_("Session"), 12),
                    (_("Minutes"), 12),
                    (_("In force since"), 30),
                ],
                versions,
            )
        ]
        requirements = self.env["npo.policy.requirement"].with_company(self.company_id)
        rows = [
            [
                requirement.name,
                self._label(requirement, "criterion"),
                requirement.edition,
                self._label(requirement, "status"),
                self._date(requirement.next_review_date),
            ]
            for requirement in requirements.search([])
        ]
        columns = [
            (_("Required policy"), 50),
            (_("Criterion"), 30),
            (_("Edition"), 15),
            (_("Status"), 20),
            (_("Next review"), 30),
        ]
        title = _("Required policies")
        return [Sheet(title, self._heading(title), columns, rows), *sheets]

    def _acknowledgement_sheets(self):
        """Return who of the staff has read the versions in force (R036)."""
        _ = self.env._
        asked = (
            self.env["npo.policy.acknowledgement"]
            .sudo()
            .search(
                [("version_id", "in", self._versions_in_force().ids)],
                order="version_id, id",
            )
        )
        rows = [
            [
                item.version_id.display_name,
                item.user_id.name,
                self._date(item.date_asked),
                self._date(item.date_read) or _("Not read yet"),
            ]
            for item in asked
        ]
        columns = [
            (_("Version"), 50),
            (_("Staff member"), 30),
            (_("Asked on"), 30),
            (_("Read on"), 30),
        ]
        title = _("Acknowledgements")
        return [Sheet(title, self._heading(title), columns, rows)]

    # ------------------------------------------------------------
    # REQUESTS
    # ------------------------------------------------------------

    def _request_sheets(self):
        """Return numbers of the requests sent in within the period."""
        _ = self.env._
        received = self.env.ref(RECEIVED)
        domain = received._records_domain(self.company_id, self.date_from, self.date_to)
        return [
            self._count_sheet(title, domain, path, is_personal)
            for title, path, is_personal in (
                (_("By service"), "service_id", False),
                (_("By channel"), "channel_id", False),
                (_("By site"), "site_id", False),
                (_("By stage"), "stage_id", False),
                (_("By decision"), "decision", False),
                (_("By gender"), "partner_id.npo_gender", True),
                (_("By category"), "beneficiary_id.primary_category_id", True),
            )
        ]

    def _count_sheet(self, title, domain, path, is_personal):
        """Return the requests counted by a field, small groups of persons unseen."""
        counts = self._count(domain, path)
        hidden = self._hidden_groups(counts) if is_personal else ()
        few = self.env._("Not shown: few persons")
        rows = [
            [label, few if label in hidden else count]
            for label, (count, _persons) in counts.items()
        ]
        heading = self._heading(self.env._("Requests received: %s", title))
        columns = [(title, 50), (self.env._("Requests"), 20)]
        return Sheet(title, heading, columns, rows)

    def _hidden_groups(self, counts):
        """Return the labels of groups of too few persons, and what gives them away."""
        least = self.env.ref(RECEIVED)._least(self.company_id)
        persons = {label: number for label, (_count, number) in counts.items()}
        return small_groups.shown(persons, least)[1]

    def _count(self, domain, path):
        """Return {label: (requests, persons)} by a field, the most first: one query."""
        field = self.env.ref(RECEIVED)._field_at(path)
        labels = (
            dict(field._description_selection(self.env))
            if field.type == "selection"
            else {}
        )
        requests = self.env["npo.request"].sudo()
        counts = {}
        for key, count, persons in requests._read_group(
            Domain(domain), [path], ["__count", "partner_id:count_distinct"]
        ):
            name = key.display_name if field.type == "many2one" else labels.get(key)
            label = name or self.env._("Not stated")
            before = counts.get(label, (0, 0))
            counts[label] = before[0] + count, before[1] + persons
        return dict(sorted(counts.items(), key=lambda one: (-one[1][0], one[0])))
