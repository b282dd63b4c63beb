// What .ci/run does: check, then test, then the count of what passed and failed; the check counts as one.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { foreground, ROOT } from "./steps.mjs";

const RESULT = join(ROOT, ".fairway/test/result.json");

const run = (name) => foreground(process.execPath, [`tools/setup/${name}.mjs`]);

const check = await run("check");
const begin = Date.now();
const test = await run("test");
const result = existsSync(RESULT) ? JSON.parse(readFileSync(RESULT, "utf8")) : undefined;
// A result of an earlier run says nothing about this one.
const fresh = result && result.startTime >= begin ? result : undefined;
const passed = (fresh?.numPassedTests ?? 0) + (check === 0 ? 1 : 0);
const named = (fresh?.numFailedTests ?? 0) + (check === 0 ? 0 : 1);
// A file that did not load, an error outside of any test, a run that never began: failures without a failed test.
const failed =
  test !== 0 && (fresh?.numFailedTests ?? 0) === 0
    ? named + Math.max(1, fresh?.numFailedTestSuites ?? 1)
    : named;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
