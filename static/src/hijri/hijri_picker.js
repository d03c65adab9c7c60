import { Component, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { today } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import {
    addHijriMonths,
    FIRST_YEAR,
    formatBoth,
    formatGregorian,
    LAST_YEAR,
    localizeDigits,
    monthLength,
    MONTHS_AR,
    MONTHS_EN,
    toGregorian,
    toHijri,
} from "./hijri";

const { Info, Settings } = luxon;

/**
 * A month of the Hijri calendar to pick a day from: the grid pattern of the ARIA
 * authoring practices (arrows move by day and week, PageUp and PageDown by month,
 * with Shift by year, Home and End within the week). Esc is the popover's.
 */
export class HijriPicker extends Component {
    static template = "npo_relations.HijriPicker";
    static props = {
        value: { optional: true }, // luxon.DateTime or false
        minDate: { optional: true }, // luxon.DateTime
        maxDate: { optional: true },
        onSelect: Function,
        onFocusLost: Function, // the focus was inside when the picker went
        close: Function,
    };

    setup() {
        this.rootRef = useRef("root");
        this.gridRef = useRef("grid");
        this.today = toHijri(today());
        this.selected = toHijri(this.props.value);
        this.state = useState({
            focused: this.selected || this.today || { year: LAST_YEAR, month: 12, day: 1 },
            // Focus follows the arrows, but stays on the selects when they change.
            focusDay: true,
        });
        useEffect(
            () => {
                if (this.state.focusDay) {
                    this.gridRef.el?.querySelector("[tabindex='0']")?.focus();
                }
            },
            () => Object.values(this.state.focused)
        );
        onWillUnmount(() => {
            if (this.rootRef.el?.contains(document.activeElement)) {
                this.props.onFocusLost();
            }
        });
    }

    get isArabic() {
        return (Settings.defaultLocale || "").startsWith("ar");
    }

    get months() {
        return this.isArabic ? MONTHS_AR : MONTHS_EN;
    }

    get years() {
        return Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, index) => ({
            value: FIRST_YEAR + index,
            label: localizeDigits(FIRST_YEAR + index),
        }));
    }

    /** Weekday heads, from the day on which the user's week starts. */
    get weekdays() {
        const long = Info.weekdays("long");
        const short = Info.weekdays(this.isArabic ? "narrow" : "short");
        return Array.from({ length: 7 }, (_, index) => {
            const weekday = (localization.weekStart - 1 + index) % 7;
            return { id: weekday, short: short[weekday], long: long[weekday] };
        });
    }

    /** First and last Gregorian day of the month shown. */
    get gregorianSpan() {
        const { year, month } = this.state.focused;
        const first = toGregorian({ year, month, day: 1 });
        const last = toGregorian({ year, month, day: monthLength(year, month) });
        return `${formatGregorian(first)} – ${formatGregorian(last)}`;
    }

    /** Rows of seven cells; null is a place before or after the month. */
    get weeks() {
        const { year, month } = this.state.focused;
        const first = toGregorian({ year, month, day: 1 });
        const cells = Array((first.weekday - localization.weekStart + 7) % 7).fill(null);
        for (let day = 1; day <= monthLength(year, month); day++) {
            cells.push(this.makeCell({ year, month, day }, first.plus({ days: day - 1 })));
        }
        while (cells.length % 7) {
            cells.push(null);
        }
        const weeks = [];
        for (let index = 0; index < cells.length; index += 7) {
            weeks.push(cells.slice(index, index + 7));
        }
        return weeks;
    }

    makeCell(hijri, date) {
        return {
            hijri,
            label: localizeDigits(hijri.day),
            gregorianLabel: localizeDigits(date.day),
            description: formatBoth(date),
            isFocused: hijri.day === this.state.focused.day,
            isSelected: this.isSame(hijri, this.selected),
            isToday: this.isSame(hijri, this.today),
            isDisabled: !this.isAllowed(date),
        };
    }

    isSame(one, other) {
        return (
            Boolean(other) &&
            one.year === other.year &&
            one.month === other.month &&
            one.day === other.day
        );
    }

    isAllowed(date) {
        const { minDate, maxDate } = this.props;
        return !(minDate && date < minDate.startOf("day")) && !(maxDate && date > maxDate);
    }

    get isFirstMonth() {
        const { year, month } = this.state.focused;
        return year === FIRST_YEAR && month === 1;
    }

    get isLastMonth() {
        const { year, month } = this.state.focused;
        return year === LAST_YEAR && month === 12;
    }

    get labels() {
        return {
            dialog: _t("Hijri calendar"),
            previous: _t("Previous month"),
            next: _t("Next month"),
            month: _t("Hijri month"),
            year: _t("Hijri year"),
        };
    }

    moveTo(hijri, focusDay = false) {
        this.state.focusDay = focusDay;
        this.state.focused = hijri;
    }

    moveMonths(months, focusDay = false) {
        this.moveTo(addHijriMonths(this.state.focused, months), focusDay);
    }

    moveDays(days) {
        const hijri = toHijri(toGregorian(this.state.focused).plus({ days }));
        if (hijri) {
            this.moveTo(hijri, true);
        }
    }

    select(cell) {
        if (!cell.isDisabled) {
            this.props.onSelect(toGregorian(cell.hijri));
            this.props.close();
        }
    }

    onSelectMonth(ev) {
        this.moveMonths(Number(ev.target.value) - this.state.focused.month);
    }

    onSelectYear(ev) {
        this.moveMonths((Number(ev.target.value) - this.state.focused.year) * 12);
    }

    onToday() {
        this.moveTo(this.today, true);
    }

    onGridKeydown(ev) {
        const forward = localization.direction === "rtl" ? -1 : 1;
        const weekday = toGregorian(this.state.focused).weekday;
        const placeInWeek = (weekday - localization.weekStart + 7) % 7;
        const moves = {
            ArrowRight: () => this.moveDays(forward),
            ArrowLeft: () => this.moveDays(-forward),
            ArrowDown: () => this.moveDays(7),
            ArrowUp: () => this.moveDays(-7),
            Home: () => this.moveDays(-placeInWeek),
            End: () => this.moveDays(6 - placeInWeek),
            PageDown: () => this.moveMonths(ev.shiftKey ? 12 : 1, true),
            PageUp: () => this.moveMonths(ev.shiftKey ? -12 : -1, true),
        };
        if (moves[ev.key] && !ev.ctrlKey && !ev.altKey && !ev.metaKey) {
            ev.preventDefault();
            ev.stopPropagation();
            moves[ev.key]();
        }
    }
}
