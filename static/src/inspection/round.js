import { Component, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { readPhoto } from "./photo";

const RED = ["partial", "not_ok"];
const KEYS = { 1: "ok", 2: "partial", 3: "not_ok", 0: "na" };

/** A round on the phone: one item after another, large buttons, by thumb or keyboard. */
export class InspectionRound extends Component {
    static template = "npo_relations.InspectionRound";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notices = useService("notification");
        this.note = useRef("note");
        this.id = this.props.action.context.active_id;
        this.state = useState({ round: null, index: 0, draft: {}, name: "", isBusy: false });
        useExternalListener(window, "keydown", (ev) => this.onKey(ev));
        onWillStart(() => this.load());
    }

    async load() {
        this.state.round = await this.orm.call("npo.inspection", "get_round", [[this.id]]);
        const first = this.lines.findIndex((line) => !line.result);
        this.goTo(first < 0 ? this.lines.length : first);
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get lines() {
        return this.state.round.lines;
    }

    /** The item on the screen; none on the last page. */
    get line() {
        return this.lines[this.state.index];
    }

    get answered() {
        return this.lines.filter((line) => line.result).length;
    }

    get progress() {
        return _t("%(number)s of %(count)s", {
            number: Math.min(this.state.index + 1, this.lines.length),
            count: this.lines.length,
        });
    }

    get isRed() {
        return RED.includes(this.state.draft.result);
    }

    get open() {
        return this.lines.filter((line) => !line.result);
    }

    count(result) {
        return this.lines.filter((line) => line.result === result).length;
    }

    get results() {
        return [
            { code: "ok", label: _t("In order"), icon: "fa-check", tone: "success", key: 1 },
            { code: "partial", label: _t("Partly in order"), icon: "fa-adjust", tone: "warning", key: 2 },
            { code: "not_ok", label: _t("Not in order"), icon: "fa-times", tone: "danger", key: 3 },
        ];
    }

    // ------------------------------------------------------------
    // From item to item
    // ------------------------------------------------------------

    goTo(index) {
        this.state.index = Math.max(0, Math.min(index, this.lines.length));
        const { result, note } = this.line || {};
        this.state.draft = { result: result || "", note: note || "", photo: null };
        document.querySelector(".o_npo_round")?.scrollTo(0, 0);
    }

    /** Go on: what was typed is saved first, so that nothing is lost. */
    async leaveFor(index) {
        if (!this.isChanged || (await this.save())) {
            this.goTo(index);
        }
    }

    get isChanged() {
        const { result, note, photo } = this.state.draft;
        const line = this.line;
        return Boolean(
            line &&
                this.state.round.is_open &&
                result &&
                (photo || result !== line.result || note !== line.note)
        );
    }

    onKey(ev) {
        const isTyping = ["TEXTAREA", "INPUT"].includes(ev.target.tagName);
        if (isTyping || ev.altKey || ev.ctrlKey || ev.metaKey || !this.state.round) {
            return;
        }
        const back = localization.direction === "rtl" ? "ArrowRight" : "ArrowLeft";
        if (this.line && ev.key in KEYS) {
            ev.preventDefault();
            this.choose(KEYS[ev.key]);
        } else if (["ArrowLeft", "ArrowRight"].includes(ev.key)) {
            ev.preventDefault();
            this.leaveFor(this.state.index + (ev.key === back ? -1 : 1));
        }
    }

    // ------------------------------------------------------------
    // Answer
    // ------------------------------------------------------------

    async choose(result) {
        if (!this.state.round.is_open || this.state.isBusy) {
            return;
        }
        this.state.draft.result = result;
        if (this.isRed) {
            // written first what is not in order
            setTimeout(() => this.note.el?.focus());
        } else if (await this.save()) {
            this.goTo(this.state.index + 1);
        }
    }

    async onPhoto(ev) {
        const [file] = ev.target.files;
        if (file) {
            this.state.draft.photo = await readPhoto(file);
        }
    }

    /** Save the item on the screen; tell whether it is saved. */
    async save() {
        const { result, note, photo } = this.state.draft;
        if (RED.includes(result) && !note.trim()) {
            this.notices.add(_t("Write what is not in order."), { type: "warning" });
            this.note.el?.focus();
            return false;
        }
        const values = { result, note: note.trim() };
        if (photo) {
            values.photo = photo;
        }
        const line = this.line;
        this.state.isBusy = true;
        try {
            await this.orm.write("npo.inspection.line", [line.id], values);
        } finally {
            this.state.isBusy = false;
        }
        Object.assign(line, { result, note: note.trim() });
        line.has_photo = line.has_photo || Boolean(photo);
        this.state.draft.photo = null;
        return true;
    }

    async saveAndNext() {
        if (await this.save()) {
            this.goTo(this.state.index + 1);
        }
    }

    /** Open what comes of the item: the corrective action, or an obstacle. */
    async openFrom(method) {
        if (this.isChanged && !(await this.save())) {
            return;
        }
        const action = await this.orm.call("npo.inspection.line", method, [[this.line.id]]);
        return this.action.doAction({ ...action, views: [[false, "form"]] });
    }

    // ------------------------------------------------------------
    // Finish
    // ------------------------------------------------------------

    async finish() {
        this.state.isBusy = true;
        try {
            await this.orm.call("npo.inspection", "action_finish", [[this.id], this.state.name]);
        } finally {
            this.state.isBusy = false;
        }
        return this.close();
    }

    close() {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "npo.inspection",
                res_id: this.id,
                views: [[false, "form"]],
            },
            { stackPosition: "replaceCurrentAction" }
        );
    }
}

registry.category("actions").add("npo_inspection_round", InspectionRound);
