import { registry } from "@web/core/registry";

// Selectors only: the screens are in the language of the user.
const button = (name) => `.o_form_statusbar button[name=${name}]`;
const inDialog = (selector) => `.modal ${selector}`;
const tours = registry.category("web_tour.tours");

function staysOnTheScreen() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The page is wider than the screen.");
    }
}

// The person chooses whom to meet, and the first free time.
tours.add("npo_person_wants_to_meet", {
    steps: () => [
        { trigger: ".o_npo_head a[href$='/new']", run: "click", expectUnloadPage: true },
        { trigger: "#subject", run: staysOnTheScreen },
        { trigger: "#subject", run: "edit رفض طلبي" },
        { trigger: ".o_npo_times .o_npo_day:first label:first", run: "click" },
        {
            trigger: ".o_npo_form button[type=submit].btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_npo_sentence", run: staysOnTheScreen },
    ],
});

// The official finds it at home, and confirms it with the first button.
tours.add("npo_official_confirms", {
    steps: () => [
        {
            trigger: ".o_npo_home_tile.o_npo_tone_warning:contains(1):first",
            run: "click",
        },
        { trigger: ".o_data_row .o_data_cell[name=subject]", run: "click" },
        { trigger: `${button("action_confirm")}.btn-primary`, run: "click" },
        { trigger: `${button("action_arrive")}.btn-primary` },
    ],
});

// The person sees that the time stands.
tours.add("npo_person_is_expected", {
    steps: () => [
        { trigger: ".o_npo_row", run: "click", expectUnloadPage: true },
        { trigger: "body:not(:has(.o_npo_todo)) .o_npo_sentence" },
        { trigger: "button[value=cancel]" },
    ],
});

// At the counter: a person is chosen, an hour pressed, and the official is asked.
tours.add("npo_counter_appointment", {
    steps: () => [
        { trigger: ".o_control_panel .btn-primary:visible", run: "click" },
        {
            trigger: inDialog(".o_field_widget[name=partner_id] input"),
            run: "edit Noura",
        },
        { trigger: ".o-autocomplete--dropdown-item:contains(Noura)", run: "click" },
        {
            trigger: inDialog(".o_field_widget[name=subject] input"),
            run: "edit رفض الطلب",
        },
        { trigger: inDialog(".o_npo_relations_slot:first"), run: "click" },
        { trigger: inDialog(".o_npo_relations_slot.btn-primary[aria-pressed=true]") },
        { trigger: inDialog("button[name=action_confirm]:visible"), run: "click" },
        { trigger: button("action_cancel") },
    ],
});
