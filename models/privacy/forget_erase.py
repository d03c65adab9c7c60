import re

from odoo import api, models
from odoo.tools import SQL

from .forget_neutral import BLANK, COMMON, EMPTIED, LEAVES, NEUTRAL, PLACES, YEAR_ONLY
from .retention_rule import PERSON

# Links to a person by which a record is not reached: it is about somebody else.
CUT = {"npo.interaction": ("referrer_id",)}
MAGIC = frozenset(
    {"id", "create_uid", "create_date", "write_uid", "write_date", "display_name"}
)
WORDS = ("char", "text", "html")
# Tables beside a record: its columns of model and id.
BESIDE = {
    "mail_activity": ("res_model", "res_id"),
    "mail_followers": ("res_model", "res_id"),
    "mail_scheduled_message": ("model", "res_id"),
    "mail_message": ("model", "res_id"),
}
# Tables of an account and of a contact: the column that names it.
OF_USER = {
    "res_users_log": "create_uid",
    "res_users_apikeys": "user_id",
    "auth_totp_device": "user_id",
    "res_users_settings": "user_id",
    "res_device_log": "user_id",
    "mail_presence": "user_id",
}
OF_PERSON = {
    "mail_followers": "partner_id",
    "mail_notification": "res_partner_id",
    "mail_mail_res_partner_rel": "res_partner_id",
    "mail_push_device": "partner_id",
    "discuss_channel_member": "partner_id",
    "website_visitor": "partner_id",
    "sms_sms": "partner_id",
    "mail_message_reaction": "partner_id",
}
# Models of core, where they are there, with a person's words beside figures that stay.
WORDED = {
    "payment.token": "partner_id",
    "payment.transaction": "partner_id",
    "snailmail.letter": "partner_id",
}
# Who wants no mail and no text: the table, its column, that of the contact.
BLACKLISTS = (
    ("mail_blacklist", "email", "email_normalized"),
    ("phone_blacklist", "number", "phone_sanitized"),
)
# Where nothing is looked for: tables and columns by which somebody comes in.
LOCKED = re.compile(
    r"^(ir_config_parameter|res_users|auth_|ir_sessions?|res_device|npo_sign_in_code"
    r"|npo_flood_guard|npo_receipt_code|fetchmail_server|ir_mail_server|bus_)"
).match
SECRET = re.compile(r"(^|_)(token|password|passwd|pass|secret|key|hash)(_|$)").search
# What stands around a whole word, Latin or Arabic, whatever the database was made with.
NO_LETTER = "[^0-9A-Za-z\u0621-\u064a\u0660-\u0669]"


class NpoForget(models.AbstractModel):
    """What is erased: every word of the records, and all that stands beside them."""

    _inherit = "npo.forget"

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _erase_rows(self, found):
        """Erase the words of records, one statement for each model."""
        unique = self._unique_columns(found)
        for name in sorted(found):
            if name == PERSON or not found[name]:
                continue
            values = self._erase_values(name, unique)
            if values:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s WHERE id = ANY(%s)",
                        SQL.identifier(self.env[name]._table),
                        SQL(", ").join(values),
                        list(found[name]),
                    )
                )

    @api.model
    def _erase_values(self, name, unique):
        """Return the SQL of what the columns of a model become."""
        model = self.env[name]
        values = []
        for field in model._fields.values():
            if not (field.store and field.column_type) or self._is_neutral(
                model, field
            ):
                continue
            value = self._erase_value(
                model, field, (model._table, field.name) in unique
            )
            if value is not None:
                values.append(SQL("%s = %s", SQL.identifier(field.name), value))
        return values

    @api.model
    def _is_neutral(self, model, field):
        """Tell whether a field says nothing of a person."""
        if field.name in MAGIC or field.name in COMMON:
            return True
        if field.name in NEUTRAL.get(model._name, ()):
            return True
        # a register's own number names a paper, not a person
        if field.name == "name" and getattr(model, "_reference_prefix", None):
            return True
        if field.related and field.type in WORDS:  # of a list, not of a person
            return not self._leads_to_person(field.related_field.model_name)
        return False

    @api.model
    def _leads_to_person(self, name):
        rules = self.env["npo.retention.rule"]._known()
        return name in rules.mapped("res_model")

    @api.model
    def _erase_value(self, model, field, is_unique):
        """Return the SQL of what a column becomes; None where it stays."""
        column = SQL.identifier(field.name)
        if field.name in YEAR_ONLY and field.type == "date":
            return SQL("date_trunc('year', %s)::date", column)
        if field.name in PLACES:
            return SQL("0") if field.required else SQL("NULL")
        if field.type in WORDS:
            return self._erase_words(model, field, column, is_unique)
        if field.type in ("json", "properties", "properties_definition"):
            return SQL("'{}'") if field.required else SQL("NULL")
        if field.type == "binary":
            return SQL("''::bytea") if field.required else SQL("NULL")
        if field.type == "reference":
            return SQL("NULL")
        return None

    @api.model
    def _erase_words(self, model, field, column, is_unique):
        """Return what a text becomes: a dash where there was one, so that it counts.

        What must differ from row to row becomes the number of the row.
        """
        if field.company_dependent or (model._name in EMPTIED and not field.required):
            return SQL("NULL")
        if field.translate:
            blank = SQL("jsonb_build_object('en_US', %s::text)", BLANK)
            return SQL("CASE WHEN %s IS NOT NULL THEN %s END", column, blank)
        if is_unique:
            return SQL("CASE WHEN %s IS NOT NULL THEN '#' || id END", column)
        blank = f"<p>{BLANK}</p>" if field.type == "html" else BLANK
        return SQL(
            "CASE WHEN %s IS NULL OR %s = '' THEN %s ELSE %s END",
            column,
            column,
            column,
            blank,
        )

    @api.model
    def _unique_columns(self, found):
        """Return {(table, column)} of what must differ from row to row."""
        tables = [self.env[name]._table for name in found]
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname, a.attname FROM pg_index i
                     JOIN pg_class c ON c.oid = i.indrelid
                     JOIN pg_attribute a ON a.attrelid = c.oid
                                        AND a.attnum = ANY(i.indkey)
                    WHERE i.indisunique AND c.relname = ANY(%s)""",
                tables,
            )
        )
        return set(rows)

    # ------------------------------------------------------------
    # BESIDE A RECORD
    # ------------------------------------------------------------

    @api.model
    def _erase_beside(self, found, persons):
        """Delete talk, tasks, files and tracked values beside the records."""
        cr = self.env.cr
        pairs = self._pairs(found)
        messages = [
            row[0]
            for row in self.env.execute_query(
                SQL("SELECT id FROM mail_message WHERE (model, res_id) IN (%s)", pairs)
            )
        ]
        self._leave_dashes(found)
        self._erase_files(pairs, messages, persons)
        tables = self._tables()
        for table, columns in BESIDE.items():
            if table in tables:
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE (%s) IN (%s)",
                        SQL.identifier(table),
                        SQL(", ").join(map(SQL.identifier, columns)),
                        pairs,
                    )
                )
        if "sms_sms" in tables:  # before the number of the text is erased
            cr.execute(
                SQL(
                    """DELETE FROM sms_sms WHERE uuid IN (
                           SELECT sms_uuid FROM npo_message WHERE id = ANY(%s))""",
                    list(found.get("npo.message", ())),
                )
            )
        for query in self._erased_mail(found, persons):
            cr.execute(query)

    @api.model
    def _cut_from(self, company, persons):
        """Cut the links to persons from records that are about somebody else."""
        for name, names in CUT.items():
            for field in names:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s t SET %s WHERE t.%s = ANY(%s) AND t.company_id = %s",
                        SQL.identifier(self.env[name]._table),
                        self._cut_value(self.env[name]._fields[field], company),
                        SQL.identifier(field),
                        list(persons),
                        company.id,
                    )
                )

    @api.model
    def _erased_mail(self, found, persons):
        """Yield what clears mails, and what a person wrote beside other records.

        A mail goes when nobody else got it; a message in somebody else's talk stays.
        """
        ids = list(persons)
        mails = SQL(
            """SELECT r.mail_mail_id FROM mail_mail_res_partner_rel r
                 JOIN mail_mail m ON m.id = r.mail_mail_id
                WHERE r.res_partner_id = ANY(%(ids)s)
                  AND NOT EXISTS (SELECT FROM mail_mail_res_partner_rel o
                                   WHERE o.mail_mail_id = r.mail_mail_id
                                     AND o.res_partner_id <> ALL(%(ids)s))
                  AND COALESCE(m.email_cc, '') = ''
                  AND (COALESCE(m.email_to, '') = ''
                       OR (m.email_to NOT LIKE '%%,%%' AND EXISTS (
                           SELECT FROM res_partner p WHERE p.id = ANY(%(ids)s)
                              AND m.email_to ILIKE '%%' || p.email_normalized || '%%')))
                UNION SELECT id FROM mail_mail WHERE npo_message_id = ANY(%(own)s)""",
            ids=ids,
            own=list(found.get("npo.message", ())),
        )
        # the mail is a message: with that, the mail goes
        yield SQL(
            """DELETE FROM mail_message WHERE id IN (
                   SELECT mail_message_id FROM mail_mail WHERE id IN (%s))
                  AND (COALESCE(res_id, 0) = 0 OR model IS NULL
                       OR (model, res_id) IN (%s))""",
            mails,
            self._pairs(found),
        )
        yield SQL("DELETE FROM mail_mail WHERE id IN (%s)", mails)
        yield SQL(
            "UPDATE mail_message SET email_from = NULL, reply_to = NULL"
            " WHERE author_id = ANY(%s)",
            ids,
        )

    @api.model
    def _leave_dashes(self, found):
        """Leave a dash where a file stood that a measure counts."""
        for name, leaves in LEAVES.items():
            for file, text in leaves.items():
                self.env.cr.execute(
                    SQL(
                        """UPDATE %(table)s t SET %(text)s = %(blank)s
                            WHERE t.id = ANY(%(ids)s) AND t.%(text)s IS NULL
                              AND EXISTS (SELECT FROM ir_attachment a
                                           WHERE a.res_model = %(model)s
                                             AND a.res_field = %(file)s
                                             AND a.res_id = t.id)""",
                        table=SQL.identifier(self.env[name]._table),
                        text=SQL.identifier(text),
                        blank=BLANK,
                        ids=list(found.get(name, ())),
                        model=name,
                        file=file,
                    )
                )

    @api.model
    def _erase_files(self, pairs, messages, persons):
        """Delete the files beside records and messages, from the disk as well.

        Those that somebody put into the portal and never sent belong to nothing.

        The files are put on core's list to be collected: a file that is still used, by
        another record or because this is rolled back, stays.
        """
        own = [
            SQL(
                "SELECT id FROM ir_attachment WHERE (res_model, res_id) IN (%s)", pairs
            ),
            SQL(
                """SELECT a.id FROM ir_attachment a
                    WHERE a.res_model = 'mail.message' AND a.res_id = ANY(%(messages)s)
                      AND NOT EXISTS (SELECT FROM message_attachment_rel o
                                       WHERE o.attachment_id = a.id
                                         AND o.message_id <> ALL(%(messages)s))""",
                messages=messages,
            ),
            SQL(
                """SELECT a.id FROM ir_attachment a
                     JOIN message_attachment_rel r ON r.attachment_id = a.id
                    WHERE r.message_id = ANY(%(messages)s)
                      AND (a.res_model IN ('mail.message', 'mail.compose.message')
                           OR (a.res_model, a.res_id) IN (%(pairs)s))
                      AND NOT EXISTS (SELECT FROM message_attachment_rel o
                                       WHERE o.attachment_id = a.id
                                         AND o.message_id <> ALL(%(messages)s))""",
                messages=messages,
                pairs=pairs,
            ),
        ]
        users = SQL(
            "SELECT id FROM res_users WHERE partner_id = ANY(%s)", list(persons)
        )
        if users := [row[0] for row in self.env.execute_query(users)]:
            own.append(
                SQL(
                    """SELECT id FROM ir_attachment
                        WHERE COALESCE(res_id, 0) = 0 AND create_uid = ANY(%s)""",
                    users,
                )
            )
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM ir_attachment WHERE id IN (%s) RETURNING store_fname",
                SQL(" UNION ").join(own),
            )
        )
        files = self.env["ir.attachment"]
        for name in {row[0] for row in rows if row[0]}:
            files._file_delete(name)

    # ------------------------------------------------------------
    # PERSONS
    # ------------------------------------------------------------

    @api.model
    def _erase_persons(self, company, persons, kept):
        """Erase contacts, with their addresses, accounts in the portal and traces.

        :param dict kept: {person: day} of whose name the accounts keep
        """
        if not persons:
            return
        ids = list(persons)
        self._erase_user_traces(ids)
        self._erase_person_traces(ids)
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s WHERE id = ANY(%s)",
                SQL(", ").join(
                    [
                        *self._person_values(),
                        SQL("npo_forgotten = %s", company._npo_today()),
                        SQL("active = FALSE, parent_id = NULL"),
                        SQL("commercial_partner_id = id"),
                    ]
                ),
                ids,
            )
        )
        # whose name bore that of the person in front
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner SET parent_id = NULL, complete_name = name,
                          commercial_partner_id = id
                    WHERE parent_id = ANY(%s)""",
                ids,
            )
        )
        gone = [one for one in ids if one not in kept]
        label = self._nameless_label(company)
        self.env.cr.execute(
            SQL(
                """UPDATE res_partner
                      SET name = %(label)s || ' ' || id,
                          complete_name = %(label)s || ' ' || id,
                          npo_kept_until = NULL
                    WHERE id = ANY(%(ids)s)""",
                label=label,
                ids=gone,
            )
        )
        if kept:
            self.env.cr.execute(
                SQL(
                    """UPDATE res_partner p SET npo_kept_until = k.until
                         FROM UNNEST(%s::int[], %s::date[]) AS k(id, until)
                        WHERE p.id = k.id""",
                    list(kept),
                    list(kept.values()),
                )
            )

    @api.model
    def _nameless_label(self, company):
        """Return what a nameless contact is called, as the association speaks."""
        lang = company.sudo().partner_id.lang or self.env.lang
        return self.with_context(lang=lang).env._("A person whose data were destroyed")

    @api.model
    def _person_values(self):
        """Return the SQL of what a contact's columns become, its name apart."""
        model = self.env[PERSON]
        values = []
        for field in model._fields.values():
            if not (field.store and field.column_type) or self._is_neutral(
                model, field
            ):
                continue
            if field.name in ("name", "complete_name"):
                continue
            value = self._erase_value(model, field, False)
            if value is not None:
                values.append(SQL("%s = %s", SQL.identifier(field.name), value))
        return values

    @api.model
    def _erase_user_traces(self, persons):
        """Close the portal accounts of persons: no login and no key is left."""
        cr = self.env.cr
        users = SQL("SELECT id FROM res_users WHERE partner_id = ANY(%s)", persons)
        tables = self._tables()
        for table, column in OF_USER.items():
            if table in tables:
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s IN (%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        users,
                    )
                )
        columns = [
            SQL("%s = NULL", SQL.identifier(name))
            for name in ("password", "totp_secret")
            if name in self._columns("res_users")
        ]
        cr.execute(
            SQL(
                "UPDATE res_users SET %s WHERE partner_id = ANY(%s)",
                SQL(", ").join([SQL("active = FALSE"), *columns]),
                persons,
            )
        )
        if cr.rowcount:  # who may come in is kept in the cache
            self.env.registry.clear_cache()

    @api.model
    def _erase_person_traces(self, persons):
        """Delete what names a contact in the tables of core."""
        cr = self.env.cr
        tables = self._tables()
        for table, column, own in BLACKLISTS:
            if table in tables:
                cr.execute(self._erased_blacklist(table, column, own, persons))
        if "discuss_channel" in tables:  # called after who talks in it
            cr.execute(
                SQL(
                    """UPDATE discuss_channel SET name = %s
                        WHERE channel_type = 'chat' AND id IN (
                              SELECT channel_id FROM discuss_channel_member
                               WHERE partner_id = ANY(%s))""",
                    BLANK,
                    persons,
                )
            )
        if "bus_bus" in tables:
            cr.execute(
                SQL(
                    """DELETE FROM bus_bus WHERE channel IN (
                           SELECT replace(json_build_array(current_database(),
                                  'res.partner', one)::text, ', ', ',')
                             FROM UNNEST(%s::int[]) one)""",
                    persons,
                )
            )
        for name in WORDED.keys() & set(self.env):
            self._erase_worded(name, persons)
        for table, column in OF_PERSON.items():
            if table in tables:
                cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE %s = ANY(%s)",
                        SQL.identifier(table),
                        SQL.identifier(column),
                        persons,
                    )
                )

    @api.model
    def _erase_worded(self, name, persons):
        """Erase the words of persons in a model that no rule reaches."""
        values = self._erase_values(name, self._unique_columns([name]))
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s WHERE %s = ANY(%s)",
                SQL.identifier(self.env[name]._table),
                SQL(", ").join(values),
                SQL.identifier(WORDED[name]),
                persons,
            )
        )

    @api.model
    def _erased_blacklist(self, table, column, own, persons):
        """Return what deletes the addresses of persons, and what was told of them."""
        return SQL(
            """WITH gone AS (
                   DELETE FROM %(table)s WHERE %(column)s IN (
                       SELECT %(own)s FROM res_partner WHERE id = ANY(%(persons)s))
                   RETURNING id)
               DELETE FROM mail_message
                WHERE model = %(model)s AND res_id IN (SELECT id FROM gone)""",
            table=SQL.identifier(table),
            column=SQL.identifier(column),
            own=SQL.identifier(own),
            persons=persons,
            model=table.replace("_", "."),
        )

    @api.model
    def _tables(self):
        """Return the names of the tables of the database."""
        rows = self.env.execute_query(
            SQL("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        )
        return {row[0] for row in rows}

    @api.model
    def _columns(self, table):
        """Return the names of a table's columns, those that no field has as well."""
        rows = self.env.execute_query(
            SQL(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = %s",
                table,
            )
        )
        return {row[0] for row in rows}

    # ------------------------------------------------------------
    # WHAT IS LEFT
    # ------------------------------------------------------------

    @api.model
    def _traces_of(self, words):
        """Return {table: rows} of where words stand anywhere in the database.

        One reading of each table: it takes its time, and is for who protects the data.
        Files on the disk are not opened; what core read out of them is looked through.
        What lets somebody in, what is kept close, and what another association owns is
        not: an answer would tell of it.

        :param words: names and numbers, as they were written; found as whole words
        """
        self.env.flush_all()
        pattern = "|".join(_escaped(word) for word in words if (word or "").strip())
        pattern = f"(^|{NO_LETTER})({pattern})({NO_LETTER}|$)" if pattern else ""
        found = {}
        for table, columns in sorted(self._searched().items()) if pattern else ():
            shown = [SQL.identifier("t", one) for one in columns if not SECRET(one)]
            if not shown:
                continue
            ((count,),) = self.env.execute_query(
                SQL(
                    "SELECT count(*) FROM %s t WHERE ROW(%s)::text ~* %s AND %s",
                    SQL.identifier(table),
                    SQL(", ").join(shown),
                    pattern,
                    SQL(" AND ").join(self._is_searched(table, columns)),
                )
            )
            if count:
                found[table] = count
        return found

    @api.model
    def _searched(self):
        """Return {table: columns} of what may be looked through."""
        rows = self.env.execute_query(
            SQL(
                """SELECT t.tablename, array_agg(c.column_name::text)
                     FROM pg_tables t JOIN information_schema.columns c
                       ON c.table_schema = t.schemaname AND c.table_name = t.tablename
                    WHERE t.schemaname = 'public' GROUP BY 1"""
            )
        )
        return {table: sorted(names) for table, names in rows if not LOCKED(table)}

    @api.model
    def _is_searched(self, table, columns):
        """Yield the SQL of whether a row `t` may be looked through."""
        yield SQL("TRUE")
        if "company_id" in columns:
            yield SQL(
                "(t.company_id IS NULL OR t.company_id = ANY(%s))",
                self.env.user.company_ids.ids,
            )
        if "secrecy" in columns:
            yield SQL("COALESCE(t.secrecy, 'normal') = 'normal'")
        if "sealed_complaint_id" in columns:
            yield SQL("t.sealed_complaint_id IS NULL")
        sealed = SQL(
            "SELECT id FROM npo_complaint"
            " WHERE COALESCE(confidentiality, 'normal') <> 'normal'"
        )
        if table == "npo_complaint":
            yield SQL("t.id NOT IN (%s)", sealed)
        if "complaint_id" in columns:
            yield SQL("(t.complaint_id IS NULL OR t.complaint_id NOT IN (%s))", sealed)
        if "mail_message_id" in columns:
            yield SQL(
                """(t.mail_message_id IS NULL OR t.mail_message_id NOT IN (
                    SELECT id FROM mail_message m
                     WHERE m.sealed_complaint_id IS NOT NULL
                        OR (m.model = 'npo.complaint' AND m.res_id IN (%s))))""",
                sealed,
            )
        for model in ("res_model", "model"):
            if {model, "res_id"} <= set(columns):
                yield SQL(
                    "(t.%(model)s IS NULL OR t.res_id IS NULL"
                    " OR (t.%(model)s, t.res_id::int) NOT IN ("
                    "SELECT 'npo.complaint', one.id FROM (%(sealed)s) one))",
                    model=SQL.identifier(model),
                    sealed=sealed,
                )


def _escaped(word):
    """Return a word as a pattern of PostgreSQL that means just itself."""
    return "".join(f"\\{char}" if char in r".^$*+?()[]{}|\-" else char for char in word)
