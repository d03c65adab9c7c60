from markupsafe import Markup, escape
from psycopg2 import IntegrityError

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MERGERS = "npo_relations.group_npo_relations_officer"
# The pairs are moved by `_after_merge`; what was logged stays as it was written.
KEPT_AS_WAS = {"npo.duplicate", "npo.access.log"}


class NpoBeneficiary(models.Model):
    """The merge of two files of one person: everything moves, in one transaction.

    What points to a file or a contact is found in the registry (many2one, many2many,
    a record named by model and id, a reference), so that a model added later is moved
    without a word here.
    """

    _inherit = "npo.beneficiary"

    # ------------------------------------------------------------
    # WHETHER
    # ------------------------------------------------------------

    def _check_merge(self):
        """Raise when these two files may not be merged, or not by this user."""
        _ = self.env._
        if not self.env.user.has_groups(MERGERS):
            raise AccessError(_("Only a beneficiary-relations officer merges files."))
        self.check_access("write")
        files = self.sudo()
        if len(files) != 2:
            raise UserError(_("Choose the two files that are one person's."))
        if len(files.company_id) > 1:
            raise UserError(_("Files of two associations are never merged."))
        if files.merged_into_id:
            raise UserError(_("One of the files was merged already."))
        if any(file.has_identity_dispute for file in files):
            raise UserError(
                _("Whose identity this is stands in dispute: settle that first.")
            )
        if any(file.state == "blacklisted" for file in files):
            raise UserError(_("One of the files is barred: lift that first."))
        if self.env.user.partner_id in files.partner_id:
            raise UserError(_("This file is your own. Ask a colleague to merge it."))
        users = files.partner_id.with_context(active_test=False).user_ids
        if users.filtered(lambda user: not user.share):
            raise UserError(
                _("One of the contacts is a user of the association: not merged here.")
            )
        files._check_two_persons()

    def _check_two_persons(self):
        """Raise when what is on record says that these are two persons."""
        _ = self.env._
        partner_ids = self.partner_id.ids
        if len(partner_ids) > 1 and self.env["npo.representative"].search_count(
            [
                ("partner_id", "in", partner_ids),
                ("representative_id", "in", partner_ids),
            ],
            limit=1,
        ):
            raise UserError(_("One of the two acts for the other: two persons."))
        members = self.env["npo.household.member"].search(
            [("partner_id", "in", partner_ids), ("is_current", "=", True)]
        )
        families = members.filtered(
            lambda member: member.company_id == self.company_id
        ).household_id
        if len(families) > 1:
            raise UserError(
                _(
                    "The two are members of two households: %s. Record that the person"
                    " left the one, then merge.",
                    ", ".join(families.mapped("reference")),
                )
            )

    def _merge_order(self):
        """Return (the file that stays, the one that goes): the older number stays."""
        ordered = self.sudo().sorted(
            lambda file: (
                not file.file_no,
                file.date_registered or file.create_date.date(),
                file.id,
            )
        )
        return self.browse(ordered[0].id), self.browse(ordered[1].id)

    # ------------------------------------------------------------
    # WHAT MOVES
    # ------------------------------------------------------------

    def _merge_links(self):
        """Yield (model, field, kind) of all that may point to a file or a contact."""
        targets = ("npo.beneficiary", "res.partner")
        for name, model_class in sorted(self.env.registry.items()):
            if model_class._abstract or not model_class._auto or name in KEPT_AS_WAS:
                continue
            model = self.env[name].sudo()
            if model._table_query is not None:
                continue
            for field in model._fields.values():
                if not field.store or field.inherited:
                    continue
                if field.type in ("many2one", "many2many"):
                    if field.comodel_name in targets and (
                        field.type != "many2many" or not field.related
                    ):
                        yield model, field, field.comodel_name
                elif field.type in ("many2one_reference", "reference"):
                    for target in targets:
                        yield model, field, target

    def _merge_where(self, model, field, target, old_id):
        """Return the table, the column and the condition of what points to a record."""
        if field.type == "many2many":
            column = SQL.identifier(field.column2)
            return (
                SQL.identifier(field.relation),
                column,
                SQL("%s = %s", column, old_id),
            )
        table, column = SQL.identifier(model._table), SQL.identifier(field.name)
        if field.type == "reference":
            return table, column, SQL("%s = %s", column, f"{target},{old_id}")
        where = SQL("%s = %s", column, old_id)
        if field.type == "many2one_reference":
            named = SQL.identifier(field.model_field)
            if model._fields[field.model_field].type != "char":
                return table, column, SQL("FALSE")
            where = SQL("%s AND %s = %s", where, named, target)
        if field.type == "many2one" and field.company_dependent:
            where = SQL(
                "jsonb_path_exists(%s, %s::jsonpath)",
                column,
                f"$.* ? (@ == {int(old_id)})",
            )
        if model._name == target:
            where = SQL("%s AND id <> %s", where, old_id)
        return table, column, where

    def _merge_counts(self, other):
        """Return [(what, how many)] of what would move from the other file."""
        self.env.flush_all()
        ids = {"npo.beneficiary": other.id, "res.partner": other.sudo().partner_id.id}
        counts = {}
        for model, field, target in self._merge_links():
            table, _column, where = self._merge_where(model, field, target, ids[target])
            if field.type == "many2many":
                continue  # labels and the like; counted with nobody
            self.env.cr.execute(SQL("SELECT id FROM %s WHERE %s", table, where))
            found = {row[0] for row in self.env.cr.fetchall()}
            if found and model._name not in ("npo.beneficiary", "res.partner"):
                counts.setdefault(model._name, set()).update(found)
        names = self.env["ir.model"].sudo()
        return sorted((names._get(name).name, len(ids)) for name, ids in counts.items())

    # ------------------------------------------------------------
    # THE MERGE
    # ------------------------------------------------------------

    def _merge(self, other, vals, reason):
        """Merge the other file into this one.

        :param dict vals: the values that the officer chose from the other file
        """
        (self | other)._check_merge()
        kept, gone = self.sudo(), other.sudo()
        (kept | gone).lock_for_update()
        kept_partner, gone_partner = kept.partner_id, gone.partner_id
        mask, kind = gone.identity_masked, gone.identity_type
        is_one_contact = kept_partner == gone_partner
        decided = kept._decide_once(gone)
        if not is_one_contact:
            self._merge_users(kept_partner, gone_partner)
        gone.write(
            {
                "identity_number": False,
                "identity_source": False,
                "identity_verified_on": False,
                "identity_verified_by_id": False,
            }
        )
        has_two_ibans = gone_partner.bank_ids and kept_partner.bank_ids
        if "iban" not in vals and has_two_ibans and not is_one_contact:
            gone_partner.bank_ids.active = False
        # ended first: a contact has one live file
        gone.write({"state": "closed", "state_note": self.env._("Merged")})
        if kept_partner.parent_id == gone_partner:
            kept_partner.parent_id = False
        self.env.flush_all()
        self._move_links(
            {
                "npo.beneficiary": (gone.id, kept.id),
                "res.partner": (gone_partner.id, kept_partner.id),
            }
        )
        if vals:
            kept.write(vals)
        gone.merged_into_id = kept
        if not is_one_contact:
            gone_partner.active = False
            self.env["npo.access.log"]._log_merge(kept, gone_partner)
        self._note_merge(gone, reason, {"old_type": kind, "old_mask": mask}, decided)

    def _merge_users(self, kept_partner, gone_partner):
        """One portal user stays: the kept contact's, else the other's."""
        users = (kept_partner | gone_partner).with_context(active_test=False).user_ids
        if kept_partner.user_ids:
            (users & gone_partner.with_context(active_test=False).user_ids).write(
                {"active": False}
            )

    def _move_links(self, moves):
        """Point all that points to the one record to the other.

        :param dict moves: of a model, (id that goes, id that stays)
        """
        touched = []
        for target, (old_id, new_id) in moves.items():
            self._move_own_relations(target, old_id, new_id)
        for model, field, target in list(self._merge_links()):
            old_id, new_id = moves[target]
            if old_id == new_id:
                continue
            table, column, where = self._merge_where(model, field, target, old_id)
            if field.type == "many2many":
                self._move_relation(field, table, column, old_id, new_id)
                continue
            value = SQL("%s", new_id)
            if field.type == "reference":
                value = SQL("%s", f"{target},{new_id}")
            elif field.type == "many2one" and field.company_dependent:
                value = SQL(
                    "(SELECT jsonb_object_agg(key, CASE WHEN value = %s::text::jsonb"
                    " THEN %s::text::jsonb ELSE value END) FROM jsonb_each(%s))",
                    old_id,
                    new_id,
                    column,
                )
            ids = self._move_rows(model, table, column, value, where)
            touched.append((model, field, ids))
        self.env["npo.duplicate"].sudo()._after_merge(*moves["npo.beneficiary"])
        self.env.invalidate_all(flush=False)
        for model, field, ids in touched:
            self._recompute_after_move(model.browse(ids), field)
        self.env.flush_all()

    def _move_rows(self, model, table, column, value, where):
        """Move rows at once; where one stands in the way, one after the other.

        A technical row that has its double is dropped, as core's merge of contacts
        does; a record of ours that cannot stand beside the kept file's is a decision,
        and the merge is refused until somebody takes it.
        """
        cr = self.env.cr
        query = SQL("UPDATE %s SET %s = %s WHERE %s", table, column, value, where)
        try:
            with cr.savepoint(flush=False):
                cr.execute(SQL("%s RETURNING id", query))
                return [row[0] for row in cr.fetchall()]
        except IntegrityError:
            cr.execute(SQL("SELECT id FROM %s WHERE %s", table, where))
            ids = [row[0] for row in cr.fetchall()]
        moved = []
        for row_id in ids:
            try:
                with cr.savepoint(flush=False):
                    cr.execute(SQL("%s AND id = %s", query, row_id))
                moved.append(row_id)
            except IntegrityError:
                self._drop_double(model, table, row_id)
        return moved

    def _drop_double(self, model, table, row_id):
        """Delete a technical row that has its double; refuse where it is more."""
        try:
            if model._name.startswith("npo."):
                raise IntegrityError
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(SQL("DELETE FROM %s WHERE id = %s", table, row_id))
        except IntegrityError:
            raise UserError(
                self.env._(
                    "Both files have this, and one person can have it once:"
                    " %(kind)s. End one of the two first.",
                    kind=self.env["ir.model"].sudo()._get(model._name).name,
                )
            ) from None

    def _move_own_relations(self, target, old_id, new_id):
        """Join what the one carries in its lists (categories, kinds) to the other's."""
        for field in self.env[target]._fields.values():
            if (
                field.type == "many2many"
                and field.store
                and not field.inherited
                and old_id != new_id
            ):
                table = SQL.identifier(field.relation)
                own, other = (SQL.identifier(n) for n in (field.column1, field.column2))
                self._move_pairs(table, own, other, old_id, new_id)

    def _move_relation(self, field, table, column, old_id, new_id):
        self._move_pairs(table, column, SQL.identifier(field.column1), old_id, new_id)

    def _move_pairs(self, table, column, other, old_id, new_id):
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s AS r SET %(column)s = %(new)s
                    WHERE r.%(column)s = %(old)s AND NOT EXISTS (
                        SELECT 1 FROM %(table)s x WHERE x.%(other)s = r.%(other)s
                           AND x.%(column)s = %(new)s)""",
                table=table,
                column=column,
                other=other,
                old=old_id,
                new=new_id,
            )
        )
        self.env.cr.execute(SQL("DELETE FROM %s WHERE %s = %s", table, column, old_id))

    def _recompute_after_move(self, records, field):
        """Have stored values that follow the link worked out again.

        Those that a person may have set by hand stay as they are.
        """
        records = records.exists()
        if not records:
            return
        records.modified([field.name])
        for computed, pending in list(self.env.transaction.tocompute.items()):
            if not computed.readonly and pending:
                self.env.remove_to_compute(
                    computed, self.env[computed.model_name].browse(tuple(pending))
                )

    def _note_merge(self, gone, reason, values, decided):
        """Keep what was done: in the history of the identity and on both files."""
        self.env["npo.identity.change"]._note("merged", self, reason, {self.id: values})
        number = gone.file_no or f"#{gone.id}"
        body = self.env._(
            "File %(number)s was merged in. %(reason)s",
            number=number,
            reason=reason or "",
        )
        lines = [escape(line) for line in (body, *decided)]
        self.sudo().message_post(body=Markup("<br/>").join(lines))

    def action_reopen(self, note=False):
        # EXTENDS npo.beneficiary: a file merged away has ended for good
        if self.sudo().merged_into_id:
            raise UserError(
                self.env._("This file was merged into another: work on that one.")
            )
        return super().action_reopen(note=note)

    def _mark_applicant(self):
        # EXTENDS npo.beneficiary
        return super(
            NpoBeneficiary, self.filtered(lambda file: not file.merged_into_id)
        )._mark_applicant()
