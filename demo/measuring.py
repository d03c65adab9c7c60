from datetime import timedelta

from odoo import api, models
from odoo.fields import Command

from ..models.centre.sample import ITEMS
from .demo_loader import ARABIC, QUIET
from .information import NpoDemo as Base

CODE = "harfa"  # the association whose policy has the measurement centre


class NpoDemo(models.AbstractModel):
    """The measurement centre at work: what it plans, teaches, makes known, checks."""

    _inherit = Base._name

    @api.model
    def _load(self):
        # EXTENDS: once all the rest is there
        super()._load()
        demo = self.sudo().with_context(**QUIET, lang=ARABIC)
        company = demo._find(f"demo_company_{CODE}")
        if demo._find(f"demo_campaign_portal_{CODE}"):
            return
        data = self._read("measuring")
        demo.with_company(company)._load_measuring(data, company)

    def _load_measuring(self, data, company):
        today = company._npo_today()
        user = self._find(f"demo_user_centre_{CODE}")
        company.write(
            {
                "npo_service_vision": data["vision"],
                "npo_centre_start": today - timedelta(days=13),
                "npo_page_user_id": user.id,
            }
        )
        self._load_objectives(data, company)
        self._load_trainings(data, company, today)
        self._load_campaigns(data, company, today)
        self._load_quality(data, company, today)

    def _load_objectives(self, data, company):
        self.env["npo.objective"].create(
            [
                {
                    "name": line["name"],
                    "kpi_id": self._find(f"kpi_{line['kpi']}").id,
                    "target": line["target"],
                    "direction": line.get("direction", "high"),
                    "company_id": company.id,
                }
                for line in data["objectives"]
            ]
        )

    def _load_trainings(self, data, company, today):
        departments = self.env["hr.department"].create(
            [{"name": name, "company_id": company.id} for name in data["departments"]]
        )
        employees = self.env["hr.employee"].create(
            [
                {
                    "name": line["name"],
                    "company_id": company.id,
                    "department_id": departments[line["department"]].id,
                    "user_id": self._find(f"demo_user_{line['key']}_{CODE}").id,
                }
                for line in data["employees"]
            ]
        )
        departments[0].manager_id = employees[2]
        sites = self.env["npo.site"].search([("company_id", "=", company.id)])
        self.env["npo.service.representative"].create(
            [
                {
                    "employee_id": employee.id,
                    "company_id": company.id,
                    "site_id": sites[number % len(sites)].id,
                    "gender": line["gender"],
                    "languages": line["languages"],
                    "knows_sign_language": line.get("sign", False),
                }
                for number, (employee, line) in enumerate(
                    zip(employees[:2], data["employees"][:2], strict=True)
                )
            ]
        )
        for line in data["trainings"]:
            training = self.env["npo.training"].create(
                {
                    "title": line["title"],
                    "company_id": company.id,
                    "topic_id": self._find(f"training_topic_{line['topic']}").id,
                    "date_from": today - timedelta(days=line["days"]),
                    "date_to": today - timedelta(days=line["days"] - 1),
                    "hours": line["hours"],
                    "trainer": line["trainer"],
                    "attendee_ids": [
                        Command.create(
                            {"employee_id": employees[index].id, "evaluation": "5"}
                        )
                        for index in line["attended"]
                    ],
                }
            )
            if line["days"] > 0:
                training.action_hold()
        self._ask_internally(data["internal"], company, departments[0])

    def _ask_internally(self, line, company, department):
        reception = self._find(f"demo_user_reception_{CODE}")
        requests = self.env["npo.internal.request"].with_user(reception)
        requests.with_company(company).create(
            {**line, "company_id": company.id, "department_id": department.id}
        )

    def _load_campaigns(self, data, company, today):
        for line in data["campaigns"]:
            campaign = self.env["npo.campaign"].create(
                {
                    "title": line["title"],
                    "topic": line["topic"],
                    "company_id": company.id,
                    "user_id": self._find(f"demo_user_centre_{CODE}").id,
                    "date_from": today - timedelta(days=line["from"]),
                    "date_to": today - timedelta(days=line["to"]),
                    "objective": line["objective"],
                    "result": line.get("result"),
                    "post_ids": [
                        Command.create(
                            {
                                "channel_id": self._find(f"channel_{channel}").id,
                                "date": today - timedelta(days=days),
                                "url": url,
                                "reach": reach,
                                "clicks": clicks,
                            }
                        )
                        for channel, days, url, reach, clicks in line["posts"]
                    ],
                }
            )
            campaign.action_start()
            if campaign.result:
                campaign.action_finish()
            self._name_records({f"demo_campaign_{line['key']}_{CODE}": campaign})
        self._load_story(data["story"], company)

    def _load_story(self, line, company):
        file = self.env["npo.beneficiary"].search(
            [("company_id", "=", company.id)], limit=1
        )
        purposes = self.env["npo.consent.purpose"]._of(company, codes=["media"])
        self.env["npo.consent"]._give(file.partner_id, purposes, company, "paper")
        story = self.env["npo.story"].create(
            {**line, "company_id": company.id, "partner_id": file.partner_id.id}
        )
        story.action_publish()

    def _load_quality(self, data, company, today):
        for days, is_right, note in data["reviews"]:
            self.env["npo.page.review"].create(
                {
                    "company_id": company.id,
                    "date": today - timedelta(days=days),
                    "user_id": self._find(f"demo_user_centre_{CODE}").id,
                    "are_links_right": is_right,
                    "is_content_right": is_right,
                    "are_guides_right": True,
                    "are_services_open": True,
                    "note": note,
                }
            )
        standards = self.env["npo.standard"].search([("company_id", "=", company.id)])
        by_code = standards.grouped("code")
        for code, number, state, evidence in data["standards"]:
            item = by_code[code].item_ids[number]
            item.write({"state": state, "evidence": evidence})
        samples = self.env["npo.sample"]
        sample = samples._draw(company, today - timedelta(days=30)).sudo()
        for check in sample.check_ids:
            check.write(dict.fromkeys(ITEMS, "yes"))
        if sample.check_ids:
            sample.action_finish()
