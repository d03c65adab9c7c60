import { registry } from "@web/core/registry";

// Selectors only: the screens are in the language of the user.
const answer = (result) => `.o_npo_round button[data-result=${result}]`;
const field = (name) => `.o_form_view .o_field_widget[name=${name}]`;
const tours = registry.category("web_tour.tours");

function press(key) {
    window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}

// On a phone: begin, answer by thumb and by key, note what is wrong, put it right at once
// as an emergency, submit the report, come back and finish the round.
tours.add("npo_round_on_a_phone", {
    steps: () => [
        { trigger: ".o_kanban_record button[name=action_start]", run: "click" },
        {
            trigger: ".o_npo_round_page",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The round is wider than the phone.");
                }
            },
        },
        { trigger: answer("ok"), run: "click" },
        { trigger: ".o_npo_round progress[value='1']", run: () => press("1") },
        { trigger: ".o_npo_round progress[value='2']" },
        { trigger: answer("not_ok"), run: "click" },
        { trigger: "#o_npo_round_note", run: "edit توقف النظام منذ بداية الدوام" },
        { trigger: ".o_npo_round button[data-action=correct]", run: "click" },
        { trigger: `${field("is_emergency")} input`, run: "click" },
        { trigger: `${field("emergency_kind")} .o_select_menu_toggler`, run: "click" },
        { trigger: ".o_select_menu_item:eq(1)", run: "click" },
        { trigger: `${field("action")} textarea`, run: "edit أعيد تشغيل الخادم" },
        { trigger: `${field("result")} textarea`, run: "edit عادت الخدمة" },
        { trigger: ".o_form_statusbar button[name=action_taken]", run: "click" },
        { trigger: ".o_form_statusbar button[name=action_view_report]", run: "click" },
        { trigger: `${field("effect")} textarea`, run: "edit انتظر سبعة زوار" },
        { trigger: ".o_form_statusbar button[name=action_submit]", run: "click" },
        {
            trigger: "body:not(:has(.o_form_statusbar button[name=action_submit]))",
            async run(helpers) {
                await helpers.goToUrl("/odoo/field-survey");
            },
            expectUnloadPage: true,
        },
        { trigger: ".o_kanban_record:not(.o_kanban_ghost)", run: "click" },
        { trigger: ".o_form_statusbar button[name=action_start]", run: "click" },
        { trigger: answer("na"), run: "click" },
        { trigger: ".o_npo_round button[data-action=finish]", run: "click" },
        { trigger: `${field("score")}:contains(66)` },
    ],
});

// The general manager finds the report at home, reads it and approves it.
tours.add("npo_manager_reads_emergency", {
    steps: () => [
        { trigger: ".o_npo_home_tile:contains(تقرير حالة طارئة)", run: "click" },
        {
            trigger: ".o_data_row:first .o_data_cell:first, .o_kanban_record:first",
            run: "click",
        },
        { trigger: `${field("effect")}:contains(سبعة زوار)` },
        { trigger: ".o_form_statusbar button[name=action_approve]", run: "click" },
        { trigger: "body:not(:has(.o_form_statusbar button[name=action_approve]))" },
    ],
});
