import { registry } from "@web/core/registry";

// In everything that somebody wrote of the sealed complaint, and in nothing else.
const MARKER = "zarqaqword";
const OPEN = "In the open";
const tours = registry.category("web_tour.tours");

function saysNothing() {
    const shown = document.documentElement.outerHTML;
    if (shown.includes(MARKER)) {
        throw new Error("The screen tells of the sealed complaint.");
    }
}

const goTo = (trigger, path) => ({
    trigger,
    async run(helpers) {
        await helpers.goToUrl(path);
    },
    expectUnloadPage: true,
});
const search = (text) => [
    { trigger: ".o_searchview_input", run: `edit ${text}` },
    { trigger: ".o_searchview_autocomplete .o-dropdown-item:first", run: "click" },
];
// by what it is about: the second of the groups
const groupByCategory = [
    { trigger: ".o_searchview_dropdown_toggler", run: "click" },
    { trigger: ".o_group_by_menu .o_menu_item:eq(1)", run: "click" },
    { trigger: ".o_searchview_dropdown_toggler", run: "click" },
];

// Who sees the complaints that are open to all: nothing of the sealed one anywhere.
tours.add("npo_sealed_unseen", {
    steps: () => [
        // its address leads to the list; there, in groups, by a word of it
        { trigger: `.o_data_row:contains(${OPEN})`, run: saysNothing },
        ...groupByCategory,
        { trigger: ".o_group_header", run: saysNothing },
        { trigger: "body:not(:has(.o_group_header:eq(1)))" },
        ...search(MARKER),
        { trigger: ".o_nocontent_help" },
        goTo(".o_nocontent_help", "/odoo/voices"),
        // in the numbers, and behind them
        { trigger: ".o_pivot_cell_value:first", run: "click" },
        { trigger: ".o_list_view .o_data_row:first", run: saysNothing },
    ],
});

// Who sees no complaint that is not their own: neither its address nor the list tells.
tours.add("npo_sealed_no_list", {
    steps: () => [
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "body.o_web_client:not(:has(.modal))", run: saysNothing },
    ],
});

// Who has no role with us is refused the list as well.
tours.add("npo_sealed_refused", {
    steps: () => [{ trigger: ".modal footer .btn-primary", run: saysNothing }],
});

// The focal person, in the same places.
tours.add("npo_sealed_seen", {
    steps: () => [
        goTo(
            `.o_field_widget[name=title] input:value(About ${MARKER})`,
            "/odoo/complaints"
        ),
        { trigger: `.o_data_row:contains(${MARKER})` },
        ...search(MARKER),
        { trigger: `.o_searchview_facet:contains(${MARKER})` },
        { trigger: `.o_data_row:contains(${MARKER})` },
        ...groupByCategory,
        { trigger: ".o_group_header:contains((1))" },
    ],
});
