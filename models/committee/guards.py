"""Who writes what of a session: helpers shared by its models."""

from odoo.exceptions import AccessError
from odoo.tools import format_list

# The chair's side of the table: who prepares a session and runs it.
OFFICE = ("chair", "deputy", "secretary")
# Who may see what a session says of a person.
CASE_GROUPS = (
    "npo_relations.group_npo_committee_member,"
    "npo_relations.group_npo_general_manager,"
    "npo_relations.group_npo_auditor"
)


def check_written(records, names, allowed):
    """Refuse what only a step writes, whoever writes it in another way."""
    own = {
        *allowed,
        *records.env["mail.thread"]._fields,
        *records.env["mail.activity.mixin"]._fields,
    }
    if records.env.su or not (refused := set(names) - own):
        return
    labels = records.sudo().fields_get(list(refused), ["string"])
    raise AccessError(
        records.env._(
            "These are filled by the steps of the session and cannot be written now:"
            " %s.",
            format_list(
                records.env, sorted(field["string"] for field in labels.values())
            ),
        )
    )
