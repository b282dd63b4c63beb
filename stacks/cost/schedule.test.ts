import { expect, test } from "vitest";
import { runsOf } from "./schedule.ts";

const DAYS = 365 / 12;
test.each([
  ["* * * * *", 60 * 24 * DAYS],
  ["*/15 * * * *", 4 * 24 * DAYS],
  ["15 2 * * *", DAYS],
  ["0 8-18/2 * * *", 6 * DAYS],
  ["0 0,12 * * *", 2 * DAYS],
  ["0 3 * * 1-5", (DAYS * 5) / 7],
  ["0 3 * * mon-fri", (DAYS * 5) / 7],
  ["0 3 * * sun", DAYS / 7],
  ["0 0 1 * *", DAYS / 31],
  ["0 0 1 jan-mar *", (DAYS / 31) * (3 / 12)],
  ["10/20 * * * *", 3 * 24 * DAYS],
  // Either day counts: the 1st, and Sundays.
  ["0 0 1 * 0", DAYS * (1 - (30 / 31) * (6 / 7))],
])("%s runs %d times a month", (cron, runs) => {
  expect(runsOf(cron)).toBeCloseTo(runs, 9);
});
