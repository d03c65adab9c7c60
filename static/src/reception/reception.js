import { Component, onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CurrentVisit } from "./current_visit";
import { Unsent } from "./unsent";
import { VisitorForm } from "./visitor_form";

const SECONDS = 5;
const KEPT = "npo_reception_counter";

/** The counter: who comes is registered, who waits is called, served and rated. */
export class NpoReception extends Component {
    static template = "npo_relations.Reception";
    static components = { CurrentVisit, Layout, VisitorForm };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.unsent = new Unsent(user.userId);
        this.display = { controlPanel: {} };
        this.data = useState({ queue: [], sections: [], sites: [], site: null });
        this.state = useState({
            counter: 0,
            section: "",
            prints: false,
            ...this.kept(),
            unsent: this.unsent.read(),
            slip: null,
            rate: null,
            isOffline: false,
        });
        this.isSending = false;
        this.onOnline = () => this.refresh();
        onWillStart(() => this.load(this.state.siteId));
        onMounted(() => {
            browser.addEventListener("online", this.onOnline);
            this.timer = browser.setInterval(() => this.refresh(), SECONDS * 1000);
        });
        onWillUnmount(() => {
            browser.removeEventListener("online", this.onOnline);
            browser.clearInterval(this.timer);
        });
    }

    // ------------------------------------------------------------
    // What is remembered on this computer
    // ------------------------------------------------------------

    kept() {
        try {
            return JSON.parse(browser.localStorage.getItem(KEPT)) || {};
        } catch {
            return {};
        }
    }

    keep() {
        const { counter, section, prints } = this.state;
        const kept = { counter, section, prints, siteId: this.data.site.id };
        browser.localStorage.setItem(KEPT, JSON.stringify(kept));
    }

    async changeSite(ev) {
        await this.load(Number(ev.target.value));
        this.keep();
    }

    // ------------------------------------------------------------
    // Data
    // ------------------------------------------------------------

    async load(siteId) {
        const data = await this.orm.call("npo.reception", "get_counter", [siteId || false]);
        Object.assign(this.data, data);
    }

    /** Sends what is kept, then looks who is here; a broken line is waited for. */
    async refresh() {
        try {
            await this.send();
            const { queue } = await this.orm.silent.call("npo.reception", "get_queue", [
                this.data.site.id,
            ]);
            this.data.queue = queue;
            this.state.isOffline = false;
        } catch (error) {
            this.lost(error);
        }
    }

    lost(error) {
        if (!(error instanceof ConnectionLostError)) {
            throw error;
        }
        this.state.isOffline = true;
    }

    // ------------------------------------------------------------
    // Registering
    // ------------------------------------------------------------

    async register(visitor) {
        this.state.unsent = this.unsent.add(this.data.site.id, visitor);
        this.state.rate = null;
        await this.refresh();
    }

    /** Sends one after the other; what the server refuses stays, with the reason. */
    async send() {
        if (this.isSending) {
            return;
        }
        this.isSending = true;
        try {
            for (const line of this.unsent.read().filter((one) => !one.error)) {
                await this.sendLine(line);
            }
        } finally {
            this.isSending = false;
        }
    }

    async sendLine(line) {
        try {
            const visit = await this.orm.silent.call("npo.reception", "register", [
                line.siteId,
                this.unsent.told(line),
            ]);
            this.state.unsent = this.unsent.remove(line.key);
            this.showSlip(visit);
        } catch (error) {
            if (!error.data) {
                throw error;
            }
            this.state.unsent = this.unsent.mark(line.key, error.data.message);
        }
    }

    async again(line) {
        this.state.unsent = this.unsent.mark(line.key, "");
        await this.refresh();
    }

    drop(line) {
        this.state.unsent = this.unsent.remove(line.key);
    }

    showSlip(visit) {
        this.state.slip = visit;
        this.printSlip(this.state.prints);
    }

    /** Prints the slip and nothing else of the page (see reception.scss). */
    printSlip(isWanted = true) {
        if (isWanted && this.state.slip) {
            browser.setTimeout(() => window.print(), 50);
        }
    }

    sectionLabel(code) {
        return this.data.sections.find((section) => section.code === code)?.label || "";
    }

    // ------------------------------------------------------------
    // The queue
    // ------------------------------------------------------------

    get current() {
        const mine = this.data.queue.filter((visit) => visit.mine);
        return (
            mine.find((visit) => visit.state === "serving") ||
            mine.find((visit) => visit.state === "called")
        );
    }

    get queueParts() {
        return this.data.sections.map(({ code, label }) => {
            const visits = this.data.queue.filter((visit) => visit.section === code);
            const waiting = visits.filter((visit) => visit.state === "waiting");
            return { code, label, visits, waiting: waiting.length };
        });
    }

    async callNext() {
        const visit = await this.orm.call("npo.reception", "call_next", [
            this.data.site.id,
            this.state.section || false,
            Number(this.state.counter) || 0,
        ]);
        this.state.rate = null;
        this.state.isQueueEmpty = !visit.id;
        await this.refresh();
    }

    async call(visit) {
        await this.orm.call("npo.visit", "action_call", [[visit.id]], {
            context: { npo_counter: Number(this.state.counter) || 0 },
        });
        await this.refresh();
    }

    offerRating(visit) {
        this.state.rate = visit;
        // the keyboard goes back to the next visitor
        browser.setTimeout(() => document.getElementById("o_npo_who")?.focus(), 0);
    }

    async openPage(method) {
        const action = await this.orm.call("npo.site", method, [[this.data.site.id]]);
        await this.action.doAction(action);
    }
}

registry.category("actions").add("npo_reception", NpoReception);
