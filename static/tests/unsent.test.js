/** What a counter keeps while its line is down: R104, R172, issue 8. */

import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, mockDate } from "@odoo/hoot-mock";
import { Unsent } from "@npo_relations/reception/unsent";

describe.current.tags("headless");

const NAME = { visitor_name: "Umm Ali" };

test("sent is how long ago somebody came, whatever the clock says", async () => {
    mockDate("1999-01-01 10:00:00");
    const unsent = new Unsent(7);
    const [line] = unsent.add(3, NAME);
    await advanceTime(90000);
    expect(unsent.told(line)).toEqual({ ...NAME, client_key: line.key, seconds_ago: 90 });
});

test("a clock that was set back makes nobody come later", () => {
    mockDate("2026-10-05 10:00:00");
    const unsent = new Unsent(8);
    const [line] = unsent.add(3, NAME);
    mockDate("2026-10-04 10:00:00");
    expect(unsent.told(line).seconds_ago).toBe(0);
});

test("what is refused stays, with the reason", () => {
    const unsent = new Unsent(9);
    const [{ key }] = unsent.add(3, NAME);
    expect(unsent.mark(key, "why")[0].error).toBe("why");
    expect(unsent.remove(key)).toEqual([]);
});
