import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { testRoot, type TestRoot } from "../../tools/test/root.ts";

let root: TestRoot;
beforeAll(() => {
  root = testRoot();
  root.write(
    "services/secretive/service.yaml",
    `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: secretive
spec:
  type: worker
  language: node
  owner: shop
  image: registry.example.com/secretive:1.0
  uses:
    stripe: { type: secret }
    mail: { type: secret }
`,
  );
});
afterAll(() => root.remove());

test("a preview says of each secret that a team brings whether it is present or absent", async () => {
  const bin = path.join(checkoutRoot(), "fairway.mjs");
  const args = [bin, "secret", "set", "secretive", "stripe", "--root", root.folder];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.end("planted\n");
  expect(await once(child, "exit")).toEqual([0, null]);
  const { code, stdout, stderr } = await root.fairway("preview", "secretive");
  expect(code).toBe(4);
  expect(stdout).toContain("secret secretive.stripe.local: present");
  expect(stdout).not.toContain("mail.local: present");
  expect(stderr).toMatch(
    /^services\/secretive\/service\.yaml:12:\d+: error FW4008: the secret secretive\.mail\.local is absent.*\n +fix: run `fairway secret set secretive mail --env local < file`$/m,
  );
  expect(stdout + stderr).not.toContain("planted");
});
