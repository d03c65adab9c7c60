import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * A form is sent once however often its button is pressed, and the errors are where
 * the reader begins. The form works without this.
 */
export class NpoForm extends Interaction {
    static selector = ".o_npo_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        _window: { "t-on-pageshow": this.allowAgain },
    };

    start() {
        document.getElementById("npo_errors")?.focus();
    }

    onSubmit(ev) {
        if (this.isSent) {
            ev.preventDefault();
        }
        this.isSent = true;
        this.el.setAttribute("aria-busy", "true");
    }

    // the browser's own way back shows the page as it was left
    allowAgain() {
        this.isSent = false;
        this.el.removeAttribute("aria-busy");
    }
}

/** Print the page, to keep its number. */
export class NpoPrint extends Interaction {
    static selector = ".o_npo_print";
    dynamicContent = { _root: { "t-on-click": () => window.print() } };
}

/** What is typed is saved when a field is left, so that nothing is lost (R062). */
export class NpoAutosave extends Interaction {
    static selector = ".o_npo_autosave";
    dynamicContent = {
        _root: { "t-on-change": this.debounced(this.save, 500) },
    };

    save() {
        const data = new FormData(this.el);
        data.set("autosave", "1");
        // a lost connection is no reason to disturb: the button saves again
        fetch(this.el.action, { method: "POST", body: data, keepalive: true }).catch(() => {});
    }
}

/** Tells at once that a chosen file is too large, before it is sent. */
export class NpoUpload extends Interaction {
    static selector = ".o_npo_upload_form";
    dynamicContent = {
        "input[type=file]": { "t-on-change": this.onChosen },
    };

    onChosen(ev) {
        const input = ev.currentTarget;
        const file = input.files[0];
        const line = input.parentElement.querySelector(".o_npo_chosen");
        if (!file || !line) {
            return;
        }
        const megabytes = file.size / 1024 / 1024;
        const isTooLarge = megabytes > Number(input.dataset.maxMb || 0) && input.dataset.maxMb > 0;
        line.textContent = `${file.name} · ${megabytes.toFixed(1)} MB`;
        line.classList.toggle("o_npo_error", isTooLarge);
        input.toggleAttribute("aria-invalid", isTooLarge);
    }
}

registry.category("public.interactions").add("npo_relations.form", NpoForm);
registry.category("public.interactions").add("npo_relations.print", NpoPrint);
registry.category("public.interactions").add("npo_relations.autosave", NpoAutosave);
registry.category("public.interactions").add("npo_relations.upload", NpoUpload);
