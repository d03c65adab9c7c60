from odoo import api, models

# ⚖ How many electronic ways to ask there are at least (R165).
ELECTRONIC_CHANNELS = 2
ELECTRONIC_KINDS = ("web", "email", "social")
POLICY_CHANNELS = "npo_relations.npo_policy_action"


class NpoSetupCheck(models.TransientModel):
    """What the checklist asks of access to information (R165, R168)."""

    _inherit = "npo.setup.check"

    @api.model
    def _checks(self, company):
        # EXTENDS npo.setup.check
        return [*super()._checks(company), *self._centre_checks(company)]

    def _centre_checks(self, company):
        _ = self.env._
        work_fields = company.npo_work_field_ids
        answered = self.env["npo.liaison"]._in_office(company).work_field_id
        vacant = work_fields - answered
        version = company.npo_policy_version_id
        channels = version._allowed_channels() if version else self.env["npo.channel"]
        electronic = channels.filtered(lambda c: c.kind in ELECTRONIC_KINDS)
        return [
            self._check(
                "service",
                "work_fields",
                _("Fields of work"),
                work_fields,
                why=_("An inquiry goes to no officer of its field."),
                hint=_("Choose them in the settings."),
                action="npo_relations.res_config_settings_action",
            ),
            self._check(
                "people",
                "liaisons",
                _("A liaison officer for each field of work"),
                work_fields and not vacant,
                why=_("Nobody answers for: %s", " · ".join(vacant.mapped("name"))),
                hint=_("Name the officer, and a deputy."),
                action="npo_relations.npo_liaison_action",
            ),
            self._check(
                "service",
                "electronic_channels",
                _("Two electronic channels at least"),
                len(electronic) >= ELECTRONIC_CHANNELS,
                why=_("People reach the association by: %s")
                % " · ".join(electronic.mapped("name")),
                hint=_("Open the website, the portal or the e-mail in the policy."),
                action=POLICY_CHANNELS,
            ),
        ]
