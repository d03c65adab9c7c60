import { registry } from "@web/core/registry";

// Selectors only: the screens are in the language of the user.
const button = (name) => `.o_form_statusbar button[name=${name}]`;
const confirm = { trigger: ".modal footer .btn-primary", run: "click" };
// What the server has just been asked to make may take its time on a busy machine.
const inDialog = (selector) => `.modal ${selector}`;

// From the home to the committee: the officer's own steps, one button after another.
registry.category("web_tour.tours").add("npo_officer_to_committee", {
    steps: () => [
        { trigger: ".o_npo_home_case", run: "click" },
        { trigger: button("action_complete"), run: "click" },
        { trigger: button("action_verify"), run: "click" },
        { trigger: button("action_record_signature"), run: "click" },
        { trigger: inDialog(".o_field_widget[name=is_seen] input"), run: "click" },
        { trigger: inDialog("button[name=action_confirm]"), run: "click" },
        { trigger: button("action_raise"), run: "click" },
        confirm,
        { trigger: button("action_return") },
        { trigger: `body:not(:has(${button("action_raise")}))` },
    ],
});

// An officer receives somebody nobody knows: search, new file, request.
registry.category("web_tour.tours").add("npo_officer_intake", {
    steps: () => [
        { trigger: ".o_control_panel button .fa-user-plus", run: "click" },
        { trigger: inDialog("#query_0"), run: "edit 1010101010" },
        { trigger: inDialog(".oe_title label"), run: "click" },
        { trigger: inDialog("#name_0"), run: "edit سارة بنت فهد" },
        { trigger: inDialog("#identity_number_0:value(1010101010)") },
        { trigger: inDialog("#phone_0"), run: "edit 0551234567" },
        { trigger: inDialog("#is_notice_told_0"), run: "click" },
        { trigger: inDialog("#service_id_0"), run: "click" },
        { trigger: ".o-autocomplete--dropdown-item a:not(.o_loading):first", run: "click" },
        { trigger: inDialog("button[name=action_confirm]"), run: "click" },
        { trigger: button("action_hold") },
    ],
});

// The committee decides, and may not announce before the day of the policy.
registry.category("web_tour.tours").add("npo_committee_too_early", {
    steps: () => [
        { trigger: ".o_npo_home_case", run: "click" },
        { trigger: button("action_decide"), run: "click" },
        { trigger: inDialog("[name=decision] input[data-value=accepted]"), run: "click" },
        { trigger: inDialog("button[name=action_confirm]"), run: "click" },
        { trigger: button("action_early_reply") },
        { trigger: ".o_form_view .alert-info [name=next_step_note]" },
        { trigger: `body:not(:has(${button("action_announce")}))` },
    ],
});

// In time, the same committee announces with one button.
registry.category("web_tour.tours").add("npo_committee_announces", {
    steps: () => [
        { trigger: ".o_npo_home_case", run: "click" },
        { trigger: button("action_announce"), run: "click" },
        confirm,
        { trigger: `body:not(:has(${button("action_announce")}))` },
        { trigger: ".o_form_view .nav-link[name=decision]", run: "click" },
        { trigger: "[name=date_announced]" },
    ],
});
