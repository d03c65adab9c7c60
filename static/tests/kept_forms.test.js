/** What a device keeps of a study while the connection is lost: P013, issue 4. */

import { describe, expect, test } from "@odoo/hoot";
import { clean, forget, keep, keyOf, LONGEST, recall } from "@npo_relations/assessment/kept_forms";

describe.current.tags("headless");

class Device {
    setItem(key, value) {
        this[key] = value;
    }
    getItem(key) {
        return Object.hasOwn(this, key) ? this[key] : null;
    }
    removeItem(key) {
        delete this[key];
    }
}

test("what was typed comes back, without health", () => {
    const device = new Device();
    keep(7, 5, { story: "x", family_problems: "quarrel", health_line_ids: [[0, 0, {}]] }, {}, device);
    expect(recall(7, 5, device).changes).toEqual({ story: "x" });
    expect(device[keyOf(7, 5)].includes("quarrel")).toBe(false);
    forget(7, 5, device);
    expect(recall(7, 5, device)).toBe(null);
});

test("another user finds nothing, nor does who logs in after a logout", () => {
    const device = new Device();
    device.other = "stays";
    keep(7, 5, { story: "x" }, {}, device);
    keep(8, 5, { story: "z" }, {}, device);
    clean(8, device);
    expect(recall(7, 5, device)).toBe(null);
    expect(recall(8, 5, device).changes).toEqual({ story: "z" });
    clean(false, device);
    expect(Object.keys(device)).toEqual(["other"]);
});

test("a day at most, and nothing of what cannot be read", () => {
    const device = new Device();
    const old = { changes: { story: "x" }, at: Date.now() - LONGEST - 1 };
    device[keyOf(7, "new")] = JSON.stringify(old);
    device[keyOf(7, 1)] = "{";
    expect(recall(7, false, device)).toBe(null);
    expect(recall(7, 1, device)).toBe(null);
    clean(7, device);
    expect(Object.keys(device)).toEqual([]);
});
