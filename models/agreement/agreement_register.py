import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools.spreadsheet import Sheet, write_workbook
from ..core.print_document import PrintDocument
from .agreement import IN_FORCE

READERS = ("legal_adviser", "governance_officer", "general_manager")
LIMIT = 10_000
FIELDS = (
    "name",
    "version_no",
    "title",
    "kind",
    "partner_id",
    "amount",
    "date_from",
    "date_to",
    "review_date",
    "state",
)


class NpoAgreementRegister(models.TransientModel):
    """The register of agreements, on paper and as a spreadsheet (glossary 23)."""

    _name = "npo.agreement.register"
    _description = "Register of Agreements"

    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        default=lambda self: self.env.company,
    )
    which = fields.Selection(
        [("force", "In force"), ("all", "All of them")], required=True, default="force"
    )
    kind = fields.Selection(
        selection=lambda self: (
            self.env["npo.agreement"]._fields["kind"]._description_selection(self.env)
        ),
        help="Empty: of all kinds.",
    )
    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    def _check_reader(self):
        user = self.env.user
        if not any(user.has_group(f"npo_relations.group_npo_{one}") for one in READERS):
            raise AccessError(
                self.env._(
                    "The register is for legal advice, governance and management."
                )
            )
        self.check_access("read")
        self.ensure_one()
        self.company_id.check_access("read")

    def _agreements(self):
        """Return the agreements of the register, the newest first."""
        domain = Domain("company_id", "=", self.company_id.id)
        if self.which == "force":
            domain &= Domain("state", "in", IN_FORCE)
        if self.kind:
            domain &= Domain("kind", "=", self.kind)
        return self.env["npo.agreement"].search_fetch(domain, FIELDS, limit=LIMIT)

    @api.model
    def _titles(self):
        """Return the heads of the columns with their widths."""
        _ = self.env._
        return [
            (_("Number"), 18),
            (_("Subject"), 36),
            (_("Kind"), 20),
            (_("Other party"), 30),
            (_("Value"), 14),
            (_("From"), 26),
            (_("Until"), 26),
            (_("To be reviewed on"), 26),
            (_("State"), 16),
        ]

    def _rows(self):
        """Return the lines of the register; dates in both calendars."""
        document = self._document()
        agreements = self._agreements()
        kinds, states = (
            dict(agreements._fields[name]._description_selection(self.env))
            for name in ("kind", "state")
        )
        return [
            [
                agreement.name
                + (f"-{agreement.version_no}" if agreement.version_no > 1 else ""),
                agreement.title,
                kinds[agreement.kind],
                agreement.sudo().partner_id.name or "",
                agreement.amount,
                *(
                    str(document.both(agreement[name])) if agreement[name] else ""
                    for name in ("date_from", "date_to", "review_date")
                ),
                states[agreement.state],
            ]
            for agreement in agreements
        ]

    def _document(self):
        return PrintDocument(self, lang=self._print_lang())

    def _print_lang(self):
        """Return the language of who reads it."""
        return self.env.lang or self.env.user.lang

    def _summary(self, rows):
        """Return what the register says, in one sentence."""
        return self.env._(
            "Agreements: %(count)s, on %(day)s",
            count=len(rows),
            day=str(self._document().both(self.company_id._npo_today())),
        )

    def action_print(self):
        """Print the register."""
        self._check_reader()
        report = self.env.ref("npo_relations.action_report_npo_agreement_register")
        return report.report_action(self)

    def action_export(self):
        """Offer the register as a spreadsheet."""
        self._check_reader()
        rows = self._rows()
        name = self.env._("Register of Agreements")
        heading = [name, self.company_id.name, self._summary(rows)]
        is_rtl = self._document().direction == "rtl"
        content = write_workbook([Sheet(name, heading, self._titles(), rows)], is_rtl)
        self.sudo().write(
            {"file": base64.b64encode(content), "file_name": "agreements.xlsx"}
        )
        address = f"/web/content/{self._name}/{self.id}/file"
        return {
            "type": "ir.actions.act_url",
            "url": f"{address}?download=true&filename_field=file_name",
            "target": "download",
        }
