import { registry } from "@web/core/registry";

const button = (name) => `.o_form_statusbar button[name=${name}]`;
// Reading and making a draft may take their time on a busy machine.
const TEXT = `سياسة تنظيم العلاقة مع المستفيدين
تمهيد
تضع جمعية نماء الوادي التعليمية السياسات التي تنظم علاقتها بالمستفيدين وخلافه.
القنوات المستخدمة للتواصل مع المستفيدين
المقابلة
الاتصالات الهاتفية
التعامل مع المستفيد
استقبال المستفيد والإجابة على أسئلته.
رفع الطلب للجنة البحث والرد خلال مدة لا تزيد عن ثلاثين يوماً.`;

// The governance officer pastes the text, sees the proposal beside it, makes a draft.
registry.category("web_tour.tours").add("npo_policy_read", {
    steps: () => [
        { trigger: "#text_0", run: (helpers) => helpers.edit(TEXT) },
        { trigger: button("action_read"), run: "click" },
        { trigger: ".o_npo_read_source .o_npo_read_text tr:contains(المقابلة)" },
        { trigger: ".o_field_widget[name=fact_ids] .o_data_row:contains(تزيد)" },
        { trigger: ".nav-link[name=items]", run: "click" },
        { trigger: ".o_field_widget[name=item_ids] .o_data_row:contains(المقابلة)" },
        { trigger: button("action_confirm"), run: "click" },
        { trigger: button("action_submit") },
    ],
});
