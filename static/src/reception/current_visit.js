import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { digitOf } from "./unsent";

/**
 * The visitor at this counter: begin, log support services by their digits, end with a
 * result, refer. What the server refuses is said here, and the keyboard stays here.
 */
export class CurrentVisit extends Component {
    static template = "npo_relations.CurrentVisit";
    static props = {
        visit: Object,
        services: Array,
        results: Array,
        sections: Array,
        colleagues: Array,
        onChange: Function,
        onRate: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.card = useRef("card");
        this.state = useState({ mode: "serve", message: "", logged: {}, caution: "" });
        useEffect(
            () => {
                Object.assign(this.state, { mode: "serve", message: "", caution: "" });
                this.state.logged = {};
                this.card.el?.focus();
            },
            () => [this.props.visit.id]
        );
    }

    get keyedServices() {
        return this.props.services.slice(0, 9);
    }

    get targets() {
        const { visit, sections, colleagues } = this.props;
        const others = sections.filter((section) => section.code !== visit.section);
        return [
            ...others.map(({ code, label }) => ({ key: code, label, section: code })),
            ...colleagues.map(({ id, name }) => ({ key: id, label: name, user: id })),
        ].slice(0, 9);
    }

    // ------------------------------------------------------------
    // Keys
    // ------------------------------------------------------------

    onKey(ev) {
        if (ev.key === "Escape") {
            this.state.mode = "serve";
            return;
        }
        const choices = { serve: this.keyedServices, end: this.props.results };
        const list = choices[this.state.mode] || this.targets;
        const digit = digitOf(ev);
        if (digit && list[digit - 1]) {
            ev.preventDefault();
            this.pick(list[digit - 1]);
        } else if (ev.key === "Enter" && ev.target === this.card.el) {
            ev.preventDefault();
            this.pressEnter();
        }
    }

    pick(choice) {
        if (this.state.mode === "end") {
            return this.end(choice);
        }
        if (this.state.mode === "refer") {
            return this.refer(choice);
        }
        return this.log(choice);
    }

    pressEnter() {
        if (this.state.mode === "end") {
            return this.end(this.props.results[0]);
        }
        return this.props.visit.state === "serving" ? this.ask("end") : this.start();
    }

    ask(mode) {
        Object.assign(this.state, { mode, message: "" });
        this.card.el?.focus();
    }

    // ------------------------------------------------------------
    // Steps
    // ------------------------------------------------------------

    /** Calls a step of the visit; what is refused is said in the card. */
    async step(method, args = [], model = "npo.visit") {
        this.state.message = "";
        try {
            const ids = model === "npo.visit" ? [[this.props.visit.id]] : [];
            return { value: await this.orm.call(model, method, [...ids, ...args]) };
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.state.message = error.data.message;
            return null;
        }
    }

    async start() {
        if (await this.step("action_start")) {
            await this.props.onChange();
            this.card.el?.focus();
        }
    }

    async end(result) {
        const { visit } = this.props;
        if (await this.step("action_end", [result.code])) {
            this.props.onRate(visit);
            await this.props.onChange();
        }
    }

    async leave() {
        if (await this.step("action_leave")) {
            await this.props.onChange();
        }
    }

    async refer(target) {
        const args = [this.props.visit.id, target.section || false, target.user || false];
        if (await this.step("refer", args, "npo.reception")) {
            await this.props.onChange();
        }
    }

    async log(service) {
        if (this.props.visit.state !== "serving") {
            return;
        }
        const answer = await this.step("action_support", [service.code]);
        if (answer) {
            this.state.logged[service.code] = answer.value.quantity;
            this.state.caution = answer.value.caution;
        }
    }

    async openContact() {
        const answer = await this.step("action_contact");
        if (answer) {
            await this.action.doAction(answer.value);
        }
    }
}
