import { registry } from "@web/core/registry";

// Selectors only: the pages are in the language of the visitor.
const send = ".o_npo_form button[type=submit]";

function staysOnTheScreen() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The page is wider than the screen.");
    }
}

registry.category("web_tour.tours").add("npo_voice_complaint", {
    steps: () => [
        { trigger: ".o_npo_ways a[href$='/complain']", run: "click", expectUnloadPage: true },
        // sent with nothing in it: told at its field
        { trigger: ".o_npo_voice_form button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: "#npo_errors:focus a[href='#description']", run: staysOnTheScreen },
        { trigger: "#description", run: "edit انتظرت ساعتين ولم يستقبلني أحد" },
        { trigger: "input[name=is_anonymous]", run: "click" },
        { trigger: ".o_npo_voice_form button[type=submit]", run: "click", expectUnloadPage: true },
        // the number and the code
        {
            trigger: ".o_npo_code",
            run() {
                staysOnTheScreen();
                const read = (node) => node.textContent.trim();
                sessionStorage.number = read(document.querySelector(".o_npo_big_number"));
                sessionStorage.code = read(this.anchor);
            },
        },
        { trigger: ".o_npo_follow_now", run: "click", expectUnloadPage: true },
        { trigger: ".o_npo_thread", run: staysOnTheScreen },
        { trigger: "a.btn[href$='/track']", run: "click", expectUnloadPage: true },
        // another day: typed from the slip
        {
            trigger: "#reference",
            run(helpers) {
                return helpers.edit(sessionStorage.number);
            },
        },
        {
            trigger: "#digits",
            run(helpers) {
                return helpers.edit(sessionStorage.code);
            },
        },
        { trigger: send, run: "click", expectUnloadPage: true },
        { trigger: ".o_npo_sentence" },
        { trigger: "#text", run: "edit كان ذلك يوم الأحد" },
        { trigger: "button[value=reply]", run: "click", expectUnloadPage: true },
        { trigger: ".o_npo_said_mine:contains(كان ذلك يوم الأحد)", run: staysOnTheScreen },
    ],
});
