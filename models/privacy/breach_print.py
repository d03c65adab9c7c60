from markupsafe import Markup

from odoo import models

from .breach import NpoDataBreach as Base


class NpoDataBreach(models.Model):
    """The notice to the authority, with the contents that it asks for (P017)."""

    _inherit = Base._name

    def action_print_notice(self):
        """Print what the authority is told."""
        self.check_access("read")
        report = self.env.ref("npo_relations.action_report_npo_data_breach")
        return report.report_action(self)

    def _print_parts(self, p):
        """Return the five required contents, in their order.

        :param p: the `PrintDocument`
        :return: [(heading, [(label, text)])]
        """
        self.ensure_one()
        _ = self.env._
        return [
            (
                _("The incident, when it happened and when it became known"),
                [
                    (_("What happened"), self.what_happened),
                    (_("Happened on"), self._moment(p, self.date_occurred)),
                    (_("Known since"), self._moment(p, self.aware_at)),
                ],
            ),
            (
                _("The data and the persons"),
                [
                    (_("Kinds of data"), self.data_kinds),
                    (
                        _("Sensitive data among them"),
                        _("Yes") if self.has_sensitive else _("No"),
                    ),
                    (_("Kinds of persons"), self.person_kinds),
                    (
                        _("Number of persons"),
                        self.person_count and p.number(self.person_count),
                    ),
                ],
            ),
            (
                _("Likely consequences, and the measures against them"),
                [
                    (_("Likely consequences"), self.consequences),
                    (_("Measures taken and planned"), self.measures),
                ],
            ),
            (_("Whether the persons were told"), self._told_rows(p)),
            (
                _("Whom to ask"),
                [
                    (_("Responsible"), _("Data-protection officer")),
                    (_("Contact"), self.company_id.sudo()._npo_privacy_contact(p)),
                ],
            ),
        ]

    def _moment(self, p, value):
        return value and Markup("%s · %s") % (p.both(value), p.clock(value))

    def _told_rows(self, p):
        told = self.person_ids.filtered(lambda line: line._is_told())
        return [
            (
                self.env._("Told so far"),
                p.number(len(told)) if told else self.env._("Nobody yet"),
            ),
            (self.env._("What the persons are told"), self.notice_text),
            (self.env._("Why not each person is told"), self.untold_reason),
        ]
