import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { openClient } from "../providers/kubernetes/client.ts";
import { openKubeconfig } from "../providers/kubernetes/kubeconfig.ts";
import { testRoot, type TestRoot } from "../../tools/test/root.ts";

let root: TestRoot;
let pulling: TestRoot;
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
  pulling = testRoot({
    environment: { images: { unreleased: "allow", pullSecrets: ["planted"] } },
  });
  pulling.write(
    "services/puller/service.yaml",
    `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: puller
spec:
  type: microservice
  language: node
  owner: shop
  image: registry.example.com/puller:1.0
  uses:
    cache: { type: redis }
`,
  );
});
afterAll(() => {
  root.remove();
  pulling.remove();
});

/** Keeps a secret as a person does. */
async function keep({ folder }: TestRoot, value: string, ...args: string[]): Promise<void> {
  const bin = path.join(checkoutRoot(), "fairway.mjs");
  const all = [bin, "secret", "set", ...args, "--root", folder];
  const child = spawn(process.execPath, all, { stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.end(`${value}\n`);
  expect(await once(child, "exit")).toEqual([0, null]);
}

test("a preview says of each secret that a team brings whether it is present or absent", async () => {
  await keep(root, "planted", "secretive", "stripe");
  const { code, stdout, stderr } = await root.fairway("preview", "secretive");
  expect(code).toBe(4);
  expect(stdout).toContain("secret secretive.stripe.local: present");
  expect(stdout).not.toContain("mail.local: present");
  expect(stderr).toMatch(
    /^services\/secretive\/service\.yaml:12:\d+: error FW4008: the secret secretive\.mail\.local is absent.*\n +fix: run `fairway secret set secretive mail --env local < file`$/m,
  );
  expect(stdout + stderr).not.toContain("planted");
});

test("a service and a secret that were renamed find what was set under their old names", async () => {
  root.write(
    "services/secretive/service.yaml",
    `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: discreet
  was: [secretive]
spec:
  type: microservice
  language: node
  owner: shop
  image: registry.example.com/secretive:1.0
  uses:
    payments: { type: secret, was: [stripe] }
    mail: { type: secret }
`,
  );
  await keep(root, "planted-mail", "discreet", "mail");
  const seen = await root.fairway("preview", "discreet");
  expect({ code: seen.code, why: seen.code === 0 ? "" : seen.stdout + seen.stderr }).toEqual({
    code: 0,
    why: "",
  });
  for (const secret of ["stripe", "mail"])
    expect(seen.stdout).toContain(`secret secretive.${secret}.local: present`);

  await keep(root, "planted-anew", "discreet", "payments");
  const client = openClient(await openKubeconfig(process.env["FAIRWAY_TEST_KUBECONFIG"]!), () => 0);
  try {
    const signal = new AbortController().signal;
    const path = "/api/v1/namespaces/fairway-secrets/secrets/secretive.stripe.local";
    const { body } = await client.request({ method: "GET", path, signal });
    expect(body).toMatchObject({
      data: { value: Buffer.from("planted-anew").toString("base64") },
    });
  } finally {
    client.close();
  }
});

test("a namespace gets its copy of the environment's pull secret, which nobody sees", async () => {
  const refused = await pulling.fairway("up", "puller");
  expect(refused.code).toBe(4);
  expect(refused.stderr).toMatch(
    /^environments\/local\.yaml:\d+:\d+: error FW4008: the secret platform\.planted\.local is absent.*\n +fix: run `fairway secret set --pull planted --env local < config\.json`$/m,
  );

  const auth = Buffer.from("robot:hunter2-planted").toString("base64");
  const config = JSON.stringify({ auths: { "registry.example.com": { auth } } });
  await keep(pulling, config, "--pull", "planted");
  const { code, stdout, stderr } = await pulling.fairway("up", "puller");
  expect({ code, why: code === 0 ? "" : stdout + stderr }).toEqual({ code: 0, why: "" });

  const access = await openKubeconfig(process.env["FAIRWAY_TEST_KUBECONFIG"]!);
  const client = openClient(access, () => 0);
  try {
    const path = "/api/v1/namespaces/puller/secrets/planted";
    const signal = new AbortController().signal;
    expect((await client.request({ method: "GET", path, signal })).body).toMatchObject({
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": Buffer.from(config).toString("base64") },
    });
  } finally {
    client.close();
  }

  const state = pulling.read(".fairway/state/.pulumi/stacks/fairway/puller.local.json");
  expect(state).toContain("kubernetes:core/v1:Secret::puller-tenancy-pull-planted");
  for (const seen of [stdout, stderr, state])
    for (const form of [auth, Buffer.from(config).toString("base64")])
      expect(seen).not.toContain(form);
  expect((await pulling.fairway("up", "puller")).stdout).toMatch(/unchanged|no changes/);
});
