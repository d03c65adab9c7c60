import logging

import psycopg2

from odoo.modules.db import has_trigram

_logger = logging.getLogger(__name__)


def pre_init_hook(env):
    """Have PostgreSQL search by trigrams before the tables and indexes are made.

    A database made by hand (`createdb`) lacks the extension, and the ORM then leaves
    every index for part of a name out: finding a person would read the whole register.
    """
    if env.registry.has_trigram:
        return
    try:
        with env.cr.savepoint():
            env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except psycopg2.Error:
        _logger.warning(
            "The PostgreSQL extension pg_trgm could not be created: searching by name"
            " will be slow. Ask the administrator of the database to create it."
        )
        return
    env.registry.has_trigram = has_trigram(env.cr)


def uninstall_hook(env):
    """Let go of what the database itself keeps: the logs go with their tables."""
    env.cr.execute("DROP FUNCTION IF EXISTS npo_kept_as_written() CASCADE")
