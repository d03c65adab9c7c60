import { Component, useEffect, useState } from "@odoo/owl";
import {
    areDatesEqual,
    deserializeDate,
    toLocaleDateTimeString,
    today,
} from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import {
    DateTimeField,
    dateField,
    dateTimeField,
} from "@web/views/fields/datetime/datetime_field";
import { ListDateTimeField } from "@web/views/fields/datetime/list_datetime_field";
import { useInputField } from "@web/views/fields/input_field_hook";
import {
    FIRST_YEAR,
    formatGregorian,
    formatHijri,
    formatHijriNumeric,
    LAST_YEAR,
    localizeDigits,
    parseHijri,
    toGregorian,
} from "./hijri";
import { HijriPicker } from "./hijri_picker";

/**
 * A date in both calendars, entered in either one. The value is Gregorian, as on any
 * date field; Odoo's own input stays what it is, and an input for the Hijri date and
 * a Hijri calendar stand beside it. Datetime fields show the Hijri date only.
 */
export class HijriDateField extends Component {
    static template = "npo_relations.HijriDateField";
    static components = { DateTimeField };
    static props = { ...DateTimeField.props };
    static defaultProps = { ...DateTimeField.defaultProps };

    setup() {
        this.state = useState({ error: "", isEditing: false });
        this.picker = usePopover(HijriPicker, { position: "bottom-start" });
        this.inputRef = useInputField({
            refName: "hijri",
            getValue: () => this.inputValue,
            parse: (text) => this.parse(text),
        });
        useEffect(
            () => {
                this.state.error = "";
                this.readHijriTypedAsGregorian();
            },
            () => [this.value?.toISODate?.()]
        );
        // Select the short form once it has replaced the long one.
        useEffect(
            (isEditing) => {
                if (isEditing) {
                    this.inputRef.el?.select();
                }
            },
            () => [this.state.isEditing]
        );
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get isDate() {
        return this.props.record.fields[this.props.name].type === "date";
    }

    get hijri() {
        return this.props.numeric ? formatHijriNumeric(this.value) : formatHijri(this.value);
    }

    get gregorian() {
        const date = formatGregorian(this.value);
        if (this.isDate || !this.value || !this.props.showTime) {
            return date;
        }
        const { showSeconds } = this.props;
        return `${date} ${toLocaleDateTimeString(this.value, { showDate: false, showSeconds })}`;
    }

    /** Long when read, short when typed in. */
    get inputValue() {
        return this.state.isEditing ? formatHijriNumeric(this.value) : formatHijri(this.value);
    }

    get error() {
        return this.props.record.isFieldInvalid(this.props.name) ? this.state.error : "";
    }

    get inputId() {
        return `${this.props.id || this.props.name}_hijri`;
    }

    get inputLabel() {
        return _t("%(field)s, Hijri date", {
            field: this.props.record.fields[this.props.name].string,
        });
    }

    get pickerLabel() {
        return _t("Open the Hijri calendar");
    }

    get placeholder() {
        return _t("Hijri, e.g. %(date)s", { date: localizeDigits("1447/09/10") });
    }

    /**
     * @param {string} limit ISO date or "today", from the view's options
     * @returns {luxon.DateTime | undefined}
     */
    parseLimit(limit) {
        if (!limit) {
            return undefined;
        }
        return limit === "today" ? today() : deserializeDate(limit);
    }

    /**
     * @param {string} text what stands in the Hijri input
     * @returns {luxon.DateTime | false} throws when it is no date that may be chosen
     */
    parse(text) {
        if (!text.trim()) {
            return false;
        }
        try {
            const date = toGregorian(parseHijri(text));
            this.checkLimits(date);
            return areDatesEqual(date, this.value) ? this.value : date;
        } catch (error) {
            this.state.error = this.describe(error);
            throw error;
        }
    }

    checkLimits(date) {
        const minDate = this.parseLimit(this.props.minDate);
        const maxDate = this.parseLimit(this.props.maxDate);
        if (minDate && date < minDate.startOf("day")) {
            throw Object.assign(new Error(), { code: "early", values: { date: minDate } });
        }
        if (maxDate && date > maxDate) {
            throw Object.assign(new Error(), { code: "late", values: { date: maxDate } });
        }
    }

    /** The sentence for an error of the parser or of the limits. */
    describe({ code, values }) {
        switch (code) {
            case "day":
                return _t("%(month)s has %(length)s days.", {
                    month: this.monthName(values),
                    length: localizeDigits(values.length),
                });
            case "month":
                return _t("The month must be from 1 to 12.");
            case "range":
                return _t("Hijri years go from %(first)s to %(last)s here.", {
                    first: localizeDigits(FIRST_YEAR),
                    last: localizeDigits(LAST_YEAR),
                });
            case "early":
                return _t("Choose %(date)s or later.", { date: formatHijri(values.date) });
            case "late":
                return _t("Choose %(date)s or earlier.", { date: formatHijri(values.date) });
        }
        return _t("Write the Hijri date like %(date)s.", {
            date: localizeDigits("1447/09/10"),
        });
    }

    /** «محرم ١٤٤٥هـ»: the formatted date without its day. */
    monthName({ year, month }) {
        return formatHijri(toGregorian({ year, month, day: 1 })).replace(/^\S+\s/, "");
    }

    /**
     * Odoo reads 1447/09/10, typed into its own input, as a day of the Middle Ages.
     * Nothing here is that old: what was just typed is taken for the Hijri date it is.
     */
    readHijriTypedAsGregorian() {
        const { value } = this;
        if (this.props.readonly || !this.isDate || !value || !this.props.record.dirty) {
            return;
        }
        if (value.year < FIRST_YEAR || value.year > LAST_YEAR) {
            return;
        }
        try {
            const { year, month, day } = value;
            this.update(toGregorian({ year, month, day }));
        } catch {
            this.props.record.setInvalidField(this.props.name);
        }
    }

    update(date) {
        return this.props.record.update({ [this.props.name]: date });
    }

    onFocus() {
        this.state.isEditing = true;
    }

    onBlur() {
        this.state.isEditing = false;
    }

    onInput() {
        this.state.error = "";
    }

    openPicker(ev) {
        const button = ev.currentTarget;
        this.picker.open(button, {
            value: this.value,
            minDate: this.parseLimit(this.props.minDate),
            maxDate: this.parseLimit(this.props.maxDate),
            onSelect: (date) => this.update(date),
            onFocusLost: () => button.focus(),
        });
    }
}

/** In lists: both dates as text, Odoo's own input in the row that is edited. */
export class ListHijriDateField extends HijriDateField {
    static template = "npo_relations.ListHijriDateField";
    static components = { DateTimeField: ListDateTimeField };
}

const OPTIONS = ["min_date", "max_date", "warn_future", "numeric"];
// Two dates on one line; a column is given this much and may shrink to the first.
const LIST_WIDTHS = { date: [150, 270], datetime: [180, 330] };

export const hijriDateField = {
    ...dateField,
    component: HijriDateField,
    displayName: _t("Date, Hijri and Gregorian"),
    supportedOptions: dateField.supportedOptions.filter(({ name }) => OPTIONS.includes(name)),
    supportedTypes: ["date", "datetime"],
    extractProps: (fieldInfo, dynamicInfo) => {
        const base = fieldInfo.type === "datetime" ? dateTimeField : dateField;
        const props = base.extractProps(fieldInfo, dynamicInfo);
        return { ...props, startDateField: undefined, endDateField: undefined };
    },
    fieldDependencies: undefined,
    listViewWidth: ({ type }) => LIST_WIDTHS[type] || LIST_WIDTHS.date,
};

export const listHijriDateField = { ...hijriDateField, component: ListHijriDateField };

registry
    .category("fields")
    .add("npo_hijri_date", hijriDateField)
    .add("list.npo_hijri_date", listHijriDateField);
