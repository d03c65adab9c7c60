from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.arabic import fold


class NpoSetup(models.TransientModel):
    """Set an association up in one form: a company, its policy, the checklist.

    The policy comes from a profile or from the association's own
    text, which is read in the next form. Run again, it goes on where it was left: what
    the association has is left as it is.
    """

    _name = "npo.setup"
    _description = "Set Up an Association"

    is_new = fields.Boolean("A new association")
    company_id = fields.Many2one(
        "res.company", string="Association", default=lambda self: self.env.company
    )
    company_name = fields.Char("Name of the association")
    source = fields.Selection(
        [
            ("profile", "From a profile"),
            ("text", "From the association's own text"),
            ("later", "Later"),
        ],
        string="Its policy",
        default="profile",
    )
    profile_code = fields.Selection("_selection_profile_code", string="Profile")
    file = fields.Binary("Approved text (.txt, .md, .docx)", attachment=False)
    file_name = fields.Char()
    text = fields.Text("…or paste it")

    @api.model
    def _selection_profile_code(self):
        return self.env["res.company"]._npo_profile_names()

    def action_apply(self):
        """Create or take the company, give it its policy, show what is missing."""
        self._check_administrator()
        self.ensure_one()
        self._check_complete()
        company = self._find_company() or self._create_company()
        self._join(company)
        # the company is among the user's own from here on
        company = company.with_context(allowed_company_ids=[company.id]).with_user(
            self.env.user
        )
        if self.source == "profile":
            company._npo_apply_profile(self.profile_code)
        else:
            self._prepare(company)
        if self.source == "text":
            return self._read_text(company)
        return self._checklist(company)

    def _check_administrator(self):
        if not self.env.user.has_group("npo_relations.group_npo_admin"):
            raise AccessError(
                self.env._("Only an administrator can set up an association.")
            )
        self.check_access("read")

    def _check_complete(self):
        """Raise when something is missing, before anything is created."""
        _ = self.env._
        if self.source == "profile" and not self.profile_code:
            raise UserError(_("Choose a profile."))
        if self.source == "text" and not (self.file or (self.text or "").strip()):
            raise UserError(_("Give the approved text: upload its file, or paste it."))
        if self.is_new:
            if self.source != "profile" and not (self.company_name or "").strip():
                raise UserError(_("Enter the name of the association."))
        elif not self.company_id:
            raise UserError(_("Choose the association."))
        else:
            self.company_id.check_access("read")

    # ------------------------------------------------------------
    # COMPANY
    # ------------------------------------------------------------

    def _new_name(self):
        """Return the name of a new association; a profile brings its own."""
        if self.source != "profile":
            return self.company_name.strip()
        profile = self.env["res.company"]._npo_read_profile(self.profile_code)
        return profile["association"]["name"]["ar"]

    def _find_company(self):
        """Return the company chosen, or the one that an earlier run created."""
        if not self.is_new:
            return self.company_id
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        name = fold(self._new_name())
        known = companies.search([]).filtered(
            lambda company: (
                fold(company.name) == name
                or (
                    self.source == "profile"
                    and company.npo_profile_code == self.profile_code
                )
            )
        )[:1]
        if known and known not in self.env.user.company_ids:
            raise UserError(
                self.env._(
                    "%s is set up already. Ask its administrator for access to it.",
                    known.name,
                )
            )
        return known

    def _create_company(self):
        """Create the company: riyals, and Arabic where it is installed."""
        currency = self.env.ref("base.SAR").sudo()
        currency.active = True
        company = (
            self.env["res.company"]
            .sudo()
            .create(
                {
                    "name": self._new_name(),
                    "currency_id": currency.id,
                }
            )
        )
        if self.env["res.lang"]._get_data(code="ar_001"):
            company.partner_id.lang = "ar_001"
        return company

    def _join(self, company):
        """Let the administrator work for the association."""
        user = self.env.user.sudo()
        if company not in user.company_ids:
            user.company_ids |= company

    def _prepare(self, company):
        """Give the association its hours, holidays, headquarters and committee."""
        own = company.sudo().with_company(company).with_context(lang="en_US")
        own._npo_load_working_time()
        own._npo_load_places()

    # ------------------------------------------------------------
    # WHAT COMES NEXT
    # ------------------------------------------------------------

    def _read_text(self, company):
        """Open the form that reads the association's own text."""
        context = {
            "default_company_id": company.id,
            "default_file": self.with_context(bin_size=False).file,
            "default_file_name": self.file_name,
            "default_text": self.text,
            "allowed_company_ids": [company.id],
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read a Policy"),
            "res_model": "npo.policy.read",
            "views": [[False, "form"]],
            "target": "current",
            "context": {name: value for name, value in context.items() if value},
        }

    def _checklist(self, company):
        """Open the checklist of the association."""
        action = self.env["npo.setup.check"]._new_list(company)
        action["context"] = {
            **action["context"],
            "allowed_company_ids": [company.id],
        }
        return action
