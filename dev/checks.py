"""Find what installs without a word and is wrong all the same."""

import ast
import csv
import pathlib
import re
import sys

from lxml import etree

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = {".git", ".state", ".ci", "dev", "node_modules", "__pycache__", "lib"}

# (suffixes, outdated, right)
IDIOMS = [
    (".py", r"\b_sql_constraints\b", "models.Constraint"),
    (".py", r"odoo\.osv|from odoo\.orm import", "odoo.fields.Domain"),
    (".py", r"\bdef name_get\(|\.name_get\(", "_compute_display_name"),
    (".py", r"\b_name_search\(", "_search_display_name"),
    (".py", r"(?<![_\w])read_group\(", "_read_group"),
    (".py", r"\bcheck_access_(rights|rule)\(", "check_access, has_access"),
    (".py", r"\buser_has_groups\(", "env.user.has_groups"),
    (".py", r"\bself\._(cr|uid|context)\b", "self.env.cr, .uid, .context"),
    (".py", r"\bgroup_operator=", "aggregator="),
    (".py", r"\bauto_join=", "bypass_search_access="),
    (".py", r"\btoggle_active\(", "action_archive, action_unarchive"),
    (".py", r"\bSavepointCase\b|\bcommon\.post_install\b", "odoo.tests"),
    (".py", r"""type=["']json["']""", 'type="jsonrpc"'),
    (".py", r"\([0-6], *[\w.]+, *[\[{]|\(4, *[a-z][\w.]*\bid\b|\(5, 0, 0\)", "Command"),
    (".py", r"\.cr\.commit\(", "ir.cron _commit_progress"),
    (".py", r"\.timezone\([^)]*\.tz\b", "env.tz"),
    (".py .xml", r"\bgroups_id\b", "group_ids"),
    (".py .xml", r"\bir\.property\b", "company_dependent, ir.default"),
    (".py .xml", r"\b(numbercall|doall)\b", "nothing: the field is gone"),
    (".py .xml", r"""["'>]tree,|,tree\b|<tree\b""", "list"),
    (".xml", r"\boe_chatter\b", "<chatter/>"),
    (".xml .js", r"\bkanban-(box|menu)\b", "card, menu"),
    (".xml .js", r"\bt-(esc|raw)\b", "t-out"),
    (".xml", r"\battrs=|\bstates=", "invisible=, readonly=, required="),
    (".xml", r"<group[^>]*\bexpand=", "a plain <group>"),
    (".xml", r"\bcontext_today\(", "'today' in the domain"),
    (".xml", r"""eval="\[?\(\s*[0-6]\s*,""", "Command"),
    (".xml", r"\bo_settings_container\b", "<app>, <block>, <setting>"),
    (".js", r"\bodoo\.define\(|@odoo-module", "a plain module"),
    (".js", r"\bpublicWidget\b", "Interaction"),
    (
        ".xml .js",
        r"\b(text|float)-(left|right)\b|(?<![\w-])[mp][lr]-([0-5]|auto)\b",
        "start and end classes (right to left)",
    ),
]


def sources(*suffixes):
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.suffix in suffixes and not SKIPPED.intersection(parts):
            yield path


def outdated_idioms():
    compiled = [(s.split(), re.compile(p), right) for s, p, right in IDIOMS]
    for path in sources(".py", ".xml", ".js"):
        # two people at once are tested on committed data, with cursors of their own
        is_concurrent = path.stem.endswith("_concurrency")
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for suffixes, pattern, right in compiled:
                if is_concurrent and "commit" in right:
                    continue
                if path.suffix in suffixes and pattern.search(line):
                    place = f"{path.relative_to(ROOT)}:{number}"
                    yield f"{place}: outdated: {line.strip()} (right: {right})"


def malformed_xml():
    """What no parser reads, and attributes that a merge left without their tag."""
    for path in sources(".xml"):
        try:
            tree = etree.parse(path)
        except etree.XMLSyntaxError as error:
            yield f"{path.relative_to(ROOT)}: {error}"
            continue
        for element in tree.iter("odoo", "data", "menuitem", "record"):
            for text in (element.text, *(child.tail for child in element)):
                if text and text.strip():
                    place = f"{path.relative_to(ROOT)}:{element.sourceline}"
                    yield f"{place}: text between elements: {text.strip()[:40]}"


def constant(value):
    if isinstance(value, ast.Constant):
        return [value.value]
    if isinstance(value, ast.List | ast.Tuple):
        return [item.value for item in value.elts if isinstance(item, ast.Constant)]
    return []


def own_models():
    """The models with a table or a wizard of our own, and where they are."""
    for path in sources(".py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.ClassDef):
                continue
            bases = {getattr(base, "attr", "") for base in node.bases}
            if not bases & {"Model", "TransientModel"}:
                continue
            values = {
                statement.targets[0].id: constant(statement.value)
                for statement in node.body
                if isinstance(statement, ast.Assign)
                and isinstance(statement.targets[0], ast.Name)
            }
            name = (values.get("_name") or [None])[0]
            if name and name not in values.get("_inherit", []):
                yield name, f"{path.relative_to(ROOT)}:{node.lineno}"


def missing_access():
    granted = set()
    for path in sources(".csv"):
        if path.name == "ir.model.access.csv":
            with path.open(newline="") as lines:
                for row in csv.DictReader(lines):
                    granted.add(row.get("model_id:id", "").split(".")[-1])
                    if not row.get("group_id:id"):
                        yield f"{path.relative_to(ROOT)}: {row['id']}: no group"
    for name, place in own_models():
        if "model_" + name.replace(".", "_") not in granted:
            yield f"{place}: {name} has no line in ir.model.access.csv"


def main():
    findings = [*outdated_idioms(), *malformed_xml(), *missing_access()]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
