import sys

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.cli.command import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class CheckAccessLog(Command):
    """Check that the log of who was shown protected data is as it was written.

    Says for each association which mark its last seal has, and what is wrong. Ends
    with 1 when anything is. It changes nothing.
    """

    name = "check_access_log"

    def run(self, cmdargs):
        """Check the logs of one database."""
        self.parser.add_argument("-c", "--config", help="configuration file")
        self.parser.add_argument("-d", "--database", help="database to check")
        self.parser.add_argument(
            "-w",
            "--written",
            metavar="NUMBER:MARK",
            action="append",
            default=[],
            help="a mark written down earlier, after the number of its association",
        )
        options = self.parser.parse_args(cmdargs)
        arguments = ["--no-http"]
        arguments += ["-c", options.config] if options.config else []
        arguments += ["-d", options.database] if options.database else []
        config.parse_config(arguments, setup_logging=True)
        if len(config["db_name"]) != 1:
            self.parser.error("name one database")
        try:
            written = dict(one.split(":", 1) for one in options.written)
        except ValueError:
            self.parser.error("a mark is written as NUMBER:MARK")
        with Registry(config["db_name"][0]).cursor() as cr:
            is_sound = check(Environment(cr, SUPERUSER_ID, {}), written)
        sys.exit(0 if is_sound else 1)


def check(env, written=None):
    """Print the outcome for each association; return whether all is sound."""
    seals, is_sound = env["npo.access.seal"], True
    for company in env["res.company"].search([], order="id"):
        last = seals.search([("company_id", "=", company.id)], limit=1)
        mark = (written or {}).get(str(company.id), "")
        found = seals._check_chain(company, mark)
        if not last and not found:
            continue
        is_sound = is_sound and not found
        print(f"{company.id}: {'NOT SOUND' if found else 'sound'}")  # noqa: T201
        print(f"    last seal {last.number}, mark {last.hash}")  # noqa: T201
        for text in seals._finding_texts(found):
            print(f"    {text}")  # noqa: T201
    return is_sound
