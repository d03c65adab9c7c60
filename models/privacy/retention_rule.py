from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

PERSON = "res.partner"
METHODS = [
    ("person", "Made nameless with its person"),
    ("own", "Made nameless by itself"),
    ("part", "Made nameless with what it belongs to"),
    ("keep", "Kept"),
]
# kind: "field" (a link of the model), "reverse" (a link of `model` to it), "any" (a
# model and an id side by side); first: only where no person is named
Link = namedtuple("Link", "kind model name first")


class NpoRetentionRule(models.Model):
    """What becomes of the records of one model (D17, P009, P016).

    One row for each model of ours that leads to a person; a test counts them, so that
    a new model cannot be forgotten here. `link` says how a record leads to its person
    or to what it belongs to:

    - `partner_id`: a link of the model; several with `;` between them: any of them;
    - `household_id?`: a link that counts where no person is named;
    - `res_id`: a record of any model, named by model and id;
    - `npo.import.row:import_id`: a link of another model to this one.

    The three ways:

    - *person*: the record holds its person until it has ended (`ended`) and the years
      of its class have run from `date_field`; it goes when the person goes. Without a
      person it goes by itself.
    - *own*: it goes by itself once its years have run; the links to persons are cut.
      It holds its person until it has ended.
    - *part*: it goes with what it belongs to, and holds its person until it has ended.
    - *keep*: it stays, and so does the person it names.
    """

    _name = "npo.retention.rule"
    _description = "Retention Rule"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(
        "Kind of records", compute="_compute_name", search="_search_name"
    )
    res_model = fields.Char("Records of", required=True, readonly=True)
    class_id = fields.Many2one(
        "npo.retention.class",
        string="Retention class",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    method = fields.Selection(
        METHODS, "What becomes of it", required=True, readonly=True, default="part"
    )
    link = fields.Char("Leads to", readonly=True)
    date_field = fields.Char("Counted from", readonly=True)
    ended = fields.Char("Which have ended", readonly=True, default="[]")
    reason = fields.Char("Why it is kept", readonly=True, translate=True)

    _model_uniq = models.UniqueIndex("(res_model)", "This model has a rule already.")

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_name(self):
        names = self.env["ir.model"].sudo()
        for rule in self:
            rule.name = names._get(rule.res_model).name or rule.res_model

    @api.model
    def _search_name(self, operator, value):
        """Find rules by what their records are called in the language of the user."""
        if operator not in ("in", "ilike", "like", "=ilike", "=like"):
            return NotImplemented
        found = self.env["ir.model"].sudo().search([("name", operator, value)])
        return [("res_model", "in", found.mapped("model"))]

    @api.constrains("res_model", "link", "date_field", "ended", "method")
    def _check_definition(self):
        """A rule that cannot be followed is refused where it is written."""
        for rule in self:
            try:
                rule._validate()
            except Exception as error:
                raise ValidationError(
                    self.env._("The rule of “%s” cannot be followed.", rule.res_model)
                ) from error

    def _validate(self):
        model = self.env[self.res_model]
        for link in self._links():
            owner = self.env[link.model] if link.kind == "reverse" else model
            if link.name not in owner._fields:
                raise ValueError(link)
        if self.method == "part" and not self._links():
            raise ValueError(self.link)
        if self.date_field and not model._fields[self.date_field].store:
            raise ValueError(self.date_field)
        safe_eval(self.ended or "[]")

    # ------------------------------------------------------------
    # LINKS
    # ------------------------------------------------------------

    def _links(self):
        """Return how a record leads to what it goes with."""
        self.ensure_one()
        links = []
        for text in filter(None, (self.link or "").split(";")):
            owner, _colon, name = text.rpartition(":")
            name, first = name.removesuffix("?"), name.endswith("?")
            if owner:
                links.append(Link("reverse", owner, name, first))
                continue
            field = self.env[self.res_model]._fields[name]
            if field.type == "many2one_reference":
                links.append(Link("any", field.model_field, name, first))
            else:
                links.append(Link("field", field.comodel_name, name, first))
        return links

    def _person_fields(self):
        """Return the names of the links that name a person."""
        return [
            link.name
            for link in self._links()
            if link.kind == "field" and link.model == PERSON
        ]

    @api.model
    def _known(self):
        """Return the rules of the models that are there, in sudo."""
        rules = self.sudo().search_fetch([])
        return rules.filtered(lambda rule: rule.res_model in self.env)

    # ------------------------------------------------------------
    # WHAT IS OVER
    # ------------------------------------------------------------

    def _is_ended(self):
        """Return the SQL of whether a row `t` has ended."""
        domain = safe_eval(self.ended or "[]")
        if not domain:
            return SQL("TRUE")
        model = self.env[self.res_model].sudo().with_context(active_test=False)
        query = model._search(domain, bypass_access=True)
        return SQL("t.id IN %s", query.subselect())

    def _day(self):
        """Return the SQL of the day from which a row `t` is counted."""
        model = self.env[self.res_model]
        names = [self.date_field] if self.date_field else []
        names += ["write_date"] if model._log_access else []
        columns = [SQL("%s::date", SQL.identifier("t", name)) for name in names]
        return SQL("COALESCE(%s)", SQL(", ").join(columns or [SQL("NULL::date")]))

    def _is_over(self, company, by_law=False):
        """Return the SQL of whether the years of a row `t` have run and it has ended.

        Accounts are over by their years alone, asked for or not.
        """
        cutoff = self.class_id._cutoff(company, by_law and not self._is_accounts())
        if cutoff is None or self.method == "keep":
            return SQL("FALSE")
        return SQL("(%s AND %s < %s)", self._is_ended(), self._day(), cutoff)

    def _is_accounts(self):
        return self.class_id.is_accounts

    def _is_free(self, company, by_law=False):
        """Return the SQL of whether a row `t` does not hold its person.

        Accounts hold a person as long as something is to be paid, not for their years:
        they keep the name (`npo_kept_until`) and let the rest go.
        """
        if self._is_accounts() or self.method in ("own", "part"):
            return self._is_ended()  # its years are its own
        if by_law and self.res_model == "npo.data.request":
            return self._is_ended()  # what somebody asks for does not hold them
        return self._is_over(company, by_law)

    def _has_company(self):
        """Tell whether the rows are an association's by a column of theirs."""
        field = self.env[self.res_model]._fields.get("company_id")
        return bool(field and field.store and field.column_type)
