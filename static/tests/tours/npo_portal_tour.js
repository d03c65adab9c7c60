import { registry } from "@web/core/registry";

// Selectors only: the pages are in the language of the visitor.
const next = ".o_npo_form button[value=next]";

registry.category("web_tour.tours").add("npo_portal_request", {
    steps: () => [
        {
            trigger: ".o_npo_portal a[href$='/my/requests/new']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_npo_card[data-code=rent_aid]", run: "click", expectUnloadPage: true },
        {
            trigger: ".o_npo_form[action$='/my/requests/new'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        // about the person: first with a wrong number
        { trigger: "#name", run: "edit نورة بنت عبدالله العتيبي" },
        { trigger: "#identity_number", run: "edit 1000000000" },
        { trigger: "#birth_date", run: "edit 1405/04/22" },
        { trigger: "input[name=npo_gender][value=female]", run: "click" },
        { trigger: "#phone", run: "edit 0501234567" },
        { trigger: next, run: "click", expectUnloadPage: true },
        { trigger: "#npo_errors:focus a[href='#identity_number']" },
        { trigger: "#birth_date:value(1405/04/22)" },
        { trigger: "#identity_number", run: "edit 1000000008" },
        { trigger: next, run: "click", expectUnloadPage: true },
        // the need
        { trigger: "#description", run: "edit لم يُدفع إيجار البيت منذ أربعة أشهر" },
        { trigger: "#amount_requested", run: "edit 12000" },
        { trigger: "#iban", run: "edit SA0380000000608010167519" },
        { trigger: next, run: "click", expectUnloadPage: true },
        // documents may follow later
        { trigger: ".o_npo_document" },
        { trigger: `.o_npo_upload_form button[value=next]`, run: "click", expectUnloadPage: true },
        // check, agree, send
        { trigger: ".o_npo_review" },
        { trigger: "#consent_file", run: "click" },
        { trigger: "#consent_verify", run: "click" },
        { trigger: next, run: "click", expectUnloadPage: true },
        // received: the number, then the page to follow it
        { trigger: ".o_npo_big_number" },
        { trigger: ".o_npo_actions a.btn-primary", run: "click", expectUnloadPage: true },
        { trigger: ".o_npo_sentence" },
        {
            trigger: ".o_npo_progress li[aria-current=step]",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the screen.");
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("npo_portal_sign", {
    steps: () => [
        {
            trigger: ".o_npo_todo a[href$='/sign']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_npo_declaration" },
        {
            trigger: ".o_npo_sign_pad",
            run() {
                const box = this.anchor.getBoundingClientRect();
                const points = [
                    ["pointerdown", 20, 20],
                    ["pointermove", 60, 50],
                    ["pointermove", 120, 30],
                    ["pointerup", 120, 30],
                ];
                for (const [type, x, y] of points) {
                    const at = { clientX: box.left + x, clientY: box.top + y, bubbles: true };
                    this.anchor.dispatchEvent(new PointerEvent(type, at));
                }
            },
        },
        { trigger: ".o_npo_form button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: "a[href*='/print/declaration']" },
    ],
});

registry.category("web_tour.tours").add("npo_portal_consents", {
    steps: () => [
        {
            trigger: ".o_npo_contact a[href$='/my/consents']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_npo_consent_card[data-code=survey] button[value=give]",
            run() {
                // by keyboard: the button takes the focus, and Enter presses it
                this.anchor.focus();
                if (document.activeElement !== this.anchor) {
                    throw new Error("The button cannot be reached by keyboard.");
                }
                if (this.anchor.getBoundingClientRect().height < 44) {
                    throw new Error("The button is too small for a finger.");
                }
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the screen.");
                }
            },
        },
        {
            trigger: ".o_npo_consent_card[data-code=survey] button[value=give]:focus",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#npo_saved" },
        {
            trigger: ".o_npo_consent_card[data-code=survey] button[value=withdraw]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#npo_saved" },
        { trigger: ".o_npo_consent_card[data-code=survey] button[value=give]" },
    ],
});

registry.category("web_tour.tours").add("npo_portal_privacy", {
    steps: () => [
        {
            trigger: ".o_npo_contact a[href$='/my/privacy']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_npo_form button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: "#npo_errors a[href='#kind']" },
        {
            trigger: "input[name=kind][value=correct]",
            run() {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the screen.");
                }
                if (this.anchor.closest("label").getBoundingClientRect().height < 44) {
                    throw new Error("The choice is too small for a finger.");
                }
                this.anchor.click();
            },
        },
        { trigger: "#detail", run: "edit رقم جوالي غير صحيح." },
        { trigger: ".o_npo_form button[type=submit]", run: "click", expectUnloadPage: true },
        { trigger: "#npo_saved" },
        { trigger: ".o_npo_consent_card[data-kind=correct]" },
    ],
});
