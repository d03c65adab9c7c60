from typing import NamedTuple

from odoo import fields, models
from odoo.tools import ormcache


class KindFacts(NamedTuple):
    """What a kind of request says about the path of its requests."""

    skipped: frozenset
    needs_file: bool
    needs_served: bool
    is_urgent: bool
    ending: str


class NpoRequestKind(models.Model):
    """A kind of request and the path it takes through the stages (glossary 11.2).

    Each kind goes the same way; what its path leaves out, and what it ends with, is
    said here.
    """

    _name = "npo.request.kind"
    _description = "Kind of Request"
    _inherit = ["npo.kept.mixin"]
    _kept_cache = "stable"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(
        lambda self: (
            self.env["npo.request"]
            ._fields["request_type"]
            ._description_selection(self.env)
        ),
        required=True,
        readonly=True,
    )
    sequence = fields.Integer(default=10)
    skipped_stage_ids = fields.Many2many(
        "npo.stage",
        string="Stages left out",
        domain=[("kind", "=", "request")],
    )
    needs_file = fields.Boolean(
        "Needs the person's data",
        default=True,
        help="Off: only what is asked for has to be told.",
    )
    needs_served = fields.Boolean(
        "Only after a service",
        help="The person received a service of the association before.",
    )
    is_urgent = fields.Boolean(
        "May take the urgent track",
        help="Brought before the committee at once; the file is completed later.",
    )
    ending = fields.Selection(
        [
            ("service", "A service is delivered"),
            ("renewal", "The file is renewed"),
            ("attestation", "An attestation is issued"),
        ],
        required=True,
        default="service",
    )

    _code_uniq = models.UniqueIndex("(code)", "This kind exists already.")

    @ormcache("code", cache="stable")
    def _facts(self, code):
        """Return what is said of a kind, kept in memory: every request asks for it."""
        kind = self.sudo().search([("code", "=", code)], limit=1)
        return KindFacts(
            frozenset(kind.skipped_stage_ids.mapped("code")),
            kind.needs_file,
            kind.needs_served,
            kind.is_urgent,
            kind.ending,
        )
