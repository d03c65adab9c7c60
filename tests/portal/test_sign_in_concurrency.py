from odoo.tests import tagged

from ..common_concurrency import AtOnceCommon


@tagged("post_install", "-at_install")
class TestSignInAtOnce(AtOnceCommon):
    """D05: real parallel transactions on one code."""

    def test_one_comes_in(self):
        """One of five who type the same code at one moment; the others are told."""
        file = self._new_beneficiary(email=False)
        file.with_user(self.users["officer"]).identity_source = "original"
        action = file.with_user(self.users["officer"]).action_portal_access()
        access = self.env["npo.portal.access"].browse(action["res_id"])
        slip = access.with_user(self.users["officer"])._slip()
        self.cr.commit()
        key, code, company = slip["key"], slip["code"], self.company.id

        def enter(env):
            found, error = env["npo.sign.in.code"]._enter(
                env["res.company"].browse(company), key, code, "10.0.0.1"
            )
            return found.id or error

        public = self.env.ref("base.public_user")
        results = self._at_once(*[(public, enter)] * 5)
        told = [result for result in results if isinstance(result, str)]
        self.assertEqual(len(told), 4, results)
        self.assertTrue(all(told))

    def test_wrong_tries_at_once(self):
        """Twenty wrong tries at one moment take no more than the tries there are."""
        codes = self.env["npo.sign.in.code"]
        code = codes._draw(self.company, "ATONCE22", 5, kind="text")
        self.company.npo_sign_in_from_one = 100
        self.cr.commit()
        company = self.company.id

        def enter(env):
            own = env["res.company"].browse(company)
            return env["npo.sign.in.code"]._enter(own, "ATONCE22", "x", "10.0.0.2")[1]

        public = self.env.ref("base.public_user")
        for _turn in range(2):
            self.assertTrue(all(self._at_once(*[(public, enter)] * 5)))
        code.invalidate_recordset()
        self.assertEqual(code.tries_left, 0)
