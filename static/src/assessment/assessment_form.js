import { onMounted, onWillUnmount } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { formView } from "@web/views/form/form_view";
import "@web/webclient/user_menu/user_menu_items";
import { clean, forget, keep, recall } from "./kept_forms";

/** How long after the last key the form keeps itself, and how often it saves. */
const KEEP_AFTER = 1000;
const SAVE_EVERY = 20000;

/** The form of a study: saves as it goes, and survives a lost connection. */
export class AssessmentFormController extends formView.Controller {
    setup() {
        super.setup();
        this.dialogs = useService("dialog");
        this.notices = useService("notification");
        this.isTold = false;
        const controls = new AbortController();
        onMounted(() => {
            const changed = () => this.keepSoon();
            const { signal } = controls;
            document.addEventListener("input", changed, { signal, capture: true });
            document.addEventListener("change", changed, { signal, capture: true });
            browser.addEventListener("pagehide", () => this.keepNow(), { signal });
            browser.addEventListener("online", () => this.saveQuietly(), { signal });
            this.timer = browser.setInterval(() => this.saveQuietly(), SAVE_EVERY);
            this.offer();
        });
        onWillUnmount(() => {
            controls.abort();
            browser.clearInterval(this.timer);
            browser.clearTimeout(this.soon);
        });
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = () => this.keepSoon();
        return params;
    }

    keepSoon() {
        browser.clearTimeout(this.soon);
        this.soon = browser.setTimeout(() => this.keepNow(), KEEP_AFTER);
    }

    async keepNow() {
        const root = this.model.root;
        if (!root || !(await root.isDirty())) {
            return;
        }
        const changes = await root.getChanges();
        delete changes.id;
        keep(user.userId, root.resId, changes, root.isNew ? this.props.context : {});
    }

    /** Save a study that exists already, when it is complete enough to be saved. */
    async saveQuietly() {
        const root = this.model.root;
        if (!root?.resId || !root.dirty || this.env.inDialog || !browser.navigator.onLine) {
            return;
        }
        if (await root.checkValidity({ displayNotification: false })) {
            await this.save({ reload: false });
        }
    }

    async onRecordSaved(record, changes) {
        await super.onRecordSaved(...arguments);
        forget(user.userId, record.resId);
        forget(user.userId, false);
        this.isTold = false;
    }

    async onSaveError(error, options, leaving) {
        if (error instanceof ConnectionLostError) {
            // not awaited: the save holds the form until this returns
            this.keepNow();
            if (!this.isTold) {
                this.isTold = true;
                this.notices.add(
                    _t(
                        "The connection is lost. What you wrote is kept on this device," +
                            " and saved when it is back. Health is not kept on the device:" +
                            " leave the form open until then."
                    ),
                    { type: "warning", sticky: true }
                );
            }
            return false;
        }
        return super.onSaveError(error, options, leaving);
    }

    async discard() {
        forget(user.userId, this.model.root.resId);
        return super.discard();
    }

    /** Offer to bring back what was kept. */
    offer() {
        const root = this.model.root;
        const kept = recall(user.userId, root.resId);
        if (!kept || !Object.keys(kept.changes).length || root.data.state !== "draft") {
            return;
        }
        this.dialogs.add(ConfirmationDialog, {
            title: _t("Unsaved work was found"),
            body: _t(
                "This device kept what you wrote at %s and could not save. Bring it back?",
                new Date(kept.at).toLocaleString()
            ),
            confirmLabel: _t("Bring it back"),
            confirm: () => this.restore(kept),
            cancelLabel: _t("Discard it"),
            cancel: () => forget(user.userId, root.resId),
        });
    }

    /** Send what was kept as the save that did not get through. */
    async restore(kept) {
        const root = this.model.root;
        const ids = root.resId ? [root.resId] : [];
        const [saved] = await this.orm.webSave(root.resModel, ids, kept.changes, {
            context: { ...root.context, ...kept.context },
            specification: {},
        });
        forget(user.userId, root.resId);
        await this.model.load({ resId: saved.id });
    }
}

registry.category("views").add("npo_assessment_form", {
    ...formView,
    Controller: AssessmentFormController,
});

/** Another user on the device finds nothing; logging out leaves nothing. */
registry.category("services").add("npo_kept_forms", {
    start() {
        clean(user.userId);
    },
});
const menu = registry.category("user_menuitems");
const logOut = menu.get("log_out");
menu.add(
    "log_out",
    (env) => {
        const item = logOut(env);
        return {
            ...item,
            callback: () => {
                clean(false);
                item.callback();
            },
        };
    },
    { force: true }
);
