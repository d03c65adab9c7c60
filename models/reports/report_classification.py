from odoo import models

from ..core.classified_mixin import NpoClassifiedMixin
from .report_run import NpoReportRun as Base


class NpoReportRun(models.Model):
    """Reports are told as far as they are classified (R157)."""

    _name = Base._name
    # the mixin first: what it does to the name comes after all else
    _inherit = [NpoClassifiedMixin._name, Base._name]
