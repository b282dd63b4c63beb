// `npm test`: everything that proves the product, with fixed seeds. `--full`: the same at full size with a random seed, which
// is printed, and tools/test/full.json written when all passed. Other arguments go to vitest: `npm test -- stacks/plan`.
import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dependencyBin, foreground, installDependencies, ROOT, script, step } from "./steps.mjs";

/** Where vitest leaves its result for tools/setup/ci.mjs; git-ignored. */
const RESULT = join(ROOT, ".fairway/test/result.json");
const FIXED_SEED = 20_260_101;

const git = (...args) => execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();

function tested() {
  if (git("status", "--porcelain") !== "")
    throw new Error(
      "the full run is recorded for a commit, and there are changes that are not committed",
    );
  return git("rev-parse", "HEAD");
}

function record(commit, seed, begin) {
  const result = JSON.parse(readFileSync(RESULT, "utf8"));
  const round = (ms) => Math.round(ms / 100) / 10;
  const files = result.testResults
    .map((file) => [
      file.name.slice(ROOT.length).replace(/^\//, ""),
      round(file.endTime - file.startTime),
    ])
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const counts = {
    files: files.length,
    tests: result.numTotalTests,
    passed: result.numPassedTests,
    failed: result.numFailedTests,
  };
  const durations = {
    unit: "s",
    total: round(performance.now() - begin),
    files: Object.fromEntries(files),
  };
  writeFileSync(
    join(ROOT, "tools/test/full.json"),
    `${JSON.stringify({ commit, seed, counts, durations }, null, 2)}\n`,
  );
}

await script(async () => {
  const args = process.argv.slice(2).filter((argument) => argument !== "--full");
  const full = process.argv.includes("--full");
  const begin = performance.now();
  await installDependencies();
  const commit = full ? tested() : "";
  const { entry } = await import("./build.mjs");
  const { TEST_STEPS } = await import(pathToFileURL(entry("setup")).href);
  for (const { name, run } of TEST_STEPS) await step(name, (progress) => run({ progress }));

  const seed = full ? randomInt(2 ** 31 - 1) : FIXED_SEED;
  if (full) process.stderr.write(`seed: ${seed}\n`);
  rmSync(RESULT, { force: true });
  mkdirSync(join(RESULT, ".."), { recursive: true });
  const code = await foreground(
    dependencyBin("vitest"),
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${RESULT}`, ...args],
    {
      FAIRWAY_TEST_SEED: String(seed),
      FAIRWAY_TEST_SIZE: full ? "full" : "normal",
    },
  );
  if (full && code === 0 && args.length === 0) record(commit, seed, begin);
  return code;
});
