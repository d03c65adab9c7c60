from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.fields import Command

from .complaint_records import BEHIND, COMPLAINT, complaints_behind

# Kind of trace -> its field that names the model of the record it stands beside.
TRACES = {
    "mail.message": "model",
    "mail.activity": "res_model",
    "calendar.event": "res_model",
}
# What has activities of its own and may belong to a sealed complaint.
TASKED = (
    COMPLAINT,
    "npo.complaint.assignment",
    "npo.appeal",
    "npo.dispute",
    "npo.interaction",
)


def may_be_sealed(model):
    """Tell whether records of a model may belong to a sealed complaint."""
    return model._name == COMPLAINT or not BEHIND.keys().isdisjoint(model._fields)


def sealed_behind(records):
    """Return the sealed complaints that records belong to, in sudo."""
    return complaints_behind(records)._sealed_ones()


class NpoSealedTrace(models.AbstractModel):
    """What stands beside a sealed complaint: a message, a task, a meeting (P092).

    Odoo shows these to their author, to who is assigned and to who was notified,
    whatever the record they belong to; a rule on this column comes before all that.
    """

    _name = "npo.sealed.trace"
    _description = "Trace of a Sealed Complaint"

    sealed_complaint_id = fields.Many2one(
        COMPLAINT,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )

    @api.model_create_multi
    def create(self, vals_list):
        traces = super().create(vals_list)
        name = TRACES.get(self._name)
        for model, found in traces.sudo().grouped(name).items() if name else ():
            if model in self.env and may_be_sealed(self.env[model]):
                found._mark_sealed(model)
        return traces

    def _mark_sealed(self, model):
        """Tie traces of records of a model to the sealed complaints behind them."""
        for trace in self:
            trace.sealed_complaint_id = sealed_behind(
                self.env[model].browse(trace.res_id)
            )


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "npo.sealed.trace"]


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "npo.sealed.trace"]

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS mail: a task on what is sealed is always a focal person's
        get_id = self.env["ir.model"]._get_id
        names = {get_id(name): name for name in TASKED}
        for vals in vals_list:
            if name := names.get(vals.get("res_model_id")):
                vals["user_id"] = self._focal_user(name, vals)
        return super().create(vals_list)

    def _focal_user(self, model, vals):
        """Return the user of a new task, a focal person where it must be one."""
        user_id = vals.get("user_id", self.env.uid)
        complaint = sealed_behind(self.env[model].browse(vals.get("res_id")))
        focal = complaint.focal_user_ids
        return user_id if not complaint or user_id in focal.ids else focal[:1].id

    def write(self, vals):
        # EXTENDS mail: and stays so
        if user_id := vals.get("user_id"):
            sealed = self.sudo().filtered("sealed_complaint_id")
            focal = sealed.sealed_complaint_id.focal_user_ids
            if sealed and user_id not in focal.ids:
                vals = {**vals, "user_id": focal[:1].id}
        return super().write(vals)


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["calendar.event", "npo.sealed.trace"]


class NpoInteraction(models.Model):
    """The contact by which a sealed complaint came in tells the same as it does."""

    _name = "npo.interaction"
    _inherit = ["npo.interaction", "npo.sealed.trace"]

    # Whoever sees a contact may read it: it is empty, but for a focal person.
    sealed_complaint_id = fields.Many2one(
        groups="npo_relations.group_npo_staff", exportable=False
    )

    def _determine_fields_to_fetch(self, field_names=None, ignore_when_in_cache=False):
        # EXTENDS base: the rule reads this column, so it comes with the others
        fetched = super()._determine_fields_to_fetch(field_names, ignore_when_in_cache)
        own = self._fields["sealed_complaint_id"]
        return fetched if not fetched or own in fetched else [*fetched, own]


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    def _insert_followers(self, res_model, res_ids, *args, **kwargs):
        # EXTENDS mail: nobody follows what is sealed, for every employee may read the
        # list of followers; the focal persons are told in another way
        if res_model in self.env:
            records = self.env[res_model].browse(res_ids)
            if complaints_behind(records):
                res_ids = [one.id for one in records if not sealed_behind(one)]
                if not res_ids:
                    return
        super()._insert_followers(res_model, res_ids, *args, **kwargs)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        # EXTENDS mail: no mail, no inbox and no push carries what is sealed
        if self and (complaint := sealed_behind(self)):
            complaint._tell_of_message(message, msg_vals or {})
            return []
        return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)


class NpoMessage(models.Model):
    _inherit = "npo.message"

    def _deliver_by_mail(self):
        # EXTENDS: the mail waits beside others until it is sent
        super()._deliver_by_mail()
        for message in self.filtered(lambda message: message.secrecy == "sealed"):
            mails = self.env["mail.mail"].sudo()
            mails = mails.search([("npo_message_id", "=", message.id)])
            mails.mail_message_id.sealed_complaint_id = message.complaint_id


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        # EXTENDS base: whoever may not know of a complaint is told what is told of a
        # record that is not there
        for complaint in complaints_behind(records):
            is_focal = self.env.user in complaint.focal_user_ids
            if self.env.user in complaint.barred_user_ids or (
                complaint._sealed_ones() and not is_focal
            ):
                return MissingError(
                    self.env._("Record does not exist or has been deleted.")
                )
        return super()._make_access_error(operation, records)


class NpoComplaint(models.Model):
    """What stands beside a complaint when it is sealed, and who is told of it."""

    _inherit = COMPLAINT

    def _hide_traces(self):
        """Hide messages, tasks, meetings, followers and files of a sealed complaint."""
        self.ensure_one()
        self.interaction_id.sealed_complaint_id = self
        self.access_token = False
        for records in (*self._related_records(), self.interaction_id):
            meetings = self._hide_beside(records)
            self._hide_beside(meetings)  # they are talked about as well

    def _hide_beside(self, records):
        """Hide what stands beside records; return the meetings among it."""
        about = [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        messages, tasks, meetings = self._traces(records)
        for traces in (messages, tasks, meetings):
            traces.sealed_complaint_id = self
        messages.notification_ids.unlink()
        self.env["mail.followers"].sudo().search(about).unlink()
        self._scheduled(records).unlink()
        files = self.env["ir.attachment"].sudo().search(about)
        files.write({"access_token": False, "public": False})
        return meetings

    def _show_traces(self):
        """Show what stands beside a complaint that is no longer sealed."""
        for name in (*TRACES, "npo.interaction"):
            traces = self.env[name].sudo().with_context(active_test=False)
            found = traces.search([("sealed_complaint_id", "in", self.ids)])
            found.sealed_complaint_id = False

    def _related_records(self):
        """Return the complaint and the records of it that may be talked about."""
        related = [self.sudo()]
        for name, model in self.env.items():
            fields_ = model._fields
            is_own = {"complaint_id", "secrecy", "message_ids"} <= set(fields_)
            if is_own and not model._abstract and name != self._name:
                everyone = model.sudo().with_context(active_test=False)
                related.append(everyone.search([("complaint_id", "=", self.id)]))
        return related

    def _traces(self, records):
        """Return messages, tasks and meetings beside records."""
        return [
            self.env[name]
            .sudo()
            .with_context(active_test=False)
            .search([(field, "=", records._name), ("res_id", "in", records.ids)])
            for name, field in TRACES.items()
        ]

    def _scheduled(self, records):
        """Return the messages to records that would be posted later."""
        scheduled = self.env["mail.scheduled.message"].sudo()
        domain = [("model", "=", records._name), ("res_id", "in", records.ids)]
        return scheduled.search(domain)

    # ------------------------------------------------------------
    # TOLD
    # ------------------------------------------------------------

    def message_post(self, **kwargs):
        # EXTENDS mail: core lets anybody post a note on what they cannot read
        self.check_access("read")
        return super().message_post(**kwargs)

    def _tell_of_message(self, message, msg_vals):
        """Tell the focal persons that there is something new on a sealed complaint.

        Notes tell who is named in them; what others say tells all of them.
        """
        focal = self.focal_user_ids
        author = message.sudo().author_id
        kind = msg_vals.get("message_type") or message.sudo().message_type
        if kind not in ("comment", "email"):
            pids = msg_vals.get("partner_ids") or message.sudo().partner_ids.ids
            focal = focal.filtered(lambda user: user.partner_id.id in pids)
        self._tell_focal_persons(focal.filtered(lambda user: user.partner_id != author))

    def _tell_focal_persons(self, users):
        """Send users a mail that says nothing but where to look."""
        self.ensure_one()
        mails = self.env["mail.mail"].sudo()
        link = f"{self.get_base_url()}/odoo/my-work"
        for user in users:
            _ = self.with_context(lang=user.lang).env._
            body = Markup('<p>%s</p><p><a href="%s">%s</a></p>') % (
                _("There is something new for you in your work."),
                link,
                _("Open my work"),
            )
            mails |= mails.create(
                {
                    "subject": _("Something waits for you"),
                    "body_html": body,
                    "email_from": self.company_id.email_formatted,
                    "recipient_ids": [Command.set(user.partner_id.ids)],
                    "auto_delete": True,
                }
            )
        mails.mail_message_id.sealed_complaint_id = self
