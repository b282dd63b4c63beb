import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FairwayError } from "../contract/problem.ts";
import type { Workspace } from "../contract/workspace.ts";
import { createStack } from "../state/backend.ts";
import type { Input } from "./command.ts";
import {
  globToRegExp,
  refuseSeveral,
  selectEnvironments,
  selectImages,
  selectServices,
  selectStacks,
} from "./select.ts";

let root = "";
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-select-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const KNOWN = ["shop-api", "shop-web", "user-service"];
const input = (operands: string[], flags: Input["flags"] = {}): Input => ({ operands, flags });
const codesOf = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    if (FairwayError.is(error))
      return error.problems.map((p) => `${p.code} ${p.message} | ${p.hint}`);
    throw error;
  }
  return [];
};

test("names and globs choose services, each once and in order", () => {
  expect(selectServices(KNOWN, input(["user-service", "shop-*", "shop-api"]), "none")).toEqual(
    KNOWN,
  );
  expect(selectServices(KNOWN, input([]), "all")).toEqual(KNOWN);
  expect(selectServices(KNOWN, input([], { all: true }), "none")).toEqual(KNOWN);
});

test("fails with every unknown name and what was meant", () => {
  expect(codesOf(() => selectServices(KNOWN, input(["shop-wed", "nothing"]), "none"))).toEqual([
    "FW7006 there is no service `shop-wed` | did you mean `shop-web`?",
    "FW7006 there is no service `nothing` | services: shop-api, shop-web, user-service",
  ]);
  expect(codesOf(() => selectServices(KNOWN, input([]), "none"))[0]).toContain(
    "FW7005 no service was named",
  );
  expect(
    codesOf(() => selectServices(KNOWN, input(["shop-api"], { all: true }), "none"))[0],
  ).toContain("FW7005 both");
});

/** Renamed without a word, deployed, and then given its past: both are called purchases. */
const DEPLOYED = [
  { stack: "orders.local", name: "purchases" },
  { stack: "purchases.local", name: "purchases" },
  { stack: "shop-a.local", name: "shop-a" },
  { stack: "shop-b.local", name: "shop-b" },
];
const stacksOf = (operands: string[], flags: Input["flags"] = {}): string[] =>
  selectStacks(DEPLOYED, ["cart"], input(operands, flags), "none").map(({ stack }) => stack);
const several = (operands: string[], how: { all?: boolean; retire?: boolean } = {}): string[] => {
  const asked = input(operands, how.all ? { all: true } : {});
  const chosen = selectStacks(DEPLOYED, [], asked, "none");
  return codesOf(() => refuseSeveral(chosen, asked, how.retire ?? false));
};

test("stacks are chosen by what people call them, or each by its full name", () => {
  expect(stacksOf(["shop-*"])).toEqual(["shop-a.local", "shop-b.local"]);
  expect(stacksOf(["purchases"])).toEqual(["orders.local", "purchases.local"]);
  expect(stacksOf(["purchases.local", "shop-a"])).toEqual(["purchases.local", "shop-a.local"]);
  expect(stacksOf([], { all: true })).toHaveLength(4);
  expect(stacksOf(["cart"])).toEqual([]);
  expect(codesOf(() => stacksOf(["purchases.prod"]))[0]).toContain("FW7006");
  expect(codesOf(() => stacksOf(["shop-a.local"], { all: true }))[0]).toContain("FW7005 both");
});

test("fails to destroy or retire what has the name of two stacks, unless it is named in full", () => {
  const told =
    "FW7020 `purchases` is the name of several stacks: orders.local, purchases.local | name the one that is meant in full: orders.local or purchases.local";
  expect(several(["purchases"])).toEqual([told]);
  expect(several(["purch*", "shop-a"])).toEqual([told]);
  expect(several(["purchases"], { retire: true })).toEqual([told]);
  for (const stack of ["orders.local", "purchases.local"])
    expect([several([stack]), several([stack], { retire: true })]).toEqual([[], []]);
  expect(several(["orders.local", "purchases.local"])).toEqual([]);
  expect(several([], { all: true })).toEqual([]);
});

test("fails to retire by a pattern, whatever it matches", () => {
  expect(several(["shop-*"])).toEqual([]);
  expect(several(["shop-*"], { retire: true })).toEqual([
    "FW7020 `shop-*` is a pattern, and one stack at a time is retired: shop-a.local, shop-b.local | name the one that is meant in full: shop-a.local or shop-b.local",
  ]);
  expect(several(["shop-[a]"], { retire: true })[0]).toContain("FW7020 `shop-[a]` is a pattern");
});

test("globs are those of a shell and nothing else is special", () => {
  expect(globToRegExp("shop-?pi").test("shop-api")).toBe(true);
  expect(globToRegExp("shop.api").test("shop-api")).toBe(false);
  expect(globToRegExp("[su]*").test("user-service")).toBe(true);
});

test("images are read from SERVICE/CONTAINER=REFERENCE", () => {
  const known = { "shop-api": ["api", "log"] };
  const digest = `r.example.com/a@sha256:${"0a".repeat(32)}`;
  const images = (...image: string[]) => selectImages(input([], { image }), known);
  expect(images(`shop-api/api=${digest}`, "shop-api/log=b:1")).toEqual({
    "shop-api": { api: digest, log: "b:1" },
  });
  expect(
    codesOf(() =>
      images("shop-api=x", "nope/main=x", "shop-api/web=x", "shop-api/api=A B", "constructor/a=x"),
    ).map((text) => text.slice(0, text.indexOf(" | "))),
  ).toEqual([
    "FW7004 `--image shop-api=x` is not SERVICE/CONTAINER=REFERENCE",
    "FW7006 `--image` names `nope`, which is no service",
    "FW7004 `--image` names `web`, which is no container of shop-api",
    "FW7004 `--image shop-api/api=A B` is not SERVICE/CONTAINER=REFERENCE",
    "FW7006 `--image` names `constructor`, which is no service",
  ]);
});

test("the environment is the one named, else local or all; a mistyped one is told", () => {
  const environments = { local: { state: {} }, prod: { state: { backend: "s3://bucket" } } };
  const workspace = { root, environments } as unknown as Workspace;
  expect(selectEnvironments(workspace, input([]), "all")).toEqual(["local", "prod"]);
  expect(selectEnvironments(workspace, input([]), "local")).toEqual(["local"]);
  expect(selectEnvironments(workspace, input([], { env: "prod" }), "all")).toEqual(["prod"]);
  expect(codesOf(() => selectEnvironments(workspace, input([], { env: "prd" }), "local"))).toEqual([
    "FW7007 there is no environment `prd`: local, prod | did you mean `--env prod`?",
  ]);
  const none = { root, environments: {} } as unknown as Workspace;
  expect(codesOf(() => selectEnvironments(none, input([]), "local"))).toEqual([
    "FW7007 there is no environment `local`: none at all | add a file under environments/; one that was deleted is in Git (`git log -- environments/local.yaml`)",
  ]);
});

test("an environment without a file whose stacks are left is told how to end them", () => {
  const own = path.join(root, "own");
  createStack(path.join(root, ".fairway", "state"), "cart.prd");
  createStack(path.join(root, ".fairway", "state"), "cart.prod");
  createStack(own, "platform.prd");
  const environments = {
    prod: { state: {} },
    dev: { state: { backend: `file://${own}` } },
    staging: { state: { backend: "s3://bucket" } },
  };
  const workspace = { root, environments } as unknown as Workspace;
  expect(codesOf(() => selectEnvironments(workspace, input([], { env: "prd" }), "local"))).toEqual([
    "FW7007 there is no environment `prd` any more, and these stacks of it are left: cart.prd, platform.prd | find its file with `git log -- environments/prd.yaml`, bring it back with `git checkout <commit>^ -- environments/prd.yaml`, then run `fairway destroy --all --env prd --yes`",
  ]);
});
