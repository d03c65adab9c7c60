from odoo import api, fields, models
from odoo.tools import SQL, hmac


class NpoPersonKeyMixin(models.AbstractModel):
    """What is counted by person and names none: answers, remarks, ratings (R079, P123).

    A keyed fingerprint tells that two of them are of one person, and nothing else:
    below how many persons nothing is told cannot be counted without it.
    """

    _name = "npo.person.key.mixin"
    _description = "Counted by Person"

    # Where the measures find whose a record is (`npo.kpi`).
    _counts_person = "person_key"

    person_key = fields.Char(
        "Fingerprint of the person",
        readonly=True,
        copy=False,
        groups="base.group_system",
    )

    @api.model
    def _key_of(self, record):
        """Return the fingerprint of a person, or of what stands for one unknown."""
        env = self.env(su=True)
        return hmac(env, "npo_counted_person", f"{record._name}:{record.id}")

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS base: so many of the persons of a group as are told at least
        if aggregate_spec != "person_key:some":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "(array_agg(DISTINCT COALESCE(%s, '#' || %s)))[:%s]",
            self._field_to_sql(self._table, "person_key", query),
            SQL.identifier(self._table, "id"),
            self.env.context.get("npo_least", 1),
        )
