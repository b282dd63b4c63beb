import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../tools/setup/checkout.ts";

/** A copy of the checkout, with what the worked example of README.md adds. */
let copy: string;

const LEFT_OUT = [".git", ".fairway", "node_modules", "services"];

beforeAll(() => {
  const checkout = checkoutRoot();
  copy = mkdtempSync(path.join(tmpdir(), "fairway-example-"));
  for (const name of readdirSync(checkout).filter((entry) => !LEFT_OUT.includes(entry)))
    cpSync(path.join(checkout, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(checkout, "node_modules"), path.join(copy, "node_modules"));
  const readme = readFileSync(path.join(checkout, "components", "README.md"), "utf8");
  for (const [, how, file = "", text = ""] of readme.matchAll(FENCE))
    write(file, how === "title" ? () => text : (old) => insert(file, old, text));
  write(
    "services/pages/service.yaml",
    () => `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: pages
spec:
  type: web
  language: node
  owner: shop
  image: registry.example.com/pages:1.0@sha256:67ebd6b7fdac9623240fc6b4b0741a7aafb98ea0ae7f7f10d6d70f01374872f1
  uses:
    cache: { type: memcached }
`,
  );
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** A block with a file's name: `title` is the whole file, `into` are lines to add. */
const FENCE = /^```\w+ (title|into)=(\S+)\n([\s\S]*?)^```$/gm;

function write(file: string, change: (old: string) => string): void {
  const full = path.join(copy, file);
  mkdirSync(path.dirname(full), { recursive: true });
  const old = change.length === 0 ? "" : readFileSync(full, "utf8");
  writeFileSync(full, change(old));
}

/** Imports go to the top, other lines to the beginning of the file's list. */
function insert(file: string, old: string, text: string): string {
  const lines = text.split("\n").filter(Boolean);
  const imports = lines.filter((line) => line.startsWith("import "));
  const others = lines.filter((line) => !line.startsWith("import "));
  const begin = file.endsWith(".yaml") ? /^  resources:\n/m : / = [[{]\n/;
  expect(old).toMatch(begin);
  const body = old.replace(
    begin,
    (found) => `${found}${others.map((line) => `    ${line}\n`).join("")}`,
  );
  return imports.map((line) => `${line}\n`).join("") + body;
}

/** Runs the copy's own command. */
function fairway(...args: string[]): { readonly plans: readonly Plan[] } {
  const bin = path.join(copy, "fairway.mjs");
  const { stdout, stderr } = spawnSync(process.execPath, [bin, ...args, "--root", copy, "--json"], {
    encoding: "utf8",
  });
  const { exit, problems, data } = JSON.parse(stdout || "{}") as {
    exit?: number;
    problems?: unknown;
    data: { plans: readonly Plan[] };
  };
  expect({ exit, problems, stderr }).toEqual({ exit: 0, problems: [], stderr: "" });
  return data;
}
interface Plan {
  readonly stack: string;
  readonly items: readonly Item[];
  readonly edges: readonly { readonly port: number }[];
}
interface Item {
  readonly id: string;
  readonly component: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What the compiler says of the example's files. */
function compile(): string {
  const settings = { extends: "./tsconfig.json", include: ["components/memcached/*.ts"] };
  write("tsconfig.example.json", () => JSON.stringify(settings));
  const tsc = path.join(copy, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "--noEmit", "-p", path.join(copy, "tsconfig.example.json")];
  return spawnSync(process.execPath, args, { encoding: "utf8" }).stdout;
}

test("the worked example compiles, and answers a service in two environments with the same variables", () => {
  expect(compile()).toBe("");
  const planned = (environment: string) =>
    fairway("plan", "pages", "--env", environment).plans.find(
      ({ stack }) => stack === `pages.${environment}`,
    )!;
  const [local, prod] = [planned("local"), planned("prod")];
  const cache = ({ items }: typeof local) => items.find(({ id }) => id === "cache");
  expect(cache(local)?.component).toBe("memcached-cluster");
  expect(cache(prod)).toMatchObject({
    component: "memcached-elasticache",
    args: { name: "pages-cache-prod", nodeClass: "cache.m7g.large" },
  });
  for (const plan of [local, prod]) {
    expect(plan.edges.some(({ port }) => port === 11211)).toBe(true);
    expect(JSON.stringify(plan.items)).toMatch(/"CACHE_HOST".*"CACHE_PORT"/);
  }
});

test.each([
  ["local", "kubernetes:apps/v1:Deployment pages/cache"],
  ["prod", "aws:elasticache/cluster:Cluster pages-cache-cluster"],
])("a rehearsed preview of %s makes %s", (environment, made) => {
  const bin = path.join(copy, "fairway.mjs");
  const args = [bin, "preview", "pages", "--env", environment, "--rehearse", "--root", copy];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stdout).toMatch(/^rehearsed/);
  expect(stdout).toContain(`+ create ${made}`);
});
