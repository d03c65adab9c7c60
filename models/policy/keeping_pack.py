import io
import zipfile

from odoo import models
from odoo.fields import Domain

from ...tools.spreadsheet import Sheet, write_workbook
from . import keeping

# Groups of fewer persons are not counted out: they could be recognised.
SMALLEST_GROUP = 5


class NpoPolicyKeeping(models.TransientModel):
    """What a governance visit asks for, in one file: P002.

    The policies in force as printed, how they are kept, the register of required
    policies, who has read them, and statistics of the requests. Persons appear as
    numbers; of the staff, names alone. No text that people write on cases goes in, so
    that no identity number can.
    """

    _inherit = keeping.NpoPolicyKeeping._name

    def action_evidence_pack(self):
        """Offer the pack of the period as a ZIP file."""
        self._check_reader()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, content in self._pack_files():
                pack.writestr(name, content)
        name = self._file_name(self.env._("Evidence"), "zip")
        return self._offer(stream.getvalue(), name)

    def _pack_files(self):
        """Yield (name, content) of the files of the pack."""
        is_rtl = self._document().direction == "rtl"
        reports = self.env["ir.actions.report"]
        for version in self._versions_in_force():
            content, _type = reports._render_qweb_pdf(
                "npo_relations.report_policy", version.ids
            )
            yield f"policy-{version.policy_id.id}.pdf", content
        for name, sheets in (
            ("keeping", [self._sheet()]),
            ("required-policies", self._requirement_sheets()),
            ("acknowledgements", self._acknowledgement_sheets()),
            ("requests", self._request_sheets()),
        ):
            if sheets:
                yield f"{name}.xlsx", write_workbook(sheets, is_rtl)

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
        received = self.env.ref("npo_relations.kpi_requests_received")
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
        rows = [[label, few if label in hidden else count] for label, count in counts]
        heading = self._heading(self.env._("Requests received: %s", title))
        columns = [(title, 50), (self.env._("Requests"), 20)]
        return Sheet(title, heading, columns, rows)

    @staticmethod
    def _hidden_groups(counts):
        """Return the labels of groups whose number would point at persons.

        One small group alone could be found by subtracting the others from the total:
        the next smallest goes with it.
        """
        hidden = [label for label, count in counts if count < SMALLEST_GROUP]
        if len(hidden) == 1:
            hidden = [label for label, _count in counts[-2:]]
        return hidden

    def _count(self, domain, path):
        """Return [(label, number)] of requests by a field, the most first."""
        requests = self.env["npo.request"].sudo()
        name, _dot, rest = path.partition(".")
        groups = dict(requests._read_group(Domain(domain), [name], ["__count"]))
        field = requests._fields[name]
        if rest:
            field = self.env[field.comodel_name]._fields[rest]
            inner = {}
            for record, count in groups.items():
                inner[record[rest]] = inner.get(record[rest], 0) + count
            groups = inner
        unknown = self.env._("Not stated")
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            named = {labels.get(value, unknown): n for value, n in groups.items()}
        else:
            named = {}
            for record, count in groups.items():
                label = record.sudo().display_name or unknown
                named[label] = named.get(label, 0) + count
        return sorted(named.items(), key=lambda item: (-item[1], item[0]))
