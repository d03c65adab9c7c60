import { registry } from "@web/core/registry";

// Selectors only: the pages and screens are in the language of the visitor.
const button = (name) => `.o_form_statusbar button[name=${name}]`;
const inDialog = (selector) => `.modal ${selector}`;
const tours = registry.category("web_tour.tours");

function staysOnTheScreen() {
    if (document.documentElement.scrollWidth > window.innerWidth) {
        throw new Error("The page is wider than the screen.");
    }
}

// The harmed party claims in the portal.
tours.add("npo_compensation_claim", {
    steps: () => [
        { trigger: ".o_npo_head a[href$='/new']", run: "click", expectUnloadPage: true },
        { trigger: "#description", run: "edit انكسرت ثلاث مزهريات في معرضكم" },
        { trigger: "#date_harm", run: "edit 1447/03/10" },
        { trigger: "#relation", run: "selectByIndex 1" },
        { trigger: "#amount_claimed", run: "edit 1500" },
        { trigger: ".o_npo_form button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: ".o_npo_sentence", run: staysOnTheScreen },
    ],
});

// The officer takes it up.
tours.add("npo_compensation_admit", {
    steps: () => [
        { trigger: `${button("action_examine")}.btn-primary`, run: "click" },
        { trigger: `${button("action_admit")}.btn-primary`, run: "click" },
        { trigger: button("action_negotiate") },
    ],
});

// The officer makes an offer of what was weighed.
tours.add("npo_compensation_offer", {
    steps: () => [
        { trigger: `${button("action_offer")}.btn-primary`, run: "click" },
        { trigger: inDialog(".o_field_widget[name=remedy] :is(input, select)"), run: "click" },
        {
            trigger: inDialog(".o_field_widget[name=note] textarea"),
            run: "edit ندفع ثمن المزهريات الثلاث.",
        },
        { trigger: inDialog("button[name=action_confirm].btn-primary"), run: "click" },
        { trigger: button("action_answered") },
    ],
});

// The harmed party reads the offer and signs it.
tours.add("npo_compensation_sign", {
    steps: () => [
        { trigger: ".o_npo_row", run: "click", expectUnloadPage: true },
        { trigger: ".o_npo_declaration:contains(ندفع ثمن المزهريات)", run: staysOnTheScreen },
        { trigger: "#typed_name", run: "edit سلمى الحرفية" },
        { trigger: ".o_npo_todo button.btn-primary", run: "click", expectUnloadPage: true },
        { trigger: "body:not(:has(.o_npo_todo)) .o_npo_sentence" },
    ],
});

// Who may grant so much answers the approval.
tours.add("npo_compensation_approve", {
    steps: () => [
        { trigger: `${button("action_answer_approval")}.btn-primary`, run: "click" },
        { trigger: inDialog(".o_field_widget[name=answer] input:first"), run: "click" },
        {
            trigger: inDialog(".o_field_widget[name=note] :is(input, textarea)"),
            run: "edit موافق.",
        },
        { trigger: inDialog("button[name=action_confirm].btn-primary"), run: "click" },
        { trigger: "body:not(:has(.modal)) .o_form_view" },
        { trigger: "button[name=action_view_payouts]" },
    ],
});

// One of finance opens the bill from what is due, and posts it.
tours.add("npo_compensation_post", {
    steps: () => [
        { trigger: ".o_data_row .o_data_cell[name=name]", run: "click" },
        { trigger: `${button("action_open_bill")}.btn-primary`, run: "click" },
        { trigger: `${button("action_post")}:visible`, run: "click" },
        { trigger: `${button("action_register_payment")}:visible` },
    ],
});

// Another of finance pays it.
tours.add("npo_compensation_pay", {
    steps: () => [
        { trigger: ".o_data_row .o_data_cell[name=name]", run: "click" },
        { trigger: `${button("action_open_bill")}.btn-primary`, run: "click" },
        {
            trigger: `${button("action_register_payment")}:visible`,
            run: "click",
        },
        {
            trigger: inDialog("button[name=action_create_payments]:visible"),
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .o_form_view .ribbon" },
    ],
});

// The harmed party sees that it is paid.
tours.add("npo_compensation_paid", {
    steps: () => [
        { trigger: ".o_npo_row", run: "click", expectUnloadPage: true },
        { trigger: ".o_npo_row:contains(1,500)", run: staysOnTheScreen },
    ],
});
