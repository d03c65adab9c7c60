from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..request.request import NpoRequest as Base

IN_PERSON = ("in_person", "delegate")


class NpoRequest(models.Model):
    """Who was served from where they are never had to come (R065)."""

    _inherit = Base._name

    visit_count = fields.Integer(
        "Visits until it was closed",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Visits of the person from the day it was sent in to the day it was"
        " closed.",
    )
    was_remote = fields.Boolean(
        "Served from where they are",
        compute="_compute_was_remote",
        search="_search_was_remote",
        help="Sent in without coming, and no visit of the person until it was closed.",
    )

    def _count_cycle(self):
        # EXTENDS npo.request: how often the person had to come
        super()._count_cycle()
        self.flush_model(["partner_id", "date_submitted", "visit_count"])
        self.env["npo.visit"].flush_model(["partner_id", "date_arrived", "company_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE npo_request request
                   SET visit_count = (
                       SELECT count(*)
                         FROM npo_visit visit
                        WHERE visit.partner_id = request.partner_id
                          AND visit.company_id = request.company_id
                          AND visit.date_arrived >= request.date_submitted)
                 WHERE request.id = ANY(%s)""",
                self.ids,
            )
        )
        self.invalidate_recordset(["visit_count"], flush=False)

    def _compute_was_remote(self):
        remote = self.search([("id", "in", self.ids), ("was_remote", "=", True)])
        for request in self:
            request.was_remote = request in remote

    def _search_was_remote(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["partner_id", "date_submitted", "date_closed"])
        self.env["npo.visit"].flush_model(["partner_id", "date_arrived"])
        visited = SQL(
            """(
            SELECT request.id
              FROM npo_request request
              JOIN npo_visit visit ON visit.partner_id = request.partner_id
                                  AND visit.company_id = request.company_id
                                  AND visit.date_arrived >= request.date_submitted
             WHERE request.date_closed IS NULL
                OR visit.date_arrived <= request.date_closed
            )"""
        )
        remote = Domain("channel_id.kind", "not in", IN_PERSON) & Domain(
            "id", "not in", visited
        )
        return remote if True in value else ~remote
