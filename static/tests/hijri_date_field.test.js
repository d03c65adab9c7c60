/** The date field in two calendars: D08. */

import { describe, expect, queryAll, queryFirst, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    clickSave,
    contains,
    defineModels,
    defineParams,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Person extends models.Model {
    _name = "person";

    name = fields.Char();
    birth = fields.Date({ string: "Date of birth" });
    seen = fields.Datetime();

    _records = [
        { id: 1, name: "A", birth: "2026-02-27", seen: "2026-02-27 09:00:00" },
        { id: 2, name: "B", birth: false },
        { id: 3, name: "C", birth: "1900-01-01" },
    ];
}

// The back office asks for the models of the mail application.
defineMailModels();
defineModels([Person]);

const ARCH = `<form><field name="birth" widget="npo_hijri_date"/><field name="name"/></form>`;
const INPUT = ".o_npo_hijri_input";
const FIELD = ".o_field_widget[name='birth']";

/** @param {object} [params] */
function mountForm(params = {}) {
    return mountView({ type: "form", resModel: "person", resId: 1, arch: ARCH, ...params });
}

function expectSaved(birth) {
    onRpc("web_save", ({ args }) => {
        expect.step(args[1].birth);
    });
    return clickSave().then(() => expect.verifySteps([birth]));
}

test("both dates are shown, and the Hijri one is short while it is edited", async () => {
    mockDate("2025-06-01 12:00:00");
    await mountForm();
    expect(`${FIELD} .o_field_date, ${FIELD} button[data-field='birth']`).toHaveText(
        "Feb 27, 2026"
    );
    expect(INPUT).toHaveValue("10 Ramadan 1447 AH");
    expect(INPUT).toHaveAttribute("aria-label", "Date of birth, Hijri date");

    await contains(INPUT).focus();
    expect(INPUT).toHaveValue("1447/09/10");
    await contains("[name='name'] input").focus();
    expect(INPUT).toHaveValue("10 Ramadan 1447 AH");
});

test("a Hijri date typed sets the Gregorian one", async () => {
    await mountForm();
    await contains(INPUT).edit("1447/09/12");
    await expectSaved("2026-03-01");
});

test("Arabic digits and month names are understood", async () => {
    await mountForm();
    await contains(INPUT).edit("١٠ جمادى الآخرة ١٤٤٥هـ");
    await expectSaved("2023-12-23");
});

test("emptying the Hijri input empties the field", async () => {
    await mountForm();
    await contains(INPUT).edit("");
    await expectSaved(false);
});

test("an impossible date says why and changes nothing", async () => {
    await mountForm();
    for (const [text, message] of [
        ["1445/01/30", "Muharram 1445 AH has 29 days."],
        ["1445/13/01", "The month must be from 1 to 12."],
        ["2026/02/27", "Hijri years go from 1343 to 1500 here."],
        ["tomorrow", "Write the Hijri date like 1447/09/10."],
    ]) {
        await contains(INPUT).edit(text);
        await animationFrame();
        expect(".o_npo_hijri_error").toHaveText(message);
        expect(INPUT).toHaveValue(text);
        expect(INPUT).toHaveAttribute("aria-invalid", "true");
        expect(FIELD).toHaveClass("o_field_invalid");
        expect(`${FIELD} button[data-field='birth']`).toHaveCount(1);
    }
    expect(".o_form_button_save:enabled").toHaveCount(0);

    await contains(INPUT).edit("1447/09/10");
    expect(".o_npo_hijri_error").toHaveText("");
    expect(FIELD).not.toHaveClass("o_field_invalid");
    expect(INPUT).toHaveValue(/1447/);
});

test("a Hijri date typed into Odoo's own input is taken for what it is", async () => {
    defineParams({ lang_parameters: { date_format: "%d/%m/%Y" } });
    await mountForm();
    await contains(`${FIELD} button[data-field='birth']`).click();
    await contains(`${FIELD} input[data-field='birth']`).edit("12/09/1447");
    await animationFrame();
    await expectSaved("2026-03-01");
});

test("limits of the view hold for Hijri dates", async () => {
    mockDate("2026-03-01 12:00:00");
    await mountForm({
        arch: `<form><field name="birth" widget="npo_hijri_date" options="{'max_date': 'today'}"/></form>`,
    });
    await contains(INPUT).edit("1447/09/13");
    await animationFrame();
    expect(".o_npo_hijri_error").toHaveText("Choose 12 Ramadan 1447 AH or earlier.");
    await contains(".o_npo_hijri_open").click();
    expect("[data-day='12']").toHaveAttribute("aria-disabled", "false");
    expect("[data-day='13']").toHaveAttribute("aria-disabled", "true");
});

test("read-only, the two dates stand on one line", async () => {
    await mountForm({
        arch: `<form><field name="birth" widget="npo_hijri_date" readonly="1"/></form>`,
    });
    expect(".o_npo_two_dates").toHaveText("10 Ramadan 1447 AH · 27 February 2026");
    expect(".o_npo_two_dates bdi").toHaveCount(2);
    expect(INPUT).toHaveCount(0);
});

test("outside the table there is only the Gregorian date", async () => {
    await mountForm({
        resId: 3,
        arch: `<form><field name="birth" widget="npo_hijri_date" readonly="1"/></form>`,
    });
    expect(".o_npo_two_dates").toHaveText("1 January 1900");
});

test("in a list the dates are text, and rows are edited with Odoo's own input", async () => {
    await mountView({
        type: "list",
        resModel: "person",
        arch: `<list editable="bottom"><field name="birth" widget="npo_hijri_date"/><field name="name"/></list>`,
    });
    expect(queryAllTexts(".o_data_cell[name='birth']")).toEqual([
        "10 Ramadan 1447 AH · 27 February 2026",
        "",
        "1 January 1900",
    ]);
    await contains(".o_data_row:first .o_data_cell[name='birth']").click();
    expect(`${FIELD} input, ${FIELD} button`).toHaveCount(1);
});

test("a datetime shows its Hijri date, and is edited as ever", async () => {
    await mountForm({
        arch: `<form><field name="seen" widget="npo_hijri_date"/></form>`,
    });
    expect("[name='seen']").toHaveText(/10 Ramadan 1447 AH/);
    expect("[name='seen'] button[data-field='seen']").toHaveCount(1);
    expect(INPUT).toHaveCount(0);
});

test("a day is picked from the Hijri calendar", async () => {
    await mountForm();
    await contains(".o_npo_hijri_open").click();
    expect(".o_npo_hijri_picker").toHaveCount(1);
    expect(".o_npo_hijri_picker").toHaveAttribute("role", "dialog");
    expect(".o_npo_hijri_day").toHaveCount(30);
    expect(".o_npo_selected").toHaveText("10\n27");
    expect(queryFirst(".o_npo_hijri_month").value).toBe("9");
    expect(queryFirst(".o_npo_hijri_year").value).toBe("1447");

    await contains(".o_npo_hijri_next").click();
    expect(queryFirst(".o_npo_hijri_month").value).toBe("10");
    expect(".o_npo_hijri_day").toHaveCount(29);
    await contains("[data-day='12']").click();
    expect(".o_npo_hijri_picker").toHaveCount(0);
    await expectSaved("2026-03-31");
});

test("the calendar is worked by keyboard", async () => {
    await mountForm();
    await contains(".o_npo_hijri_open").click();
    await animationFrame();
    expect("[data-day='10']").toBeFocused();
    for (const [key, day, month] of [
        ["ArrowRight", "11", "9"],
        ["ArrowDown", "18", "9"],
        ["ArrowLeft", "17", "9"],
        ["ArrowUp", "10", "9"],
        ["PageDown", "10", "10"],
        ["PageUp", "10", "9"],
        ["ArrowUp", "3", "9"],
        ["ArrowUp", "25", "8"],
    ]) {
        await press(key);
        await animationFrame();
        expect(`[data-day='${day}']`).toBeFocused({ message: key });
        expect(queryFirst(".o_npo_hijri_month").value).toBe(month);
    }
    await press("Escape");
    await animationFrame();
    expect(".o_npo_hijri_picker").toHaveCount(0);
    expect(".o_npo_hijri_open").toBeFocused();
});

test("month and year are chosen directly", async () => {
    await mountForm({ resId: 2 });
    await contains(".o_npo_hijri_open").click();
    await contains(".o_npo_hijri_year").select("1380");
    await contains(".o_npo_hijri_month").select("1");
    expect(queryAll(".o_npo_hijri_day").length).toBeWithin(29, 30);
    await contains("[data-day='1']").click();
    await expectSaved("1960-06-25");
});

test("in Arabic: digits, names, direction and week", async () => {
    defineParams({ lang: "ar_001", lang_parameters: { direction: "rtl", week_start: 7 } });
    await mountForm();
    expect(INPUT).toHaveValue("١٠ رمضان ١٤٤٧هـ");
    await contains(INPUT).focus();
    expect(INPUT).toHaveValue("١٤٤٧/٠٩/١٠");
    await contains(".o_npo_hijri_open").click();
    await animationFrame();
    expect(queryAllTexts(".o_npo_hijri_grid th")).toEqual(["ح", "ن", "ث", "ر", "خ", "ج", "س"]);
    expect(".o_npo_selected").toHaveAttribute(
        "aria-label",
        "١٠ رمضان ١٤٤٧هـ · ٢٧ فبراير ٢٠٢٦م"
    );
    await press("ArrowLeft");
    await animationFrame();
    expect("[data-day='11']").toBeFocused();
});
