"""What no caller may bring in, by whatever way they come: pure helpers of models."""

import math

from odoo.exceptions import ValidationError

# In the context: of which fields nobody's own default is taken, (model, field)….
REFUSED = "npo_refused_defaults"
# ⚖ No amount and no quantity of a case reaches this.
MAX_AMOUNT = 10**9


def without_defaults(records, is_guarded=None):
    """Return the records in a context that gives no default values.

    A client sends the context along, so a `default_…` key would fill a field that the
    client may not write: a stage, a decision, the end of a log line. So would what
    anybody keeps as their own default of a field (`core/ir_default`).

    :param is_guarded: tells of a field's name whether its default goes; all by default
    """
    env, name = records.env, records._name
    is_guarded = is_guarded or (lambda _name: True)
    kept = {
        key: value
        for key, value in env.context.items()
        if not (key.startswith("default_") and is_guarded(key.removeprefix("default_")))
    }
    own = env["ir.default"]._get_model_defaults(name)
    if refused := [(name, field) for field in own if is_guarded(field)]:
        kept[REFUSED] = (*kept.get(REFUSED, ()), *refused)
    return records if kept == env.context else records.with_context(kept)


def is_derived(records, name):
    """Tell whether a field is worked out and stored: the ORM lets anybody write it."""
    field = records._fields.get(name)
    return bool(
        field and field.store and field.compute and field.readonly and not field.inverse
    )


def check_values(records, vals):
    """Refuse texts longer than the association allows, and what is no number.

    :param dict vals: about to be written
    """
    limit = records.env.company.npo_max_text
    for name, value in vals.items():
        field = records._fields.get(name)
        if field is None:
            continue
        label = field._description_string(records.env)
        if field.type in ("text", "char"):
            if isinstance(value, str) and len(value) > limit:
                raise ValidationError(
                    records.env._(
                        "“%(field)s” is too long: %(length)s characters. Please write"
                        " it in %(limit)s characters at most; you can attach the rest"
                        " as a document.",
                        field=label,
                        length=len(value),
                        limit=limit,
                    )
                )
        elif field.type in ("float", "monetary") and isinstance(value, (int, float)):
            if not math.isfinite(value) or abs(value) >= MAX_AMOUNT:
                raise ValidationError(
                    records.env._(
                        "“%(field)s” is not a number that can be recorded.",
                        field=label,
                    )
                )
