from markupsafe import Markup

from odoo import models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command

from .policy_read_proposal import unique_quote, window_defaults

# What the reader calls a slip, as the register of corrections does.
_ERRATUM_KINDS = {"spelling": "spelling", "name": "name", "word": "meaning"}


class NpoPolicyRead(models.TransientModel):
    """Making a draft of what was read and corrected. Approving is a separate act."""

    _inherit = "npo.policy.read"

    def action_confirm(self):
        """Make the draft, and open it."""
        self.ensure_one()
        self._check_may_read()
        self._lock()
        if self.state == "source":
            raise UserError(self.env._("Read the text first."))
        if self.state == "review":
            self._check_not_known(self.read_text)
            self._check_differs()
            self.write({"version_id": self._make_version().id, "state": "done"})
        return {
            "type": "ir.actions.act_window",
            "res_model": "npo.policy.version",
            "res_id": self.version_id.id,
            "view_mode": "form",
        }

    def _lock(self):
        """Of two presses, the second finds the draft of the first."""
        try:
            self.lock_for_update()
        except LockError:
            raise UserError(
                self.env._("The draft is being made. Look at the list of versions.")
            ) from None
        self.invalidate_recordset(["state", "version_id"])

    def _check_differs(self):
        """Refuse to make a version that says what the present one says (R035)."""
        if not self.base_version_id.clause_ids:
            return
        differs = (
            any(clause.change != "same" for clause in self.clause_ids)
            or self._gone_clauses()
            or any(self.fact_ids.mapped("is_different"))
        )
        if not differs:
            raise UserError(
                self.env._(
                    "Nothing in this text differs from %(version)s: no new version is"
                    " needed.",
                    version=self.base_version_id.display_name,
                )
            )

    # ------------------------------------------------------------
    # THE VERSION
    # ------------------------------------------------------------

    def _make_version(self):
        values = self._fact_values()
        policy = self.policy_id or self._make_policy(values)
        version = self.env["npo.policy.version"].create(
            {
                **self._base_values(),
                **window_defaults(values["npo.policy.version"]),
                **values["npo.policy.version"],
                "policy_id": policy.id,
                "source_file": self.file,
                "source_file_name": self.file_name,
                "source_digest": self.env["npo.policy.version"]._digest(self.read_text),
                "signatory_ids": self._signatories(),
            }
        )
        self._fill_company(values["res.company"])
        self._make_channels(version)
        version.tool_ids = self._make_tools()
        self._make_steps(version)
        self._keep_operational(version)
        clauses = self._make_clauses(version)
        self._make_errata(clauses)
        version.message_post(
            body=Markup("<p>%s</p>%s")
            % (self.env._("Read from the association's own text."), self.summary)
        )
        return version

    def _fact_values(self):
        """Return {model: {field: value}} of what the lines say; empty ones left out."""
        values = {"npo.policy": {}, "npo.policy.version": {}, "res.company": {}}
        for fact in self.fact_ids:
            value = fact._to_value()
            if value is not None:
                values[fact.model][fact.field] = value
        return values

    def _make_policy(self, values):
        title = values["npo.policy.version"].get("title_as_approved")
        if not title:
            raise UserError(
                self.env._("Enter the title of the policy among the facts first.")
            )
        return self.env["npo.policy"].create(
            {
                "name": title,
                "kind": values["npo.policy"].get("kind", "policy"),
                "company_id": self.company_id.id,
            }
        )

    def _base_values(self):
        """Return what no text states, as the present version has it."""
        base = self.base_version_id
        if not base:
            return {"declaration_text": self._product_declaration()}
        known = {fact.field for fact in self.fact_ids}
        return {
            name: value
            for name, value in base.copy_data()[0].items()
            if name not in known
            and base._fields[name].type not in ("one2many", "many2many")
        }

    def _product_declaration(self):
        """Return the declaration that the product proposes, as the profiles do."""
        profile = self.env["res.company"]._npo_read_profile("nbra")
        return profile["version"]["declaration_text"]

    def _signatories(self):
        """Return the positions that sign, as the text lists them: no names (R011)."""
        return [
            Command.create({"position": position, "sequence": number * 10})
            for number, position in enumerate(
                filter(None, (self.signatory_positions or "").split()), start=1
            )
        ]

    def _fill_company(self, values):
        """Fill in what is not known yet of the association; nothing is overwritten."""
        company = self.company_id.sudo()
        company.write(
            {name: value for name, value in values.items() if not company[name]}
        )

    # ------------------------------------------------------------
    # CHANNELS, TOOLS, STEPS
    # ------------------------------------------------------------

    def _items(self, *kinds):
        return self.item_ids.filtered(lambda item: item.kind in kinds)

    def _make_channels(self, version):
        """Make a line for each channel; one that is new to the product is added."""
        items = self._items("communication", "complaint")
        for item in items.filtered("is_new"):
            item.channel_ids = self._new_channel(item.name)
        self.env["npo.policy.channel"].create(
            [
                {
                    "version_id": version.id,
                    "name": item.name,
                    "kind": item.kind,
                    "channel_ids": [Command.set(item.channel_ids.ids)],
                    "sequence": number * 10,
                }
                for number, item in enumerate(items, start=1)
            ]
        )

    def _new_channel(self, name):
        """Return the channel of a name, added to the common list where it lacks."""
        # in sudo: the list is the administrator's, the policy may open a new channel
        channels = self.env["npo.channel"].sudo()
        found = channels.search([("name", "=", name)], limit=1)
        if not found:
            found = channels.create({"name": name, "code": "new"})
            found.code = f"channel_{found.id}"
        return found.sudo(False)

    def _make_tools(self):
        """Return the tools that the text names, making those that lack."""
        model = self.env["npo.tool"].with_context(active_test=False)
        tools = model.search([("company_id", "=", self.company_id.id)])
        by_code = {tool.code: tool for tool in tools}
        by_name = {tool.name: tool for tool in tools}
        named = model.browse()
        for number, item in enumerate(self._items("tool"), start=1):
            tool = by_code.get(item.code) or by_name.get(item.name)
            if not tool:
                tool = model.create(
                    {
                        "name": item.name,
                        "code": item.code or f"tool_{len(by_code) + number}",
                        "origin": "policy",
                        "company_id": self.company_id.id,
                        "sequence": number * 10,
                    }
                )
            item.tool_id = tool
            named |= tool
        return named

    def _make_steps(self, version):
        # short names where the stage is known: the clause keeps the sentence
        names = {step.stage_code: step.name for step in self.base_version_id.step_ids}
        self.env["npo.policy.step"].create(
            [
                {
                    "version_id": version.id,
                    "name": names.get(item.stage_id.code)
                    or item.stage_id.name
                    or item.name,
                    "stage_code": item.stage_id.code,
                    "sequence": number * 10,
                }
                for number, item in enumerate(self._items("step"), start=1)
            ]
        )

    def _keep_operational(self, version):
        """Take along what the association added beside its policy (R211).

        Only what the new text does not say itself: a stage or a channel that it lists
        is the policy's from now on.
        """
        base = self.base_version_id
        stages = set(version.step_ids.mapped("stage_code"))
        channels = version.channel_line_ids.channel_ids
        kept = [
            base.step_ids.filtered(
                lambda step: step.origin != "policy" and step.stage_code not in stages
            ),
            base.channel_line_ids.filtered(
                lambda line: line.origin != "policy" and line.channel_ids - channels
            ),
        ]
        for lines in kept:
            last = max(version[lines._version_field].mapped("sequence"), default=0)
            lines.create(
                [
                    {**vals, "version_id": version.id, "sequence": last + number}
                    for number, vals in enumerate(lines.copy_data(), start=1)
                ]
            )

    # ------------------------------------------------------------
    # CLAUSES AND CORRECTIONS
    # ------------------------------------------------------------

    def _make_clauses(self, version):
        """Make the tree, level by level.

        A line stands under the nearest one before it of a higher level, so that one
        that the officer took out leaves nobody without a place.

        :return: {line of the proposal: clause}
        """
        items = {item.key: item for item in self.item_ids if item.key}
        parents, path = {}, []
        for line in self.clause_ids:
            while path and path[-1].depth >= line.depth:
                path.pop()
            parents[line] = path[-1] if path else None
            path.append(line)
        levels = {}
        for line, parent in parents.items():
            levels[line] = levels[parent] + 1 if parent else 0
        clauses = {}
        for level in range(max(levels.values(), default=-1) + 1):
            lines = [line for line in parents if levels[line] == level]
            made = self.env["npo.policy.clause"].create(
                [
                    {
                        **self._clause_values(line, items.get(line.key)),
                        "version_id": version.id,
                        "parent_id": clauses[parents[line]].id if level else False,
                    }
                    for line in lines
                ]
            )
            clauses.update(zip(lines, made, strict=True))
        return clauses

    def _clause_values(self, line, item):
        return {
            "sequence": (line.sequence + 1) * 10,
            "role": line.role,
            "is_heading": line.is_heading,
            "label": line.label,
            "term": line.term,
            "text": self._with_placeholder(line.text),
            "topic_id": line.topic_id.id,
            "stage_id": item and item.stage_id.id,
            "tool_id": item and item.tool_id.id,
            "channel_ids": item and [Command.set(item.channel_ids.ids)],
        }

    def _make_errata(self, clauses):
        """Put the slips that the officer did not dismiss on the list of corrections."""
        by_key = {line.key: clause for line, clause in clauses.items() if line.key}
        errata = self.env["npo.policy.erratum"]
        for slip in self.slip_ids:
            clause = by_key.get(slip.key)
            if slip.decision not in ("propose", "correct") or not clause:
                continue
            quote = unique_quote(clause.text, slip.printed or "", slip.proposed or "")
            if not quote or quote[0] == quote[1]:
                continue
            erratum = errata.create(
                {
                    "clause_id": clause.id,
                    "printed": quote[0],
                    "proposed": quote[1],
                    "kind": _ERRATUM_KINDS.get(slip.kind, "slip"),
                    "reason": self.env._("Found when the text was read."),
                }
            )
            if slip.decision == "correct":
                erratum.action_accept()
