"""The table of access (D02) and what the running system says of the same."""

import csv
import re

from odoo.tools.misc import file_path

from .common import OPERATIONS, ROLE_CODES

TABLE = "npo_relations/security/access_table.csv"
FIELDS = "npo_relations/security/sensitive_fields.csv"
COLUMNS = ("model", *ROLE_CODES.values(), "records", "attachments")
FIELD_COLUMNS = ("model", "field", "readers")
# The words of the column `records`, in their order, and what in a rule says so. A rule
# in which none of it stands has no word yet: the table cannot tell what it does.
RECORDS = (
    ("association", r"company_ids\)"),
    ("all", r"^\[\(1, '=', 1\)\]"),
    ("site", r"npo_site_ids|supervisor_id"),
    ("own", r"user\.id\)|user\.employee_ids|user\.partner_id|is_mine"),
    ("committee", r"npo_committee_ids"),
    ("own area", r"area', '='"),
    ("own kind of file", r"\('(res_model|kind|kpi_id\.is_opinion)', '"),
    ("own audience", r"group_ids', 'in', user\.all_group_ids"),
    ("not sealed", r"focal_user_ids|'confidentiality'|\.confidentiality|secrecy"),
    ("not barred", r"barred_user_ids|deliverer_ids"),
    ("not secret", r"classification"),
    ("of complaints", r"^\[\('complaint_id', '!=', False\)\]"),
    ("to be handed over", r"date_to_delivery|'payment'"),
    ("not drafts", r"(submission_state|\bstate)', '?(!=|not in)"),
    ("nothing", r"^\[\(0, '=', 1\)\]"),
    ("own list beside the shared one", r"^\[\('company_id', '!=', False\)\]"),
)
NOBODY = "-"


def read(path):
    """Return the lines of one of the files, as dicts."""
    with open(file_path(path), newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def words_of(rule):
    """Return the words for what a record rule leaves."""
    domain = " ".join((rule.domain_force or "").split())
    return [word for word, pattern in RECORDS if re.search(pattern, domain)]


def records_of(env, name):
    """Return which records of a model are shown: the words of all its rules.

    :return: (text, rules without a word)
    """
    rules = env["ir.rule"].search([("model_id.model", "=", name)])
    if env[name]._transient:
        return "own form", rules.filtered(
            lambda rule: rule.domain_force != "[('create_uid', '=', user.id)]"
        )
    words = {word for rule in rules for word in words_of(rule)}
    if "association" not in words:
        words.add("shared")
    order = ["shared", *(word for word, _pattern in RECORDS)]
    text = ", ".join(word for word in order if word in words)
    return text, rules.filtered(lambda rule: not words_of(rule))


def attachments_of(env, name):
    """Return who reads files of a model.

    `talk`: what is attached to the record, for whoever reads the record; `talk for
    few`: for those alone whom a rule on the files names; a field: its own file, for
    whoever reads the field.
    """
    model = env[name]
    found = []
    if "message_ids" in model._fields and not model._transient:
        rules = env["ir.rule"].search([("model_id.model", "=", "ir.attachment")])
        few = any(f"'{name}'" in (rule.domain_force or "") for rule in rules)
        found.append("talk for few" if few else "talk")
    found += sorted(
        field.name
        for field in model._fields.values()
        if field.type in ("binary", "image") and field.store
    )
    return ", ".join(found) or NOBODY


def letters_of(model):
    """Return what a user may do on a model: letters of r, w, c and d."""
    return "".join(
        letter for letter, one in OPERATIONS.items() if model.has_access(one)
    )


def protected_fields(env):
    """Yield (model name, field) of what we add with groups, on any model."""
    for name in sorted(env.registry):
        model = env[name]
        if model._abstract:
            continue
        for field in sorted(model._fields.values(), key=lambda field: field.name):
            ours = "npo_relations" in field._modules and not field.inherited
            if field.groups and ours:
                yield name, field
