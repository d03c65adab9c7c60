import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The first screen: the user's own work as counts that open, and what comes next. */
export class NpoHome extends Component {
    static template = "npo_relations.Home";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ tiles: [], actions: [], next: [], setup: null });
        this.display = { controlPanel: {} };
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("npo.home", "get_home", []));
    }

    /** Neither a case is next nor does a tile count anything. */
    get isIdle() {
        return !this.state.next.length && !this.state.tiles.some((tile) => tile.count);
    }

    openTile(tile) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: tile.label,
            res_model: tile.model,
            domain: tile.domain,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
        });
    }

    openRequest(request) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Support Request"),
            res_model: "npo.request",
            res_id: request.id,
            views: [[false, "form"]],
        });
    }

    run(quick) {
        return this.action.doAction(quick.action, { onClose: () => this.load() });
    }
}

registry.category("actions").add("npo_home", NpoHome);
