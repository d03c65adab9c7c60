/** Hijri dates in the browser: D08, glossary 28. */

import { describe, expect, test } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import {
    addHijriMonths,
    formatBoth,
    formatGregorian,
    formatHijri,
    formatHijriNumeric,
    HijriError,
    monthLength,
    parseHijri,
    toGregorian,
    toHijri,
} from "@npo_relations/hijri/hijri";

const { DateTime, Settings } = luxon;

describe.current.tags("headless");

const hijri = (year, month, day) => ({ year, month, day });

function errorCode(callback) {
    try {
        callback();
    } catch (error) {
        expect(error).toBeInstanceOf(HijriError);
        return error.code;
    }
    return "";
}

test("known dates convert both ways", () => {
    for (const [date, iso] of [
        [hijri(1445, 6, 10), "2023-12-23"],
        [hijri(1445, 1, 23), "2023-08-10"],
        [hijri(1447, 9, 12), "2026-03-01"],
        [hijri(1447, 10, 12), "2026-03-31"],
        [hijri(1343, 1, 1), "1924-08-01"],
        [hijri(1500, 12, 30), "2077-11-16"],
    ]) {
        expect(toHijri(DateTime.fromISO(iso))).toEqual(date);
        expect(toGregorian(date).toISODate()).toBe(iso);
    }
});

test("days round-trip over the whole table", () => {
    for (let day = DateTime.local(1924, 8, 1); day.year < 2077; day = day.plus({ days: 97 })) {
        const back = toGregorian(toHijri(day)).toISODate();
        if (back !== day.toISODate()) {
            expect(back).toBe(day.toISODate());
        }
    }
    expect(monthLength(1445, 1)).toBe(29);
    expect(monthLength(1500, 12)).toBe(30);
});

test("outside the table only the Gregorian date is shown", () => {
    for (const iso of ["1924-07-31", "2077-11-17", "1900-01-01"]) {
        const date = DateTime.fromISO(iso);
        expect(toHijri(date)).toBe(null);
        expect(formatHijri(date, "ar")).toBe("");
        expect(formatHijriNumeric(date, "ar")).toBe("");
        expect(formatBoth(date, "en")).toBe(formatGregorian(date, "en"));
    }
    expect(toHijri(false)).toBe(null);
    expect(formatBoth(false, "ar")).toBe("");
});

test("dates are written in the digits and names of the language", () => {
    const date = DateTime.fromISO("2026-02-27");
    expect(formatHijri(date, "ar_001")).toBe("١٠ رمضان ١٤٤٧هـ");
    expect(formatHijri(date, "en_US")).toBe("10 Ramadan 1447 AH");
    expect(formatHijriNumeric(date, "ar")).toBe("١٤٤٧/٠٩/١٠");
    expect(formatHijriNumeric(date, "en")).toBe("1447/09/10");
    expect(formatBoth(date, "ar")).toBe("١٠ رمضان ١٤٤٧هـ · ٢٧ فبراير ٢٠٢٦م");
    expect(formatBoth(date, "en_US")).toBe("10 Ramadan 1447 AH · 27 February 2026");
});

test("the language of the user is the default", () => {
    patchWithCleanup(Settings, { defaultLocale: "ar-001", defaultNumberingSystem: "arab" });
    expect(formatHijri(DateTime.local(2026, 2, 27))).toBe("١٠ رمضان ١٤٤٧هـ");
    expect(formatGregorian(DateTime.local(2026, 2, 27))).toBe("٢٧ فبراير ٢٠٢٦م");
});

test("typed dates are read", () => {
    for (const text of [
        "1447/09/10",
        "1447-9-10",
        "10/09/1447",
        " 10 . 9 . 1447 ",
        "١٤٤٧/٩/١٠",
        "۱۴۴۷/۹/۱۰",
        "\u200f١٠/٩/١٤٤٧هـ",
        "10 رمضان 1447هـ",
        "١٠ رمضان ١٤٤٧",
        "10 Ramadan 1447 AH",
    ]) {
        expect(parseHijri(text)).toEqual(hijri(1447, 9, 10), { message: text });
    }
    expect(parseHijri("10 جمادي الاخره 1445")).toEqual(hijri(1445, 6, 10));
    expect(parseHijri("1 ذي الحجة 1445")).toEqual(hijri(1445, 12, 1));
});

test("what is no date has a code", () => {
    for (const [text, code] of [
        ["", "format"],
        ["غدا", "format"],
        ["45/06/10", "format"],
        ["1445/06/1445", "format"],
        ["10 فبراير 1445", "format"],
        ["2023/12/23", "range"],
        ["1342/12/29", "range"],
        ["1445/13/01", "month"],
        ["1445/00/01", "month"],
        ["1445/01/30", "day"],
        ["1445/01/00", "day"],
    ]) {
        expect(errorCode(() => parseHijri(text))).toBe(code, { message: text });
    }
});

test("months are added within the month's length and the table", () => {
    expect(addHijriMonths(hijri(1444, 12, 30), 1)).toEqual(hijri(1445, 1, 29));
    expect(addHijriMonths(hijri(1447, 1, 5), -1)).toEqual(hijri(1446, 12, 5));
    expect(addHijriMonths(hijri(1447, 9, 10), 12)).toEqual(hijri(1448, 9, 10));
    expect(addHijriMonths(hijri(1500, 11, 29), 24)).toEqual(hijri(1500, 12, 29));
    expect(addHijriMonths(hijri(1343, 2, 1), -24)).toEqual(hijri(1343, 1, 1));
});
