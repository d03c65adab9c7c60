import { registry } from "@web/core/registry";

// Selectors only: the screens are in the language of the user.
const button = (name) => `.o_form_statusbar button[name=${name}]`;
const confirm = { trigger: ".modal footer .btn-primary", run: "click" };

// The secretary makes a session, draws its agenda and convenes the members.
registry.category("web_tour.tours").add("npo_secretary_convenes", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=place] input", run: "edit قاعة الاجتماعات" },
        { trigger: button("action_draw_agenda"), run: "click" },
        { trigger: ".o_field_widget[name=item_ids] .o_data_row" },
        { trigger: button("action_convene"), run: "click" },
        { trigger: button("action_all_present"), run: "click" },
        { trigger: ".o_form_view .nav-link[name=attendance]", run: "click" },
        { trigger: ".o_field_widget[name=attendance_ids] .text-bg-success" },
    ],
});

// The chair opens the session.
registry.category("web_tour.tours").add("npo_chair_opens", {
    steps: () => [
        { trigger: button("action_open"), run: "click" },
        { trigger: button("action_close_session") },
    ],
});

// A member studies the request, says so, and votes.
registry.category("web_tour.tours").add("npo_member_votes", {
    steps: () => [
        { trigger: ".o_data_row .o_data_cell[name=reference]", run: "click" },
        { trigger: ".o_form_view .alert-info [name=reply_note]" },
        { trigger: button("action_studied"), run: "click" },
        { trigger: `body:not(:has(${button("action_studied")}))` },
        { trigger: button("action_vote_for"), run: "click" },
        { trigger: `body:not(:has(${button("action_vote_for")}))` },
        { trigger: ".o_field_widget[name=my_vote]" },
    ],
});

// The secretary records what was adopted.
registry.category("web_tour.tours").add("npo_secretary_records", {
    steps: () => [
        { trigger: ".o_data_row .o_data_cell[name=reference]", run: "click" },
        { trigger: button("action_decide"), run: "click" },
        { trigger: `body:not(:has(${button("action_decide")}))` },
    ],
});

// The chair closes the session and announces what may be announced.
registry.category("web_tour.tours").add("npo_chair_announces", {
    steps: () => [
        { trigger: button("action_close_session"), run: "click" },
        confirm,
        { trigger: button("action_announce"), run: "click" },
        confirm,
        { trigger: `body:not(:has(${button("action_announce")}))` },
        { trigger: ".o_notification" },
    ],
});
