import { registry } from "@web/core/registry";

// Selectors only: the screens are in the language of the user.
const WRITTEN = "أم خالد وابنتها";
const field = ".o_form_view [name=persons_present] input";

/** Let nothing of the study reach the server any more, until the page is loaded anew. */
function loseConnection() {
    const { open, send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, url, ...rest) {
        this.isLost = url.includes("/npo.assessment/");
        return open.call(this, method, url, ...rest);
    };
    XMLHttpRequest.prototype.send = function (...body) {
        if (!this.isLost) {
            return send.apply(this, body);
        }
        setTimeout(() => this.dispatchEvent(new Event("error")));
    };
    // a phone takes the last words and never gets them through
    navigator.sendBeacon = () => true;
}

// In a home without a connection: typed, not saved, the page is lost; then brought back.
registry.category("web_tour.tours").add("npo_study_offline", {
    steps: () => [
        { trigger: field, run: loseConnection },
        { trigger: field, run: `edit ${WRITTEN}` },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_notification .o_notification_bar.bg-warning" },
        {
            trigger: field,
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: `body:not(:has(.modal)) ${field}:value(${WRITTEN})` },
        {
            trigger: "body:not(:has(.o_form_button_save:visible))",
            run() {
                if (Object.keys(localStorage).some((key) => key.startsWith("npo_study:"))) {
                    throw new Error("What was saved is still on the device.");
                }
            },
        },
    ],
});
