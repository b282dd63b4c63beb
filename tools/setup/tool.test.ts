import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkoutRoot } from "./checkout.ts";
import { findMade, goRecipe, obtainMade, type Recipe } from "./tool.ts";
import { GO_TOOLS } from "./versions.ts";

let work: string;
let library: string;
let cache: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), "fairway-tool-"));
  // Beside the sources' own folder the checkout is found as ever.
  library = join(checkoutRoot(), ".fairway", `tool-test-${process.pid}.mjs`);
  const source = join(checkoutRoot(), "tools/setup/tool.ts");
  buildSync({
    entryPoints: [source],
    outfile: library,
    bundle: true,
    platform: "node",
    format: "esm",
  });
});
beforeEach(() => void (cache = mkdtempSync(join(work, "cache-"))));
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(library, { force: true });
});

const recipe = (make: Recipe["make"]): Recipe => ({
  name: "thing",
  version: "1.0",
  key: "tools/thing/1.0",
  bin: { thing: "thing" },
  cache,
  make,
});

const makes =
  (text: string): Recipe["make"] =>
  async (folder) =>
    writeFileSync(join(folder, "thing"), text);

/** A process that makes the thing in two halves, telling when the first is written. */
function maker(pause: number) {
  const code = `import { obtainMade } from ${JSON.stringify(library)}; import { appendFileSync } from "node:fs";
    const made = ${JSON.stringify(join(cache, "made"))};
    await obtainMade({ name: "thing", version: "1.0", key: "tools/thing/1.0", bin: { thing: "thing" }, cache: ${JSON.stringify(cache)},
      make: async (folder) => {
        appendFileSync(folder + "/thing", "first "); appendFileSync(made, "x"); console.log("half");
        await new Promise((r) => setTimeout(r, ${pause})); appendFileSync(folder + "/thing", "second");
      } });`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

describe("a tool in the cache", () => {
  test("is made once for two processes at once", async () => {
    const makers = [maker(200), maker(200)];
    const exits = await Promise.all(makers.map((child) => once(child, "exit")));
    expect(exits.map(([code]) => code)).toEqual([0, 0]);
    expect(readFileSync(join(cache, "made"), "utf8")).toBe("x");
    expect(readFileSync(join(cache, "tools/thing/1.0/thing"), "utf8")).toBe("first second");
  });

  test("is not there by half after its maker was killed, and the next maker sweeps what was left", async () => {
    const child = maker(60_000);
    await once(child.stdout!, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await findMade(recipe(makes("")))).toBeUndefined();
    expect(existsSync(join(cache, "tools/thing/1.0"))).toBe(false);
    const tool = await obtainMade(recipe(makes("whole")));
    expect(readFileSync(tool.bin["thing"]!, "utf8")).toBe("whole");
    expect(
      readdirSync(join(cache, "tools/thing")).filter((name) => name.includes("draft")),
    ).toEqual([]);
  });

  test("is not there after a maker failed", async () => {
    const failing = recipe(async (folder) => {
      writeFileSync(join(folder, "thing"), "half");
      throw new Error("no space");
    });
    await expect(obtainMade(failing)).rejects.toThrow("no space");
    expect(
      readdirSync(join(cache, "tools/thing")).filter((name) => !name.includes(".lock.")),
    ).toEqual([]);
  });

  test("is made anew where a file was changed, and kept where only its time was", async () => {
    const { bin } = await obtainMade(recipe(makes("one")));
    utimesSync(bin["thing"]!, 1, 1);
    expect((await findMade(recipe(makes("two"))))?.version).toBe("1.0");
    writeFileSync(bin["thing"]!, "eno");
    utimesSync(bin["thing"]!, 2, 2);
    expect(await findMade(recipe(makes("two")))).toBeUndefined();
    await obtainMade(recipe(makes("two")));
    expect(readFileSync(bin["thing"]!, "utf8")).toBe("two");
    appendFileSync(bin["thing"]!, "more");
    expect(await findMade(recipe(makes("two")))).toBeUndefined();
  });
});

describe("the pinned Go tools", () => {
  test.each(Object.entries(GO_TOOLS))(
    "%s is pinned in its go.mod as in versions.json",
    (_, tool) => {
      const lines = readFileSync(join(checkoutRoot(), tool.module, "go.mod"), "utf8")
        .split("\n")
        .map((line) =>
          line
            .replace(/^(tool|require) /, "")
            .replace(" // indirect", "")
            .trim(),
        );
      expect(lines).toEqual(
        expect.arrayContaining(Object.entries(tool.pins).map((pin) => pin.join(" "))),
      );
      expect(lines).toEqual(expect.arrayContaining(Object.values(tool.packages)));
    },
  );

  test("name the engine that the SDK belongs to", () => {
    const { dependencies } = JSON.parse(
      readFileSync(join(checkoutRoot(), "package.json"), "utf8"),
    ) as { dependencies: Record<string, string> };
    expect(GO_TOOLS.engine.version).toBe(dependencies["@pulumi/pulumi"]);
  });

  test("get another place when a version or a build setting changes", () => {
    const { engine } = GO_TOOLS;
    const keys = [engine, { ...engine, ldflags: "" }, { ...engine, version: "3.256.0" }].map(
      (tool) => goRecipe("engine", tool).key,
    );
    expect(new Set(keys).size).toBe(3);
  });

  test.each([
    ["FW8002", "Go is missing", "PATH", "/nowhere", 0],
    ["FW8003", "its modules cannot be reached, tried again", "GOPROXY", "http://127.0.0.1:1", 2],
  ])("fail with %s where %s", async (code, _, variable, value, again) => {
    const before = process.env[variable];
    const module = mkdtempSync(join(work, "module-"));
    writeFileSync(
      join(module, "go.mod"),
      "module x\n\ngo 1.21\n\nrequire example.com/nowhere v1.0.0\n",
    );
    const sum = `h1:${Buffer.alloc(32).toString("base64")}`;
    writeFileSync(
      join(module, "go.sum"),
      `example.com/nowhere v1.0.0 ${sum}\nexample.com/nowhere v1.0.0/go.mod ${sum}\n`,
    );
    const tool = {
      ...GO_TOOLS.actionlint,
      module: relative(checkoutRoot(), module),
      packages: { nowhere: "example.com/nowhere" },
    };
    try {
      process.env[variable] = value;
      const told: string[] = [];
      const made = obtainMade(
        { ...goRecipe("nowhere", tool), cache },
        { progress: (text) => void told.push(text) },
      );
      await expect(made).rejects.toMatchObject({
        problems: [{ code, hint: expect.stringMatching(/^install Go .* module proxy/) as unknown }],
      });
      expect(told.filter((text) => text.includes("trying again"))).toHaveLength(again);
    } finally {
      if (before === undefined) delete process.env[variable];
      else process.env[variable] = before;
    }
  });
});
