from odoo import fields, models


class NpoPolicyTopic(models.Model):
    """What a clause of such a policy promises, whatever its words: R033, P002.

    The reader finds the topic of a clause by the role of the clause and the words in
    it; the topic tells what of the product carries the promise out, and the measures
    that show it is kept.
    """

    _name = "npo.policy.topic"
    _description = "Topic of Policies"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    roles = fields.Char(
        help="Roles of the clauses it is looked for in, with blanks between them."
        " Empty: any."
    )
    keywords = fields.Text(
        help="One phrase a line, in the words of policies; a clause with one of them is"
        " on this topic."
    )
    how = fields.Text(
        "How it is carried out",
        translate=True,
        help="What of the product does it. Empty: nothing does, and it shows as such.",
    )
    action_xmlid = fields.Char("Screen", help="Opened from “Keeping the policy”.")
    kpi_ids = fields.Many2many(
        "npo.kpi",
        "npo_policy_topic_kpi_rel",
        "topic_id",
        "kpi_id",
        string="Shown by the measures",
    )

    _code_uniq = models.UniqueIndex("(code)", "Another topic has this code.")
