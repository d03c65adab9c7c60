import base64
import io
from datetime import timedelta
from unittest.mock import patch

from PIL import Image

from odoo import fields
from odoo.tests import freeze_time

from ..common import AssociationCommon

# Monday 1 June 2026 in Riyadh (UTC+3): the site works from 8 to 16.
EARLY = "2026-06-01 03:00:00"
NOON = "2026-06-01 09:00:00"
EVENING = "2026-06-01 14:00:00"


@freeze_time(EARLY)
class InspectionCommon(AssociationCommon):
    """Rounds of an association with a measurement centre, on a working Monday."""

    profile = "harfa"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        crons = type(cls.env["ir.cron"])
        cls.startClassPatcher(patch.object(crons, "_commit_progress"))
        cls.today = fields.Date.to_date("2026-06-01")

    @classmethod
    def _plan(cls):
        """Plan what is due, as the cron does; return the rounds of today."""
        cls.env["npo.inspection"]._cron_rounds()
        return cls._rounds(day=cls.today)

    @classmethod
    def _rounds(cls, **values):
        domain = [("company_id", "=", cls.company.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return cls.env["npo.inspection"].search(domain)

    @classmethod
    def _round(cls, kind="field_survey", site=None, user="centre"):
        """Return a planned round of today, as somebody sees it."""
        cls._plan()
        found = cls._rounds(day=cls.today, kind=kind, site_id=(site or cls.site).id)
        return found.with_user(cls.users[user])

    @classmethod
    def _begun(cls, **values):
        one = cls._round(**values)
        one.action_start()
        return one

    @classmethod
    def _answer(cls, one, **results):
        """Answer every item: as told by its code, else in order."""
        for line in one.line_ids:
            result = results.get(line.code, "ok")
            note = "Not as it should be" if result in ("partial", "not_ok") else False
            line.write({"result": result, "note": note})
        return one

    @classmethod
    def _line(cls, one, code):
        return one.line_ids.filtered(lambda line: line.code == code)

    @classmethod
    def _emergency(cls, user="centre", **values):
        """Return an emergency of half an hour ago, as it is reported."""
        seen = fields.Datetime.now() - timedelta(minutes=30)
        return (
            cls.env["npo.corrective.action"]
            .with_user(cls.users[user])
            .create(
                {
                    "company_id": cls.company.id,
                    "site_id": cls.site.id,
                    "problem": "The system is down",
                    "is_emergency": True,
                    "emergency_kind": "system_down",
                    "date_detected": seen,
                    **values,
                }
            )
        )

    @classmethod
    def _tasks(cls, user):
        return cls.env["mail.activity"].search([("user_id", "=", cls.users[user].id)])


def photo(width=40, height=30, kind="JPEG", **options):
    """Return a picture in base64, as a client sends it."""
    stream = io.BytesIO()
    Image.effect_noise((width, height), 60).convert("RGB").save(stream, kind, **options)
    return base64.b64encode(stream.getvalue())
