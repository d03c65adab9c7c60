from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PeopleCommon


@tagged("post_install", "-at_install")
class TestPeopleData(PeopleCommon):
    """The lists of glossary 4, 9 and 29 as data that the association keeps."""

    def test_categories(self):
        """R050: every category of the glossary, the sensitive ones marked."""
        categories = self.env["npo.beneficiary.category"].search([])
        codes = set(categories.mapped("code"))
        self.assertGreaterEqual(len(categories), 31)
        self.assertLessEqual({"orphan_father", "heart_child", "internal"}, codes)
        sensitive = set(categories.filtered("is_sensitive").mapped("code"))
        self.assertLessEqual({"heart_child", "disabled", "orphan_unknown"}, sensitive)
        self.assertNotIn("widow", sensitive)

    def test_document_types(self):
        """Glossary 9: identity documents keep no image, health is restricted."""
        kinds = self.env["npo.document.type"].search([])
        self.assertGreaterEqual(len(kinds), 43)
        by_code = {kind.code: kind for kind in kinds}
        for code in ("national_id", "iqama", "passport", "family_card"):
            self.assertTrue(by_code[code].is_identity)
            self.assertFalse(by_code[code].store_image)
        for code in ("medical_report", "disability_card", "prison_statement"):
            self.assertTrue(by_code[code].is_restricted)
        self.assertEqual(by_code["salary_letter"].max_age_days, 90)
        self.assertEqual(by_code["iban_certificate"].max_age_days, 365)
        self.assertEqual(by_code["eviction_notice"].max_age_days, 30)
        self.assertTrue(by_code["attorney"].requires_expiry)

    def test_regions(self):
        """Glossary 29: the thirteen regions."""
        self.assertEqual(self.env["npo.region"].search_count([]), 13)

    @mute_logger("odoo.sql_db")
    def test_codes_unique(self):
        for model in ("npo.document.type", "npo.beneficiary.category"):
            record = self.env[model].search([], limit=1)
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                record.create({"name": "Twice", "code": record.code})

    @mute_logger("odoo.sql_db")
    def test_type_rules(self):
        """A type cannot require a date it does not have, nor a negative age."""
        kind = self._type("title_deed")
        with self.assertRaises(ValidationError):
            kind.requires_expiry = True
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            kind.max_age_days = -1
            self.env.flush_all()
