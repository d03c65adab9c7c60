from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from ..common import new_users
from ..common_browser import BrowserCommon
from .common import ReceptionCommon

FACE = "document.querySelector('.o_npo_faces button')"
# The first face has the focus; one further, and Enter.
PRESS = f"""
    const form = {FACE}.form;
    {FACE}.nextElementSibling.focus();
    const body = new FormData(form, document.activeElement);
    fetch(form.action, {{ method: "POST", body }}).then(async (answer) => {{
        const text = await answer.text();
        console.log(text.includes('role="status"') ? "test successful" : "failed");
    }});
"""
# From the second answer on a call is told anew: it is announced once.
AGAIN = """
    const ask = window.fetch;
    let answers = 0;
    window.fetch = async (...request) => {
        const data = await (await ask(...request)).json();
        if (answers++) {
            data.board[0].called[0].at = "again";
        }
        return { json: async () => data };
    };
    const said = document.getElementById("said");
    let times = 0;
    new MutationObserver(() => (times += said.textContent.trim() ? 1 : 0)).observe(
        said, { childList: true }
    );
    const isFresh = () => document.querySelector(".o_npo_fresh");
    let wasFresh = false;
    const watch = setInterval(() => {
        wasFresh ||= Boolean(isFresh());
        if (times && wasFresh && !isFresh()) {
            clearInterval(watch);
            console.log(times === 1 ? "test successful" : "test failed");
        }
    }, 50);
"""


@tagged("post_install", "-at_install")
class TestReceptionTour(ReceptionCommon, BrowserCommon):
    """Proof of the issue, in Arabic: by keyboard alone, and the waiting room."""

    def test_arrival_to_rating(self):
        """R104–R106, R189: a visitor from arrival to rating, no mouse touched.

        In between called again, and referred: with a new number, on a new slip.
        """
        self._visit(section="family").action_leave()
        self._many_colleagues()
        self.env["res.lang"]._activate_lang("ar_001")
        self.front.lang = "ar_001"
        self._build_assets(self.front)
        with self._calls() as calls:
            self._tour("/odoo/counter", "npo_counter_keyboard", self.front)
        self.assertEqual(calls, [("women", 1), ("women", 1), ("family", 2)])
        visit = self.env["npo.visit"].search(
            [("site_id", "=", self.site.id), ("state", "!=", "left")]
        )
        self.assertRecordValues(
            visit,
            [
                {
                    "partner_id": self.person.id,
                    "section": "family",
                    "number": 2,
                    "companions": 1,
                    "state": "done",
                    "result": "completed",
                }
            ],
        )
        self.assertEqual(visit.purpose_id.code, "new_request")
        logged = visit.support_service_ids
        self.assertEqual(sorted(logged.mapped("quantity")), [1, 2])
        address = f"/queue/{self._token()}/rate?code={visit.rating_code}"
        self.browser_js(
            address, PRESS, ready=f"{FACE}.matches(':focus')", login=None, timeout=120
        )
        self.assertEqual(self.env["npo.rating"]._of(visit).rating, 4)

    def _many_colleagues(self):
        """Let more serve at the counter than there are digits."""
        group = "npo_relations.group_npo_service_representative"
        names = [f"counter{number}" for number in range(8)]
        users = {name: (f"{name}_{self.company.id}", group) for name in names}
        new_users(self.env, self.company, users, logs_in=False)

    @contextmanager
    def _calls(self):
        """Collect who is called meanwhile: [(section, number)]."""
        visits = type(self.env["npo.visit"])
        call, calls = visits._call, []

        def _call(visit, counter=None):
            call(visit, counter)
            calls.append((visit.section, visit.number))

        with patch.object(visits, "_call", _call):
            yield calls

    def _token(self):
        self.site._queue_address()
        return self.site.queue_token

    def test_lost_connection(self):
        """R104: a visitor registered while the line is down is not lost."""
        self._build_assets(self.front)
        self._tour("/odoo/counter", "npo_counter_offline", self.front)
        visit = self.env["npo.visit"].search([("site_id", "=", self.site.id)])
        self.assertEqual(len(visit), 1)
        self.assertEqual(visit.visitor_name, "Umm Ali")
        self.assertTrue(visit.client_key)

    def test_waiting_room(self):
        """The waiting room's page shows what is called, by itself, and no name.

        Who is called again is announced again.
        """
        self._visit(partner_id=self.person.id).with_context(npo_counter=7).action_call()
        path = f"/queue/{self._token()}"
        self.browser_js(
            path,
            "console.log("
            "document.querySelector('.o_npo_now b').textContent === '1'"
            " && document.querySelector('.o_npo_now span').textContent.includes('7')"
            f" && !document.body.textContent.includes('{self.person.name}')"
            f" ? '' : 'test failed');{AGAIN}",
            ready="Boolean(document.querySelector('.o_npo_now b'))",
            login=None,
        )
