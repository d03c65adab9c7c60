import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..people.beneficiary import CATEGORY_GROUPS
from .events import ASSISTED, AUDIENCES, EVENTS, GENDERS, SOURCES

MANAGERS = (
    "npo_relations.group_npo_centre_manager,npo_relations.group_npo_general_manager"
)
# What stands in a kept message instead of the key of the page.
MASK = "/opinion/sent-"
KEY_BYTES = 24


class NpoOpinionInvitation(models.Model):
    """One person is asked about one thing, once (R068, R077, P124).

    It is one row, written by the event in its own transaction; the cron decides
    whether it is sent. What comes without an invitation (the portal, a printed code)
    opens such a row as well, so that answering is one way.
    """

    _name = "npo.opinion.invitation"
    _description = "Invitation to Say How It Was"
    _order = "id desc"
    _rec_name = "event"

    event = fields.Selection(EVENTS, "Occasion", required=True, readonly=True)
    survey_id = fields.Many2one(
        "survey.survey", "Questionnaire", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one(
        "res.company", "Association", required=True, readonly=True, index=True
    )
    audience = fields.Selection(AUDIENCES, "Asked as", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Person", readonly=True, index="btree_not_null"
    )
    res_model = fields.Char("Kind of case", readonly=True)
    res_id = fields.Many2oneReference("Case", model_field="res_model", readonly=True)
    complaint_id = fields.Many2one(
        "npo.complaint",
        readonly=True,
        index="btree_not_null",
        groups="base.group_system",
        help="Who is kept out of the complaint is kept out of this, too.",
    )
    round = fields.Char(
        "Round", readonly=True, help="The year of what is asked every year."
    )

    # what is kept beside the answers
    site_id = fields.Many2one("npo.site", "Site", readonly=True, index="btree_not_null")
    service_id = fields.Many2one("npo.service", "Service", readonly=True)
    category_id = fields.Many2one(
        "npo.beneficiary.category", "Category", readonly=True, groups=CATEGORY_GROUPS
    )
    gender = fields.Selection(GENDERS, readonly=True)
    channel_id = fields.Many2one("npo.channel", "Channel", readonly=True)

    state = fields.Selection(
        [
            ("waiting", "To be sent"),
            ("sent", "Sent"),
            ("skipped", "Not sent"),
            ("open", "Without an invitation"),
            ("partial", "Begun"),
            ("done", "Answered"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    skip_reason = fields.Selection(
        [
            ("consent", "Does not want to be asked"),
            ("recent", "Was asked shortly before"),
            ("closed", "The time is over"),
        ],
        "Why not sent",
        readonly=True,
    )
    token = fields.Char(readonly=True, groups="base.group_system")
    day = fields.Date("Since", readonly=True, index=True)
    date_end = fields.Datetime("Open until", readonly=True)
    date_sent = fields.Datetime("Sent on", readonly=True)
    date_remind = fields.Datetime("To be reminded on", readonly=True)
    date_reminded = fields.Datetime("Reminded on", readonly=True)
    source = fields.Selection(SOURCES, "Answered how", readonly=True)
    interviewer_id = fields.Many2one(
        "res.users", "Written down by", readonly=True, index="btree_not_null"
    )
    is_answered = fields.Boolean(
        "Has an answer", readonly=True, help="Of the first question at least."
    )
    page = fields.Integer(readonly=True, groups="base.group_system")
    score = fields.Float(readonly=True, groups="base.group_system", aggregator=None)
    user_input_id = fields.Many2one(
        "survey.user_input",
        "Answers",
        readonly=True,
        groups=MANAGERS,
        index="btree_not_null",
    )

    _token_uniq = models.UniqueIndex("(token)", "This key was drawn already.")
    _once = models.UniqueIndex(
        "(company_id, res_model, res_id, event, COALESCE(round, ''))"
        " WHERE res_id IS NOT NULL",
        "This was asked already.",
    )
    _waiting_idx = models.Index("(id) WHERE state = 'waiting'")
    _remind_idx = models.Index("(date_remind) WHERE date_remind IS NOT NULL")
    _partner_idx = models.Index("(partner_id, date_sent) WHERE date_sent IS NOT NULL")

    @api.depends("event", "day")
    def _compute_display_name(self):
        labels = dict(self._fields["event"]._description_selection(self.env))
        for invitation in self:
            invitation.display_name = labels.get(invitation.event)

    # ------------------------------------------------------------
    # INVITE
    # ------------------------------------------------------------

    @api.model
    def _invite(self, event, records, state="waiting", **vals):
        """Ask the persons of records how it was: one statement for any number.

        What is sealed, what has no person and what was asked already is left out.

        :param str event: one of `EVENTS`
        :param records: of one model, with `_opinion_facts`
        :return: the invitations that are new, in sudo
        """
        rows = [
            self._row(event, record, facts)
            for record, facts in (
                (record, record._opinion_facts()) for record in records.sudo()
            )
            if facts["partner"] and not facts["sealed"]
        ]
        return self._insert(event, [row for row in rows if row], state, **vals)

    @api.model
    def _row(self, event, record, facts):
        """Return what is kept of one record; None where nothing asks about it."""
        company = facts["company"]
        survey_id = self.env["survey.survey"]._npo_survey_id(company.id, event)
        if not survey_id:
            return None
        end = fields.Datetime.now() + timedelta(days=company.npo_opinion_window_days)
        return (
            survey_id,
            company.id,
            facts["partner"].id if facts["partner"] else None,
            record._name,
            record.id,
            facts["site"].id if facts["site"] else None,
            facts["service"].id if facts["service"] else None,
            facts["channel"].id if facts["channel"] else None,
            secrets.token_urlsafe(KEY_BYTES),
            company._npo_today(),
            end,
        )

    @api.model
    def _insert(self, event, rows, state, audience="beneficiary", round_name=None):
        """Write the rows; who comes second with the same finds it done."""
        if not rows:
            return self.sudo().browse()
        self.env["res.partner"].flush_model(["npo_gender"])
        self.env["npo.beneficiary"].flush_model(
            ["partner_id", "company_id", "active", "primary_category_id"]
        )
        columns = [list(column) for column in zip(*rows, strict=True)]
        made = self.env.execute_query(
            SQL(
                """
                INSERT INTO npo_opinion_invitation
                       (event, state, audience, round, survey_id, company_id,
                        partner_id, res_model, res_id, complaint_id, site_id,
                        service_id, channel_id, token, day, date_end, gender,
                        category_id, page,
                        is_answered, create_uid, create_date, write_uid, write_date)
                SELECT %(event)s, %(state)s, %(audience)s, %(round)s, row.survey_id,
                       row.company_id, row.partner_id, row.res_model, row.res_id,
                       CASE WHEN row.res_model = 'npo.complaint'
                            THEN row.res_id END,
                       row.site_id, row.service_id, row.channel_id, row.token,
                       row.day, row.date_end, person.npo_gender,
                       (SELECT file.primary_category_id FROM npo_beneficiary file
                         WHERE file.partner_id = row.partner_id
                           AND file.company_id = row.company_id
                           AND file.active IS TRUE
                         ORDER BY file.id DESC LIMIT 1),
                       0, FALSE, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM UNNEST(%(surveys)s::int[], %(companies)s::int[],
                              %(partners)s::int[], %(models)s::varchar[],
                              %(ids)s::int[], %(sites)s::int[], %(services)s::int[],
                              %(channels)s::int[], %(tokens)s::varchar[],
                              %(days)s::date[], %(ends)s::timestamp[])
                       AS row (survey_id, company_id, partner_id, res_model, res_id,
                               site_id, service_id, channel_id, token, day, date_end)
                  LEFT JOIN res_partner person ON person.id = row.partner_id
                    ON CONFLICT DO NOTHING
                RETURNING id
                """,
                event=event,
                state=state,
                audience=audience,
                round=round_name,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                **dict(
                    zip(
                        (
                            "surveys",
                            "companies",
                            "partners",
                            "models",
                            "ids",
                            "sites",
                            "services",
                            "channels",
                            "tokens",
                            "days",
                            "ends",
                        ),
                        columns,
                        strict=True,
                    )
                ),
            )
        )
        return self.sudo().browse(row_id for (row_id,) in made)

    @api.model
    def _open_survey(self, survey):
        """Return a new invitation of who answers by a printed code. In sudo."""
        company = survey.npo_company_id
        end = fields.Datetime.now() + timedelta(days=1)
        row = (
            survey.id,
            company.id,
            *(None,) * 6,
            secrets.token_urlsafe(KEY_BYTES),
            company._npo_today(),
            end,
        )
        made = self._insert(survey.npo_event, [row], "open", audience=None)
        made.source = "qr"
        return made

    # ------------------------------------------------------------
    # WHAT IT IS ABOUT
    # ------------------------------------------------------------

    def _case(self):
        """Return the record it is about, in sudo; an empty one where there is none."""
        self.ensure_one()
        if not (self.res_model and self.res_id and self.res_model in self.env):
            return self.browse()
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _served_by(self):
        """Return the users who served, to keep them away from the answer."""
        case = self._case()
        return (
            case._rating_served_by()
            if hasattr(case, "_rating_served_by")
            else self.env["res.users"]
        )

    def _link(self):
        """Return the address of the page that it opens.

        In a message that is kept, where officers read it, a mask stands in its place.
        """
        self.ensure_one()
        if self.env.context.get("npo_in_message"):
            return f"{self.get_base_url()}{MASK}{self.id}"
        return f"{self.get_base_url()}/opinion/{self.sudo().token}"

    _opinion_link = _link

    @api.model
    def _find(self, token):
        """Return the invitation that a key opens, in sudo; none if none."""
        if not token or len(token) < KEY_BYTES:
            return self.sudo().browse()
        return self.sudo().search([("token", "=", token)], limit=1)

    def _is_over(self):
        """Tell whether the time to answer has passed."""
        return self.state != "done" and fields.Datetime.now() > self.date_end

    def _is_assisted(self):
        return self.source in ASSISTED
