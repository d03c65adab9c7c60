import { browser } from "@web/core/browser/browser";

/**
 * What the counter registered and the server does not have yet. Each visitor is kept in
 * the browser with a key of its own before it is sent: a line that breaks, a page that
 * is closed, a press too many lose nobody and count nobody twice.
 *
 * A number that was typed (identity, mobile) is never kept here.
 */
export class Unsent {
    /** @param {number} userId each user of a shared computer has a list of their own */
    constructor(userId) {
        this.place = `npo_reception_unsent_${userId}`;
    }

    read() {
        try {
            return JSON.parse(browser.localStorage.getItem(this.place)) || [];
        } catch {
            return [];
        }
    }

    write(lines) {
        if (lines.length) {
            browser.localStorage.setItem(this.place, JSON.stringify(lines));
        } else {
            browser.localStorage.removeItem(this.place);
        }
        return lines;
    }

    add(siteId, visitor) {
        const key = newKey();
        const line = { key, siteId, visitor, kept: Date.now(), error: "" };
        return this.write([...this.read(), line]);
    }

    /**
     * Returns what is sent of a visitor: how long ago they came, since the clock of this
     * computer may be wrong, and one that was set back meanwhile says nothing.
     */
    told({ key, visitor, kept }) {
        const seconds = Math.round((Date.now() - kept) / 1000);
        return { ...visitor, client_key: key, seconds_ago: Math.max(0, seconds) };
    }

    remove(key) {
        return this.write(this.read().filter((line) => line.key !== key));
    }

    mark(key, error) {
        const marked = (line) => (line.key === key ? { ...line, error } : line);
        return this.write(this.read().map(marked));
    }
}

function newKey() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Returns the digit of a key, by its place or its sign in either script; else null. */
export function digitOf(ev) {
    if (ev.altKey || ev.ctrlKey || ev.metaKey) {
        return null;
    }
    const place = /^(?:Digit|Numpad)([0-9])$/.exec(ev.code || "");
    if (place && !ev.shiftKey) {
        return Number(place[1]);
    }
    const arabic = "٠١٢٣٤٥٦٧٨٩".indexOf(ev.key);
    if (arabic >= 0) {
        return arabic;
    }
    return /^[0-9]$/.test(ev.key) ? Number(ev.key) : null;
}
