import base64
import io
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.workbook import Book

EXPORT_GROUP = "base.group_allow_export"
BATCH = 1000
# ⚖ A list that somebody takes out of the house has an end.
MAX_ROWS = 200_000


class NpoRegisterExport(models.TransientModel):
    """A register to take along as a workbook, of what its reader may read (D14, R162).

    Rows are read in batches by their id and written one after the other: a register
    of a hundred thousand takes no more memory than one of a thousand. Each one that is
    taken along is noted.
    """

    _name = "npo.register.export"
    _description = "Register Taken Along"

    file = fields.Binary(readonly=True, attachment=True)
    file_name = fields.Char(readonly=True)

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    @api.model
    def _check_exporter(self, model):
        if not self.env.su and not self.env.user.has_group(EXPORT_GROUP):
            raise AccessError(self.env._("Your role does not export lists."))
        model.check_access("read")

    def action_export(self):
        """Offer the register that the user looks at: what is chosen, or all of it.

        :param context: ``active_model``, with ``active_ids`` or ``active_domain``
        """
        return self._offer(*self._chosen())

    @api.model
    def _chosen(self):
        """Return (register, domain) of what the user looks at."""
        context = self.env.context
        name = context.get("active_model")
        if name not in self._registers():
            raise UserError(self.env._("This list is no register to take along."))
        model, domain = self.env[name], context.get("active_domain")
        if not isinstance(domain, list):
            domain = [("id", "in", context.get("active_ids") or [])]
            model = model.with_context(active_test=False)  # what is chosen is taken
        return model, Domain(domain)

    @api.model
    def _offer(self, model, domain, limit=MAX_ROWS):
        """Return the action that downloads the records of a domain."""
        self._check_exporter(model)
        stream = io.BytesIO()
        counts = self._write_book(stream, model, domain, limit)
        self._note(model, counts)
        return self._download(stream.getvalue(), f"{self._title(model)}.xlsx")

    @api.model
    def _title(self, model):
        """Return the name of a register in the language of the user."""
        return model.env["ir.model"]._get(model._name).sudo().name

    @api.model
    def _download(self, content, file_name):
        """Return the action that downloads a file, kept for this user alone."""
        form = (
            self.sudo()  # sudo: made for this user
            .with_user(self.env.user)
            .sudo()
            .create({"file": base64.b64encode(content), "file_name": file_name})
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{form.id}/file"
            "?download=true&filename_field=file_name",
            "target": "download",
        }

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    @api.model
    def _write_book(self, stream, model, domain, limit=MAX_ROWS):
        """Write the workbook to a stream.

        :return: {id of the association: rows}
        """
        domain = Domain(domain) & self._unsealed(model)
        columns, batches = self._source(model, domain, limit)
        title = self._title(model)
        heading = [
            title,
            self.env.company.name,
            self.env._("Taken along on %s. Numbers are masked.", self._today_text()),
        ]
        counts = Counter()
        is_rtl = (self.env.lang or "").startswith("ar")
        with Book(stream, is_rtl) as book:
            page = book.page(title, heading, columns)
            for rows in batches:
                for company_id, row in rows:
                    counts[company_id] += 1
                    page.add(row)
            if counts.total() >= limit:
                page.line(self.env._("Only the first %s rows are here.", limit))
        return counts

    @api.model
    def _unsealed(self, model):
        """Return the domain of what may leave as a line of a register (P092).

        A sealed case, and what belongs to one, leaves by its own papers alone, each of
        them noted.
        """
        domain = Domain.TRUE
        for name in ("confidentiality", "secrecy"):
            if name in model._fields:
                domain &= Domain(name, "!=", "sealed")
        if "sealed_complaint_id" in model._fields:
            domain &= Domain("sealed_complaint_id", "=", False)
        return domain

    @api.model
    def _in_batches(self, limit, read):
        """Yield what is read in the order of the ids, a thousand at a time.

        :param read: function of the last id and the size; returns [(id, what)]
        """
        last, left = 0, limit
        while left > 0:
            size = min(BATCH, left)
            found = read(last, size)
            yield [what for _id, what in found]
            if len(found) < size:
                return
            last, left = found[-1][0], left - size
            self.env.invalidate_all(flush=False)

    @api.model
    def _note(self, model, counts):
        """Note what was taken along: a line for each association, with the count."""
        self.env["npo.access.log"]._log_list(model, counts, is_masked=True)
