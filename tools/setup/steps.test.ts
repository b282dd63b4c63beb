import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkoutRoot } from "./checkout.ts";

let root: string;

/** A checkout whose `npm` is a script: what is proven is what happens around it. */
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "fairway-steps-")));
  for (const file of [
    "package.json",
    "package-lock.json",
    ".npmrc",
    "tools/setup/build.mjs",
    "tools/setup/dependencies.mjs",
    "tools/setup/steps.mjs",
  ])
    cpSync(join(checkoutRoot(), file), join(root, file));
  mkdirSync(join(root, "bin"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** `npm` as that shell script; its last words are npm's own note of what it installed. */
function npm(script: string): void {
  const path = join(root, "bin/npm");
  const note = "mkdir node_modules\ncp package-lock.json node_modules/.package-lock.json";
  writeFileSync(
    path,
    `#!/bin/sh\nset -e\n${script}\n${note}\necho $name >node_modules/installer\n`,
  );
  chmodSync(path, 0o755);
}

/** A set-up that only installs; resolves to its exit code and what it wrote. */
async function install(): Promise<{ code: number | null; output: string }> {
  const code = `import { installDependencies, script } from ${JSON.stringify(join(root, "tools/setup/steps.mjs"))};
    await script(() => installDependencies());`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    env: { PATH: `${join(root, "bin")}:/usr/bin:/bin`, CI: "true" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [ended] = (await once(child, "close")) as [number | null];
  return { code: ended, output };
}

const installer = (): string => readFileSync(join(root, "node_modules/installer"), "utf8").trim();
const drafts = (): string[] => readdirSync(join(root, ".fairway"));

describe("the locked dependencies", () => {
  test("are installed once, with one line where there is no terminal, and then left alone", async () => {
    npm("name=first");
    const { code, output } = await install();
    expect(code).toBe(0);
    expect(output).toMatch(/^install the locked dependencies … done \([\d.]+ s\)\n$/);
    expect(await install()).toEqual({ code: 0, output: "" });
    expect([installer(), drafts()]).toEqual(["first", []]);
  });

  test("of two set-ups at once are those of the faster one, and stay under it", async () => {
    // The first ends when both run, the second when the first's are in place.
    npm(`if mkdir ${root}/one 2>/dev/null; then
  name=fast; until [ -d ${root}/two ]; do sleep 0.05; done
else
  name=slow; mkdir ${root}/two; until [ -d ${root}/node_modules ]; do sleep 0.05; done
fi`);
    const both = await Promise.all([install(), install()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect([installer(), drafts()]).toEqual(["fast", []]);
  });

  test("are whole or not there after a failure, which shows what npm said", async () => {
    npm("mkdir node_modules; echo no network >&2; exit 1");
    const { code, output } = await install();
    expect(code).toBe(1);
    expect(output).toContain("no network");
    expect([existsSync(join(root, "node_modules")), drafts()]).toEqual([false, []]);
  });
});
