import json
import re
import shutil
from collections import Counter
from datetime import date, datetime
from pathlib import PurePath
from tempfile import TemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from .copy_registry import (
    COPIED,
    LEFT_OUT,
    copied_fields,
    copied_files,
    is_untold,
    of_person,
)

FORMAT = "npo_relations/own-data/1"
BATCH = 500
# A number of somebody who is not the person, in what anybody wrote.
NUMBER = re.compile(r"(?<!\d)[12]\d{9}(?!\d)|SA\d{22}")
SHORT_NAME = 5  # letters; a shorter one would be found within other words
UNSAFE = re.compile(r"[^\w.\- ]+")


class NpoDataRequest(models.Model):
    """The machine-readable copy of a person's own data: an archive (P010).

    One file of data (JSON) and the person's own files. It is made while it is
    downloaded, out of the tables as they are, batch by batch, and kept nowhere: there
    is nothing left that could be found or would have to be destroyed.
    """

    _inherit = "npo.data.request"

    def action_download_data(self):
        """Download the archive for the person whose identity was verified."""
        self.ensure_one()
        self._check_copy()
        return {
            "type": "ir.actions.act_url",
            "url": f"/my/privacy/{self.id}/data",
            "target": "download",
        }

    def _copy_archive(self):
        """Return an open file with the archive, and log that it was given."""
        self.ensure_one()
        self._check_copy()
        self.env.flush_all()  # what is read is let go of again, batch by batch
        case = self.sudo().with_context(active_test=False)
        stream = TemporaryFile()
        with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
            with archive.open("data.json", "w", force_zip64=True) as out:
                counts, files = case._write_data(out)
            for name, attachment in files:
                case._write_file(archive, name, attachment)
        self.env["npo.access.log"]._log_whole(
            case.beneficiary_id or case.partner_id,
            "copy",
            entry_count=counts.total(),
            reason=case.name,
        )
        stream.seek(0)
        return stream

    # ------------------------------------------------------------
    # DATA
    # ------------------------------------------------------------

    def _write_data(self, out):
        """Write the data as JSON, record by record.

        :return: (how many records of each model, [(name, attachment)] of the files)
        """
        words = self._hidden_words()
        counts, ids = Counter(), {}

        def write(text):
            out.write(text.encode())

        head = json.dumps(self._copy_head(), ensure_ascii=False, indent=1)
        write(f'{head[:-2]},\n "records": {{')
        for index, name in enumerate(COPIED):
            write(f"{',' if index else ''}\n  {json.dumps(name)}: [")
            ids[name] = []
            for record in self._copied_records(name):
                values = self._copied_values(record, words)
                line = json.dumps(values, ensure_ascii=False)
                write(f"{',' if counts[name] else ''}\n   {line}")
                counts[name] += 1
                ids[name].append(record.id)
            write("]")
        write("},\n")
        messages, inside = self._copied_messages(ids)
        texts = [self._message_values(message, words) for message in messages]
        files, others = self._copied_attachments(ids, messages)
        names = self._file_names(files)
        rest = {
            "messages": texts,
            "files": [name for name, _file in names],
            "left_out": self._left_out_texts(inside, others),
        }
        write(json.dumps(rest, ensure_ascii=False, indent=1)[2:])
        return counts, names

    def _copy_head(self):
        labels = {
            name: self.env["ir.model"]._get(name).name
            for name in COPIED
            if name in self.env
        }
        return {
            "format": FORMAT,
            "association": self.company_id.name,
            "request": self.name,
            "date": self.company_id._npo_today().isoformat(),
            "kinds": labels,
        }

    def _copied_records(self, name):
        """Yield the records of a model that are the person's, by their ids."""
        model = self.env[name]
        paths, rest = COPIED[name]
        domain = Domain.OR(of_person(path, self.partner_id.id) for path in paths)
        domain &= Domain(rest)
        if "company_id" in model._fields and name != "res.partner":
            domain &= Domain("company_id", "in", (self.company_id.id, False))
        last = 0
        while records := model.search(
            domain & Domain("id", ">", last), limit=BATCH, order="id"
        ):
            last = records[-1].id
            yield from records
            records.invalidate_recordset(flush=False)

    def _copied_values(self, record, words):
        """Return {label: value} of a record, without anybody else's."""
        values = {}
        for field in copied_fields(record):
            if is_untold(record, field.name):
                continue
            if value := self._copied_value(record, field, words):
                label = field._description_string(record.env) or field.name
                values[label if label not in values else field.name] = value
        return values

    def _copied_value(self, record, field, words):
        value = record[field.name]
        if field.relational:
            name = "name" if "name" in value._fields else "display_name"
            return ", ".join(filter(None, value.mapped(name)))
        if field.type == "selection":
            return dict(field._description_selection(record.env)).get(value, value)
        if field.type == "html":
            value = html2plaintext(value or "")
        if isinstance(value, (date, datetime)):
            return value.isoformat()
        if isinstance(value, str):
            own = record._name in ("res.partner", "npo.beneficiary")
            return value if own else self._own_words(value, words)
        return value

    # ------------------------------------------------------------
    # OTHER PEOPLE
    # ------------------------------------------------------------

    def _hidden_words(self):
        """Return (the names of others as one pattern, the person's own numbers)."""
        return self._hidden_words_of(self.partner_id, self.company_id)

    @api.model
    def _hidden_words_of(self, partner, company):
        members = self.env["npo.household.member"].search(
            [("household_id.member_ids.partner_id", "=", partner.id)]
        )
        acts = self.env["npo.representative"].search(
            [
                "|",
                ("partner_id", "=", partner.id),
                ("representative_id", "=", partner.id),
            ]
        )
        staff = self.env["res.users"].search(
            [("share", "=", False), ("company_ids", "in", company.ids)]
        )
        names = {
            *(members.filtered(lambda m: m.partner_id != partner)).mapped("name"),
            *(acts.partner_id | acts.representative_id | staff.partner_id).mapped(
                "name"
            ),
        } - {partner.name, company.name, False}
        long = sorted((n for n in names if len(n) >= SHORT_NAME), key=len)
        pattern = "|".join(re.escape(name) for name in reversed(long))
        files = self.env["npo.beneficiary"].search([("partner_id", "=", partner.id)])
        own = {*files.mapped("identity_number"), *files.mapped("iban")}
        return (
            re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") if pattern else None,
            own - {False},
        )

    def _own_words(self, text, words):
        """Return a text with the names and numbers of other people taken out."""
        names, own = words
        if names:
            text = names.sub(self.env._("[another person]"), text)
        return NUMBER.sub(lambda m: m[0] if m[0] in own else "••••", text)

    # ------------------------------------------------------------
    # MESSAGES AND FILES
    # ------------------------------------------------------------

    def _copied_messages(self, ids):
        """Return (the messages from and to the person, how many notes are not)."""
        messages = self.env["mail.message"]
        own, inside, person = messages, 0, self.partner_id
        for name, found in ids.items():
            if not found or "message_ids" not in self.env[name]._fields:
                continue
            domain = [
                ("model", "=", name),
                ("res_id", "in", found),
                ("message_type", "in", ("comment", "email", "email_outgoing")),
            ]
            of_model = messages.search(domain, order="id")
            told = of_model.filtered(
                lambda one: person in one.author_id | one.partner_ids
            )
            own, inside = own | told, inside + len(of_model - told)
        return own, inside

    def _message_values(self, message, words):
        mine = message.author_id == self.partner_id
        return {
            "date": message.date.isoformat(),
            "by": self.env._("You") if mine else self.env._("The association"),
            "subject": self._own_words(message.subject or "", words),
            "text": self._own_words(html2plaintext(message.body or ""), words),
        }

    def _copied_attachments(self, ids, messages):
        """Return (the person's own files, how many others stay)."""
        attachments = self.env["ir.attachment"]
        own = messages.attachment_ids
        others, users = attachments, self.partner_id.user_ids
        for name, found in ids.items():
            if not found:
                continue
            # a file behind a field is left out unless its field is asked for
            beside = attachments.search(
                [
                    ("res_model", "=", name),
                    ("res_id", "in", found),
                    ("res_field", "in", (False, *copied_files(self.env[name]))),
                ],
                order="id",
            )
            mine = beside.filtered(lambda f: f.res_field or f.create_uid in users)
            own |= mine
            others |= beside - mine
        return own.sorted("id"), len(others - own)

    def _file_names(self, files):
        """Return [(name in the archive, attachment)]: numbered, safe to unpack."""
        return [
            (f"files/{index}-{self._safe_name(file)}", file)
            for index, file in enumerate(files, start=1)
        ]

    def _safe_name(self, attachment):
        """Return a name for a file; behind a field it is called by its field."""
        name = attachment.name or "file"
        if behind := attachment.res_field:
            record = self.env[attachment.res_model].browse(attachment.res_id)
            names = [f"{behind}_name", f"{behind.removesuffix('_file')}_name", behind]
            names = [n for n in (*names, "file_name") if n in record._fields]
            told = (record[n] for n in names if record._fields[n].type == "char")
            name = next(filter(None, told), behind)
        name = UNSAFE.sub("_", PurePath(name.replace("\\", "/")).name).strip(". ")
        return name[-80:] or "file"

    def _write_file(self, archive, name, attachment):
        """Copy a file into the archive, a piece after the other."""
        with archive.open(name, "w", force_zip64=True) as out:
            if attachment.store_fname:
                with open(attachment._full_path(attachment.store_fname), "rb") as file:
                    shutil.copyfileobj(file, out)
            else:
                out.write(attachment.raw or b"")

    def _left_out_texts(self, inside, others):
        """Return in words what is not in the copy, and why."""
        _ = self.env._
        reasons = {
            "seen_by": _("Who was shown your data is told on a sheet of its own."),
            "house": _("How the work was shared out says who did it, not who you are."),
            "others": _("What compares you with others would disclose them."),
            "told": _("What befell your data you were told of when it happened."),
            "secret": _("What lets you sign in is kept so that nobody can read it."),
            "taken_over": _("What came from an earlier register stands in your file."),
            "unnamed": _("Opinions are kept without the name of who gave them."),
        }
        texts = [reasons[code] for code in dict.fromkeys(LEFT_OUT.values())]
        if inside:
            texts.append(_("Notes of the staff among themselves: %s.", inside))
        if others:
            texts.append(_("Files that the staff made for its own work: %s.", others))
        texts.append(
            _("Names and numbers of other people were taken out of all the texts.")
        )
        return texts

    def _check_copy_time(self):
        """Raise when the copy can no longer be downloaded."""
        if self.is_closed and (ends := self._copy_ends()):
            if self.company_id._npo_today() > ends:
                raise UserError(
                    self.env._(
                        "This copy could be downloaded for a time that is over. Ask for"
                        " a new one."
                    )
                )

    def _copy_ends(self):
        """Return the last day on which an answered copy can be downloaded."""
        company = self.sudo().company_id
        local = self.with_context(tz=company._npo_tz())
        closed = self.date_closed
        return closed and fields.Date.add(
            fields.Datetime.context_timestamp(local, closed).date(),
            days=company.npo_copy_days,
        )
