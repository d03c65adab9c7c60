from odoo import fields, models


class NpoService(models.Model):
    """A service of the association: its card in the catalogue (R049, R130)."""

    _name = "npo.service"
    _description = "Service"
    _inherit = ["mail.thread"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("cash", "Cash"),
            ("in_kind", "In kind"),
            ("service", "Non-cash service"),
            ("program", "Programme"),
            ("training", "Training"),
            ("advice", "Advice"),
            ("referral", "Referral to another body"),
        ],
        required=True,
        default="service",
    )
    is_recurring = fields.Boolean("Can recur")
    is_published = fields.Boolean(
        "Open in the portal",
        default=True,
        help="Beneficiaries can ask for it themselves.",
    )
    requires_research = fields.Boolean(
        "Needs social research",
        help="The social researcher studies the case before the committee does.",
    )

    # the card
    description = fields.Text(translate=True)
    conditions = fields.Text("Conditions of entitlement", translate=True)
    category_ids = fields.Many2many("npo.beneficiary.category", string="Meant for")
    document_line_ids = fields.One2many(
        "npo.service.document", "service_id", string="Required documents", copy=True
    )
    main_output = fields.Char(
        required=True,
        translate=True,
        help="The one known and defined result of the process (R130).",
    )
    target_days = fields.Integer(
        "Target duration (days)",
        default=30,
        help="From the reply to the service delivered.",
    )
    fee_note = fields.Char("Fee", translate=True)
    request_count = fields.Integer(compute="_compute_request_count")

    _company_code_uniq = models.UniqueIndex(
        "(company_id, code)", "The association has a service with this code already."
    )
    _target_days_positive = models.Constraint(
        "CHECK (target_days > 0)", "The target duration is at least one day."
    )

    def _compute_request_count(self):
        counts = dict(
            self.env["npo.request"]._read_group(
                [("service_id", "in", self.ids)], ["service_id"], ["__count"]
            )
        )
        for service in self:
            service.request_count = counts.get(service._origin, 0)

    def copy_data(self, default=None):
        return [
            {**vals, "code": f"{vals['code']}_copy"}
            for vals in super().copy_data(default)
        ]

    def _document_vals(self):
        """Return the checklists of new requests, read in one query.

        :return: {service: list of values, one for each document asked for}
        """
        lines = (
            self.env["npo.service.document"]
            .sudo()
            .search_fetch(
                [("service_id", "in", self.ids)],
                ["service_id", "document_type_id", "is_mandatory", "max_age_days"],
            )
        )
        by_service = lines.grouped(lambda line: line.service_id.id)
        return {
            service: [
                {
                    "document_type_id": line.document_type_id.id,
                    "is_mandatory": line.is_mandatory,
                    **(
                        {"max_age_days": line.max_age_days} if line.max_age_days else {}
                    ),
                }
                for line in by_service.get(service.id, ())
            ]
            for service in self
        }


class NpoServiceDocument(models.Model):
    """A document that a service asks for (R107)."""

    _name = "npo.service.document"
    _description = "Required Document"
    _order = "service_id, sequence, id"

    service_id = fields.Many2one(
        "npo.service", required=True, index=True, ondelete="cascade"
    )
    document_type_id = fields.Many2one(
        "npo.document.type", string="Document", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    is_mandatory = fields.Boolean("Mandatory", default=True)
    max_age_days = fields.Integer(
        "Oldest (days)",
        help="How old the document may be when it is handed in. 0: as its type says.",
    )

    _service_type_uniq = models.UniqueIndex(
        "(service_id, document_type_id)",
        "This document is asked for twice by the service.",
    )
