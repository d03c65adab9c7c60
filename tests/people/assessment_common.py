from odoo.fields import Command

from ..security.common import SecurityCommon


class AssessmentCommon(SecurityCommon):
    """A researcher, one who reads health too, and the household of the glossary."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.researcher = cls.users["researcher"]
        cls.health_researcher = cls._new_person(
            "health_researcher",
            "npo_relations.group_npo_social_researcher,"
            "npo_relations.group_npo_health_reader",
        )
        cls.health_manager = cls._new_person(
            "health_manager",
            "npo_relations.group_npo_general_manager,"
            "npo_relations.group_npo_health_reader",
        )
        cls.file = cls._new_beneficiary()
        cls.household = cls._new_family(cls.file)

    @classmethod
    def _new_family(cls, file, members=5, **vals):
        """Return the household that a file's person heads."""
        return cls.env["npo.household"].create(
            {
                "company_id": file.company_id.id,
                "member_ids": [
                    Command.create(
                        {"relation": "head", "partner_id": file.partner_id.id}
                    ),
                    *(
                        Command.create(
                            {
                                "name": f"Child {index}",
                                "relation": "son",
                                "gender": "male",
                                "birth_date": f"{2010 + index}-01-01",
                            }
                        )
                        for index in range(1, members)
                    ),
                ],
                **vals,
            }
        )

    @classmethod
    def _item(cls, kind, code):
        return cls.env.ref(f"npo_relations.assessment_item_{kind}_{code}").id

    @classmethod
    def _line(cls, kind, code, amount=0, **vals):
        return Command.create(
            {"kind": kind, "item_id": cls._item(kind, code), "amount": amount, **vals}
        )

    @classmethod
    def _study_vals(cls, **vals):
        """Return the household of glossary 7 and 8.2, without its health."""
        return {
            "beneficiary_id": cls.file.id,
            "company_id": cls.company.id,
            "is_consent_confirmed": True,
            "story": "The father died.",
            "companion": "Huda",
            "head_situation": "widow",
            "tenure": "rented",
            "condition": "good",
            "arrears_months": 3,
            "monthly_rent": 1250,
            "income_line_ids": [
                cls._line("income", "pension", 3000),
                cls._line("income", "rental", 18000, period="yearly"),
            ],
            "debt_line_ids": [
                cls._line("debt", "bank", remaining=9000, instalment=250)
            ],
            "need_line_ids": [
                cls._line(
                    "need",
                    "rent_aid",
                    15000,
                    urgency="urgent",
                    is_recommended=True,
                    amount_recommended=9000,
                )
            ],
            "recommendation": "full",
            "recommendation_note": "The rent is not bearable.",
            **vals,
        }

    @classmethod
    def _health_vals(cls):
        return [
            Command.create({"member": "Son", "status": "chronic", "cost": 200}),
            Command.create({"member": "Daughter", "status": "chronic"}),
        ]

    @classmethod
    def _new_study(cls, user=None, **vals):
        user = user or cls.researcher
        file = cls.env["npo.beneficiary"].browse(
            vals.get("beneficiary_id", cls.file.id)
        )
        if not file.partner_id.npo_household_line_ids:
            cls._new_family(file)
        study = (
            cls.env["npo.assessment"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )
        return study.create(cls._study_vals(researcher_id=user.id, **vals))
