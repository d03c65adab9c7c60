from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..core.guards import MAX_AMOUNT, check_values, is_derived, without_defaults
from .request_flow import OFFICERS

# The researcher's own; what an officer says is in the other fields.
STUDY_FIELDS = frozenset({"research_note", "recommendation"})
# What an officer writes on an item to verify; the rest is set when it is asked for.
VERIFIED_FIELDS = frozenset({"source", "result", "note"})
# What the researcher writes on a referral; the question stays as it was asked.
ANSWER_FIELDS = frozenset({"answer", "is_understood", "aspect", "mode"})


class NpoRequest(models.Model):
    """Who may write what of a request, by whatever way they come (D02, R113).

    Beside the fields of the flow, which no way but a step writes: the study is the
    researcher's, at its stage; the rest is the officers'. The person of a request is
    one whose file its officer may read, and stays.
    """

    _inherit = "npo.request"

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another request."
    )
    _amounts_bounded = models.Constraint(
        f"CHECK (amount_requested < {MAX_AMOUNT} AND quantity < {MAX_AMOUNT}"
        f" AND amount_approved >= 0 AND amount_approved < {MAX_AMOUNT}"
        f" AND quantity_approved >= 0 AND quantity_approved < {MAX_AMOUNT})",
        "The amount or the quantity cannot be recorded: it is negative or too large.",
    )

    @api.constrains("user_id", "researcher_id")
    def _check_staff(self):
        """A request is with somebody of its association; a study with a researcher."""
        role = "npo_relations.group_npo_social_researcher"
        for request in self.sudo():
            for user in request.user_id | request.researcher_id:
                if user.share or request.company_id not in user.company_ids:
                    raise ValidationError(
                        self.env._(
                            "%(person)s does not work for %(association)s.",
                            person=user.name,
                            association=request.company_id.name,
                        )
                    )
            researcher = request.researcher_id
            if researcher and not researcher.has_group(role):
                raise ValidationError(
                    self.env._("%s is not a social researcher.", researcher.name)
                )

    @api.model
    def _is_guarded(self, name):
        # EXTENDS npo.case.mixin
        return name in STUDY_FIELDS or super()._is_guarded(name)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_readable_files(vals_list)
            for vals in vals_list:
                self._check_study_fields(
                    {name for name in STUDY_FIELDS if vals.get(name)}
                )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_readable_files([vals])
            self._check_study_fields(STUDY_FIELDS & set(vals))
            self._check_officer_fields(vals)
            if vals.get("partner_id", False) is not False and any(
                request.partner_id.id != vals["partner_id"] for request in self
            ):
                raise UserError(
                    self.env._(
                        "A request stays with its applicant. Open a new one for"
                        " another person."
                    )
                )
        return super().write(vals)

    @api.model
    def _check_readable_files(self, vals_list):
        """Refuse files the user may not read: their documents come along (R093)."""
        file_ids = [vals.get("beneficiary_id") for vals in vals_list]
        files = self.env["npo.beneficiary"].browse(filter(None, file_ids))
        files.check_access("read")

    def _check_study_fields(self, names):
        """Refuse the study of the case to all but its researcher, at its stage."""
        if not names:
            return
        if not self or any(
            request.researcher_id != self.env.user or request.stage_code != "research"
            for request in self
        ):
            raise AccessError(
                self.env._(
                    "The study is written by the researcher of the case, while the"
                    " case is with the researcher."
                )
            )

    def _check_officer_fields(self, vals):
        """Refuse what the officers say of a request to those who only study it."""
        roles = [f"npo_relations.group_npo_{role}" for role in OFFICERS]
        if self.env.user.has_groups(",".join(roles)):
            return
        free = {
            *STUDY_FIELDS,
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }
        if set(vals) - free:
            raise AccessError(
                self.env._("Only an officer changes what is asked for in a request.")
            )


class NpoVerification(models.Model):
    """An item is verified where it is asked, and stays as mandatory as it is."""

    _inherit = "npo.verification"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super(NpoVerification, without_defaults(self)).create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        if not self.env.su and set(vals) - VERIFIED_FIELDS - {"user_id", "date"}:
            raise AccessError(
                self.env._("Of an item to verify, only what was found is written.")
            )
        return super().write(vals)


class NpoReferral(models.Model):
    """A referral is asked by the step of the request, and answered here."""

    _inherit = "npo.referral"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super(NpoReferral, without_defaults(self)).create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        if not self.env.su and set(vals) - ANSWER_FIELDS:
            raise UserError(
                self.env._("Of a referral, only the answer is written here.")
            )
        return super().write(vals)


class NpoDeclaration(models.Model):
    """Nothing of the caller's context decides on a signature."""

    _inherit = "npo.declaration"

    @api.model_create_multi
    def create(self, vals_list):
        return super(NpoDeclaration, without_defaults(self)).create(vals_list)


class NpoDelivery(models.Model):
    """Nothing of the caller's context decides on a receipt."""

    _inherit = "npo.delivery"

    _reference_uniq = models.UniqueIndex(
        "(company_id, name)", "This reference was given to another delivery."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
        return super(NpoDelivery, without_defaults(self)).create(vals_list)


class NpoDocument(models.Model):
    """The papers of a request are its applicant's, as mandatory as the service says."""

    _inherit = "npo.document"

    @api.constrains("request_id", "partner_id")
    def _check_request_person(self):
        for document in self.sudo().filtered("request_id"):
            if document.request_id.partner_id != document.partner_id:
                raise ValidationError(
                    self.env._("The document and the request are of different persons.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self, vals)
            self._check_derived(vals)
        # all that a client may give a default of is whose document it is, and which
        own = ("request_id", "beneficiary_id", "partner_id", "document_type_id")
        documents = without_defaults(self, lambda name: name not in own)
        return super(NpoDocument, documents).create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        self._check_derived(vals)
        if "is_mandatory" in vals and not self.env.su and self.request_id:
            raise UserError(
                self.env._("What the service asks for is not changed here: waive it.")
            )
        return super().write(vals)

    @api.model
    def _check_derived(self, vals):
        """Refuse what is worked out; for whom a paper is to read depends on it."""
        if not self.env.su and any(is_derived(self, name) for name in vals):
            raise UserError(
                self.env._(
                    "The state of a document changes by its buttons, and not by"
                    " editing."
                )
            )
