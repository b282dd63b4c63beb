import { execFile, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { loadWorkspace } from "../../load/workspace.ts";
import { planWorkspace } from "../../plan/workspace.ts";
import { TEMPLATES } from "../templates.ts";
import { contextOf, input, problemsOf } from "../testing.ts";
import { run } from "./new.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "fairway-new-"));
  folders.push(folder);
  return folder;
}

/** A root with the checkout's environments and no service. */
function emptyRoot(): string {
  const root = temporary();
  cpSync(path.join(checkoutRoot(), "environments"), path.join(root, "environments"), {
    recursive: true,
  });
  return root;
}

const filesOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()
    : ["(none)"];

test("the table of templates names the folders, each with code and a descriptor", () => {
  const folder = path.join(checkoutRoot(), "components", "templates");
  expect(Object.keys(TEMPLATES).toSorted()).toEqual(readdirSync(folder).toSorted());
});

test.each(Object.keys(TEMPLATES))(
  "%s gives a service that plans in all environments, with docs and its API's file",
  async (template) => {
    const root = emptyRoot();
    const result = await run(contextOf(root), input([template, "cart"], { owner: "shop" }));
    expect(result.exit).toBe(0);
    const folder = path.join(root, "services", "cart");
    const workspace = await loadWorkspace(root);
    expect(workspace.problems).toEqual([]);
    const environments = Object.keys(workspace.environments);
    expect(environments.toSorted()).toEqual(["dev", "local", "prod", "staging"]);
    const { plans, problems } = planWorkspace(workspace, { environments });
    expect(problems).toEqual([]);
    expect(plans.filter((plan) => plan.name === "cart").length).toBe(4);
    // Nothing is released yet, which only refuses where an environment demands a release.
    const told = plans.flatMap((plan) => [...plan.refusals, ...plan.notes]);
    expect(told.filter(({ message }) => !/release/.test(message))).toEqual([]);
    expect(readFileSync(path.join(folder, "docs", "index.md"), "utf8")).toMatch(/^# cart\n/);
    const service = workspace.services["cart"]!.in["local"]!;
    expect(JSON.stringify(service)).not.toContain("template-");
    for (const file of filesOf(folder).filter((name) => name.endsWith("api.yaml")))
      expect(readFileSync(path.join(folder, file), "utf8")).toContain("title: cart");
    expect(existsSync(path.join(folder, "api"))).toBe(template !== "cron");
  },
);

test("without an owner the line is left out, and an environment that demands one refuses it", async () => {
  const root = emptyRoot();
  const problems = await problemsOf(() => run(contextOf(root), input(["cron", "cart"])));
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.every((text) => text.includes("owner"))).toBe(true);
  expect(existsSync(path.join(root, "services"))).toBe(false);
});

test("fails before it writes where the name, the template or the folder cannot be", async () => {
  const root = emptyRoot();
  const code = temporary();
  mkdirSync(path.join(root, "services", "taken"), { recursive: true });
  symlinkSync(path.join(root, "services"), path.join(code, "link"));
  const full = temporary();
  writeFileSync(path.join(full, "mine.txt"), "mine");
  const cases: readonly (readonly [operands: string[], code: string | undefined, told: string])[] =
    [
      [["node", "cart"], undefined, "FW7011"],
      [["constructor", "cart"], undefined, "FW7011"],
      [["cron", "Cart"], undefined, "FW7012"],
      [["cron", "-cart"], undefined, "FW7012"],
      [["cron", "../cart"], undefined, "FW7012"],
      [["cron", "c"], undefined, "FW7012"],
      [["cron", "taken"], undefined, "FW7013"],
      [["cron", "cart"], path.join(root, "services", "cart", "src"), "FW7013"],
      [["cron", "cart"], path.join(code, "link", "src"), "FW7013"],
      [["cron", "cart"], full, "FW7013"],
      [["cron", "cart"], path.join(full, "mine.txt"), "FW7013"],
    ];
  for (const [operands, given, told] of cases) {
    const flags = { owner: "shop", code: given };
    const problems = await problemsOf(() => run(contextOf(root), input(operands, flags)));
    expect({ operands, given, problems: problems.map((text) => text.slice(0, 6)) }).toEqual({
      operands,
      given,
      problems: [told],
    });
    expect(filesOf(path.join(root, "services"))).toEqual(["taken"]);
  }
  expect(filesOf(full)).toEqual(["mine.txt"]);
});

test("takes everything back where the result is not valid", async () => {
  const root = emptyRoot();
  const code = path.join(temporary(), "a", "b");
  const flags = { owner: "shop", code };
  expect(
    (await problemsOf(() => run(contextOf(root), input(["cron", "platform"], flags)))).length,
  ).toBeGreaterThan(0);
  expect(existsSync(path.join(root, "services"))).toBe(false);
  expect(existsSync(code)).toBe(false);
  await run(contextOf(root), input(["cron", "cart"], { owner: "shop" }));
  writeFileSync(path.join(root, "services", "cart", "service.yaml"), "spec: [");
  await run(contextOf(root), input(["cron", "other"], { owner: "shop" }));
  expect(filesOf(path.join(root, "services"))).toContain("other/service.yaml");
});

test("takes everything back where the skeleton cannot be written whole", async () => {
  const root = emptyRoot();
  const parent = temporary();
  const code = path.join(parent, "app");
  // So deep that its folder can still be made and its files cannot.
  const room = 4_095 - code.length - 1 - "/src".length;
  const deep = path.join(
    code,
    "d".repeat(room % 200),
    ...Array.from({ length: Math.floor(room / 201) }, () => "d".repeat(200)),
  );
  await expect(
    run(contextOf(root), input(["java-service", "cart"], { owner: "shop", code: deep })),
  ).rejects.toThrow(/ENAMETOOLONG/);
  expect(filesOf(parent)).toEqual([]);
  expect(existsSync(path.join(root, "services"))).toBe(false);
});

const programs = (process.env["PATH"] ?? "").split(path.delimiter);
const lacks = (program: string): boolean =>
  !programs.some((folder) => folder !== "" && existsSync(path.join(folder, program)));

/** The skeleton of a template, as a user gets it. */
async function skeleton(template: string): Promise<string> {
  const code = path.join(temporary(), "app");
  await run(contextOf(emptyRoot()), input([template, "cart"], { owner: "shop", code }));
  return code;
}

/** What a command that ended well wrote. */
const shell = async (folder: string, command: string, ...args: string[]): Promise<string> => {
  const ran = await promisify(execFile)(command, args, { cwd: folder, timeout: 150_000 });
  return ran.stdout + ran.stderr;
};

test("the skeletons in Node.js pass their own tests", { timeout: 60_000 }, async () => {
  for (const [template, passed] of [
    ["node-service", 1],
    ["api-gateway", 4],
  ] as const) {
    expect(await shell(await skeleton(template), process.execPath, "--test")).toMatch(
      new RegExp(`^(#|ℹ) pass ${passed}$`, "m"),
    );
  }
});

test.skipIf(lacks("go"))(
  "the skeleton in Go passes vet and its tests",
  { timeout: 180_000 },
  async () => {
    const folder = await skeleton("go-service");
    await shell(folder, "go", "vet", "./...");
    expect(await shell(folder, "go", "test", "./...")).toMatch(/^ok\b/);
  },
);

test.skipIf(lacks("python3"))("the skeletons in Python run", { timeout: 60_000 }, async () => {
  expect(await shell(await skeleton("python-service"), "python3", "-m", "unittest")).toMatch(
    /^Ran 1 test/m,
  );
  expect(await shell(await skeleton("cron"), "python3", "job.py")).toBe("cart did its work\n");
  const worker = spawn("python3", ["worker.py"], { cwd: await skeleton("worker") });
  const ended = once(worker, "exit");
  const alive = await once(createInterface(worker.stdout), "line");
  worker.kill("SIGTERM");
  expect({ alive, ended: await ended }).toEqual({ alive: ["cart works"], ended: [0, null] });
});

test.skipIf(lacks("javac"))(
  "the skeleton in Java answers its health path",
  { timeout: 120_000 },
  async () => {
    const folder = await skeleton("java-service");
    await shell(folder, "javac", "-d", "out", "src/Main.java");
    const server = spawn("java", ["-cp", "out", "Main"], {
      cwd: folder,
      env: { ...process.env, PORT: "0" },
    });
    try {
      const [line] = (await once(createInterface(server.stdout), "line")) as [string];
      const port = /^cart listens on (\d+)$/.exec(line)?.[1];
      const answer = await fetch(`http://127.0.0.1:${port}/actuator/health`);
      expect(await answer.json()).toEqual({ status: "UP" });
    } finally {
      server.kill("SIGKILL");
    }
  },
);
