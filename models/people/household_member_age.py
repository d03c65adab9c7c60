from odoo import api, fields, models
from odoo.fields import Domain


class NpoHouseholdMember(models.Model):
    """Who comes of age is told of, once (D11)."""

    _inherit = "npo.household.member"

    is_adult_told = fields.Boolean(
        "Coming of age was told",
        compute="_compute_is_adult_told",
        store=True,
        precompute=True,
        copy=False,
    )

    _minor_idx = models.Index(
        "(birth_date) WHERE is_current IS TRUE AND is_adult_told IS NOT TRUE"
    )

    @api.depends("birth_date")
    def _compute_is_adult_told(self):
        """Who is of age already when written down is nobody to tell of."""
        for member in self:
            born = member.birth_date
            adult_since = member.company_id._npo_adult_since() if born else None
            member.is_adult_told = not born or born <= adult_since

    @api.model
    def _cron_coming_of_age(self, batch_size=500):
        """Raise one task for each member who came of age (D11); idempotent."""
        members = self._find_of_age(batch_size)
        members._tell_coming_of_age()
        left = self._find_of_age(1) if len(members) == batch_size else self.browse()
        self.env["ir.cron"]._commit_progress(len(members), remaining=len(left))

    @api.model
    def _find_of_age(self, limit):
        """Return members of age whom nobody was told of, locked."""
        domain = Domain("is_current", "=", True)
        domain &= Domain("is_adult_told", "!=", True)
        domain &= self.env["res.company"]._npo_of_age_domain("birth_date")
        return self.search(domain, limit=limit, order="id").try_lock_for_update()

    def _tell_coming_of_age(self):
        """Create the tasks of these members in one go and mark them as told."""
        if not self:
            return
        kind = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id("npo.household")
        today = fields.Date.context_today(self)
        officers = self._officers()
        Activity = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True  # a task, without a message for each
        )
        Activity.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": member.household_id.id,
                    "activity_type_id": kind.id,
                    "summary": self.env._(
                        "A member of the family turned %s",
                        member.company_id.npo_adult_age,
                    ),
                    "note": self.env._(
                        "%s is of age: the guardian no longer acts for them. Ask"
                        " whether they need a file of their own, and for their own"
                        " consents.",
                        member.name,
                    ),
                    "date_deadline": today,
                    "user_id": officers[member.household_id].id,
                }
                for member in self
            ]
        )
        self.write({"is_adult_told": True})

    def _officers(self):
        """Return {household: who is told}: its officer, else one of the association."""
        result, defaults = {}, {}
        for household in self.household_id:
            company = household.company_id
            user = household.user_id
            if not user.active or company not in user.company_ids:
                if company not in defaults:
                    defaults[company] = company._npo_colleague("relations_officer")
                user = defaults[company]
            result[household] = user
        return result
