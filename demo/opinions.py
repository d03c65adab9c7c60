from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.policy.profile import PROFILES
from .demo_loader import ARABIC, QUIET
from .measuring import NpoDemo as Base

# What the first question was answered, month by month.
SCORES = (5, 4, 5, 3, 4, 5, 2)
EVENTS = ("after_service", "after_visit", "after_service", "after_complaint")
WORDS = {
    5: "تعامل راقٍ وسرعة في الإنجاز.",
    4: "الإجراءات واضحة.",
    3: "الانتظار كان طويلاً بعض الشيء.",
    2: "لم يصلني رد في الموعد.",
}
MONTHS = 4
YEARLY = (9, 10, 8, 6, 9, 10)


class NpoDemo(models.AbstractModel):
    """What people said of the associations in the last months, and of this year."""

    _inherit = Base._name

    @api.model
    def _load(self):
        # EXTENDS: once all the rest is there
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        for code in PROFILES:
            company = demo._find(f"demo_company_{code}")
            about = [("company_id", "=", company.id)]
            if not demo.env["npo.opinion.answer"].search_count(about, limit=1):
                demo.with_company(company)._load_opinions(company)

    def _load_opinions(self, company):
        """Answer as people do, by the pages; then date it back, month by month."""
        for back in range(MONTHS):
            made = self.env["npo.opinion.invitation"]
            for number, score in enumerate(SCORES):
                event = EVENTS[number % len(EVENTS)]
                made |= self._answer_demo(company, event, score, number)
            self._date_back(company, made, back + 1)
        yearly = self.env["npo.opinion.invitation"]
        for number, score in enumerate(YEARLY):
            yearly |= self._answer_demo(company, "periodic", score, number, other=4)
        self._date_back(company, yearly, 1)
        self.env["npo.opinion.plan"].create(
            [
                {"company_id": company.id, "event": event, "planned": planned}
                for event, planned in (("after_service", 40), ("after_visit", 30))
            ]
        )

    def _answer_demo(self, company, event, first, number, other=None):
        """Return an invitation that somebody has answered."""
        surveys = self.env["survey.survey"]
        survey = surveys.browse(surveys._npo_survey_id(company.id, event))
        invitation = self.env["npo.opinion.invitation"]._open_survey(survey)
        sites = self.env["npo.site"].search([("company_id", "=", company.id)])
        services = self.env["npo.service"].search([("company_id", "=", company.id)])
        invitation.write(
            {
                "site_id": sites[number % len(sites)].id if sites else False,
                "service_id": services[number % len(services)].id
                if services and event == "after_service"
                else False,
                "gender": ("female", "male")[number % 2],
                "audience": "beneficiary",
                "source": ("link", "portal", "phone")[number % 3],
            }
        )
        while invitation.state != "done":
            page = invitation.page
            typed = {}
            for question in invitation._pages()[page]:
                if question.npo_role == "first":
                    typed[f"q{question.id}"] = str(first)
                elif question.npo_scale == "text":
                    typed[f"q{question.id}"] = WORDS.get(first, "")
                elif question.npo_scale in ("satisfaction", "agreement"):
                    typed[f"q{question.id}"] = str(other or max(first, 2))
                elif question.npo_scale == "yes_no":
                    typed[f"q{question.id}"] = "1"
            reasons = ("speed",) if first <= 3 else ("courtesy", "information")
            invitation._save_page(page, typed, reasons[: 1 + number % 2])
        return invitation

    def _date_back(self, company, invitations, months):
        """Let what was answered now have been answered so many months ago."""
        self.env.flush_all()
        day = company._npo_today() - relativedelta(months=months, day=12)
        moment = fields.Datetime.to_datetime(day)
        sheets = invitations.user_input_id
        self.env.cr.execute(
            SQL(
                "UPDATE npo_opinion_answer SET date = %s WHERE user_input_id = ANY(%s)",
                day,
                sheets.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE npo_opinion_remark SET date = %s"
                " WHERE company_id = %s AND date = %s",
                day,
                company.id,
                company._npo_today(),
            )
        )
        self.env.invalidate_all()
        invitations.write({"day": day, "date_sent": moment})
        sheets.write({"start_datetime": moment, "end_datetime": moment})
