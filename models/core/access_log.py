from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.orm.utils import parse_field_expr
from odoo.tools import SQL

from ...tools.names_told import tells_of
from .guards import without_defaults

# What follows the record that a line is of, and is no part of what was logged: whose
# rules it goes by; and, once, the seal that closes it.
LOOSE_COLUMNS = (
    "request_id",
    "complaint_id",
    "secrecy",
    "seal_id",
    "write_uid",
    "write_date",
)


def keep_in_database(model, *loose):
    """Have the database itself refuse to change or delete rows, by whatever client.

    :param loose: columns that may change; a seal is set once
    """
    table, cr = SQL.identifier(model._table), model.env.cr
    cr.execute("""
        CREATE OR REPLACE FUNCTION npo_kept_as_written() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'UPDATE'
               AND to_jsonb(NEW) - TG_ARGV::text[] = to_jsonb(OLD) - TG_ARGV::text[]
               AND (to_jsonb(OLD) ->> 'seal_id' IS NULL
                    OR to_jsonb(OLD) -> 'seal_id' = to_jsonb(NEW) -> 'seal_id')
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'What was logged is neither changed nor deleted.'
                USING ERRCODE = 'insufficient_privilege';
        END $$ LANGUAGE plpgsql""")
    cr.execute(SQL("DROP TRIGGER IF EXISTS npo_keep_rows ON %s", table))
    cr.execute(SQL("DROP TRIGGER IF EXISTS npo_keep_table ON %s", table))
    cr.execute(
        SQL(
            "CREATE TRIGGER npo_keep_rows BEFORE UPDATE OR DELETE ON %s FOR EACH ROW"
            " EXECUTE FUNCTION npo_kept_as_written(%s)",
            table,
            SQL(", ").join(SQL("%s", name) for name in loose),
        )
    )
    cr.execute(
        SQL(
            "CREATE TRIGGER npo_keep_table BEFORE TRUNCATE ON %s FOR EACH STATEMENT"
            " EXECUTE FUNCTION npo_kept_as_written()",
            table,
        )
    )


class NpoAccessLog(models.Model):
    """Who was shown what is protected, of whom, why and when (R154, R157, P013).

    The one log of its kind: numbers shown or taken out, dossiers printed, lists taken
    along, the health part of a study opened. Append-only: nobody changes or deletes a
    line, not the superuser either, and the database refuses it to whoever gets to it
    past the ORM. A line holds a reference to the record and the name of the field,
    never the value. It stays as it was written when files are merged.
    """

    _name = "npo.access.log"
    _description = "Protected Data Shown"
    _order = "id desc"
    _rec_name = "res_name"

    res_model = fields.Char("Kind of record", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    res_name = fields.Char("Reference")
    field_name = fields.Char("Field", help="Empty: more than one value.")
    value_name = fields.Char("Value", compute="_compute_names")
    record_name = fields.Char("File or case", compute="_compute_names")
    person_ref = fields.Integer(
        "Contact",
        readonly=True,
        help="Whose data it is; a number, so that the line outlasts the contact.",
    )
    company_id = fields.Many2one(
        "res.company", string="Association", required=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Shown to", required=True, index=True)
    date = fields.Datetime("Shown on", required=True, default=fields.Datetime.now)
    way = fields.Selection(
        [
            ("form", "On the form, with a reason"),
            ("read", "Read by a programme"),
            ("export", "Exported"),
            ("print", "Printed on a form"),
            ("dossier", "Dossier printed"),
            ("copy", "Copy of one's own data given"),
            ("list", "List taken along"),
            ("health", "Health part of a study opened"),
            ("merged", "Another file merged in"),
        ],
        required=True,
        index=True,
    )
    entry_count = fields.Integer("Entries")
    is_masked = fields.Boolean("Masked")
    reason = fields.Char()
    address = fields.Char(
        "Seen from",
        help="The network address that asked; empty: the server itself.",
    )

    _record_idx = models.Index("(res_model, res_id, id DESC)")
    _person_idx = models.Index("(person_ref, id DESC)")
    _moment_idx = models.Index("(company_id, date)")

    def init(self):
        # EXTENDS base
        super().init()
        keep_in_database(self, *LOOSE_COLUMNS)

    def write(self, vals):
        raise AccessError(self.env._("What was logged is not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What was logged is not deleted."))

    @api.depends("res_model", "res_id", "res_name", "field_name")
    @api.depends_context("lang")
    def _compute_names(self):
        """Say what was shown and of what, in words and not as the database has it."""
        models_ = self.env["ir.model"].sudo()
        for line in self:
            kind = models_._get(line.res_model).name or ""
            field = kind and self.env[line.res_model]._fields.get(line.field_name or "")
            line.value_name = field and field._description_string(self.env) or kind
            is_bare = line.res_name == f"{line.res_model},{line.res_id}"
            line.record_name = f"{kind} {line.res_id}" if is_bare else line.res_name

    @api.model
    def _log(self, records, names, way, reason=False):
        """Note that the user is shown these values of the records, in one statement.

        :param names: of the fields; a record without a value in one is passed over
        """
        self._write_lines(
            [
                {
                    **self._reference(record),
                    "field_name": name,
                    "way": way,
                    "reason": reason,
                }
                for record in records.with_context(bin_size=True)
                for name in names
                if record.sudo()[name]
            ]
        )

    @api.model
    def _log_whole(self, records, way, **vals):
        """Note that the user is shown records as a whole."""
        self._write_lines(
            [{**self._reference(record), "way": way, **vals} for record in records]
        )

    @api.model
    def _log_list(self, model, counts, is_masked=False):
        """Note that a list was taken along: a line for each association.

        :param dict counts: {id of the association: entries}
        """
        companies = self.env["res.company"].sudo()
        for company_id, count in counts.items():
            company = companies.browse(company_id) or self.env.company
            self._log_whole(
                company,
                "list",
                res_name=f"{company.name} · {model._description}",
                entry_count=count,
                is_masked=is_masked,
            )

    @api.model
    def _write_lines(self, vals_list):
        address = request.httprequest.remote_addr if request else False
        without_defaults(self.sudo()).create(
            [
                {**vals, "user_id": self.env.uid, "address": address}
                for vals in vals_list
            ]
        )

    @api.model
    def _reference(self, record):
        """Return how a line names a record: by a number, not by a person's name."""
        record = record.sudo()
        name = f"{record._name},{record.id}"
        if hasattr(record, "_access_log_name"):
            name = record._access_log_name()
        company = record if record._name == "res.company" else record.company_id
        return {
            "res_model": record._name,
            "res_id": record.id,
            "res_name": name,
            "person_ref": self._person(record).id,
            "company_id": (company or self.env.company).id,
        }

    @api.model
    def _person(self, record):
        """Return the contact whose data a record holds, if it is one person's."""
        if record._name == "res.partner":
            return record
        for name in ("partner_id", "beneficiary_id"):
            if name in record._fields and record._name != "res.company":
                if found := record[name]:
                    return found if name == "partner_id" else found.partner_id
        return self.env["res.partner"]

    @api.model
    def _of_person(self, partner, company):
        """Return the lines of a person, newest first, files merged in included.

        In sudo, for who was allowed to tell the person. What is kept close
        is not among them: that it exists is told by its focal persons alone (P092).
        """
        files = self.env["npo.beneficiary"].sudo().with_context(active_test=False)
        files = files.search([("partner_id", "=", partner.id)])
        merges = self.sudo().search(
            [
                ("res_model", "=", files._name),
                ("res_id", "in", files.ids),
                ("way", "=", "merged"),
            ]
        )
        refs = [partner.id, *merges.mapped("person_ref")]
        domain = Domain("person_ref", "in", refs)
        domain &= Domain("company_id", "=", company.id)
        return self.sudo().search(domain & Domain("secrecy", "in", (False, "normal")))

    @api.model
    def _log_merge(self, kept, gone_partner):
        """Note under which contact the lines of a file merged in are found."""
        self._write_lines(
            [
                {
                    **self._reference(kept),
                    "person_ref": gone_partner.id,
                    "way": "merged",
                }
            ]
        )


# ⚖ So many numbers are searched for at once; a list of all there can be is browsing.
MAX_EXACT = 50


class NpoProtectedMixin(models.AbstractModel):
    """A model with values that are shown one at a time, and each time noted.

    Screens show the mask and take what is typed in an entry of its own. What leaves
    for a client all the same, by a call of a programme or an export, is logged as
    well; the module's own code is not. A value is searched for as a whole, and not in
    part, in order or in groups: nobody browses.
    """

    _name = "npo.protected.mixin"
    _description = "Protected Values"

    # Names of the fields; each carries the groups that may see it.
    _protected_fields = frozenset()
    # Of health: that a record was opened with one of them is noted, not each value.
    _health_fields = frozenset()
    # {what is typed on the form: the field that it is written to}
    _protected_entries = {}

    def _access_log_name(self):
        """Return what a line of the log calls the record: a number, not a name."""
        self.ensure_one()
        return f"{self._name},{self.id}"

    # ------------------------------------------------------------
    # ENTRIES
    # ------------------------------------------------------------

    def _compute_entries(self):
        self.update(dict.fromkeys(self._protected_entries, False))

    def _inverse_entries(self):
        """Nothing: `create` and `write` of the model begin with `_entered`."""

    @api.model
    def _entered(self, vals):
        """Return the values with what was typed in the entries where it belongs.

        An entry left empty is no entry: it never clears the value behind it.
        """
        if self._protected_entries.keys().isdisjoint(vals):
            return vals
        vals = dict(vals)
        for entry, name in self._protected_entries.items():
            typed = vals.pop(entry, False)
            if typed and typed.strip():
                vals[name] = typed
        return vals

    # ------------------------------------------------------------
    # SEARCH BY EXACT VALUE
    # ------------------------------------------------------------

    @api.model
    def _search_exact(self, name, operator, value):
        """Search for exact values, or for whether there is one; never browse."""
        self._check_field_access(self._fields[name], "read")
        if operator not in ("in", "not in") or (
            operator == "not in" and any(value) and not self.env.su
        ):
            self._refuse_browsing()
        values = tuple(one for one in value if one)
        if len(values) > MAX_EXACT and not self.env.su:
            self._refuse_browsing()
        has_none = len(values) < len(value)

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, name, query)
            terms = [SQL("%s IN %s", column, values)] if values else []
            terms += [SQL("%s IS NULL", column)] if has_none else []
            return SQL("(%s)", SQL(" OR ").join(terms)) if terms else SQL("FALSE")

        def predicate(record):
            return (record[name] or False) in (*values, has_none and False)

        found = Domain.custom(to_sql=to_sql, predicate=predicate)
        return found if operator == "in" else ~found

    def _refuse_browsing(self):
        raise AccessError(
            self.env._(
                "A protected number is searched for by its whole value, and not in"
                " part, in order or in groups."
            )
        )

    def _check_browsing(self, expression):
        name = parse_field_expr(expression.partition(":")[0])[0]
        if not self.env.su and name in self._protected_fields:
            self._refuse_browsing()

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        # EXTENDS base: an order tells of the numbers
        self._check_browsing(field_name)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        # EXTENDS base: core groups by a many2many whoever may read it
        self._check_browsing(groupby_spec)
        name = parse_field_expr(groupby_spec.partition(":")[0])[0]
        if field := self._fields.get(name):
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base
        self._check_browsing(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    # ------------------------------------------------------------
    # LOG
    # ------------------------------------------------------------

    def _read_format(self, fnames, load="_classic_read"):
        # EXTENDS base: all that a client reads passes here
        result = super()._read_format(fnames, load)
        self._log_shown(fnames, "read")
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        # EXTENDS base: a path through other records passes here too
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        self._log_shown({path[0] for path in fields if path}, "export")
        if _is_toplevel_call and not self.env.su:
            counts = Counter(one.company_id.id for one in self.sudo())
            self.env["npo.access.log"]._log_list(self, counts)
        return rows

    def copy_data(self, default=None):
        # EXTENDS base: a client that calls it is shown what would be copied
        vals_list = super().copy_data(default)
        shown = {name for vals in vals_list for name in vals or ()}
        self._log_shown(shown - set(default or ()), "read")
        return vals_list

    def _log_shown(self, names, way):
        """Note what of these fields left for a client."""
        if not self or self.env.su:
            return
        log = self.env["npo.access.log"]
        if protected := self._protected_fields.intersection(names):
            log._log(self, sorted(protected), way)
        if health := self._health_fields.intersection(names):
            told = self.filtered(lambda one: any(one.sudo()[name] for name in health))
            log._log_whole(told, "health")

    def _reveal(self, name, reason):
        """Return a protected value after noting who is shown it and why."""
        self.ensure_one()
        if name not in self._protected_fields:
            raise AccessError(self.env._("This value is not shown this way."))
        self.check_access("read")
        self._check_field_access(self._fields[name], "read")
        self._check_reason(reason)
        self.env["npo.access.log"]._log(self, [name], "form", reason)
        return self.sudo()[name]

    def _check_reason(self, reason):
        """Refuse a reason that names its person: no line of the log is ever erased."""
        own = self.sudo()
        people = self.env["npo.access.log"]._person(own)
        names = [people.name]
        if "representative_id" in own._fields:
            names.append(own.representative_id.name)
        if "first_name" in own._fields:  # of a family, no contact yet
            names.append(own.name)
        if tells_of(reason, filter(None, names)):
            raise UserError(
                self.env._(
                    "Write what it is needed for without a name and without a number:"
                    " the log keeps it for good."
                )
            )


class IrBinary(models.AbstractModel):
    """The download of a protected file is noted as well."""

    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        # EXTENDS base
        stream = super()._record_to_stream(record, field_name)
        owner, name = record, field_name
        if record._name == "ir.attachment":
            held = record.sudo()
            owner = (
                self.env[held.res_model].browse(held.res_id)
                if (held.res_field and held.res_model in self.env)
                else record
            )
            name = held.res_field
        if name in getattr(owner, "_protected_fields", ()):
            self.env["npo.access.log"]._log_whole(owner, "read", field_name=name)
        return stream
