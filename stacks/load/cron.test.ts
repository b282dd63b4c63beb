import { describe, expect, it } from "vitest";
import { cronFault, isSameTime } from "./cron.ts";

describe("cronFault", () => {
  it.each([
    "15 2 * * *",
    "*/5 * * * *",
    "0 0,12 1-15/2 JAN-MAR mon-fri",
    "0 0 29 2 *",
    "0 0 31 2 1",
    "5/15 * ? * *",
    "  0 3 * * 0 ",
  ])("takes %j", (text) => {
    expect(cronFault(text)).toBeUndefined();
  });

  it.each([
    [
      "* * * *",
      "the schedule has 4 fields: expected five (minute, hour, day of month, month, day of week)",
    ],
    [
      "0 0 0 * * *",
      "the schedule has 6 fields: expected five (minute, hour, day of month, month, day of week)",
    ],
    ["@daily", "@daily is a short form: expected five fields"],
    ["60 * * * *", 'the minute "60" cannot be read: expected 0 to 59, a range, a list, or */n'],
    ["* 24 * * *", 'the hour "24" cannot be read: expected 0 to 23, a range, a list, or */n'],
    ["* * 0 * *", 'the day of month "0" cannot be read: expected 1 to 31, a range, a list, or */n'],
    ["* * * foo *", 'the month "foo" cannot be read: expected 1 to 12, a range, a list, or */n'],
    ["* * * * 7", 'the day of week "7" cannot be read: expected 0 to 6, a range, a list, or */n'],
    ["*/0 * * * *", 'the minute "*/0" cannot be read: expected 0 to 59, a range, a list, or */n'],
    [
      "30-10 * * * *",
      'the minute "30-10" cannot be read: expected 0 to 59, a range, a list, or */n',
    ],
    ["1, * * * *", 'the minute "" cannot be read: expected 0 to 59, a range, a list, or */n'],
    ["0 0 L * *", 'the day of month "L" cannot be read: expected 1 to 31, a range, a list, or */n'],
    ["0 0 31 4,6 *", "the schedule never fires: no month named has day 31"],
    ["0 0 30 feb *", "the schedule never fires: no month named has day 30"],
  ])("fails on %j", (text, message) => {
    expect(cronFault(text)?.message).toBe(message);
  });

  it("says what to write for a short form and for a Sunday", () => {
    expect(cronFault("@daily")?.hint).toBe('write "0 0 * * *"');
    expect(cronFault("0 0 * * 7")?.hint).toBe("write 0 for Sunday");
  });
});

describe("isSameTime", () => {
  it.each([
    ["0 8 * * 1-5", "00 8 * * mon,tue-fri", true],
    ["0 8 * ? *", "0 8 * * *", true],
    ["*/30 * * * *", "0,30 * * * *", true],
    ["0 8 * * 1-5", "0 18 * * 1-5", false],
    ["0 8 * * 1", "0 8 1 * *", false],
  ])("of %j and %j is %j", (one, other, same) => {
    expect(isSameTime(one, other)).toBe(same);
  });
});
