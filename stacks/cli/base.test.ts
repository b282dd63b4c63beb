import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { affectedSince, baseOf, leftBehind, removedSince } from "./base.ts";
import { plansOf, readWorkspace } from "./planning.ts";
import { contextOf, input, problemsOf } from "./testing.ts";

const descriptor = (name: string): string => `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: ${name}
spec:
  type: web
  language: node
  owner: shop
  env:
    GREETING: hello
`;

let root = "";
let base = "";
const git = (...args: string[]): string =>
  execFileSync("git", ["-C", root, ...args], {
    encoding: "utf8",
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      GIT_AUTHOR_NAME: "t",
      GIT_AUTHOR_EMAIL: "t@example.com",
      GIT_COMMITTER_NAME: "t",
      GIT_COMMITTER_EMAIL: "t@example.com",
    },
  }).trim();
const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
};
const commit = (): void => {
  git("add", "-A");
  git("commit", "-qm", "change", "--allow-empty");
};

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-base-test-"));
  git("init", "-q", "-b", "main");
  cpSync(path.join(checkoutRoot(), "environments"), path.join(root, "environments"), {
    recursive: true,
  });
  for (const name of ["cart", "shop"]) write(`services/${name}/service.yaml`, descriptor(name));
  write("components/noun.ts", "export {};\n");
  write("README.md", "hello\n");
  commit();
  base = git("rev-parse", "HEAD");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  git("reset", "-q", "--hard", base);
  git("clean", "-qfd");
});

const touched = async (revision = base): Promise<{ chosen: string[]; removed: string[] }> => {
  const context = contextOf(root);
  const workspace = await readWorkspace(context);
  const all = plansOf(context, workspace, input([]), ["local"]);
  const from = await baseOf(context, "local", revision);
  return {
    chosen: affectedSince(from, all).map(({ stack }) => stack),
    removed: removedSince(from, workspace, "local"),
  };
};
const chosen = async (revision = base): Promise<string[]> => (await touched(revision)).chosen;
const all = ["cart.local", "platform.local", "shop.local"];

test("a service whose plan differs is chosen, committed or not, and a new one too", async () => {
  expect(await chosen()).toEqual([]);
  write("services/cart/service.yaml", descriptor("cart").replace("hello", "goodbye"));
  expect(await chosen()).toEqual(["cart.local"]);
  commit();
  write("services/news/service.yaml", descriptor("news"));
  expect(await chosen()).toEqual(["cart.local", "news.local"]);
});

test("a comment, a page or another environment chooses nothing", async () => {
  appendFileSync(path.join(root, "services/cart/service.yaml"), "# a comment\n");
  write("services/cart/docs/index.md", "# cart\n");
  write("README.md", "changed\n");
  appendFileSync(path.join(root, "environments/prod.yaml"), "# a comment\n");
  commit();
  expect(await chosen()).toEqual([]);
});

test("a change of the platform's code chooses all", async () => {
  write("components/noun.ts", "export const changed = true;\n");
  commit();
  expect((await chosen()).toSorted()).toEqual(all);
  git("reset", "-q", "--hard", base);
  write("components/new-noun.ts", "export {};\n");
  expect((await chosen()).toSorted()).toEqual(all);
});

test("a service that is gone is told, since its stack stays", async () => {
  rmSync(path.join(root, "services/cart"), { recursive: true });
  expect(await touched()).toEqual({ chosen: [], removed: ["cart.local"] });
  write("components/noun.ts", "export const changed = true;\n");
  expect(await touched()).toEqual({
    chosen: ["platform.local", "shop.local"],
    removed: ["cart.local"],
  });
});

test("a service that is renamed with a word keeps its stack; without one it loses it", async () => {
  const renamed = (was: string): string =>
    descriptor("basket").replace("name: basket", `name: basket${was}`);
  rmSync(path.join(root, "services/cart"), { recursive: true });
  write("services/basket/service.yaml", renamed("\n  was: [cart]"));
  expect(await touched()).toEqual({ chosen: ["cart.local"], removed: [] });
  write("services/basket/service.yaml", renamed(""));
  expect(await touched()).toEqual({ chosen: ["basket.local"], removed: ["cart.local"] });
});

test("a stack that is left is retired where data is protected, and named in full where a service is called so", async () => {
  const { environments } = await readWorkspace(contextOf(root));
  const hintIn = (environment: string, described: readonly string[]) =>
    leftBehind(`cart.${environment}`, environments[environment]!, described).hint;
  expect([hintIn("local", ["shop"]), hintIn("prod", ["shop"]), hintIn("prod", ["cart"])]).toEqual([
    "when nobody needs it any more: `fairway destroy cart --env local --yes`",
    "when nobody needs it any more: `fairway retire cart --env prod --yes`",
    "when nobody needs it any more: `fairway retire cart.prod --env prod --yes`",
  ]);
});

test("a base that does not load chooses all", async () => {
  write("services/cart/service.yaml", "spec: [");
  commit();
  const broken = git("rev-parse", "HEAD");
  write("services/cart/service.yaml", descriptor("cart"));
  commit();
  expect((await chosen(broken)).toSorted()).toEqual(all);
});

test("fails on a revision that the clone does not hold", async () => {
  for (const revision of ["no-such-branch", "0".repeat(40), "--output=planted"]) {
    const problems = await problemsOf(() => chosen(revision));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^FW7014 git cannot read `.*`: .* \| name a revision/);
  }
});
