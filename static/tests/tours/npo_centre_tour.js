import { registry } from "@web/core/registry";

// The supervisory part, the evidence of the last task, its review; back, the vision.
registry.category("web_tour.tours").add("npo_centre_tasks", {
    steps: () => [
        { trigger: ".o_form_view .o_notebook .nav-link[name=supervisory]", run: "click" },
        {
            trigger:
                ".o_field_widget[name=supervisory_ids] .o_data_row:last-child button[name=action_evidence]",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:contains(موعد رمضان قديم)" },
        { trigger: ".o_breadcrumb .breadcrumb-item a, .o_back_button", run: "click" },
        { trigger: ".o_form_view .o_notebook .nav-link[name=vision]", run: "click" },
        {
            trigger: ".o_field_widget[name=objective_ids] .o_data_row:contains(طلبات كثيرة)",
        },
        { trigger: ".o_field_widget[name=vision]:contains(خدمة تحفظ الكرامة)" },
    ],
});
