from ..common import AssociationCommon


class ReceptionCommon(AssociationCommon):
    """Visitors as reception registers and serves them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.front = cls.users["front"]
        cls.file = cls._new_beneficiary()
        cls.person = cls.file.partner_id
        cls.inquiry = cls.env.ref("npo_relations.visit_purpose_inquiry")

    @classmethod
    def _visit(cls, user="front", **vals):
        """Return a visitor as somebody at the counter registers one."""
        visits = cls.env["npo.visit"].with_user(cls.users[user])
        return visits._register_visitors(
            [
                {
                    "company_id": cls.company.id,
                    "site_id": cls.site.id,
                    "section": "women",
                    "purpose_id": cls.inquiry.id,
                    **vals,
                }
            ]
        )

    @classmethod
    def _served(cls, **vals):
        """Return a visitor who is being served."""
        visit = cls._visit(**vals)
        visit.action_start()
        return visit

    @classmethod
    def _done(cls, **vals):
        """Return a visitor who was served."""
        visit = cls._served(**vals)
        visit.action_end("completed")
        return visit
