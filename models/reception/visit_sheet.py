from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .visit import OPEN_STATES

CLOSERS = (
    "service_representative",
    "branch_delegate",
    "centre_officer",
)


class NpoVisitSheet(models.Model):
    """The count of a day at a site: opened by its first visitor, closed, signed (R172).

    It draws the numbers of the day, so registering and closing meet at one row: of two
    at one moment the later one begins anew and sees what the first did.
    """

    _name = "npo.visit.sheet"
    _description = "Daily Count of Visitors"
    _inherit = ["mail.thread"]
    _order = "day desc, site_id"
    _rec_names_search = ["site_id"]
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", string="Association", required=True, readonly=True
    )
    site_id = fields.Many2one(
        "npo.site", required=True, readonly=True, check_company=True
    )
    day = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed and signed")],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    visit_ids = fields.One2many("npo.visit", "sheet_id", string="Visitors")
    count_html = fields.Html("Count", compute="_compute_count_html", sanitize=False)
    visit_count = fields.Integer("Visitors", compute="_compute_visit_count")
    open_count = fields.Integer("Still here", compute="_compute_visit_count")

    # the last number of each section
    last_men = fields.Integer(readonly=True)
    last_women = fields.Integer(readonly=True)
    last_family = fields.Integer(readonly=True)

    # who opened it, closed it and signed
    opened_by_id = fields.Many2one("res.users", "Opened by", readonly=True)
    date_opened = fields.Datetime("Opened on", readonly=True)
    closed_by_id = fields.Many2one("res.users", "Closed by", readonly=True)
    date_closed = fields.Datetime("Closed on", readonly=True)
    typed_name = fields.Char("Signed as", readonly=True)
    signature = fields.Image(max_width=1024, max_height=512, readonly=True)
    note = fields.Text("Remarks", readonly=True)

    _site_day_uniq = models.UniqueIndex(
        "(site_id, day)", "This day has its count sheet already."
    )
    _list_idx = models.Index("(company_id, day DESC, site_id)")

    @api.depends("site_id.name", "day")
    def _compute_display_name(self):
        for sheet in self:
            day = format_date(self.env, sheet.day) if sheet.day else ""
            sheet.display_name = f"{sheet.site_id.name or ''} · {day}"

    def _compute_visit_count(self):
        groups = self.env["npo.visit"]._read_group(
            [("sheet_id", "in", self.ids)], ["sheet_id", "state"], ["__count"]
        )
        counts, still = {}, {}
        for sheet, state, count in groups:
            counts[sheet.id] = counts.get(sheet.id, 0) + count
            if state in OPEN_STATES:
                still[sheet.id] = still.get(sheet.id, 0) + count
        for sheet in self:
            sheet.visit_count = counts.get(sheet.id, 0)
            sheet.open_count = still.get(sheet.id, 0)

    # ------------------------------------------------------------
    # CREATE, WRITE
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_by_steps()
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - {"message_follower_ids", "message_ids"}:
            self._check_by_steps()
        return super().write(vals)

    def _check_by_steps(self):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "A day is opened by its first visitor and closed by its step."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        raise UserError(self.env._("The count of a day is kept."))

    # ------------------------------------------------------------
    # NUMBERS
    # ------------------------------------------------------------

    @api.model
    def _draw(self, site_id, day, section, count):
        """Draw the next numbers of a section, on a day that is open.

        One statement opens the day where it is not, and holds its row until the end
        of the transaction: a number is neither left out nor given twice.

        :return: (id of the sheet, iterator of the numbers)
        """
        self.flush_model()
        column = SQL.identifier(f"last_{section}")
        [(sheet_id, last, state)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO npo_visit_sheet AS sheet
                            (company_id, site_id, day, state, %(column)s,
                             opened_by_id, date_opened,
                             create_uid, create_date, write_uid, write_date)
                     SELECT company_id, id, %(day)s, 'open', %(count)s,
                            %(user)s, %(now)s, %(user)s, %(now)s, %(user)s, %(now)s
                       FROM npo_site WHERE id = %(site)s
                ON CONFLICT (site_id, day) DO UPDATE
                        SET %(column)s = COALESCE(sheet.%(column)s, 0) + %(count)s
                  RETURNING id, %(column)s, state
                """,
                column=column,
                site=site_id,
                day=day,
                count=count,
                user=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        sheet = self.browse(sheet_id)
        sheet.invalidate_recordset([f"last_{section}"], flush=False)
        if state == "closed":
            raise UserError(sheet.sudo()._closed_sentence())
        return sheet_id, iter(range(last - count + 1, last + 1))

    def _closed_sentence(self):
        return self.env._(
            "The count of %s is closed and signed. The manager of the service centre"
            " can open it again, with a reason.",
            self.display_name,
        )

    # ------------------------------------------------------------
    # CLOSE, OPEN AGAIN
    # ------------------------------------------------------------

    def action_close(self):
        """Open the form in which the day is closed and signed."""
        self.ensure_one()
        self._check_closer()
        return self._open_step("close", self.env._("Close the day"))

    def action_reopen(self):
        """Open the form in which the manager says why a day is opened again."""
        self.ensure_one()
        self._check_reopener()
        return self._open_step("reopen", self.env._("Open the day again"))

    def _open_step(self, step, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "npo.visit.sheet.step",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sheet_id": self.id, "default_step": step},
        }

    def _check_closer(self):
        user = self.env.user
        if not any(user.has_group(f"npo_relations.group_npo_{r}") for r in CLOSERS):
            raise AccessError(self.env._("Reception closes the count of a day."))
        self.check_access("read")

    def _check_reopener(self):
        if not self.env.user.has_group("npo_relations.group_npo_centre_manager"):
            raise AccessError(
                self.env._("The manager of the service centre opens a day again.")
            )
        self.check_access("read")

    def _close(self, signature=False, typed_name="", note="", leave=False):
        """Close the day and sign it; who still waits was served or has left.

        :param leave: those still waiting left before they were served
        """
        self.ensure_one()
        self._check_closer()
        typed_name = " ".join((typed_name or "").split())
        if self.state == "closed":
            raise UserError(self._closed_sentence())
        if not signature and not typed_name:
            raise UserError(self.env._("Draw your signature, or type your full name."))
        if leave:
            waiting = [
                ("sheet_id", "=", self.id),
                ("state", "in", ("waiting", "called")),
            ]
            self.env["npo.visit"].search(waiting)._leave()
        self._check_nobody_here()
        self.sudo().write(
            {
                "state": "closed",
                "closed_by_id": self.env.uid,
                "date_closed": fields.Datetime.now(),
                "signature": signature,
                "typed_name": typed_name or self.env.user.name,
                "note": (note or "").strip(),
            }
        )

    def _check_nobody_here(self):
        self.invalidate_recordset(["open_count"], flush=False)
        if self.open_count:
            raise UserError(
                self.env._(
                    "Visitors still here: %s. End their visits, or mark those as left"
                    " who went before they were served.",
                    self.open_count,
                )
            )

    def _reopen(self, reason):
        """Open a closed day again; why stands in its discussion (R172)."""
        self.ensure_one()
        self._check_reopener()
        reason = (reason or "").strip()
        if self.state != "closed":
            raise UserError(self.env._("This day is open."))
        if not reason:
            raise UserError(self.env._("Write why the day is opened again."))
        self.sudo().message_post(
            body=self.env._("Opened again. Reason: %s", reason),
            author_id=self.env.user.partner_id.id,
        )
        self.sudo().write({"state": "open", "signature": False, "typed_name": False})

    # ------------------------------------------------------------
    # COUNT
    # ------------------------------------------------------------

    def _counted(self):
        """Return the count of the day, with the rights of who looks."""
        return self.env["npo.visit"]._count(Domain("sheet_id", "=", self.id))

    def _compute_count_html(self):
        qweb = self.env["ir.qweb"]
        for sheet in self:
            values = {"count": sheet._counted(), "visits": self.env["npo.visit"]}
            sheet.count_html = qweb._render("npo_relations.npo_visit_table", values)

    def _print_lang(self):
        """Return the language of who reads the count: its lines are in it."""
        return self.env.lang or self.env.user.lang

    def action_print(self):
        """Print the count of the day."""
        self.check_access("read")
        report = self.env.ref("npo_relations.action_report_npo_visit_sheet")
        return report.report_action(self)

    def action_export(self):
        """Offer the count of the day as a spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        page = self.env["npo.visit.count"].create(
            {
                "company_id": self.company_id.id,
                "site_id": self.site_id.id,
                "date_from": self.day,
                "date_to": self.day,
            }
        )
        return page.action_export()
