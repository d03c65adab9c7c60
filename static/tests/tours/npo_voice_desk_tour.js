import { registry } from "@web/core/registry";

// Selectors only: the screens are in the language of the user.
const button = (name) => `.o_form_statusbar button[name=${name}]`;
const inDialog = (selector) => `.modal ${selector}`;
const tours = registry.category("web_tour.tours");

// A question from the portal, by somebody who has an account.
tours.add("npo_person_asks", {
    steps: () => [
        { trigger: ".o_npo_head a[href$='/ask']", run: "click", expectUnloadPage: true },
        { trigger: "#description", run: "edit متى يُصرف الإيجار؟" },
        {
            trigger: ".o_npo_voice_form button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_npo_code" },
    ],
});

// Who has it finds it at home, and answers it with the first button.
tours.add("npo_liaison_answers", {
    steps: () => [
        { trigger: ".o_npo_home_tile.o_npo_tone_primary", run: "click" },
        { trigger: ".o_data_row .o_data_cell[name=title]", run: "click" },
        { trigger: `${button("action_answer")}.btn-primary`, run: "click" },
        {
            trigger: inDialog(".o_field_widget[name=text] textarea"),
            run: "edit يُصرف أول كل شهر هجري.",
        },
        { trigger: inDialog("button[name=action_confirm].btn-primary"), run: "click" },
        { trigger: button("action_finish") },
        { trigger: ".o_field_widget[name=answer]:contains(أول كل شهر هجري)" },
    ],
});

// The person reads the answer and says that it helps.
tours.add("npo_person_reads", {
    steps: () => [
        { trigger: ".o_npo_row", run: "click", expectUnloadPage: true },
        { trigger: ".o_npo_answer:contains(أول كل شهر هجري)" },
        { trigger: "button[value=satisfied]", run: "click", expectUnloadPage: true },
        { trigger: "body:not(:has(button[value=satisfied])) .o_npo_answer" },
    ],
});

// The centre opens what is late, hands all of it over at once, and looks at the numbers.
tours.add("npo_centre_console", {
    steps: () => [
        { trigger: ".o_data_row:eq(2)" },
        { trigger: ".o_list_record_selector:first input", run: "click" },
        { trigger: ".o_control_panel .o_cp_action_menus .dropdown-toggle", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:last", run: "click" },
        { trigger: inDialog("input[data-value=remind]"), run: "click" },
        {
            trigger: inDialog(".o_field_widget[name=note] :is(input, textarea)"),
            run: "edit للرد اليوم",
        },
        { trigger: inDialog("button[name=action_run].btn-primary"), run: "click" },
        { trigger: inDialog(".o_data_row.text-success:eq(2)") },
        { trigger: inDialog("footer button[special=cancel]"), run: "click" },
        {
            trigger: "body:not(:has(.modal)) .o_list_view",
            async run(helpers) {
                await helpers.goToUrl("/odoo/voices");
            },
            expectUnloadPage: true,
        },
        { trigger: ".o_pivot tbody tr:eq(3) .o_pivot_cell_value" },
        { trigger: ".o_switch_view.o_graph", run: "click" },
        { trigger: ".o_graph_renderer canvas" },
    ],
});
