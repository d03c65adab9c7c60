import heapq
from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools import hijri

PAGE = 50
# Further back than this, the list of the kind itself is the place to look.
MAX_ENTRIES = 500


class NpoTimelineMixin(models.AbstractModel):
    """What a model tells of a contact on its 360° page.

    A model takes part by inheriting this, naming its kind, and saying in
    `_timeline_entry` what one record tells. It is read with the rights of who looks:
    what they may not see is not there.
    """

    _name = "npo.timeline.mixin"
    _description = "Part of a Timeline"

    _timeline_kind = None
    _timeline_order = "create_date DESC, id DESC"
    _timeline_fields = ()

    @api.model
    def _timeline_domain(self, partner):
        """Return the domain of what concerns a contact."""
        return Domain("partner_id", "=", partner.id)

    def _timeline_entry(self):
        """Return [(moment, title, text)] of a record: what happened, and when."""
        self.ensure_one()
        return [(self.create_date, self.display_name, "")]

    @api.model
    def _timeline_entries(self, partner, limit):
        """Return what the user may see of a contact, newest first.

        :return: list of dicts: moment, kind, title, text, model, id
        """
        if not self.has_access("read"):
            return []
        records = self.search_fetch(
            self._timeline_domain(partner),
            list(self._timeline_fields),
            limit=limit,
            order=self._timeline_order,
        )
        entries = [
            {
                "moment": self._timeline_moment(moment),
                "kind": self._timeline_kind,
                "title": title,
                "text": text,
                "model": self._name,
                "id": record.id,
            }
            for record in records
            for moment, title, text in record._timeline_entry()
            if moment
        ]
        entries.sort(key=lambda entry: entry["moment"], reverse=True)
        return entries[:limit]

    @api.model
    def _timeline_moment(self, value):
        """Return a moment for a moment or a day, to put both in one order."""
        return value if isinstance(value, datetime) else datetime.combine(value, time())

    @api.model
    def _timeline_label(self, name, value):
        """Return the label of a selection's value."""
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(value, "")


class NpoTimeline(models.TransientModel):
    """The 360° page of a contact: all that happened, in one list.

    Each kind of record is asked with the rights of who looks, and a bounded number of
    each. The page is its user's alone.
    """

    _name = "npo.timeline"
    _description = "Contact at a Glance"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Contact", required=True)
    company_id = fields.Many2one("res.company", required=True)
    kind = fields.Char(readonly=True)
    limit = fields.Integer(default=PAGE, readonly=True)
    summary = fields.Html(compute="_compute_lines", sanitize=False)
    lines = fields.Html(compute="_compute_lines", sanitize=False)
    has_more = fields.Boolean(compute="_compute_lines")

    @api.depends("partner_id", "kind", "limit")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_lines(self):
        for page in self:
            entries = page._entries(page.limit + 1)
            page.has_more = len(entries) > page.limit and page.limit < MAX_ENTRIES
            page.summary = page._render("timeline_summary", person=page._person())
            page.lines = page._render(
                "timeline_lines", days=page._by_day(entries[: page.limit])
            )

    def _render(self, template, **values):
        values = {"page": self, "kinds": self._kinds(), **values}
        return self.env["ir.qweb"]._render(f"npo_relations.{template}", values)

    # ------------------------------------------------------------
    # WHAT THE USER MAY SEE
    # ------------------------------------------------------------

    @api.model
    def _kinds(self):
        """Return {kind: name} of what the user may read at all."""
        names = self._kind_names()
        return {
            kind: names.get(kind, kind)
            for kind, model in self._providers().items()
            if model.has_access("read")
        }

    @api.model
    def _kind_names(self):
        """Return {kind: its name}, in the order of the buttons."""
        return {}

    @api.model
    def _providers(self):
        """Return {kind: model} of all that tells something of a contact."""
        found = {
            model._timeline_kind: self.env[name]
            for name, model in self.env.registry.items()
            if getattr(model, "_timeline_kind", None) and not model._abstract
        }
        order = list(self._kind_names())
        return dict(
            sorted(
                found.items(),
                key=lambda item: order.index(item[0]) if item[0] in order else 99,
            )
        )

    def _entries(self, limit):
        """Return the newest entries of all kinds, or of the one that is chosen."""
        self.ensure_one()
        self._check_own()
        limit = min(limit, MAX_ENTRIES)
        lists = [
            model._timeline_entries(self.partner_id, limit)
            for kind, model in self._providers().items()
            if not self.kind or kind == self.kind
        ]
        newest = heapq.merge(*lists, key=lambda entry: entry["moment"], reverse=True)
        return [entry for entry, _index in zip(newest, range(limit), strict=False)]

    def _by_day(self, entries):
        """Return [(day in both calendars, entries)], as the page shows them."""
        lang = self.env.lang or self.env.user.lang or "en_US"
        company = self.company_id.sudo()
        local = self.with_context(tz=company._npo_tz())
        days = {}
        for entry in entries:
            day = fields.Datetime.context_timestamp(local, entry["moment"]).date()
            text = hijri.format_both(day, lang, company.npo_digits)
            days.setdefault(text, []).append(entry)
        return list(days.items())

    def _person(self, identity="identity_masked"):
        """Return [(label, value)] of the contact that the user may read.

        :param identity: the field that is shown: a mask on the screen, and in full on
            the paper of who may read it, which is on record
        """
        self.ensure_one()
        self._check_own()
        partner = self.partner_id
        _ = self.env._
        rows = [(_("Name"), partner.name)]
        kinds = partner.npo_stakeholder_type_ids
        rows.append((_("Kinds"), " · ".join(kinds.mapped("name"))))
        rows.append((_("Mobile"), partner.phone))
        return [row for row in rows + self._file_rows(identity) if row[1]]

    def _file(self):
        """Return the contact's file in the association, if the user may read it."""
        files = self.env["npo.beneficiary"]
        if not files.has_access("read"):
            return files
        return files.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )

    def _file_rows(self, identity):
        """Return [(label, value)] of the contact's file, field by field."""
        file = self._file()
        if not file:
            return []
        names = ["file_no", "state", identity, "birth_date", "site_id"]
        names += ["category_ids"] if self._may_read(file, "category_ids") else []
        return self._field_rows(file, names)

    def _field_rows(self, record, names):
        """Return [(label, value)] of fields, in words."""
        rows = []
        for name in names:
            field, value = record._fields[name], record[name]
            if field.type == "selection":
                value = dict(field._description_selection(self.env)).get(value)
            elif field.relational:
                value = " · ".join(value.mapped("display_name"))
            elif field.type == "date" and value:
                lang = self.env.lang or "en_US"
                value = hijri.format_both(value, lang, self.company_id.npo_digits)
            rows.append((field._description_string(self.env), value))
        return rows

    @api.model
    def _may_read(self, record, name):
        return record._has_field_access(record._fields[name], "read")

    # ------------------------------------------------------------
    # PAGE
    # ------------------------------------------------------------

    @api.model
    def _new_page(self, partner):
        """Return the user's page of a contact."""
        if not self.env.user.has_group("npo_relations.group_npo_staff"):
            raise AccessError(self.env._("This page is for the staff."))
        partner.check_access("read")
        company = partner.sudo().company_id
        if company not in self.env.companies:
            company = self.env.company
        page_sudo = self.sudo().create(
            {"partner_id": partner.id, "company_id": company.id}
        )
        return page_sudo.with_env(self.env)

    def _check_own(self):
        """A page shows what its user may see: nobody else opens it."""
        if any(page.sudo().create_uid != self.env.user for page in self):
            raise AccessError(self.env._("This page is somebody else's."))

    def _own_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.partner_id.name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_show(self):
        """Show one kind, named in the context; none shows all."""
        self._check_own()
        kind = self.env.context.get("npo_timeline_kind")
        kind = kind if kind in self._providers() else False
        self.sudo().write({"kind": kind, "limit": PAGE})

    def action_older(self):
        """Show more of what happened earlier."""
        self._check_own()
        for page in self.sudo():
            page.limit = min(page.limit + PAGE, MAX_ENTRIES)

    def action_print(self):
        """Print the dossier: what the page shows, with the masks of the reader."""
        self.ensure_one()
        self._check_own()
        report = self.env.ref("npo_relations.action_report_npo_dossier")
        return report.report_action(self)

    def _print_lang(self):
        return self.env.lang or self.env.user.lang

    def _dossier(self):
        """Return what the dossier prints, and log that it was printed."""
        self.ensure_one()
        entries = self._entries(MAX_ENTRIES)
        file = self._file()
        is_masked = not self._may_read(file, "identity_number")
        self.env["npo.access.log"]._log_whole(
            file or self.partner_id,
            "dossier",
            entry_count=len(entries),
            is_masked=is_masked,
        )
        return {
            "person": self._person(
                "identity_masked" if is_masked else "identity_number"
            ),
            "days": self._by_day(entries),
            "kinds": self._kinds(),
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_npo_timeline(self):
        """Open all that happened with a contact."""
        self.ensure_one()
        return self.env["npo.timeline"]._new_page(self)._own_action()


class NpoBeneficiary(models.Model):
    _inherit = "npo.beneficiary"

    def action_npo_timeline(self):
        """Open all that happened with the person of the file."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.action_npo_timeline()


class NpoConsent(models.Model):
    _name = "npo.consent"
    _inherit = ["npo.consent", "npo.timeline.mixin"]

    _timeline_kind = "consent"
    _timeline_fields = ("purpose_id", "date_given", "method", "date_withdrawn")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        name = self.purpose_id.name
        if self.kind == "notice":
            text = self.env._("Told how the data is used")
        else:
            text = self.env._("Agreed: %s", name)
        how = self._timeline_label("method", self.method)
        entries = [(self.date_given, text, how)]
        if self.date_withdrawn:
            how = self._timeline_label("method", self.withdrawn_method)
            entries.append((self.date_withdrawn, self.env._("Withdrew: %s", name), how))
        return entries


class NpoOutreach(models.Model):
    _name = "npo.outreach"
    _inherit = ["npo.outreach", "npo.timeline.mixin"]

    _timeline_kind = "outreach"
    _timeline_fields = ("service_id", "state", "date_called")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        state = self._timeline_label("state", self.state)
        text = self.env._("Called about a service: %s", self.service_id.name)
        return [(self.date_called or self.create_date, text, state)]


class NpoDocument(models.Model):
    _name = "npo.document"
    _inherit = ["npo.document", "npo.timeline.mixin"]

    _timeline_kind = "document"
    _timeline_order = "matched_on DESC, id DESC"
    _timeline_fields = ("document_type_id", "matched_on", "number_masked")

    @api.model
    def _timeline_domain(self, partner):
        # EXTENDS npo.timeline.mixin: what was compared with the original
        return super()._timeline_domain(partner) & Domain("state", "=", "matched")

    def _timeline_entry(self):
        # OVERRIDE npo.timeline.mixin
        name = self.document_type_id.name
        text = self.env._("Document matched: %s", name)
        return [(self.matched_on, text, self.number_masked or "")]
