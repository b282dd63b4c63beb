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
// A file that did not load fails without a failed test of its own.
const unloaded = (fresh?.testResults ?? []).filter(
  (file) =>
    file.status === "failed" && !file.assertionResults.some((one) => one.status === "failed"),
).length;
const passed = (fresh?.numPassedTests ?? 0) + (check === 0 ? 1 : 0);
const found = (fresh?.numFailedTests ?? 0) + unloaded;
// The run itself can fail beside every test: set-up, an error outside of any test.
const failed = (test !== 0 && found === 0 ? 1 : found) + (check === 0 ? 0 : 1);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
