from odoo import api, fields, models

from ...tools import topic_match


class NpoPolicyTopic(models.Model):
    """What a clause of such a policy promises, whatever its words: R033, P002.

    The reader finds the topic of a clause by the role of the clause and the words in
    it; the topic tells what of the product carries the promise out, and the measures
    that show it is kept. Topics are data: a later part of the product that carries
    one out fills `how` and adds its measures, and every page that shows topics picks
    them up.
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
        " on this topic. Empty: every clause of these roles that no phrase places."
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

    @api.model
    def _match(self, texts_with_roles):
        """Return the topic of each clause, an empty one where none is found.

        :param texts_with_roles: list of (text, role)
        :return: list of topics, in the order of the clauses
        """
        return [topics[:1] for topics in self._match_all(texts_with_roles)]

    @api.model
    def _match_all(self, texts_with_roles):
        """Return all topics of each clause, the best first; one query for all.

        A long clause can make several promises, as the preambles do.
        """
        topics = self._recognisable()
        return [
            self.browse(topic_match.rank(text, role, topics))
            for text, role in texts_with_roles
        ]

    @api.model
    def _recognisable(self):
        """Return the topics as `topic_match` wants them."""
        topics = self.sudo().search_fetch([], ["roles", "keywords"])
        return [
            topic_match.Topic(
                topic.id,
                frozenset((topic.roles or "").split()),
                tuple(
                    phrase
                    for line in (topic.keywords or "").splitlines()
                    if (phrase := topic_match.normalise(line))
                ),
            )
            for topic in topics
        ]
