"""A row of a sheet becomes the values of a record, with what is wrong in it."""

import hashlib
import hmac
import json

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import email_normalize

from ...tools import cell_reader
from ...tools.arabic import clean_code, fold
from ...tools.cell_reader import CellError
from ...tools.import_columns import CHOICES, NAME_PARTS
from ...tools.spreadsheet_reader import column_letter
from .identity_checks import (
    check_iban,
    check_phone,
    check_short_address,
    clean_name,
)

# ⚖ No text of a register is longer.
MAX_TEXT = 500


class Reading:
    """What was read of one row."""

    def __init__(self, number):
        self.number = number
        self.values = {}
        self.problems = []
        self.state = "ready"
        self.key = None
        self.person_key = None
        self.res_id = None

    def problem(self, column, text):
        """Note what is wrong; ``column`` is of the import, None for the whole row."""
        letter = column_letter(column.index) if column else ""
        self.problems.append([letter, column.title if column else "", text])

    def vals(self):
        return dict(self.values)


class RowReader:
    """Reads the rows of an import; the lists that cells are looked up in, once."""

    def __init__(self, record, model, columns):
        self.record = record
        self.model = model
        self.env = model.env
        self.columns = {
            index: column for index, column in columns.items() if column.field_name
        }
        self.by_field = {column.field_name: column for column in self.columns.values()}
        self.kinds = {
            column.field: column.kind for column in record._register_columns()
        }
        self._choices = {}
        # sudo: the database's own secret, so that nobody can try values out
        parameters = model.env["ir.config_parameter"].sudo()
        self._secret = parameters.get_param("database.secret").encode()

    def read_all(self, rows):
        """Return the readings of rows, each ready, with errors, or on file already."""
        readings = [self.read(number, values) for number, values in rows]
        good = [reading for reading in readings if not reading.problems]
        found = self.model._npo_import_resolve([reading.values for reading in good])
        for reading, problems in zip(good, found, strict=True):
            for name, text in problems:
                reading.problem(self.by_field.get(name), text)
        for reading in readings:
            if reading.problems:
                reading.state = "error"
        good = [reading for reading in good if not reading.problems]
        self._set_keys(good)
        self._mark_present(good)
        return readings

    def read(self, number, values):
        """Return the reading of one row: each cell by the kind of its column."""
        reading = Reading(number)
        for index, column in self.columns.items():
            value = values.get(index)
            if cell_reader.is_nothing(value):
                continue
            try:
                reading.values[column.field_name] = self._cell(column, value)
            except CellError as error:
                reading.problem(column, self._sentence(error))
            except ValidationError as error:
                reading.problem(column, str(error))
        if not reading.problems:
            for name, text in self.model._npo_import_finish(reading.values):
                reading.problem(self.by_field.get(name), text)
        for name in NAME_PARTS:
            if name not in self.model._fields:
                reading.values.pop(name, None)
        return reading

    def _cell(self, column, value):
        name = column.field_name
        kind = self.kinds[name]
        if kind == "date":
            return cell_reader.read_date(value, self.record.is_epoch_1904)
        if kind == "bool":
            return cell_reader.read_bool(value)
        if kind in ("number", "amount"):
            return cell_reader.read_number(value, is_amount=kind == "amount")
        if kind in ("choice", "record"):
            return cell_reader.read_choice(value, self._labels(name, kind))
        if kind == "records":
            return self._several(name, value)
        text = cell_reader.read_text(value)
        if len(text) > MAX_TEXT:
            raise ValidationError(self.env._("This text is too long."))
        return self._text(name, kind, text)

    def _text(self, name, kind, text):
        env = self.env
        if kind == "name":
            text = clean_name(text)
            if error := env["res.partner"]._npo_name_error(text):
                raise ValidationError(error)
            return text
        if kind == "phone":
            return check_phone(env, text)
        if name == "iban":
            return check_iban(env, text)
        if name == "short_address":
            return check_short_address(env, text)
        if name == "email" and not email_normalize(text):
            raise ValidationError(env._("This is not an email address."))
        if kind in ("code", "person"):
            return clean_code(text).upper()
        return text

    def _several(self, name, value):
        """Return the records of a cell that holds several labels."""
        labels = self._labels(name, "record")
        try:
            found = [cell_reader.read_choice(value, labels)]
        except CellError:
            found = [
                cell_reader.read_choice(part, labels)
                for part in cell_reader.split_choices(value)
            ]
        return [Command.set(list(dict.fromkeys(found)))]

    # ------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------

    def _labels(self, name, kind):
        if name not in self._choices:
            read = self._selection_labels if kind == "choice" else self._record_labels
            self._choices[name] = read(name)
        return self._choices[name]

    def _langs(self):
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        return list(dict.fromkeys([*installed, "en_US"]))

    def _selection_labels(self, name):
        """Return {folded label: code}, in every language and as people write it."""
        labels = {}
        field = self.model._fields[name]
        for lang in self._langs():
            env = self.env(context={**self.env.context, "lang": lang})
            for code, label in field._description_selection(env):
                labels[fold(label)] = code
                labels[fold(code)] = code
        for code, words in CHOICES.get(name, {}).items():
            if code in labels.values():
                labels.update({fold(word): code for word in words})
        return labels

    def _record_labels(self, name):
        """Return {folded name or code: id} of what the user may choose."""
        comodel = self.env[self.model._fields[name].comodel_name]
        domain = []
        if "company_id" in comodel._fields:
            domain = [("company_id", "in", [False, *self.env.companies.ids])]
        records = comodel.search(domain)
        labels = {}
        if "code" in comodel._fields:
            labels = {fold(record.code): record.id for record in records}
        for lang in self._langs():
            for record in records.with_context(lang=lang):
                whole = fold(record.name)
                for part in whole.split("/"):
                    labels.setdefault(part.strip(), record.id)
                labels[whole] = record.id
        labels.pop("", None)
        return labels

    # ------------------------------------------------------------
    # KNOWN AGAIN
    # ------------------------------------------------------------

    def _keyed(self, *parts):
        text = json.dumps(parts, default=str, sort_keys=True)
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

    def _set_keys(self, readings):
        """Give rows the hashes by which row and person are known again."""
        place = (self.record.company_id.id, self.record.register)
        for reading in readings:
            reading.key = self._keyed(*place, reading.values)
            person = self.model._npo_import_person(reading.values)
            reading.person_key = self._keyed(*place, person) if person else reading.key

    def _mark_present(self, readings):
        """Mark the rows that are in the register, by an import or otherwise."""
        # sudo: the keys of others' imports; only that they exist is told
        lines = self.env["npo.import.row"].sudo()
        known = {
            key
            for (key,) in lines._read_group(
                [
                    ("company_id", "=", self.record.company_id.id),
                    ("register", "=", self.record.register),
                    ("state", "=", "created"),
                    ("key", "in", [reading.key for reading in readings]),
                ],
                ["key"],
            )
        }
        found = self.model._npo_import_present([reading.values for reading in readings])
        for reading, text in zip(readings, found, strict=True):
            if reading.key in known:
                text = self.env._("Imported before.")
            if text:
                reading.state = "present"
                reading.problem(None, text)

    # ------------------------------------------------------------
    # SENTENCES
    # ------------------------------------------------------------

    def _sentence(self, error):
        """Return what is wrong in a cell, in words; sensitive values are not said."""
        _ = self.env._
        if error.code == "choice":
            return _("“%s” is not in the list of this column.", error.values["value"])
        if error.code == "day":
            return _(
                "This Hijri month has %(length)s days. Check the day.",
                length=error.values["length"],
            )
        return {
            "rounded": _(
                "The spreadsheet shortened this number. Set the column to text and type"
                " the number again."
            ),
            "number": _("This is not a number."),
            "negative": _("This number cannot be negative."),
            "bool": _("Write yes or no."),
            "range": _("This Hijri year lies outside of the calendar."),
            "month": _("There are twelve months."),
        }.get(
            error.code,
            _("This date could not be read. Example: 1447/09/12 or 2026-03-01."),
        )
