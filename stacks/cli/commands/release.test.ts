import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { loadWorkspace } from "../../load/workspace.ts";
import { contextOf, input, problemsOf } from "../testing.ts";
import { run } from "./release.ts";

const DESCRIPTOR = `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: cart
spec:
  type: worker
  language: node
  owner: shop
`;
const DIGEST = `sha256:${"ab".repeat(32)}`;
const IMAGE = `registry.example.com/cart@${DIGEST}`;

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "fairway-release-"));
  cpSync(path.join(checkoutRoot(), "environments"), path.join(root, "environments"), {
    recursive: true,
  });
  mkdirSync(path.join(root, "services", "cart"), { recursive: true });
  writeFileSync(path.join(root, "services", "cart", "service.yaml"), DESCRIPTOR);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (): string => path.join(root, "services", "cart", "release.yaml");
const release = (pairs: string[], flags: Record<string, string> = {}) =>
  run(contextOf(root), input(["cart", ...pairs], flags));

test("a first release writes a file that loads and says who writes it", async () => {
  const { data } = await release([`main=${IMAGE}`], { env: "prod", source: "0123abc" });
  expect(data).toEqual({
    service: "cart",
    environment: "prod",
    images: { main: IMAGE },
    source: "0123abc",
    file: "services/cart/release.yaml",
  });
  expect(readFileSync(file(), "utf8")).toBe(`# Written by \`fairway release\`; reviewed like code.

services:
  cart:
    environments:
      prod:
        containers:
          main: ${IMAGE}
        source: 0123abc
`);
  expect((await loadWorkspace(root)).problems).toEqual([]);
  expect(readdirSync(path.dirname(file())).toSorted()).toEqual(["release.yaml", "service.yaml"]);
});

test("a later release leaves comments, other environments and other services alone", async () => {
  const before = `# ours
services:
  cart:
    environments:
      # frozen until Monday
      prod:
        containers: { main: "${IMAGE}" } # the last good one
        source: 1111111
      dev:
        containers:
          main: registry.example.com/cart:1 # old
        source: 2222222
  other:
    environments: {}
`;
  writeFileSync(file(), before);
  await release(["main=registry.example.com/cart:2"], { env: "dev" });
  expect(readFileSync(file(), "utf8")).toBe(
    before.replace("cart:1 #", "cart:2 #").replace("        source: 2222222\n", ""),
  );
});

test("an empty file is as good as none", async () => {
  writeFileSync(file(), "");
  await release(["main=registry.example.com/cart:2"], { env: "local" });
  expect(readFileSync(file(), "utf8")).toContain("main: registry.example.com/cart:2");
});

test("fails without writing where a pair, an image or a name is wrong, all at once", async () => {
  expect(await problemsOf(() => release(["x", "web=a:1", "main=A B", `main=${IMAGE}`]))).toEqual([
    "FW7004 `x` is not CONTAINER=REFERENCE | write `main=x`",
    "FW7004 there is no container `web`: main | write `main=a:1`",
    "FW7004 `A B` is not an image reference | write registry/repository@sha256:…, all lower case",
  ]);
  expect(await problemsOf(() => release(["main=foo"], { env: "dev" }))).toEqual([
    "FW7004 `foo` has neither tag nor digest | write `main=foo@sha256:…` or `main=foo:1.2`",
  ]);
  expect(await problemsOf(() => release(["main=here:5000/foo"], { env: "prod" }))).toEqual([
    "FW7004 `here:5000/foo` has neither tag nor digest | write `main=here:5000/foo@sha256:…`",
  ]);
  expect(await problemsOf(() => release(["main=a:1"], { env: "prod" }))).toEqual([
    "FW7004 `a:1` has no digest, which this environment requires | write registry/repository@sha256:…",
  ]);
  expect((await problemsOf(() => release(["main=a:1"], { env: "pord" })))[0]).toMatch(
    /^FW7007.*`--env prod`/,
  );
  const unknown = input(["crat", "main=a:1"]);
  expect((await problemsOf(() => run(contextOf(root), unknown)))[0]).toMatch(/^FW7006.*`cart`/);
  expect(readdirSync(path.dirname(file()))).toEqual(["service.yaml"]);
});

test("fails with the file's own problems where it or the descriptor cannot be read", async () => {
  writeFileSync(file(), "services: [");
  const text = readFileSync(file(), "utf8");
  expect((await problemsOf(() => release(["main=a:1"]))).length).toBeGreaterThan(0);
  expect(readFileSync(file(), "utf8")).toBe(text);
  rmSync(file());
  writeFileSync(path.join(root, "services", "cart", "service.yaml"), "spec: [");
  expect((await problemsOf(() => release(["main=a:1"])))[0]).toMatch(/^FW1/);
});
