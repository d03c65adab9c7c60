import base64
import binascii
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.arabic import clean_code
from ...tools.identity import mask
from ...tools.upload import UploadError, clean_name, take
from .beneficiary import IDENTITY_GROUPS
from .identity_checks import read_date

HEALTH_GROUP = "npo_relations.group_npo_health_reader"
# ⚖ A document that expires within so many days after its submission is pointed out.
EXPIRES_SOON_DAYS = 30
# A change of one of these makes the comparison with the original void.
CONTENT_FIELDS = {
    "document_type_id",
    "partner_id",
    "number",
    "restricted_number",
    "issuer",
    "issue_date",
    "expiry_date",
    "file",
    "restricted_file",
}
OWNER_FIELDS = ("company_id", "beneficiary_id", "partner_id")
# Any of these tells that the document was handed in.
GIVEN_FIELDS = ("number", "restricted_number", "has_file", "issue_date", "expiry_date")


class NpoDocument(models.Model):
    """A document that is required of a person, or was given (R107–R109).

    One line for each: what it says, whether it was compared with the original, by
    whom, and until when it is valid. Of identity documents only the number and the
    dates are kept. What tells of health lies in columns of its own (`restricted_*`)
    that only its readers can read, wherever it is asked from.
    """

    _name = "npo.document"
    _description = "Document"
    _order = "is_mandatory desc, id"
    _check_company_auto = True

    # what and whose
    document_type_id = fields.Many2one(
        "npo.document.type",
        string="Document",
        required=True,
        index=True,
        ondelete="restrict",
    )
    beneficiary_id = fields.Many2one(
        "npo.beneficiary",
        string="Beneficiary",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Association",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
    )
    site_id = fields.Many2one(
        "npo.site",
        string="Site",
        compute="_compute_site_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    is_mandatory = fields.Boolean("Mandatory")
    reused_from_id = fields.Many2one(
        "npo.document",
        string="Taken over from",
        readonly=True,
        index="btree_not_null",
        help="The document already on file that serves here again (R060).",
    )

    # what it says
    is_identity = fields.Boolean(related="document_type_id.is_identity")
    is_restricted = fields.Boolean(
        related="document_type_id.is_restricted", store=True, precompute=True
    )
    number = fields.Char(groups=f"{IDENTITY_GROUPS},{HEALTH_GROUP}", copy=False)
    restricted_number = fields.Char(
        "Number (restricted)", groups=HEALTH_GROUP, copy=False
    )
    number_masked = fields.Char(
        "Number (masked)",
        compute="_compute_number_masked",
        store=True,
        precompute=True,
    )
    issuer = fields.Char("Issued by")
    issue_date = fields.Date("Issued on")
    expiry_date = fields.Date("Expires on", index="btree_not_null")
    max_age_days = fields.Integer(
        "Oldest (days)",
        compute="_compute_max_age_days",
        store=True,
        precompute=True,
        readonly=False,
    )
    file = fields.Binary(attachment=True, copy=False)
    restricted_file = fields.Binary(
        "File (restricted)", attachment=True, copy=False, groups=HEALTH_GROUP
    )
    file_name = fields.Char(copy=False)
    has_file = fields.Boolean("File attached", readonly=True, copy=False)
    can_attach = fields.Boolean(compute="_compute_can_attach")

    # matching with the original
    state = fields.Selection(
        [
            ("missing", "Missing"),
            ("received", "Received"),
            ("matched", "Matched with the original"),
            ("mismatch", "Not matching"),
            ("expired", "Expired"),
            ("waived", "Waived"),
        ],
        required=True,
        readonly=True,
        default="missing",
        copy=False,
        index=True,
    )
    matched_by_id = fields.Many2one(
        "res.users", string="Matched by", readonly=True, copy=False
    )
    matched_on = fields.Datetime(readonly=True, copy=False)
    mismatch_note = fields.Text("What does not match", readonly=True, copy=False)
    waiver_reason = fields.Text("Why it is waived", readonly=True, copy=False)
    validity = fields.Selection(
        "_selection_validity",
        string="Validity",
        compute="_compute_validity",
        help="On the day of submission; today, before there was one.",
    )

    _reuse_idx = models.Index(
        "(partner_id, document_type_id, matched_on) WHERE state = 'matched'"
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("beneficiary_id")
    def _compute_partner_id(self):
        for document in self:
            owner = document.beneficiary_id.partner_id
            document.partner_id = owner or document.partner_id

    @api.depends("beneficiary_id", "partner_id")
    def _compute_company_id(self):
        for document in self:
            document.company_id = (
                document.beneficiary_id.company_id
                or document.company_id
                or document.partner_id.company_id
                or self.env.company
            )

    @api.depends("beneficiary_id.site_id")
    def _compute_site_id(self):
        for document in self:
            document.site_id = document.beneficiary_id.site_id

    @api.depends("number", "restricted_number")
    def _compute_number_masked(self):
        for document in self:
            number = document.number or document.restricted_number
            document.number_masked = mask(number) or False

    @api.depends("document_type_id", "company_id")
    def _compute_can_attach(self):
        for document in self:
            document.can_attach = self._may_attach(
                document.document_type_id, document.company_id
            )

    @api.depends("document_type_id")
    def _compute_max_age_days(self):
        for document in self:
            document.max_age_days = document.document_type_id.max_age_days

    @api.depends(
        "issue_date",
        "expiry_date",
        "max_age_days",
        "document_type_id.requires_expiry",
    )
    def _compute_validity(self):
        for day, documents in self.grouped(lambda line: line._validity_date()).items():
            validity = documents._validity(day)
            for document in documents:
                document.validity = validity[document.id or document._origin.id]

    @api.depends("document_type_id", "partner_id")
    def _compute_display_name(self):
        for document in self:
            kind, person = document.document_type_id.name, document.partner_id.name
            document.display_name = " · ".join(filter(None, (kind, person)))

    @api.model
    def _selection_validity(self):
        return [
            ("valid", self.env._("Valid")),
            ("expires_soon", self.env._("Expires soon")),
            ("expired", self.env._("Expired")),
            ("too_old", self.env._("Too old")),
            ("undated", self.env._("Date missing")),
        ]

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("issue_date", "expiry_date")
    def _check_dates(self):
        for document in self:
            today = document.company_id._npo_today()
            issued, expires = document.issue_date, document.expiry_date
            if issued and expires and expires < issued:
                raise ValidationError(
                    self.env._("A document cannot expire before it was issued.")
                )
            if issued and issued > today:
                raise ValidationError(
                    self.env._("A document cannot be issued in the future.")
                )

    @api.constrains("beneficiary_id", "partner_id")
    def _check_same_person(self):
        for document in self.sudo():
            owner = document.beneficiary_id.partner_id
            if owner and owner != document.partner_id:
                raise ValidationError(
                    self.env._("The document and the file are of different persons.")
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._npo_clean_vals(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_flow_vals(vals, creating=True)
        self._check_new_files(vals_list)
        kinds = self._types_of(vals_list)
        vals_list = [
            self._content_vals(vals, kind)
            for vals, kind in zip(vals_list, kinds, strict=True)
        ]
        for vals in vals_list:
            if any(vals.get(name) for name in GIVEN_FIELDS):
                vals["state"] = vals.get("state") or "received"
        restricted = [self._pop_restricted(vals) for vals in vals_list]
        documents = super().create(vals_list)
        documents._check_frozen()
        for document, hidden in zip(documents, restricted, strict=True):
            if hidden:
                # sudo: who hands a report in need not be one who may read it
                super(NpoDocument, document.sudo()).write(hidden)
        return documents

    def write(self, vals):
        self.check_access("write")  # before what follows writes as superuser
        vals = self._npo_clean_vals(vals)
        self._check_flow_vals(vals)
        self._check_frozen()
        if CONTENT_FIELDS.isdisjoint(vals):
            return super().write(vals)
        self._check_type_kept(vals)
        result = True
        new_kind = self.env["npo.document.type"].browse(vals.get("document_type_id"))
        for (company, old_kind), documents in self.grouped(
            lambda line: (line.company_id, line.document_type_id)
        ).items():
            kind = new_kind or old_kind
            self._check_file(vals, kind, company)
            content = documents._content_vals(vals, kind)
            hidden = documents._pop_restricted(content)
            result = super(NpoDocument, documents).write(content)
            # sudo: as in create; the states and stamps are the flow's
            if hidden:
                super(NpoDocument, documents.sudo()).write(hidden)
            documents.sudo()._content_changed()
        self._check_frozen()
        return result

    def _check_type_kept(self, vals):
        """What was handed in is of one type: who may read it depends on that."""
        if "document_type_id" not in vals:
            return
        given = self.sudo().filtered(
            lambda document: any(document[name] for name in GIVEN_FIELDS)
        )
        if any(line.document_type_id.id != vals["document_type_id"] for line in given):
            raise UserError(
                self.env._(
                    "This document was handed in: add another line for another kind."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_frozen()

    @api.model
    def _npo_clean_vals(self, vals):
        vals = dict(vals)
        if vals.get("file_name"):
            vals["file_name"] = clean_name(vals["file_name"])
        for name in ("number", "restricted_number"):
            if name in vals:
                vals[name] = clean_code(vals[name]).upper() or False
        for name in ("issue_date", "expiry_date"):
            if name in vals:
                vals[name] = read_date(self.env, vals[name])
        return vals

    @api.model
    def _types_of(self, vals_list):
        """Return the document type of each of the values, read in one go."""
        kinds = self.env["npo.document.type"]
        ids = [vals.get("document_type_id") for vals in vals_list]
        kinds.browse(filter(None, ids)).fetch(
            ["is_identity", "is_restricted", "max_age_days"]
        )
        return [kinds.browse(kind_id) for kind_id in ids]

    def _content_vals(self, vals, kind):
        """Return the values with what follows from a number or a file being given."""
        vals = dict(vals)
        if kind.is_restricted:
            for name in ("number", "file"):
                if vals.get(name):
                    vals[f"restricted_{name}"] = vals[name]
                    vals[name] = False
            if vals.get("file_name"):
                # the name that a scan was given may tell of the illness
                extension = vals["file_name"].rpartition(".")[2]
                vals["file_name"] = f"{kind.code}.{extension}"
        if "file" in vals or "restricted_file" in vals:
            vals["has_file"] = bool(vals.get("file") or vals.get("restricted_file"))
        return vals

    def _pop_restricted(self, vals):
        """Take what the user may write but not read out of the values."""
        if self.env.su or self.env.user.has_group(HEALTH_GROUP):
            return {}
        names = ("restricted_number", "restricted_file")
        return {name: vals.pop(name) for name in names if name in vals}

    # ------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------

    @api.model
    def _check_new_files(self, vals_list):
        """Check the files of lines to be, whose company may be known by their file."""
        names = ("file", "restricted_file")
        for vals in vals_list:
            if not any(vals.get(name) for name in names):
                continue
            line = self.new(
                {name: vals[name] for name in OWNER_FIELDS if vals.get(name)}
            )
            kind = self.env["npo.document.type"].browse(vals.get("document_type_id"))
            self._check_file(vals, kind, line.company_id)

    @api.model
    def _check_file(self, vals, kind, company):
        """Refuse a file that may not be kept or is not what it says (R108, P-series).

        Runs in create and write, so screen, portal, import and API pass through it.
        """
        contents = [vals.get("file"), vals.get("restricted_file")]
        for content in filter(None, contents):
            if not self._may_attach(kind, company):
                raise UserError(
                    self.env._(
                        "Identity documents are matched with the original and not"
                        " copied: record the number and the dates. A file can be"
                        " attached once the association has recorded its legal basis"
                        " in the settings."
                    )
                )
            self._check_content(content, vals.get("file_name"), company)

    @api.model
    def _may_attach(self, kind, company):
        """Return whether a file of this type may be kept (identity: only by law)."""
        basis = company.sudo().npo_identity_copy_basis
        return not kind.is_identity or bool((basis or "").strip())

    @api.model
    def _check_content(self, content, file_name, company):
        """Refuse a file by its size, its true kind, or a name that hides the kind."""
        try:
            data = base64.b64decode(content, validate=False)
        except (binascii.Error, ValueError):
            raise UserError(self.env._("This file could not be read.")) from None
        limit = company.sudo().npo_max_upload_mb
        if limit and len(data) > limit * 1024 * 1024:
            raise UserError(
                self.env._("This file is too large: at most %s megabytes.", limit)
            )
        try:
            take(file_name, data)
        except UploadError as error:
            raise UserError(self._upload_message(*error.args)) from None

    @api.model
    def _upload_message(self, code, kind=""):
        """Return why a file is not taken."""
        if code == "name":
            return self.env._(
                "The name of this file does not fit what is in it: its content is"
                " %s. Save it again under the right name.",
                kind.upper(),
            )
        if code == "empty":
            return self.env._("This file is empty. Choose it again.")
        if code == "picture":
            return self.env._(
                "This picture cannot be opened. Take it again, or save it anew."
            )
        return self.env._(
            "This file is not a document or a photograph, whatever its name"
            " says. Accepted: PDF, JPEG, PNG and HEIC."
        )

    # ------------------------------------------------------------
    # VALIDITY
    # ------------------------------------------------------------

    def _validity_date(self):
        """Return the day on which the document must be valid: today, if not told."""
        return self.env.company._npo_today()

    def _validity(self, date):
        """Judge documents on a day (R109), the day itself included.

        :return: {document id: valid, expires_soon, expired, too_old or undated}
        """
        soon = date + timedelta(days=EXPIRES_SOON_DAYS)
        result = {}
        for document in self:
            expires, issued = document.expiry_date, document.issue_date
            oldest = document.max_age_days
            if expires and expires < date:
                code = "expired"
            elif oldest and issued and (date - issued).days > oldest:
                code = "too_old"
            elif (oldest and not issued) or (
                document.document_type_id.requires_expiry and not expires
            ):
                code = "undated"
            elif expires and expires <= soon:
                code = "expires_soon"
            else:
                code = "valid"
            result[document.id or document._origin.id] = code
        return result

    def is_valid_on(self, date):
        """Return whether all of the documents are valid on a day."""
        codes = self._validity(fields.Date.to_date(date)).values()
        return all(code in ("valid", "expires_soon") for code in codes)

    @api.model
    def _reusable(self, partners, types, date):
        """Return the matched documents of persons that are valid on a day (R060).

        The latest of each person and type, all read by one query.
        """
        documents = self.search_fetch(
            [
                ("partner_id", "in", partners.ids),
                ("document_type_id", "in", types.ids),
                ("state", "=", "matched"),
                "|",
                ("expiry_date", "=", False),
                ("expiry_date", ">=", date),
            ],
            [
                "partner_id",
                "document_type_id",
                "issue_date",
                "expiry_date",
                "max_age_days",
            ],
            order="matched_on desc, id desc",
        )
        validity = documents._validity(date)
        best = {}
        for document in documents:
            if validity[document.id] in ("valid", "expires_soon"):
                key = (document.partner_id, document.document_type_id)
                best.setdefault(key, document.id)
        return self.browse(best.values())

    def _reuse_vals(self):
        """Return the values of lines that take these documents over (R060).

        For the flow, which creates them as superuser: the comparison with the original
        stays as it was done, and the file is not copied but found by the link.
        """
        return [
            {
                "document_type_id": document.document_type_id.id,
                "partner_id": document.partner_id.id,
                "beneficiary_id": document.beneficiary_id.id,
                "company_id": document.company_id.id,
                "number": document.number,
                "restricted_number": document.restricted_number,
                "issuer": document.issuer,
                "issue_date": document.issue_date,
                "expiry_date": document.expiry_date,
                "state": "matched",
                "matched_by_id": document.matched_by_id.id,
                "matched_on": document.matched_on,
                "reused_from_id": document.id,
            }
            for document in self.sudo()
        ]
