from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

KEEPERS = ("governance_officer", "general_manager")
# Who may be named: the roles that may open a complaint they are named for.
OPENERS = ("sealed_officer", *KEEPERS)


class NpoFocalPerson(models.Model):
    """Who is named for sealed complaints, for which of them, from when to when (P092).

    The list says to whom a complaint goes when it is sealed. Being named later opens
    nothing that was sealed before: a focal person hands that on, by name and with a
    reason. Who is no longer named loses what they had.
    """

    _name = "npo.focal.person"
    _description = "Focal Person for Sealed Complaints"
    _order = "company_id, date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Focal person",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    category_ids = fields.Many2many(
        "npo.complaint.category",
        string="Complaints about",
        domain=[("confidentiality", "=", "sealed")],
        help="Empty: whatever the complaint is about.",
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="The last day; empty: until further notice.")
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _days_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "It ends after it begins.",
    )

    @api.constrains("user_id", "company_id")
    def _check_user(self):
        """A focal person works here, in a role that may open a complaint."""
        for line in self:
            user = line.user_id
            user._npo_check_works_for(line.company_id)
            if not any(
                user.has_group(f"npo_relations.group_npo_{role}") for role in OPENERS
            ):
                raise ValidationError(
                    self.env._(
                        "Give %s the role “Sealed-case officer” first: without it no"
                        " complaint opens for them.",
                        user.name,
                    )
                )

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_keeper()
        return super().create(vals_list)

    def write(self, vals):
        self._check_keeper()
        if {"user_id", "company_id", "date_from"} & set(vals) and not self.env.su:
            raise UserError(
                self.env._(
                    "Who was named, and since when, stays on record: end this line, and"
                    " add another one."
                )
            )
        result = super().write(vals)
        self._release()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Who was named stays on record: end the line instead.")
        )

    def _check_keeper(self):
        user = self.env.user
        if not self.env.su and not any(
            user.has_group(f"npo_relations.group_npo_{role}") for role in KEEPERS
        ):
            raise AccessError(
                self.env._(
                    "The focal persons are named by the governance officer or the"
                    " general manager."
                )
            )

    # ------------------------------------------------------------
    # WHO IS NAMED
    # ------------------------------------------------------------

    @api.model
    def _today_domain(self, company):
        today = company._npo_today()
        until = Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        return (
            Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", today)
            & until
        )

    @api.model
    def _named_for(self, complaint):
        """Return who is named today for what a complaint is about."""
        lines = self.sudo().search(self._today_domain(complaint.company_id))
        return lines.filtered(
            lambda line: (
                not line.category_ids or complaint.category_id in line.category_ids
            )
        ).user_id.filtered("active")

    def _release(self):
        """Take the sealed complaints away from who is no longer named at all."""
        for company, lines in self.sudo().grouped("company_id").items():
            named = self.sudo().search(self._today_domain(company)).user_id
            past = Domain("date_to", "<", company._npo_today())
            ended = lines.filtered_domain(past)
            if gone := ended.user_id - named:
                self.env["npo.complaint"]._take_from(gone, company)

    @api.model
    def _cron_release(self):
        """Release those whose naming ended, day by day."""
        self.search([("date_to", "!=", False)])._release()
