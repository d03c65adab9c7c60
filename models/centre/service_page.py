from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...tools import hijri

ACTIVITY = "npo_relations.mail_activity_page_review"


class ResCompany(models.Model):
    """The service centre's page: who answers for it, and when it was looked at (R207).

    What the page shows is read from what the association keeps anyway: nothing is
    typed for it alone.
    """

    _inherit = "res.company"

    npo_page_user_id = fields.Many2one(
        "res.users",
        "Owner of the service centre's page",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
    )
    npo_page_review_date = fields.Date("Page last reviewed on")
    npo_page_review_months = fields.Integer(
        "Months until the page is reviewed again", default=6
    )

    _npo_page_review_positive = models.Constraint(
        "CHECK (npo_page_review_months > 0)",
        "The page is reviewed again after one month at least.",
    )

    def _npo_page_due(self):
        """Return the day on which the page is to be reviewed: today, if never."""
        self.ensure_one()
        last = self.npo_page_review_date
        months = relativedelta(months=self.npo_page_review_months)
        return last + months if last else self._npo_today()

    def _npo_page_reviewed(self):
        """Return the day of the last review in both calendars, "" for none."""
        self.ensure_one()
        day = self.npo_page_review_date
        return hijri.format_both(day, self.env.lang or "en_US", self.npo_digits)

    def _npo_page_services(self):
        return (
            self.env["npo.service"]
            .sudo()
            .search([("company_id", "=", self.id), ("is_published", "=", True)])
        )

    def _npo_page_sites(self):
        return self.env["npo.site"].sudo().search([("company_id", "=", self.id)])

    def _npo_page_channels(self):
        """Return the channels that the policy in force opens, for whatever is said."""
        version = self.sudo().npo_policy_version_id
        channels = self.env["npo.channel"].sudo()
        if not version:
            return channels
        opened = version._allowed_channels() | version._allowed_channels("complaint")
        return opened.filtered(lambda channel: channel.direction != "out").sorted()

    def _npo_page_guides(self, partner):
        """Return the guides of the language that is shown, for whom they are meant."""
        guides = self.env["npo.guide"]._visible_to(partner, self)
        return guides.filtered(lambda guide: guide.lang == self.env.lang)

    def _npo_page_stories(self, partner):
        """Return what persons let the association tell, for whom it is meant."""
        return self.env["npo.story"]._visible_to(partner, self)

    def _npo_page_answers(self):
        """Return what is published of the answers, as the page shows it."""
        return [
            answer._page_values() for answer in self.env["npo.answer"]._published(self)
        ]

    def _npo_page_topics(self):
        """Return [(topic, answers)]: what may answer a question before it is asked."""
        answers = self.env["npo.answer"]._published(self)
        return [
            (topic.name, [answer._page_values() for answer in own])
            for topic, own in answers.grouped("topic_id").items()
        ]

    @api.model
    def _cron_npo_page_review(self):
        """Ask the owner once to look the page through, when it is due."""
        kind = self.env.ref(ACTIVITY)
        asked = self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])
        asked_ids = set(asked.mapped("res_id"))
        for company in self.search([("npo_page_user_id", "!=", False)]):
            due = company._npo_page_due()
            page = company.partner_id
            if due <= company._npo_today() and page.id not in asked_ids:
                page.activity_schedule(
                    ACTIVITY, date_deadline=due, user_id=company.npo_page_user_id.id
                )


class MailActivity(models.Model):
    """To mark the review as done is to have reviewed."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS mail
        kind_id = self.env["ir.model.data"]._xmlid_to_res_id(ACTIVITY)
        pages = self.filtered(lambda todo: todo.activity_type_id.id == kind_id)
        page_ids = pages.mapped("res_id")
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if page_ids:
            companies = self.env["res.company"].sudo()
            for company in companies.search([("partner_id", "in", page_ids)]):
                company.npo_page_review_date = company._npo_today()
        return result


class NpoSetupCheck(models.TransientModel):
    _inherit = "npo.setup.check"

    @api.model
    def _checks(self, company):
        # EXTENDS npo.setup.check
        return [*super()._checks(company), self._page_check(company)]

    def _page_check(self, company):
        """Tell whether the page has an owner and was looked at; lines of their own
        tell what it shows: services, hours, officers, policy."""
        _ = self.env._
        gaps = []
        if not company.npo_page_user_id:
            gaps.append(_("Owner"))
        if company._npo_page_due() <= company._npo_today():
            gaps.append(_("Review: overdue"))
        return self._check(
            "service",
            "service_page",
            _("The service centre’s page"),
            not gaps,
            why=_("It lacks: %s", " · ".join(gaps)),
            hint=_("Name its owner, complete it, look it through."),
            action="npo_relations.res_config_settings_action",
        )
