import json
import re
from pathlib import Path

from odoo import api, models
from odoo.tools import file_path

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# How «الداخلي» and «الخارجي» are joined.
_JOINTS = {"or": "أو ", "and": "و"}


class ResCompany(models.Model):
    """The text of a profile's policy, as a tree of clauses: R048, D15.

    One skeleton in our own words serves all profiles (``clauses.json``): parts are
    switched by the profile, lists are those of its version. The association replaces it
    by its own text, read in; until then the register, the print and “Keeping the
    policy” have something true to stand on.
    """

    _inherit = "res.company"

    @api.model
    def _npo_read_skeleton(self):
        """Return the shared skeleton of clauses, as its file holds it."""
        path = file_path("npo_relations/data/profiles/clauses.json")
        return json.loads(Path(path).read_text(encoding="utf-8"))

    def _npo_load_clauses(self, version):
        """Create the clauses of a draft that has none, level by level."""
        self.ensure_one()
        if version.clause_ids:
            return
        skeleton = self._npo_read_skeleton()
        topics = self.env["npo.policy.topic"].with_context(active_test=False)
        topic_ids = {topic.code: topic.id for topic in topics.search([])}
        words = self._npo_clause_words(version)
        level = [
            (False, node)
            for node in self._npo_nodes(
                skeleton["clauses"], version, skeleton["topics"]
            )
        ]
        while level:
            vals_list = [
                self._npo_clause_vals(
                    version, node, number, parent_id, topic_ids, words
                )
                for number, (parent_id, node) in enumerate(level, start=1)
            ]
            clauses = self.env["npo.policy.clause"].create(vals_list)
            level = [
                (clause.id, child)
                for clause, (_parent_id, node) in zip(clauses, level, strict=True)
                for child in self._npo_nodes(
                    node.get("clauses", ()), version, skeleton["topics"]
                )
            ]

    @api.model
    def _npo_clause_words(self, version):
        """Return what the profile puts in the place of the skeleton's placeholders."""
        return {
            "association": "{association}",
            "parties": version.parties_label,
            "rights_party": version.rights_party_label,
            "served_person": version.served_person_label,
            "innovation": version.innovation_label,
            "internal_external": _JOINTS.get(version.internal_external),
            "response_text": version.response_text,
            "suffix": "/ات" if version.gender_inclusive else "",
            "supervisor": version.company_id.npo_supervisor,
        }

    @api.model
    def _npo_clause_vals(self, version, node, number, parent_id, topic_ids, words):
        text = _PLACEHOLDER.sub(lambda match: words.get(match[1]) or "", node["text"])
        return {
            "version_id": version.id,
            "parent_id": parent_id,
            "sequence": number * 10,
            "role": node["role"],
            "is_heading": node.get("heading", False),
            "term": node.get("term", False),
            "text": text,
            "topic_id": topic_ids.get(node.get("topic"), False),
            **node.get("links", {}),
        }

    # ------------------------------------------------------------
    # NODES OF THE SKELETON THAT THE VERSION HAS
    # ------------------------------------------------------------

    @api.model
    def _npo_nodes(self, nodes, version, topics):
        """Yield the nodes whose switch is on, and the lines of lists as nodes."""
        for node in nodes:
            if "list" in node:
                yield from getattr(self, f"_npo_{node['list']}_nodes")(version, topics)
            elif self._npo_is_said(node, version):
                yield node

    @api.model
    def _npo_is_said(self, node, version):
        """Return whether the version has the part: by its switch, and by its words."""
        if node["text"] == "{supervisor}" and not version.company_id.npo_supervisor:
            return False
        switch = node.get("when", "")
        if not switch:
            return True
        if switch == "complaint_channels":
            return bool(self._npo_policy_lines(version, "complaint"))
        is_on = bool(version[switch.removeprefix("!")])
        return is_on != switch.startswith("!")

    @api.model
    def _npo_policy_lines(self, version, kind):
        return version.channel_line_ids.filtered(
            lambda line: line.kind == kind and line.origin == "policy"
        ).sorted()

    def _npo_channels_nodes(self, version, topics, kind="communication"):
        for line in self._npo_policy_lines(version, kind):
            codes = line.channel_ids.mapped("code")
            topic = next((topics["channel"].get(code) for code in codes), None)
            yield {
                "role": "channel",
                "text": self._npo_in_arabic(line).name,
                "topic": topic or "channel",
                "links": {"channel_ids": line.channel_ids.ids},
            }

    def _npo_complaint_channels_nodes(self, version, topics):
        for node in self._npo_channels_nodes(version, topics, "complaint"):
            yield {**node, "topic": "complaint_channels"}

    def _npo_tools_nodes(self, version, topics):
        for tool in version.tool_ids.sorted():
            yield {
                "role": "tool",
                "text": self._npo_in_arabic(tool).name,
                "topic": topics["tool"].get(tool.code, "tool"),
                "links": {"tool_id": tool.id},
            }

    def _npo_steps_nodes(self, version, topics):
        stages = self.env["npo.stage"].search([])
        stage_ids = {stage.code: stage.id for stage in stages}
        for step in version.step_ids.sorted():
            if step.origin != "policy":
                continue
            deadline = {
                "role": "deadline",
                "text": "مدة الدراسة والرد: {response_text}.",
                "topic": "response_window",
            }
            has_deadline = step.stage_code == "committee" and version.response_text
            yield {
                "role": "step",
                "text": self._npo_in_arabic(step).name,
                "topic": topics["step"].get(step.stage_code),
                "links": {"stage_id": stage_ids.get(step.stage_code, False)},
                "clauses": [deadline] if has_deadline else [],
            }

    @api.model
    def _npo_in_arabic(self, record):
        """Return a record in the language of the text, where it is installed."""
        is_installed = self.env["res.lang"]._get_data(code="ar_001")
        return record.with_context(lang="ar_001") if is_installed else record
