import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

// Selectors only: the screens are in the language of the user. Keys only: no mouse.
const line = {};

/** The key “+”, which a helper takes for what joins two keys. */
function pressPlus() {
    const key = new KeyboardEvent("keydown", { key: "+", bubbles: true });
    document.activeElement.dispatchEvent(key);
}

/** A line that is down for whatever the counter asks. */
class BrokenLine extends XMLHttpRequest {
    open(method, url) {
        super.open(method, url);
        this.isDown = url.includes("npo.reception");
    }
    send(body) {
        if (this.isDown) {
            setTimeout(() => this.dispatchEvent(new Event("error")), 0);
        } else {
            super.send(body);
        }
    }
}

const tours = registry.category("web_tour.tours");

// Known by the mobile; purpose 2; one companion; called twice, served, two copies and the
// tenth service; referred with a new slip; called, ended.
tours.add("npo_counter_keyboard", {
    steps: () => [
        { trigger: "#o_npo_who:focus", run: "edit 0501234560" },
        { trigger: "#o_npo_found .active", run: "press Enter" },
        { trigger: ".o_npo_details:focus", run: "press 2" },
        { trigger: ".o_npo_details [role=radio].btn-primary", run: pressPlus },
        { trigger: ".o_npo_details:focus", run: "press Enter" },
        { trigger: ".o_npo_slip_number:contains(1)" },
        { trigger: ".o_npo_queue .o_npo_row", run: "press alt+n" },
        { trigger: ".o_npo_current:focus .o_npo_again", run: "press alt+a" },
        { trigger: ".o_npo_current:focus .o_npo_start", run: "press Enter" },
        { trigger: ".o_npo_current:focus .o_npo_services", run: "press 1" },
        { trigger: ".o_npo_services .badge:contains(1)", run: "press 1" },
        { trigger: ".o_npo_services .badge:contains(2)", run: "press 0" },
        { trigger: ".o_npo_services .btn:nth-child(10) kbd", run: "press 1" },
        { trigger: ".o_npo_services .btn:nth-child(10) .badge", run: "press alt+f" },
        { trigger: ".o_npo_targets .btn:nth-child(10):enabled", run: "press 2" },
        { trigger: ".o_npo_slip_number:contains(2)" },
        { trigger: ".o_npo_current_none", run: "press alt+n" },
        { trigger: ".o_npo_current:focus .o_npo_start", run: "press Enter" },
        { trigger: ".o_npo_current:focus .o_npo_services", run: "press Enter" },
        {
            trigger: ".o_npo_current:focus .o_npo_keys:not(.o_npo_services)",
            run: "press 1",
        },
        { trigger: ".o_npo_rate_code" },
    ],
});

// The line breaks: the visitor is kept and shown; it comes back: sent once.
tours.add("npo_counter_offline", {
    steps: () => [
        {
            trigger: "#o_npo_who:focus",
            run: () => {
                line.whole = browser.XMLHttpRequest;
                browser.XMLHttpRequest = BrokenLine;
            },
        },
        { trigger: "#o_npo_who", run: "edit Umm Ali" },
        { trigger: ".o_npo_register [role=alert]", run: "press Enter" },
        { trigger: ".o_npo_details:focus", run: "press 1" },
        { trigger: ".o_npo_details [role=radio].btn-primary", run: "press Enter" },
        {
            trigger: ".o_npo_unsent li:contains(Umm Ali)",
            run: () => {
                browser.XMLHttpRequest = line.whole;
                window.dispatchEvent(new Event("online"));
            },
        },
        { trigger: "body:not(:has(.o_npo_unsent)) .o_npo_slip_number:contains(1)" },
    ],
});
