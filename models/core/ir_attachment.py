import base64
import binascii

from odoo import api, models

from ...tools.upload import OPAQUE, UploadError, clean_content, clean_name, is_active
from .guards import without_defaults

CONTENTS = ("raw", "datas")
# What says whose file it is: given as a value, and by no context.
WHOSE = frozenset({"res_model", "res_id", "res_field", "mimetype"})


class IrAttachment(models.Model):
    """Whatever is attached to a record of ours, by whichever way it comes.

    Form, mail, chatter, a programme: pictures lose what stands beside them, names lose
    paths, signs that turn them and numbers of persons, and what could run in a page is
    never opened in one.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        given = self._npo_whose()
        vals_list = [{**given, **vals} for vals in vals_list]
        return super(IrAttachment, without_defaults(self, WHOSE.__contains__)).create(
            [
                self._npo_cleaned(vals, vals.get("res_model"), vals.get("res_field"))
                for vals in vals_list
            ]
        )

    def _npo_whose(self):
        """Return what a context says of whose file it is, as values to be checked."""
        context = self.env.context
        return {
            name: context[f"default_{name}"]
            for name in WHOSE
            if context.get(f"default_{name}")
        }

    def write(self, vals):
        if not ({*CONTENTS, "name", "mimetype", "res_model"} & vals.keys()):
            return super().write(vals)
        model = vals.get("res_model")
        if model and _is_ours(model) and not any(vals.get(one) for one in CONTENTS):
            # a file that waited for its message comes to stand beside a record
            for file in self.sudo():
                if not _is_ours(file.res_model):
                    kept = {"name": file.name, "raw": file.raw}
                    own = file.sudo(self.env.su)
                    super(IrAttachment, own).write(self._npo_cleaned(kept, model))
        ours = self.sudo().filtered(lambda file: _is_ours(model or file.res_model))[:1]
        if ours:
            vals = self._npo_cleaned(vals, model or ours.res_model, ours.res_field)
        return super().write(vals)

    @api.model
    def _npo_cleaned(self, vals, model, field=None):
        """Return the values as they are kept beside a record of a model."""
        if model == "res.partner":  # a photograph of a person says where they live
            return _without_place(vals)
        if not _is_ours(model):
            return vals
        vals = dict(vals)
        if vals.get("name") and not field:
            vals["name"] = clean_name(vals["name"])
        name = next((one for one in CONTENTS if vals.get(one)), None)
        content = name and _content(vals[name], name)
        if not content:
            return vals
        try:
            kept = clean_content(content)
            is_unsafe = is_active(vals.get("name"), vals.get("mimetype"), kept)
        except UploadError:  # what came by mail is kept all the same, and not opened
            kept, is_unsafe = content, True
        if kept != content:
            vals.pop("datas", None)
            vals["raw"] = kept
        if is_unsafe:
            vals["mimetype"] = OPAQUE
        return vals


def _is_ours(model):
    return bool(model) and model.startswith("npo.")


def _without_place(vals):
    """Return the values with what a picture is of, and nothing beside it."""
    name = next((one for one in CONTENTS if vals.get(one)), None)
    content = name and _content(vals[name], name)
    try:
        kept = clean_content(content) if content else content
    except UploadError:
        return vals
    if kept == content:
        return vals
    return {key: value for key, value in vals.items() if key != name} | {"raw": kept}


def _content(value, name):
    """Return the bytes of a file as they were given; nothing for what is none."""
    if name == "raw":
        return value.encode() if isinstance(value, str) else value
    try:
        return base64.b64decode(value)
    except (binascii.Error, ValueError, TypeError):
        return b""
