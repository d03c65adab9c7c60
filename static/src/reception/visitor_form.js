import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { ConnectionLostError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { digitOf } from "./unsent";

const PAGE = 9;
const SECTION_OF = { male: "men", female: "women" };
const GENDER_OF = { men: "male", women: "female" };

/**
 * Registers who stands at the counter, by the keyboard alone: who (card, mobile, name,
 * or nothing), a digit for the purpose, Enter.
 */
export class VisitorForm extends Component {
    static template = "npo_relations.VisitorForm";
    static props = {
        siteId: Number,
        purposes: Array,
        sections: Array,
        onRegister: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.details = useRef("details");
        this.state = useState(this.empty());
        this.search = useDebounced(() => this.find(), 250);
        // after each drawing: what is asked next has the keyboard
        useEffect(
            () => (this.details.el || this.input.el)?.focus(),
            () => [this.state.visitor]
        );
    }

    empty() {
        return {
            text: "",
            found: [],
            cursor: -1,
            isSearched: false,
            isOffline: false,
            visitor: null,
            page: 0,
            error: false,
        };
    }

    // ------------------------------------------------------------
    // Who
    // ------------------------------------------------------------

    onInput(ev) {
        this.state.text = ev.target.value;
        this.state.isSearched = false;
        this.state.cursor = -1;
        this.search();
    }

    async find() {
        const text = this.state.text.trim();
        if (text.length < 3) {
            this.state.found = [];
            return;
        }
        try {
            const found = await this.orm.silent.call("npo.reception", "find", [
                this.props.siteId,
                text,
            ]);
            if (text !== this.state.text.trim()) {
                return; // typed on in the meantime
            }
            Object.assign(this.state, { found, isSearched: true, isOffline: false });
            this.state.cursor = found.length ? 0 : -1;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            Object.assign(this.state, { found: [], isSearched: true, isOffline: true });
        }
    }

    async onInputKey(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            if (!this.state.isSearched && this.state.text.trim().length >= 3) {
                await this.find();
            }
            this.choose(this.state.found[this.state.cursor]);
        } else if (ev.key === "Escape") {
            this.reset();
        } else if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            this.move(ev.key === "ArrowDown" ? 1 : -1);
        }
    }

    /** One further than the last found stands for somebody who is not among them. */
    move(step) {
        const last = this.state.found.length - 1;
        const next = this.state.cursor + step;
        this.state.cursor = next > last ? -1 : next < -1 ? last : next;
    }

    /** @param {Object} [person] found; none: somebody new, by name or without one */
    choose(person) {
        const text = this.state.text.trim();
        // a number that was typed is no name, and is kept nowhere
        const name = /[0-9٠-٩]{4}/.test(text) ? "" : text;
        const gender = person?.gender || "";
        this.state.visitor = {
            partner_id: person?.id || 0,
            visitor_name: person ? "" : name,
            label: person?.name || name,
            today: person?.today || "",
            appointment: person?.appointment || "",
            gender,
            section: this.sectionOf(gender),
            companions: 0,
            purpose_id: 0,
        };
        this.state.page = 0;
        this.state.error = false;
    }

    sectionOf(gender) {
        const codes = this.props.sections.map((section) => section.code);
        const own = SECTION_OF[gender];
        return codes.includes(own) ? own : codes.at(-1);
    }

    // ------------------------------------------------------------
    // What for
    // ------------------------------------------------------------

    get shownPurposes() {
        const start = this.state.page * PAGE;
        return this.props.purposes.slice(start, start + PAGE);
    }

    get hasPages() {
        return this.props.purposes.length > PAGE;
    }

    turnPage() {
        const pages = Math.ceil(this.props.purposes.length / PAGE);
        this.state.page = (this.state.page + 1) % pages;
    }

    onDetailsKey(ev) {
        const { visitor } = this.state;
        const digit = digitOf(ev);
        if (digit !== null && ev.target.type !== "number") {
            ev.preventDefault();
            this.pressDigit(digit);
        } else if (ev.key === "Enter" && ev.target.tagName !== "BUTTON") {
            ev.preventDefault();
            this.register();
        } else if (ev.key === "Escape") {
            this.reset();
        } else if (ev.key === "+") {
            visitor.companions += 1;
        } else if (ev.key === "-") {
            visitor.companions = Math.max(0, visitor.companions - 1);
        } else if (ev.key === "*") {
            this.nextSection();
        }
    }

    pressDigit(digit) {
        if (digit === 0) {
            this.turnPage();
            return;
        }
        const purpose = this.shownPurposes[digit - 1];
        if (purpose) {
            this.pick(purpose);
        }
    }

    pick(purpose) {
        this.state.visitor.purpose_id = purpose.id;
        this.state.error = false;
    }

    nextSection() {
        const codes = this.props.sections.map((section) => section.code);
        const next = (codes.indexOf(this.state.visitor.section) + 1) % codes.length;
        this.state.visitor.section = codes[next];
    }

    register() {
        const { label, today, appointment, ...visitor } = this.state.visitor;
        if (!visitor.purpose_id) {
            this.state.error = true;
            return;
        }
        visitor.gender = visitor.gender || GENDER_OF[visitor.section] || "";
        this.reset();
        this.props.onRegister(visitor);
    }

    reset() {
        Object.assign(this.state, this.empty());
    }
}
