import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import type { Level } from "../../contract/environment.ts";
import { FairwayError } from "../../contract/problem.ts";
import { PRICES } from "../../cost/prices.ts";
import { costOfChange, refuseOverBudget } from "../costs.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { DATA_SCHEMAS } from "../schemas.ts";
import { contextOf, input } from "../testing.ts";
import { run } from "./cost.ts";

let root = "";
const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
};
const service = (name: string, more = ""): void =>
  write(
    `services/${name}/service.yaml`,
    `apiVersion: platform.company.com/v1\nkind: ServiceRequest\nmetadata: { name: ${name} }\nspec:\n  type: worker\n  language: node\n  owner: shop\n${more}`,
  );
/** Says more of prod, in place of what its file says of budgets; open verdicts are blocked there. */
const prod = (more: string): void => {
  const file = path.join(root, "environments", "prod.yaml");
  const text = readFileSync(file, "utf8")
    .replace(/^ {2}budget:.*\n/m, "")
    .replace(/unproven: \w+/, "unproven: block");
  writeFileSync(file, `${text}\n${more}`);
};
const git = (...args: string[]): string =>
  execFileSync(
    "git",
    ["-C", root, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args],
    {
      encoding: "utf8",
      env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    },
  );
const commit = (): void => {
  git("add", "-A");
  git("commit", "-qm", "change");
};

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-cost-"));
  cpSync(path.join(checkoutRoot(), "environments"), path.join(root, "environments"), {
    recursive: true,
  });
  service("cart");
  service("news");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Data {
  readonly environments: readonly {
    readonly environment: string;
    readonly usd: number;
    readonly stacks: readonly { readonly stack: string; readonly usd: number }[];
  }[];
  readonly comparisons?: readonly { readonly difference: number; readonly changes: unknown[] }[];
}

async function cost(operands: readonly string[], flags: Record<string, string> = { env: "prod" }) {
  const { exit, text, data, notes = [] } = await run(contextOf(root), input(operands, flags));
  DATA_SCHEMAS["cost"]!.parse(data);
  const codes = notes.map(({ code, file, line, message }) => `${code} ${file}:${line} ${message}`);
  return { exit, text, data: data as Data, notes: codes };
}

test("the whole of an environment is the platform, what is shared, and services", async () => {
  const { exit, text, data } = await cost([]);
  expect(exit).toBe(0);
  expect(data.environments[0]!.stacks.map(({ stack }) => stack)).toEqual([
    "cloud.prod",
    "platform.prod",
    "cart.prod",
    "news.prod",
  ]);
  expect(text).toMatch(/^prod \(eu-central-1\)\n/);
  expect(text).toContain("nodes that pods pay for");
  expect(text).toContain(`, ${PRICES.date}`);
});

test("a service is shown alone, with every line", async () => {
  const { text, data } = await cost(["cart"]);
  expect(data.environments[0]!.stacks.map(({ stack }) => stack)).toEqual(["cart.prod"]);
  expect(text).toMatch(/cluster\.vcpu +\$[\d.]+ {2}146 hour × \$/);
  expect(text).not.toContain("news.prod");
});

test("all environments where none is named; on one's own machine nothing is billed", async () => {
  const { text, data } = await cost([], {});
  expect(data.environments.map(({ environment }) => environment)).toEqual([
    "local",
    "dev",
    "staging",
    "prod",
  ]);
  expect(text).toContain("local: nothing is billed");
});

test("what a change costs is told against a revision, by command, preview and JSON", async () => {
  git("init", "-q", "-b", "main");
  commit();
  service("cart", "  scaling: { min: 4, max: 8 }\n");
  service("fresh");
  const { text, data } = await cost([], { env: "prod", base: "main" });
  expect(data.comparisons![0]!.changes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ stack: "cart.prod" }),
      expect.objectContaining({ stack: "fresh.prod" }),
    ]),
  );
  expect(text).toMatch(
    /^prod: \$[\d,.]+ → \$[\d,.]+ a month \(\+?\$[\d.]+ against main, 3 stacks\)/,
  );
  const only = await cost(["cart"], { env: "prod", base: "main" });
  // Four replicas instead of two cost as much again.
  const cart = only.data.environments[0]!.usd;
  expect(only.data.comparisons![0]!.difference).toBeCloseTo(cart / 2, 5);
  const context = contextOf(root);
  const workspace = await readWorkspace(context);
  const environment = workspace.environments["prod"]!;
  const change = await costOfChange(context, input([], { base: "main" }), workspace, environment);
  expect(change).toEqual({ cost: data.comparisons![0], notes: [] });
  expect(await costOfChange(context, input([]), workspace, environment)).toEqual({ notes: [] });
});

/** What `cost` and `preview` say of a change in one environment that cannot be compared with main. */
async function uncompared(name: string) {
  const { exit, text, data, notes } = await cost([], { env: name, base: "main" });
  const context = contextOf(root);
  const workspace = await readWorkspace(context);
  const environment = workspace.environments[name]!;
  const change = await costOfChange(context, input([], { base: "main" }), workspace, environment);
  expect(change.cost).toBeUndefined();
  expect(exit).toBe(0);
  expect(data.comparisons).toEqual([]);
  expect(data.environments.map(({ environment: of }) => of)).toEqual([name]);
  const told = change.notes.map(({ code, message }) => `${code} ${message}`);
  const same = notes.filter((note) => note.startsWith("FW4033"));
  expect(same.map((note) => note.replace(" undefined:undefined", ""))).toEqual(told);
  return { text, told };
}

test("an environment that is new is estimated, and nothing is compared", async () => {
  git("init", "-q", "-b", "main");
  commit();
  const text = readFileSync(path.join(root, "environments", "dev.yaml"), "utf8");
  write("environments/dev2.yaml", text.replace(/^ {2}name: dev$/m, "  name: dev2"));
  const found = await uncompared("dev2");
  expect(found.text).toMatch(/^dev2 \(/);
  expect(found.told).toEqual(["FW4033 nothing is compared: dev2 did not exist at main"]);
});

test("a base that cannot be read is told with its first problem, beside the estimate", async () => {
  git("init", "-q", "-b", "main");
  write(
    "services/cart/service.yaml",
    readFileSync(path.join(root, "services/cart/service.yaml"), "utf8").replace(
      "language",
      "langauge",
    ),
  );
  commit();
  service("cart");
  const found = await uncompared("prod");
  expect(found.text).toMatch(/^prod \(/);
  expect(found.told).toEqual([
    "FW4033 nothing is compared: at main the descriptors of prod could not be read: FW1101 at services/cart/service.yaml:6",
  ]);
});

async function refused(level: Level = "mandatory"): Promise<readonly string[]> {
  const context = contextOf(root);
  const workspace = await readWorkspace(context);
  const environment = workspace.environments["prod"]!;
  const plans = plansOf(context, workspace, input([]), ["prod"], ["cart"]);
  try {
    const told = refuseOverBudget(context, workspace, environment, { budget: level }, plans);
    const codes = (what: "refusals" | "notes") =>
      told.flatMap((plan) =>
        plan[what]
          .filter(({ code }) => code.startsWith("FW403"))
          .map(({ code }) => `${plan.stack} ${what} ${code}`),
      );
    return [...codes("refusals"), ...codes("notes")];
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    return error.problems.map(({ code, file, line }) => `thrown ${code} ${file}:${line}`);
  }
}

test("a descriptor's ceiling refuses its service, at its line", async () => {
  service("cart", "  cost: { ceiling: 0.5 }\n");
  expect(await refused()).toEqual(["cart.prod refusals FW4030"]);
  expect(await refused("advisory")).toEqual(["cart.prod notes FW4030"]);
  expect(await refused("disabled")).toEqual([]);
  const { notes } = await cost(["cart"]);
  expect(notes).toEqual([
    expect.stringMatching(
      /^FW4030 services\/cart\/service\.yaml:8 budget: cart\.prod comes to \$[\d.]+ a month, and \$0\.50 are allowed$/,
    ),
  ]);
});

test("a ceiling that holds says nothing, and neither does none", async () => {
  expect(await refused()).toEqual([]);
  service("cart", "  cost: { ceiling: 500 }\n");
  expect(await refused()).toEqual([]);
});

test("the environment's ceiling for one service holds where a descriptor names none", async () => {
  prod("  budget: { service: 0.5 }\n");
  expect(await refused()).toEqual(["cart.prod refusals FW4030"]);
  service("cart", "  cost: { ceiling: 500 }\n");
  expect(await refused()).toEqual([]);
});

test("over the environment's budget nothing begins, whichever service was named", async () => {
  prod("  budget: { monthly: 10 }\n");
  expect(await refused()).toEqual([
    expect.stringMatching(/^thrown FW4030 environments\/prod\.yaml:\d+$/),
  ]);
  expect(await refused("advisory")).toHaveLength(1);
});

test("where something has no price the verdict is open: refused where such verdicts are", async () => {
  prod(
    "  budget: { service: 500 }\n  costs: { prices: { cluster.vcpu: { usd: 1, unit: month } } }\n",
  );
  expect(await refused()).toEqual(["cart.prod refusals FW4031"]);
  const { notes, text } = await cost(["cart"]);
  expect(notes[0]).toMatch(/^FW4031 .*without what has no price: cluster\.vcpu$/);
  expect(text).toContain("without a price, and in no sum: cluster.vcpu");
});

test("an own price that nothing is counted in is told, with what was meant", async () => {
  prod("  costs: { prices: { eks.clusters: { usd: 1, unit: hour } } }\n");
  const { notes } = await cost([]);
  expect(notes).toEqual([
    expect.stringMatching(
      /^FW4032 environments\/prod\.yaml:\d+ nothing in prod is counted in eks\.clusters$/,
    ),
  ]);
});
