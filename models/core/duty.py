from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .guards import without_defaults


class NpoDuty(models.Model):
    """Who did which duty on which file (segregation of duties, D02).

    Each gated step of a case passes through `_claim`, which refuses a duty to a
    person who did an incompatible one on the same file. The person counts, not the
    group: an administrator who registered a request cannot decide it either.
    """

    _name = "npo.duty"
    _description = "Duty Done"
    _order = "id desc"

    res_model = fields.Char("Kind of file", required=True)
    res_id = fields.Many2oneReference("File", model_field="res_model", required=True)
    res_name = fields.Char("Reference")
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    duty = fields.Selection(
        [
            ("register", "Registration"),
            ("verify", "Verification"),
            ("assess", "Study of the case"),
            ("raise", "Raising to the committee"),
            ("decide", "Decision on the request"),
            ("approve", "Higher approval"),
            ("announce", "Announcement of the decision"),
            ("early_reply", "Approval of the early reply"),
            ("deliver", "Delivery of the service"),
            ("reverse", "Taking a delivery back"),
            ("find", "Finding of a false declaration"),
            ("confirm", "Confirmation of a false declaration"),
            ("review", "Review of an objection"),
            ("handle", "Handling of a complaint"),
            ("endorse", "Approval of the answer to a complaint"),
            ("propose", "Proposal of a compensation"),
            ("find_breach", "Finding on a condition of a compensation"),
            ("legal", "Legal review"),
            ("post", "Posting of the bill"),
            ("pay", "Payment"),
            ("inspect", "Round at one's own counter"),
            ("put_right", "Putting right"),
            ("sign_off", "Confirming that it was put right"),
        ],
        required=True,
    )
    user_id = fields.Many2one("res.users", string="By", required=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Person", required=True)

    exception_id = fields.Many2one(
        "npo.duty.exception",
        string="By the exception",
        index="btree_not_null",
        ondelete="restrict",
        help="What allowed this duty beside another that excludes it.",
    )
    has_conflict = fields.Boolean(
        compute="_compute_has_conflict",
        search="_search_has_conflict",
        help="The same person did a duty on the file that excludes this one.",
    )

    _file_idx = models.Index("(res_model, res_id, duty)")
    _measured_idx = models.Index("(company_id, create_date)")

    # Pairs that one person may not do on one file (glossary 2, last line).
    _incompatible = (
        ("register", "decide"),
        ("verify", "decide"),
        ("decide", "deliver"),
        ("register", "approve"),
        ("verify", "approve"),
        ("decide", "approve"),
        ("approve", "deliver"),
        ("deliver", "reverse"),
        ("find", "confirm"),
        # who reviews an objection took no part in what it is about (D12)
        ("register", "review"),
        ("verify", "review"),
        ("assess", "review"),
        ("decide", "review"),
        ("find", "review"),
        ("confirm", "review"),
        ("review", "deliver"),
        # who answers a complaint neither approves the answer nor reviews it (P078)
        ("handle", "endorse"),
        ("decide", "endorse"),
        ("handle", "review"),
        ("endorse", "review"),
        # who asks for money, who grants it, who enters it and who pays it (P066)
        ("propose", "approve"),
        ("propose", "legal"),
        ("propose", "post"),
        ("propose", "pay"),
        ("find_breach", "approve"),
        ("approve", "post"),
        ("approve", "pay"),
        ("post", "pay"),
        ("decide", "post"),
        ("decide", "pay"),
        ("deliver", "post"),
        ("deliver", "pay"),
        ("legal", "approve"),
        ("propose", "review"),
        ("find_breach", "review"),
        ("legal", "review"),
        ("approve", "review"),
        ("pay", "review"),
        # who draws an agreement up, who reviews it, who approves it
        ("register", "legal"),
        # who serves at a counter, or put something right, does not sign it off (R198)
        ("inspect", "sign_off"),
        ("put_right", "sign_off"),
    )
    # Pairs that one person may do on one file together with others, not alone.
    _not_alone = (("assess", "decide"),)

    @api.depends("duty", "partner_id", "res_model", "res_id")
    def _compute_has_conflict(self):
        conflicting = self.search([("id", "in", self.ids), ("has_conflict", "=", True)])
        for duty in self:
            duty.has_conflict = duty in conflicting

    @api.model
    def _search_has_conflict(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["res_model", "res_id", "duty", "partner_id"])
        pairs = {*self._incompatible, *((b, a) for a, b in self._incompatible)}
        clashing = Domain(
            "id",
            "in",
            SQL(
                """(SELECT d.id FROM npo_duty d JOIN npo_duty o
                       ON o.res_model = d.res_model AND o.res_id = d.res_id
                      AND o.partner_id = d.partner_id
                    WHERE (d.duty, o.duty) IN %s)""",
                tuple(sorted(pairs)),
            ),
        )
        return clashing if True in value else ~clashing

    @api.model
    def _conflicting(self, duty, records):
        """Return the duties that exclude this one on the records."""
        pairs = self._incompatible
        return [one for one, other in pairs if other == duty] + [
            other for one, other in pairs if one == duty
        ]

    @api.model
    def _check(self, duty, records, users=None):
        """Raise when one of the persons did an incompatible duty on one of the files.

        Nobody serves their own file, nor one that is about them, whatever the duty
        and whatever exception there is.

        :param users: who is about to do the duty; the current user by default
        :return: {(id of the file, contact): the exception that allows it}
        """
        persons = (users or self.env.user).partner_id
        self._check_own_file(records.sudo(), persons)
        excluded = self._conflicting(duty, records)
        if not excluded or not records:
            return {}
        clashes = self.sudo().search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("duty", "in", excluded),
                ("partner_id", "in", persons.ids),
            ]
        )
        if not clashes:
            return {}
        allowed, files = {}, {record.id: record for record in records.sudo()}
        in_force = self._in_force(persons, records)
        for clash in clashes:
            exception = in_force._covering(
                (clash.duty, duty), clash.partner_id, files[clash.res_id]
            )
            if not exception:
                raise UserError(self._clash_text(clash))
            allowed[clash.res_id, clash.partner_id] = exception
        return allowed

    @api.model
    def _in_force(self, persons, records):
        """Return the exceptions of persons that are in force where the files are."""
        companies = records.sudo().company_id
        return self.env["npo.duty.exception"]._in_force(persons, companies)

    @api.model
    def _clash_text(self, clash):
        labels = dict(self._fields["duty"]._description_selection(self.env))
        return self.env._(
            "%(person)s cannot do this step on %(file)s: the same person has"
            " done this on it already: %(duty)s. Ask a colleague to do it.",
            person=clash.partner_id.name,
            file=clash.res_name,
            duty=labels[clash.duty],
        )

    @api.model
    def _check_own_file(self, records, persons):
        """Raise when a file is that of one of the persons, or is about one of them."""
        names = {"partner_id", "representative_id"} & set(records._fields)
        own = records.filtered(
            lambda record: any(record[name] & persons for name in names)
        )
        if own:
            raise UserError(
                self.env._(
                    "%s is that of the person who would do this step. Ask a colleague"
                    " to do it.",
                    own[0].name,
                )
            )
        self._check_not_about(records, persons)

    @api.model
    def _check_not_about(self, records, persons):
        """Raise when somebody would handle what is complained about them (P074)."""
        complaints = records
        if "complaint_id" in records._fields:
            complaints = records.complaint_id
        if "barred_user_ids" not in complaints._fields:
            return
        about = complaints.filtered(
            lambda record: record.barred_user_ids.partner_id & persons
        )
        if about:
            raise UserError(
                self.env._(
                    "%s is about the person who would do this step, or about somebody"
                    " in their charge. Ask a colleague to do it.",
                    about[0].name,
                )
            )

    @api.model
    def _check_alone(self, duty, records, users):
        """Raise when nobody but who did the other duty of a pair would do this one.

        :return: {(id of the file, contact): the exception that allows it}
        """
        allowed = {}
        persons = users.partner_id
        alone = [
            (first, record)
            for first in [one for one, other in self._not_alone if other == duty]
            for record in records.sudo()
            if persons and persons <= self._persons(first, record)
        ]
        in_force = self._in_force(persons, records) if alone else None
        for first, record in alone:
            for person in persons:
                if exception := in_force._covering((first, duty), person, record):
                    allowed[record.id, person] = exception
            if not any((record.id, person) in allowed for person in persons):
                raise UserError(
                    self.env._("Who studied the case does not decide on it alone.")
                )
        return allowed

    @api.model
    def _claim(self, duty, records, users=None):
        """Check the persons against what they did before, then record the duty."""
        users = users or self.env.user
        allowed = self._check(duty, records, users)
        allowed |= self._check_alone(duty, records, users)
        return without_defaults(self.sudo()).create(
            [
                {
                    "res_model": record._name,
                    "res_id": record.id,
                    "res_name": record.name,
                    "company_id": record.company_id.id,
                    "duty": duty,
                    "user_id": user.id,
                    "partner_id": user.partner_id.id,
                    "exception_id": exception.id if exception else False,
                }
                for record in records
                for user in users
                for exception in [allowed.get((record.id, user.partner_id))]
            ]
        )

    @api.model
    def _persons(self, duty, record):
        """Return the contacts who did a duty on a file."""
        domain = [
            ("res_model", "=", record._name),
            ("res_id", "=", record.id),
            ("duty", "=", duty),
        ]
        return self.sudo().search(domain).partner_id

    # ------------------------------------------------------------
    # THE AUDITOR'S PAPER
    # ------------------------------------------------------------

    @api.model
    def _conflicts_of(self, companies):
        """Return the duties done beside one that excludes them, newest first."""
        return self.search(
            Domain("has_conflict", "=", True)
            & Domain("company_id", "in", companies.ids)
        )

    def _conflicts(self):
        """Return the conflicts where the chosen duties were done."""
        return self._conflicts_of(self.company_id)

    def _exceptions(self):
        """Return all the exceptions where the chosen duties were done."""
        return self.env["npo.duty.exception"].search(
            [("company_id", "in", self.company_id.ids)]
        )

    def _duty_label(self):
        return dict(self._fields["duty"]._description_selection(self.env)).get(
            self.duty, ""
        )
