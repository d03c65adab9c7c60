/**
 * Hijri dates (Umm al-Qura, 1343-1500 AH) in the browser: the counterpart of
 * tools/hijri.py, on luxon dates. Outside the table conversions give null and
 * formatting leaves the Hijri part out; only parsing throws.
 */

import { FIRST_DAY, FIRST_YEAR, LAST_YEAR, MONTHS_BY_YEAR } from "./hijri_table";

const { DateTime, Settings } = luxon;

/**
 * @typedef {{ year: number, month: number, day: number }} HijriDate
 *  month and day start at 1
 */

export { FIRST_YEAR, LAST_YEAR };

export const MONTHS_AR = [
    "محرم",
    "صفر",
    "ربيع الأول",
    "ربيع الآخر",
    "جمادى الأولى",
    "جمادى الآخرة",
    "رجب",
    "شعبان",
    "رمضان",
    "شوال",
    "ذو القعدة",
    "ذو الحجة",
];
export const MONTHS_EN = [
    "Muharram",
    "Safar",
    "Rabi I",
    "Rabi II",
    "Jumada I",
    "Jumada II",
    "Rajab",
    "Shaban",
    "Ramadan",
    "Shawwal",
    "Dhu al-Qadah",
    "Dhu al-Hijjah",
];
const GREGORIAN_MONTHS_AR = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];
const OTHER_SPELLINGS = {
    المحرم: 1,
    "ربيع الثاني": 4,
    "جمادى الأول": 5,
    "جماد الأول": 5,
    "جمادى الآخر": 6,
    "جمادى الثانية": 6,
    "جمادى الثاني": 6,
    "جماد الثاني": 6,
    "ذي القعدة": 11,
    "ذي الحجة": 12,
};

const ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩";
const PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹";
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff\u064b-\u065f\u0670\u0640]/g;
const LETTERS = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ی: "ي", ة: "ه" };
const NUMERIC = /^(\d{1,4})\s*[/\-.\s]\s*(\d{1,2})\s*[/\-.\s]\s*(\d{1,4})$/;
const NAMED = /^(\d{1,4})\s*(\D+?)\s*(\d{1,4})$/;
const ERA = /\s*(ه|a\.?h\.?)\s*$/;
const MS_PER_DAY = 86_400_000;

/** Days since 1970-01-01 of each month's start, and of the day after the table. */
const MONTH_STARTS = [FIRST_DAY];
for (const digit of MONTHS_BY_YEAR.join("")) {
    MONTH_STARTS.push(MONTH_STARTS.at(-1) + 28 + Number(digit));
}

/** What people typed is no Hijri date; the field translates code and values. */
export class HijriError extends Error {
    /**
     * @param {"format" | "range" | "month" | "day"} code
     * @param {object} [values] for "day": day, month, year and the month's length
     */
    constructor(code, values = {}) {
        super(code);
        this.code = code;
        this.values = values;
    }
}

function monthIndex(year, month) {
    if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) {
        throw new HijriError("range", { year });
    }
    if (!(month >= 1 && month <= 12)) {
        throw new HijriError("month", { month });
    }
    return (year - FIRST_YEAR) * 12 + month - 1;
}

/**
 * @param {number} year
 * @param {number} month
 * @returns {number} days in the month
 */
export function monthLength(year, month) {
    const index = monthIndex(year, month);
    return MONTH_STARTS[index + 1] - MONTH_STARTS[index];
}

/**
 * @param {luxon.DateTime | false | null} date read as its own calendar day
 * @returns {HijriDate | null} null outside the table
 */
export function toHijri(date) {
    if (!date) {
        return null;
    }
    const days = Date.UTC(date.year, date.month - 1, date.day) / MS_PER_DAY;
    if (days < FIRST_DAY || days >= MONTH_STARTS.at(-1)) {
        return null;
    }
    let low = 0;
    let high = MONTH_STARTS.length - 1;
    while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (MONTH_STARTS[middle] <= days) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return {
        year: FIRST_YEAR + Math.floor(low / 12),
        month: (low % 12) + 1,
        day: days - MONTH_STARTS[low] + 1,
    };
}

/**
 * @param {HijriDate} hijri
 * @returns {luxon.DateTime} that day at midnight, local
 * @throws {HijriError} "range", "month" or "day"
 */
export function toGregorian({ year, month, day }) {
    const length = monthLength(year, month);
    if (!(day >= 1 && day <= length)) {
        throw new HijriError("day", { year, month, day, length });
    }
    const days = MONTH_STARTS[monthIndex(year, month)] + day - 1;
    const utc = new Date(days * MS_PER_DAY);
    return DateTime.local(utc.getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate());
}

/**
 * The same day some months away, clamped to the month's length and to the table.
 *
 * @param {HijriDate} hijri
 * @param {number} months
 * @returns {HijriDate}
 */
export function addHijriMonths({ year, month, day }, months) {
    const first = FIRST_YEAR * 12;
    const last = LAST_YEAR * 12 + 11;
    const index = Math.min(Math.max(year * 12 + month - 1 + months, first), last);
    const target = { year: Math.floor(index / 12), month: (index % 12) + 1 };
    return { ...target, day: Math.min(day, monthLength(target.year, target.month)) };
}

/**
 * @param {string} text
 * @returns {string} the text with the digits of any set as 0-9
 */
export function toLatinDigits(text) {
    return text
        .replace(/[٠-٩]/g, (digit) => ARABIC_DIGITS.indexOf(digit))
        .replace(/[۰-۹]/g, (digit) => PERSIAN_DIGITS.indexOf(digit));
}

/**
 * Numbers in the digits of a language; without one, of the user's.
 *
 * @param {string | number} text
 * @param {string} [lang]
 */
export function localizeDigits(text, lang) {
    const arabic = lang
        ? lang.startsWith("ar")
        : (Settings.defaultNumberingSystem || "latn") === "arab";
    return arabic ? `${text}`.replace(/\d/g, (digit) => ARABIC_DIGITS[digit]) : `${text}`;
}

function isArabic(lang) {
    return (lang || Settings.defaultLocale || "en").startsWith("ar");
}

function fold(text) {
    return toLatinDigits(text || "")
        .replace(INVISIBLE, "")
        .replace(/[أإآٱىیة]/g, (letter) => LETTERS[letter])
        .toLowerCase()
        .replace(/\s+/g, " ")
        .trim();
}

function nameKey(name) {
    return fold(name).replace(/[\s,،/-]/g, "");
}

const MONTHS_BY_NAME = Object.fromEntries([
    ...MONTHS_AR.map((name, index) => [nameKey(name), index + 1]),
    ...MONTHS_EN.map((name, index) => [nameKey(name), index + 1]),
    ...Object.entries(OTHER_SPELLINGS).map(([name, month]) => [nameKey(name), month]),
]);

/**
 * Reads 1447/09/10, 10-9-1447, ١٤٤٧/٩/١٠, «10 رمضان 1447هـ», "10 Ramadan 1447 AH".
 *
 * @param {string} text
 * @returns {HijriDate} a day that exists
 * @throws {HijriError}
 */
export function parseHijri(text) {
    const folded = fold(text).replace(ERA, "");
    const match = folded.match(NUMERIC) || folded.match(NAMED);
    const month = match && (Number(match[2]) || MONTHS_BY_NAME[nameKey(match[2])]);
    if (!match || (month === undefined && !/^\d+$/.test(match[2]))) {
        throw new HijriError("format", { text });
    }
    const [first, last] = [Number(match[1]), Number(match[3])];
    if ((first > 99) === (last > 99)) {
        throw new HijriError("format", { text });
    }
    const [year, day] = first > 99 ? [first, last] : [last, first];
    const hijri = { year, month: month || 0, day };
    toGregorian(hijri);
    return hijri;
}

/**
 * @param {luxon.DateTime | false | null} date
 * @param {string} [lang] code of a language, the user's by default
 * @returns {string} «١٠ رمضان ١٤٤٧هـ» or "10 Ramadan 1447 AH", "" outside the table
 */
export function formatHijri(date, lang) {
    const hijri = toHijri(date);
    if (!hijri) {
        return "";
    }
    const text = isArabic(lang)
        ? `${hijri.day} ${MONTHS_AR[hijri.month - 1]} ${hijri.year}هـ`
        : `${hijri.day} ${MONTHS_EN[hijri.month - 1]} ${hijri.year} AH`;
    return localizeDigits(text, lang);
}

/**
 * @param {luxon.DateTime | false | null} date
 * @param {string} [lang]
 * @returns {string} "1447/09/10", "" outside the table
 */
export function formatHijriNumeric(date, lang) {
    const hijri = toHijri(date);
    if (!hijri) {
        return "";
    }
    const [month, day] = [hijri.month, hijri.day].map((part) => `${part}`.padStart(2, "0"));
    return localizeDigits(`${hijri.year}/${month}/${day}`, lang);
}

/**
 * @param {luxon.DateTime | false | null} date
 * @param {string} [lang]
 * @returns {string} «٢٧ فبراير ٢٠٢٦م» or "27 February 2026"
 */
export function formatGregorian(date, lang) {
    if (!date) {
        return "";
    }
    if (isArabic(lang)) {
        const month = GREGORIAN_MONTHS_AR[date.month - 1];
        return localizeDigits(`${date.day} ${month} ${date.year}م`, lang);
    }
    const options = { locale: lang?.replace("_", "-") };
    return date.toFormat("d MMMM yyyy", lang ? options : undefined);
}

/**
 * @param {luxon.DateTime | false | null} date
 * @param {string} [lang]
 * @returns {string} both dates on one line, "" for no date
 */
export function formatBoth(date, lang) {
    return [formatHijri(date, lang), formatGregorian(date, lang)].filter(Boolean).join(" · ");
}
