import json

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import AssociationCommon
from ..common_browser import WebCommon

# Opens each screen in turn in one browser, and reads what a person would read.
SCRIPT = """
(async () => {
    const screens = %(screens)s;
    const allowed = new Set(%(allowed)s);
    const { action } = odoo.__WOWL_DEBUG__.root.env.services;
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const problems = [];

    function english(root) {
        const shown = [root.innerText];
        const told = "[placeholder], [title], [aria-label]";
        for (const node of root.querySelectorAll(told)) {
            if (node.offsetParent) {
                shown.push(node.placeholder, node.title, node.ariaLabel);
            }
        }
        const words = shown.join(" ").match(/[A-Za-z][A-Za-z’']{2,}/g) || [];
        return [...new Set(words)].filter((word) => !allowed.has(word));
    }

    async function shown(selector) {
        for (let tries = 0; tries < 150; tries++) {
            if (document.querySelector(".o_error_dialog")) {
                return false;
            }
            if (document.querySelector(selector)) {
                await pause(150);
                return true;
            }
            await pause(100);
        }
        return false;
    }

    for (const [name, request, options, selector, isDialog] of screens) {
        try {
            await action.doAction(request, { clearBreadcrumbs: true, ...options });
        } catch (error) {
            const cause = error.cause?.data?.message || error.message;
            problems.push(`${name}: ${cause}`);
            continue;
        }
        if (!(await shown(selector))) {
            const error = document.querySelector(".o_error_dialog");
            problems.push(`${name}: not shown ${error ? error.innerText : ""}`);
            break;
        }
        const root = document.querySelector(isDialog ? ".modal" : ".o_web_client");
        const words = english(root);
        if (words.length) {
            problems.push(`${name}: English: ${words.join(" ")}`);
        }
        if (isDialog) {
            await action.doAction({ type: "ir.actions.act_window_close" });
            await pause(300);
        }
    }
    if (problems.length) {
        console.error(problems.join("\\n"));
    } else {
        console.log("test successful");
    }
})();
"""
# Prefixes, formats, currencies, and what the platform itself leaves in English.
ALLOWED = ["REQ", "BNF", "DLV", "PDF", "IBAN", "SAR", "HEIC", "JPEG", "PNG"]
# the example address of a website, of core
ALLOWED += ["https", "www", "odoo", "com", "docx", "txt"]
ALLOWED += ["Week", "XLSX", "xlsx", "CSV", "XXXXXXXX", "xxxxxxxx", "RRRD"]
ALLOWED += ["deadline", "esc", "View", "ISO"]
MODES = {
    "list": ".o_list_view, .o_view_nocontent",
    "calendar": ".o_calendar_view",
    "kanban": ".o_kanban_view",
    "form": ".o_form_view .o_form_sheet, .o_form_view .o_form_renderer",
    "activity": ".o_activity_view",
    "pivot": ".o_pivot_view",
    "graph": ".o_graph_view",
}


@tagged("post_install", "-at_install")
class TestScreens(AssociationCommon, WebCommon):
    """Each screen opens in a real browser, in Arabic, without an English word (D07).

    Some mistakes in views install and break only there.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ar_001")
        cls._translate()
        cls.company.name = "جمعية الاختبار"
        names = dict(zip(cls.users, "أبتثجحخدذرزسشصضطظعغفقكلمنهوي", strict=False))
        for name, user in cls.users.items():
            user.name = names[name] * 3
        cls.branch.name = cls.site.name = "الموقع"
        cls.user = new_test_user(
            cls.env,
            "screens",
            "npo_relations.group_npo_admin",
            name="مدير النظام",
            lang="ar_001",
            tz="Asia/Riyadh",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        person = cls._new_beneficiary(name="نورة بنت سعد", email=False, lang="ar_001")
        cls.request = cls._advance(
            cls._new_request(person, description="إيجار متأخر"), "decided"
        )

    @classmethod
    def _translate(cls):
        """Load the module's Arabic where the database was made without it."""
        module = cls.env.ref("base.module_npo_relations")
        module._update_translations(["ar_001"])

    def _window_screens(self):
        """Return each window action of the module in each of its views."""
        data = self.env["ir.model.data"].search(
            [
                ("module", "=", "npo_relations"),
                ("model", "=", "ir.actions.act_window"),
            ]
        )
        skipped = {"res_config_settings_action"}
        for item in data.filtered(lambda item: item.name not in skipped):
            window = self.env["ir.actions.act_window"].browse(item.res_id)
            if "active_id" in (window.domain or "") or not window.path:
                continue
            if window.target == "new":
                yield [item.name, window.id, {}, ".modal .o_form_view", True]
                continue
            model = self.env[window.res_model].with_user(self.user)
            creates = "'create': False" not in (window.context or "")
            creates = creates and model.has_access("create")
            for mode in window.view_mode.split(","):
                if mode == "form" and not creates:
                    continue
                options = {"viewType": mode}
                yield [f"{item.name}/{mode}", window.id, options, MODES[mode], False]

    def test_every_screen_in_arabic(self):
        request = {
            "type": "ir.actions.act_window",
            "res_model": "npo.request",
            "res_id": self.request.id,
            "views": [[False, "form"]],
        }
        screens = [
            [
                "home",
                self.env.ref("npo_relations.npo_home_action").id,
                {},
                ".o_npo_home",
            ],
            ["request", request, {}, MODES["form"]],
            *self._window_screens(),
        ]
        self.assertGreater(len(screens), 30)
        script = SCRIPT % {
            "screens": json.dumps(screens),
            "allowed": json.dumps(ALLOWED),
        }
        self.browser_js(
            "/odoo/my-work",
            script,
            ready="Boolean(document.querySelector('.o_npo_home'))",
            login="screens",
            timeout=420,
        )
