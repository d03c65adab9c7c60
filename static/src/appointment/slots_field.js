import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The free times of an official: a press on one chooses it. */
export class SlotsField extends Component {
    static template = "npo_relations.SlotsField";
    static props = { ...standardFieldProps };

    /** @returns {[string, [string, string][]][]} each day in words, with its times */
    get days() {
        return this.props.record.data.slots || [];
    }

    get chosen() {
        const value = this.props.record.data[this.props.name];
        return value ? serializeDateTime(value) : "";
    }

    choose(moment) {
        const value = moment === this.chosen ? false : deserializeDateTime(moment);
        return this.props.record.update({ [this.props.name]: value });
    }
}

registry.category("fields").add("npo_slots", {
    component: SlotsField,
    displayName: _t("Free times"),
    supportedTypes: ["datetime"],
    fieldDependencies: [{ name: "slots", type: "json" }],
});
