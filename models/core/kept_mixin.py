from odoo import api, models


class NpoKeptMixin(models.AbstractModel):
    """A short list that is asked of each case, and so kept in the registry's cache.

    What inherits this reads itself through an `ormcache` and forgets it by any change.
    """

    _name = "npo.kept.mixin"
    _description = "List Kept in the Cache"

    _kept_cache = "default"  # the cache of the `ormcache` that it is read through

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS base
        records = super().create(vals_list)
        self.env.registry.clear_cache(self._kept_cache)
        return records

    def write(self, vals):
        # EXTENDS base
        result = super().write(vals)
        self.env.registry.clear_cache(self._kept_cache)
        return result

    def unlink(self):
        # EXTENDS base
        result = super().unlink()
        self.env.registry.clear_cache(self._kept_cache)
        return result
