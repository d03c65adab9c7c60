from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain

from .complaint import NpoComplaint as Base
from .complaint_exclusion import GOVERNOR, MANAGER

ADMIN = "npo_relations.group_npo_admin"
SEALED = Domain("confidentiality", "=", "sealed")
# What may seal a complaint.
SEALING_FIELDS = frozenset({"confidentiality", "category_id", "kind"})


class NpoComplaint(models.Model):
    """Sealed complaints exist for their focal persons only (P005, P083, P092).

    *Normal* is what the complaint's roles see. *Restricted* is seen by its handler,
    the complaint officers, the manager of the centre and the general manager:
    relations officers, service representatives and the auditor, who looks at times and
    numbers, do not need to know who complains of whom. *Sealed* is seen by
    `focal_user_ids` alone, by a rule without a group on one stored column: an
    administrator is no exception, and only the module's own code passes it.

    Reports of violations and categories that are sealed are so from the beginning;
    whoever handles a complaint may seal it at any step, and loses sight of it. It
    goes to no unit: who must know of it is named by a focal person.
    """

    _inherit = Base._name

    focal_user_ids = fields.Many2many(
        "res.users",
        "npo_complaint_focal_rel",
        "complaint_id",
        "user_id",
        string="Focal persons",
        readonly=True,
        copy=False,
    )

    _sealed_idx = models.Index(
        "(company_id, date_received) WHERE confidentiality = 'sealed'"
    )

    def _sealed_ones(self):
        """Return those of the complaints that are sealed, in sudo."""
        return self.sudo().filtered(lambda case: case.confidentiality == "sealed")

    @api.depends("kind")
    def _compute_confidentiality(self):
        # EXTENDS: whistle-blowing is sealed, whatever it is about (P005)
        super()._compute_confidentiality()
        self.filtered(lambda case: case.kind == "violation").confidentiality = "sealed"

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases._sealed_ones()._close_up()
        return cases

    def write(self, vals):
        # EXTENDS: what becomes sealed goes to its focal persons at once
        if not SEALING_FIELDS & set(vals):
            return super().write(vals)
        before = self._sealed_ones()
        result = super().write(vals)
        (self._sealed_ones() - before)._close_up()
        return result

    # ------------------------------------------------------------
    # FOCAL PERSONS
    # ------------------------------------------------------------

    def _focal_persons(self):
        """Return who gets a sealed complaint; never whom it concerns.

        Where nobody is named it is the general manager, else the governance officer;
        somebody who administers the system as well only where there is no other; and
        the chair of the board where all of them are concerned.
        """
        self.ensure_one()
        named = self.env["npo.focal.person"]._named_for(self)
        if named := named - self._concerned_users():
            return named
        heads = [self._unconcerned(group) for group in (MANAGER, GOVERNOR)]
        others = [
            users.filtered(lambda user: not user.has_group(ADMIN)) for users in heads
        ]
        return next(filter(None, [*others, *heads]), None) or self._free_chair()

    def _concerned_users(self):
        """Return who is barred from the complaint, and whose own it is."""
        people = self.partner_id | self.representative_id | self.concerned_id
        return self.barred_user_ids | people.user_ids

    def _require_handler(self):
        # EXTENDS: each focal person follows a sealed complaint up, and nobody else
        sealed = self._sealed_ones()
        super(NpoComplaint, self - sealed)._require_handler()
        if sealed and not self.env.su:
            self.check_access("read")
            self._check_not_barred()
            sealed.with_env(self.env)._check_focal()

    @api.depends("focal_user_ids")
    def _compute_may_handle(self):
        # EXTENDS: as the steps are checked
        super()._compute_may_handle()
        for case in self._sealed_ones().with_env(self.env):
            case.may_handle = self.env.user in case.sudo().focal_user_ids

    def _require_approver(self):
        # EXTENDS: another one of the focal persons approves what is grave
        sealed = self._sealed_ones()
        if rest := self - sealed:
            super(NpoComplaint, rest)._require_approver()
        if sealed:
            self.check_access("read")
            sealed.with_env(self.env)._check_focal()

    def _escalation_users(self, step):
        # EXTENDS: that a sealed one is late is for its focal persons to know
        if self._sealed_ones():
            return self.focal_user_ids
        return super()._escalation_users(step)

    def _not_barred(self, users):
        # EXTENDS: nor for who stands in for one of them
        allowed = super()._not_barred(users)
        return allowed & self.focal_user_ids if self._sealed_ones() else allowed

    def _may_name(self):
        # EXTENDS: a task that stands by itself names nothing that is sealed
        return super()._may_name() and not self._sealed_ones()

    def _free_handler(self):
        # EXTENDS: a sealed complaint is handled by its focal person
        if self._sealed_ones():
            return self.focal_user_ids[:1]
        return super()._free_handler()

    def _go_round_barred(self):
        # EXTENDS: whom the complaint turns out to concern is no focal person of it
        super()._go_round_barred()
        for case in self._sealed_ones():
            if concerned := case.focal_user_ids & case._concerned_users():
                case._hand_to(case.focal_user_ids - concerned)

    @api.model
    def _take_from(self, users, company):
        """Take all sealed complaints of an association away from users."""
        held = SEALED & Domain("focal_user_ids", "in", users.ids)
        for case in self.sudo().search(held & Domain("company_id", "=", company.id)):
            case._hand_to(case.focal_user_ids - users)

    def _hand_to(self, users):
        """Give a sealed complaint to users; where none is left, to who is next."""
        self.ensure_one()
        users = users or self._focal_persons()
        self.focal_user_ids = [Command.set(users.ids)]
        if self.user_id not in users:
            self.user_id = users[:1]
        strangers = self.activity_ids.filtered(lambda task: task.user_id not in users)
        strangers.write({"user_id": users[:1].id})

    @api.constrains("user_id")
    def _check_handler_focal(self):
        """Whoever handles a sealed complaint is a focal person of it."""
        for case in self._sealed_ones():
            if case.user_id - case.focal_user_ids:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not know of %(case)s. Name them a focal person"
                        " of it first.",
                        person=case.user_id.name,
                        case=case.name,
                    )
                )

    def _assign_another(self, appeal):
        # EXTENDS: another one of the focal persons
        before = self.user_id
        super(NpoComplaint, self - self._sealed_ones())._assign_another(appeal)
        for case in self._sealed_ones():
            case.user_id = (case.focal_user_ids - before)[:1] or before

    # ------------------------------------------------------------
    # SEALING AND UNSEALING
    # ------------------------------------------------------------

    def _close_up(self):
        """Give what was sealed, and all that is with it, to who may see it."""
        for case in self.sudo():
            case.department_id = False
            case._hand_to(case._focal_persons())
            case.interaction_id._strip(case)
            case._hide_traces()
            case._tell_focal_persons(case.focal_user_ids - self.env.user)
            case._open_assignments()._end("void")
            repeating = case.duplicate_ids - case.duplicate_ids._sealed_ones()
            repeating.write({"confidentiality": "sealed"})

    def _seal(self):
        """Seal complaints: from now on they exist for their focal persons only.

        :return: the action that says so, and leads away from what is seen no more
        """
        self._require_handler()
        open_ones = self - self._sealed_ones()
        if not open_ones:
            raise UserError(self.env._("It is sealed already."))
        open_ones.sudo().write({"confidentiality": "sealed"})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Sealed. It is with the focal persons now; nobody else sees it."
                ),
                "next": self.env["ir.actions.actions"]._for_xml_id(
                    "npo_relations.npo_home_action"
                ),
            },
        }

    def _check_focal(self):
        """Raise unless the user is a focal person of these sealed complaints."""
        for case in self.sudo():
            is_focal = self.env.user in case.focal_user_ids
            if not is_focal or not case._sealed_ones():
                raise AccessError(
                    self.env._("Only a focal person of a sealed complaint does this.")
                )

    def _unseal(self, level, reason):
        """Open a sealed complaint again to the roles of a level; logged for good.

        :param str level: normal or restricted
        """
        self.ensure_one()
        self._check_focal()
        if level not in ("normal", "restricted"):
            raise UserError(self.env._("Choose who may see it from now on."))
        self._log_seal("unseal", reason)
        case = self.sudo()
        case._show_traces()
        case.write({"confidentiality": level, "focal_user_ids": [Command.clear()]})

    def _name_focal_person(self, user, reason):
        """Let one more person know of a sealed complaint; logged for good."""
        self.ensure_one()
        self._check_focal()
        if user.share or self.sudo().company_id not in user.sudo().company_ids:
            raise UserError(self.env._("%s does not work here.", user.sudo().name))
        if user in self.sudo()._concerned_users():
            raise UserError(
                self.env._("It concerns %s, who therefore gets no sight of it.")
                % user.sudo().name
            )
        self._log_seal("named", reason)
        case = self.sudo()
        case._hand_to(case.focal_user_ids | user)
        case._tell_focal_persons(user)

    def _log_seal(self, way, reason):
        """Keep who did it and why; without a reason it is not done."""
        if not (reason or "").strip():
            raise UserError(self.env._("Write why: it stays on record."))
        self._check_text_lengths({"description": reason})
        self.env["npo.access.log"]._log_whole(self, way, reason=reason.strip())

    # ------------------------------------------------------------
    # OPENED
    # ------------------------------------------------------------

    def _access_log_name(self):
        """Return what the log calls a complaint: its reference."""
        return self.name

    def _read_format(self, fnames, load="_classic_read"):
        # EXTENDS base: all that a client reads passes here (P101)
        result = super()._read_format(fnames, load)
        if not self.env.su and set(fnames) - {"id", "name", "display_name"}:
            self._sealed_ones()._note_opening()
        return result

    def _note_opening(self):
        """Note once a day that the user looked at sealed complaints."""
        if not self:
            return
        start = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        log = self.env["npo.access.log"]
        noted = log.sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("user_id", "=", self.env.uid),
                ("way", "=", "sealed"),
                ("date", ">=", start),
            ]
        )
        seen = set(noted.mapped("res_id"))
        log._log_whole(self.filtered(lambda case: case.id not in seen), "sealed")

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        # EXTENDS base: a path through other records passes here too
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        if not self.env.su and (sealed := self._sealed_ones()):
            self.env["npo.access.log"]._log_whole(sealed, "export")
        return rows

    # ------------------------------------------------------------
    # TOLD
    # ------------------------------------------------------------

    def _notify(self, event, once=""):
        # EXTENDS: a message about what is sealed says that there is one, no more
        sealed = self._sealed_ones()
        if rest := self - sealed:
            super(NpoComplaint, rest)._notify(event, once)
        if sealed:
            is_first = event == self._acknowledge_event
            told = "cmp_ack_sealed" if is_first else "cmp_news_sealed"
            once = "" if is_first else f"{event}{once}"
            super(NpoComplaint, sealed)._notify(told, once=once)

    def _letter_kind(self):
        # EXTENDS: who opens the envelope learns that there is something new, no more
        return "sealed" if self._sealed_ones() else super()._letter_kind()

    def _follow_link(self):
        # EXTENDS: an address that is the same for whatever is followed
        return self._slip_address() if self._sealed_ones() else super()._follow_link()


class NpoAccessLog(models.Model):
    _inherit = "npo.access.log"

    way = fields.Selection(
        selection_add=[
            ("sealed", "Sealed complaint opened"),
            ("unseal", "Sealed complaint opened to others"),
            ("named", "Focal person added"),
        ],
        ondelete={
            "sealed": "cascade",
            "unseal": "cascade",
            "named": "cascade",
        },
    )


class ResCompany(models.Model):
    _inherit = "res.company"

    npo_small_count = fields.Integer(
        "Smallest number told of sealed complaints",
        default=3,
        help="⚖ Below it, a statistic says “fewer than” this number.",
    )

    _npo_small_count_positive = models.Constraint(
        "CHECK (npo_small_count > 0)",
        "The smallest number that is told is one at least.",
    )
