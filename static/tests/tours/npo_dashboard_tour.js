import { registry } from "@web/core/registry";

// Selectors only: the screens are in the language of the user.
const tours = registry.category("web_tour.tours");
const choice = (place) => `.o_npo_dashboard_choices select:eq(${place})`;
const tile = (text) => `.o_npo_dashboard_tile:has(.o_npo_dashboard_figure:contains(/^${text}$/))`;
const late = ".o_npo_dashboard_row";

tours.add("npo_dashboard_on_a_phone", {
    steps: () => [
        {
            trigger: ".o_npo_dashboard_tiles",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The dashboard is wider than the phone.");
                }
                for (const one of document.querySelectorAll(".o_npo_dashboard_tile")) {
                    if (!one.ariaLabel.includes(one.querySelector(":scope > span > bdi").innerText)) {
                        throw new Error("A screen reader is not told the figure.");
                    }
                }
            },
        },
        { trigger: choice(0), run: "select year" },
        { trigger: ".o_npo_dashboard_period:contains(/^[0-9٠-٩]{4}$/)" },
        { trigger: choice(1), run: "select hijri" },
        { trigger: ".o_npo_dashboard_period:contains(هـ)" },
        { trigger: ".o_npo_dashboard_choices .btn-group .btn:first", run: "click" },
        {
            trigger: ".o_npo_dashboard_choices .btn-group .btn:eq(1):enabled",
            run: "click",
        },
        // at another site nothing is late
        { trigger: tile(1) },
        { trigger: late },
        { trigger: choice(2), run: "selectByIndex 2" },
        { trigger: `.o_npo_dashboard_parts:not(:has(${late}))` },
        { trigger: choice(2), run: "selectByIndex 1" },
        { trigger: late },
        { trigger: tile(1), run: "click" },
        { trigger: ".o_kanban_view .o_kanban_record, .o_list_view .o_data_row" },
    ],
});

tours.add("npo_dashboard_empty", {
    steps: () => [{ trigger: ".o_npo_dashboard_empty" }],
});
