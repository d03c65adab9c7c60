import { registry } from "@web/core/registry";

// Selectors only: the screens are in the language of the user.
const tours = registry.category("web_tour.tours");

function staysOnTheScreen() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The page is wider than the screen.");
    }
}

// The officer lets the person in: from the file, in one press.
tours.add("npo_officer_gives_access", {
    steps: () => [
        { trigger: ".o-form-buttonbox .o_button_more", run: "click" },
        { trigger: "button[name=action_portal_access]", run: "click" },
        { trigger: ".o_form_statusbar button[name=action_print_slip]" },
    ],
});

// The person opens what the picture on the slip leads to, and types the code.
tours.add("npo_person_signs_in", {
    steps: () => [
        { trigger: "#code", run: staysOnTheScreen },
        { trigger: "#code", run: "edit ١٢٣٤٥٦" },
        { trigger: ".o_npo_form button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: "#password", run: staysOnTheScreen },
        { trigger: "#password", run: "edit وردة وجبل" },
        { trigger: ".o_npo_form button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: "a[href='/my/requests']:first", run: "click", expectUnloadPage: true },
        { trigger: ".o_npo_row", run: staysOnTheScreen },
    ],
});
