import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { digitOf } from "./unsent";

// The digits; 0 hands them on to the choices that follow.
const KEYS = 9;

/**
 * The visitor at this counter: call again, begin, log support services by their digits,
 * end with a result, refer. What the server refuses is said here, and the keyboard stays here.
 */
export class CurrentVisit extends Component {
    static template = "npo_relations.CurrentVisit";
    static props = {
        visit: Object,
        services: Array,
        results: Array,
        sections: Array,
        colleagues: Array,
        onCall: Function,
        onChange: Function,
        onRate: Function,
        onSlip: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.card = useRef("card");
        this.state = useState(this.empty());
        useEffect(
            () => {
                Object.assign(this.state, this.empty());
                this.card.el?.focus();
            },
            () => [this.props.visit.id]
        );
    }

    empty() {
        return { mode: "serve", page: 0, message: "", logged: {}, caution: "" };
    }

    get targets() {
        const { visit, sections, colleagues } = this.props;
        const others = sections.filter((section) => section.code !== visit.section);
        return [
            ...others.map(({ code, label }) => ({ key: code, label, section: code })),
            ...colleagues.map(({ id, name }) => ({ key: id, label: name, user: id })),
        ];
    }

    /** What the digits choose of: all that the card shows as such. */
    get choices() {
        const { visit, services, results } = this.props;
        const lists = {
            serve: visit.state === "serving" ? services : [],
            end: results,
            refer: this.targets,
        };
        return lists[this.state.mode];
    }

    get hasMoreKeys() {
        return this.choices.length > KEYS;
    }

    /** @returns {number} the digit of a choice; 0: the digits are on others now */
    keyOf(index) {
        const key = index - this.state.page * KEYS + 1;
        return key > 0 && key <= KEYS ? key : 0;
    }

    turnKeys() {
        const pages = Math.ceil(this.choices.length / KEYS);
        this.state.page = (this.state.page + 1) % pages;
        this.card.el?.focus();
    }

    // ------------------------------------------------------------
    // Keys
    // ------------------------------------------------------------

    onKey(ev) {
        if (ev.key === "Escape") {
            this.ask("serve");
            return;
        }
        const digit = digitOf(ev);
        const choice = digit && this.choices[this.state.page * KEYS + digit - 1];
        if (choice) {
            ev.preventDefault();
            this.pick(choice);
        } else if (digit === 0 && this.hasMoreKeys) {
            ev.preventDefault();
            this.turnKeys();
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
        Object.assign(this.state, { mode, page: 0, message: "" });
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

    async callAgain() {
        await this.props.onCall(this.props.visit);
        this.card.el?.focus(); // Enter begins, and does not call once more
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
        const { visit } = this.props;
        const args = [visit.id, target.section || false, target.user || false];
        const answer = await this.step("refer", args, "npo.reception");
        if (!answer) {
            return;
        }
        // another section gives another number, and another code to rate
        if (answer.value.code !== visit.code) {
            this.props.onSlip(answer.value);
        }
        await this.props.onChange();
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
