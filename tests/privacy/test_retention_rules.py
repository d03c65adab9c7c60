from odoo.tests import tagged

from ..common import AssociationCommon


@tagged("post_install", "-at_install")
class TestRetentionRules(AssociationCommon):
    """P009: every model that leads to a person says what becomes of its records."""

    def test_dummy(self):
        pass
