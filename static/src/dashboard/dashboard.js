import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The figures of a period against their targets; each opens the records behind it. */
export class NpoDashboard extends Component {
    static template = "npo_relations.Dashboard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.kinds = [
            ["day", _t("Day")],
            ["week", _t("Week")],
            ["month", _t("Month")],
            ["quarter", _t("Quarter")],
            ["year", _t("Year")],
        ];
        this.calendars = [
            ["gregorian", _t("Gregorian months")],
            ["hijri", _t("Hijri months")],
        ];
        // what was chosen comes back with the browser's “back”
        const kept = this.props.state || {};
        this.dashboard = kept.dashboard || false;
        this.options = kept.options || {};
        this.state = useState({ content: null });
        this.props.updateActionState?.({});
        onWillStart(() => this.load());
    }

    get content() {
        return this.state.content;
    }

    async load() {
        const { dashboard, options } = this;
        const content = await this.orm.call("npo.dashboard", "get_dashboard", [
            dashboard,
            options,
        ]);
        // a later choice has overtaken this answer
        if (options === this.options) {
            this.state.content = content;
        }
    }

    /** Show another period, site, calendar: what is not named stays as it is. */
    show(change) {
        this.options = { ...this.options, ...change };
        return this.load();
    }

    /** A template knows no `parseInt`: what a list of choices gives is text. */
    showSite(value) {
        return this.show({ site: Number(value) || false });
    }

    showDashboard(id) {
        this.dashboard = id;
        const { site, calendar } = this.options;
        this.options = { site, calendar };
        return this.load();
    }

    get period() {
        return this.content.period;
    }

    async open(line) {
        const { id } = this.content;
        const args = [[id], line.id, { ...this.options, period: this.period.kind }];
        return this.action.doAction(
            await this.orm.call("npo.dashboard", "open_line", args)
        );
    }

    openRecord(list, row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: list.name,
            res_model: list.model,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    print() {
        window.print();
    }

    /** What a screen reader says of a tile: everything that is told by colour or shape. */
    spoken(tile) {
        const words = [tile.name, tile.text, tile.target, this.statusSaid(tile)];
        words.push(this.beforeSaid(tile));
        return words.filter(Boolean).join(". ");
    }

    statusSaid(tile) {
        return { met: _t("Target met"), missed: _t("Target missed") }[tile.status] || "";
    }

    beforeSaid(tile) {
        return _t("%(period)s: %(figure)s", {
            period: this.period.before,
            figure: tile.before,
        });
    }

    tone(tile) {
        const tones = { met: "success", missed: "danger" };
        return tones[tile.status] || "none";
    }

    changeIcon(tile) {
        return tile.change === "up" ? "fa-caret-up" : "fa-caret-down";
    }

    changeTone(tile) {
        if (tile.is_good === null) {
            return "text-muted";
        }
        return tile.is_good ? "text-success" : "text-danger";
    }
}

registry.category("actions").add("npo_dashboard", NpoDashboard);
