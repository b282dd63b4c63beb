// `npm run check`: everything that can be said without running the product. All checks run; all failures are shown.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { command, dependencyBin, installDependencies, ROOT, script, step } from "./steps.mjs";

const workflows = () => {
  const folder = join(ROOT, ".github/workflows");
  return existsSync(folder)
    ? readdirSync(folder).map((file) => join(".github/workflows", file))
    : [];
};

const dependency =
  (name, ...args) =>
  (progress) =>
    command(dependencyBin(name), args, { progress });

/** A workflow checker of the cache, obtained where it lacks. */
const obtained = (name, args) => async (progress) => {
  const { entry } = await import("./build.mjs");
  const { CHECKERS } = await import(pathToFileURL(entry("setup")).href);
  await command(await CHECKERS[name]({ progress }), args(), { progress });
};

const CHECKS = {
  format: dependency("oxfmt", "--check", "."),
  lint: dependency("oxlint"),
  "import directions": dependency(
    "depcruise",
    "--config",
    ".dependency-cruiser.cjs",
    "stacks",
    "components",
    "policies",
    "tools",
  ),
  "unused code and dependencies": dependency("knip"),
  types: dependency("tsc", "--noEmit", "-p", "."),
  "workflows: syntax": obtained("actionlint", () => [
    "-no-color",
    "-shellcheck=",
    "-pyflakes=",
    ...workflows(),
  ]),
  "workflows: security": obtained("zizmor", () => [
    "--offline",
    "--no-progress",
    "--min-severity=medium",
    ".github",
  ]),
};

await script(async () => {
  await installDependencies();
  const failed = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    await step(name, check).catch((error) => failed.push([name, error]));
  }
  for (const [name, error] of failed)
    process.stderr.write(`\n${name}: ${error.message}\n${(error.output ?? "").trimEnd()}\n`);
  return failed.length > 0 ? 1 : 0;
});
