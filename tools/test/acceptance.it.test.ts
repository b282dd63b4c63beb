import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { DATA_SCHEMAS, documentSchema } from "../../stacks/cli/schemas.ts";
import type { Change } from "../../stacks/contract/result.ts";
import { isOp } from "../../stacks/report/summary.ts";
import { apiOf } from "./api.ts";
import { testRoot, type Document, type TestRoot } from "./root.ts";

const DESCRIPTOR = `apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: NAME
spec:
  type: microservice
  language: node
  owner: shop
  image: registry.example.com/NAME:1.0
  env:
    GREETING: hello
  uses:
    store: { type: postgres }
  scaling:
    min: 2
    max: 3
  resources:
    cpu: 100m
    memory: 128Mi
`;

const roots: { root: TestRoot; names: string[] }[] = [];
afterEach(async () => {
  for (const { root } of roots.splice(0)) {
    await root.fairway("destroy", "--all", "--yes", "--quiet");
    root.remove();
  }
});

function rootWith(...names: string[]): TestRoot {
  const root = testRoot();
  roots.push({ root, names });
  for (const name of names)
    root.write(`services/${name}/service.yaml`, DESCRIPTOR.replaceAll("NAME", name));
  return root;
}

type Stack = {
  stack: string;
  status: string;
  changes: Change[];
  verdicts: { rule: string; outcome: string; at?: { file: string; line: number } }[];
};
const stacksOf = (document: Document): Stack[] => (document.data?.["stacks"] ?? []) as Stack[];
const changed = (document: Document): string[] =>
  stacksOf(document)
    .flatMap((stack) => stack.changes)
    .filter((change) => isOp(change.op))
    .map((change) => `${change.op} ${change.type.split(":").at(-1)} ${change.id ?? ""}`.trim())
    .toSorted();

test("a service never seen before is deployed, is ready, and is removed without a remainder", async () => {
  const root = rootWith("first-service");
  const api = await apiOf();
  const up = await root.json("up", "--env", "local", "--all");
  expect({ exit: up.exit, problems: up.problems }).toEqual({ exit: 0, problems: [] });
  const objects = await api.objectsOf(["first-service"]);
  for (const object of [
    "Namespace first-service",
    "Deployment first-service/first-service",
    "Service first-service/first-service",
    "StatefulSet first-service/store",
  ]) {
    expect(objects).toContain(object);
  }
  expect((await api.workloads(["first-service"])).map((workload) => workload.ready)).toEqual([
    true,
    true,
  ]);
  const again = await root.json("up", "--all");
  expect({ exit: again.exit, changes: changed(again) }).toEqual({ exit: 0, changes: [] });
  expect((await root.json("destroy", "--all")).exit).toBe(2);
  const destroy = await root.json("destroy", "--all", "--yes");
  expect({ exit: destroy.exit, problems: destroy.problems }).toEqual({ exit: 0, problems: [] });
  expect(await api.objectsOf(["first-service"])).toEqual([]);
});

test("fails with exit 4 and the descriptor's line on a broken rule, and touches nothing", async () => {
  const root = rootWith("ruled-service");
  const api = await apiOf();
  expect((await root.json("up", "--all")).exit).toBe(0);
  const before = await api.snapshot(["ruled-service"]);
  const good = root.read("services/ruled-service/service.yaml");
  const cases: readonly (readonly [rule: string, text: string, marker: RegExp])[] = [
    ["image-tag", good.replace(":1.0", ":latest"), /latest/],
    [
      "registries",
      good.replace("registry.example.com/", "registry.example.com.evil.test/"),
      /evil/,
    ],
    [
      "privileged",
      `${good}  patches:\n    - kind: Deployment\n      merge: { spec: { template: { spec: { containers: [{ name: main, image: "registry.example.com/ruled-service:1.0", securityContext: { privileged: true } }] } } } }\n`,
      /privileged: true/,
    ],
  ];
  for (const [rule, text, marker] of cases) {
    root.write("services/ruled-service/service.yaml", text);
    const line = text.split("\n").findIndex((each) => marker.test(each)) + 1;
    for (const command of ["preview", "up"]) {
      const document = await root.json(command, "ruled-service");
      expect({ rule, command, exit: document.exit }).toEqual({ rule, command, exit: 4 });
      const refusing = stacksOf(document).flatMap((stack) =>
        stack.verdicts.filter((verdict) => verdict.rule === rule && verdict.outcome === "fail"),
      );
      expect(refusing.length).toBeGreaterThan(0);
      expect(refusing[0]!.at).toMatchObject({ file: "services/ruled-service/service.yaml", line });
    }
    expect(await api.snapshot(["ruled-service"])).toBe(before);
  }
});

test("one field changes exactly the objects that it should; a comment changes nothing", async () => {
  const root = rootWith("edited-service");
  expect((await root.json("up", "--all")).exit).toBe(0);
  const file = "services/edited-service/service.yaml";
  const good = root.read(file);
  const edits: readonly (readonly [
    what: string,
    text: string,
    changes: string[],
    notes?: string[],
  ])[] = [
    ["a comment", `# a comment\n${good.replace("  image:", "  # another\n  image:")}`, []],
    [
      "the maximum, over what the environment allows",
      good.replace("max: 3", "max: 9"),
      ["update HorizontalPodAutoscaler edited-service/edited-service"],
      ["FW3020"],
    ],
    [
      "an environment variable",
      good.replace("hello", "goodbye"),
      ["update Deployment edited-service/edited-service"],
    ],
    [
      "the image",
      good.replace(":1.0", ":1.1"),
      ["update Deployment edited-service/edited-service"],
    ],
  ];
  for (const [what, text, expected, notes = []] of edits) {
    root.write(file, text);
    const preview = await root.json("preview", "edited-service");
    expect({
      what,
      exit: preview.exit,
      changes: changed(preview).filter((change) => !/Stack/.test(change)),
      notes: preview.notes.map(({ code }) => code),
    }).toEqual({ what, exit: 0, changes: expected, notes });
  }
});

test("a password never shows in any output, file or error", async () => {
  const root = rootWith("quiet-service");
  const planted = "Pl4nted-S3cret-0f-A-Te4m";
  const api = await apiOf();
  root.write(
    "services/quiet-service/service.yaml",
    `${root.read("services/quiet-service/service.yaml").replace("store: { type: postgres }", "store: { type: postgres }\n    stripe: { type: secret }")}`,
  );
  const outputs: string[] = [];
  const { execFileSync } = await import("node:child_process");
  const { checkoutRoot } = await import("../setup/checkout.ts");
  outputs.push(
    execFileSync(
      process.execPath,
      [
        path.join(checkoutRoot(), "fairway.mjs"),
        "secret",
        "set",
        "quiet-service",
        "stripe",
        "--root",
        root.folder,
      ],
      { input: planted, encoding: "utf8" },
    ),
  );
  for (const args of [
    ["up", "--all"],
    ["up", "--all", "--json"],
    ["preview", "--all", "--show-same"],
    ["outputs", "quiet-service", "--json"],
    ["status", "--json"],
    ["plan", "--json"],
    ["drift", "--all", "--json"],
  ]) {
    const ran = await root.fairway(...args);
    outputs.push(ran.stdout, ran.stderr);
  }
  const secret = await api.get("/api/v1/namespaces/quiet-service/secrets/store");
  const generated = Object.values((secret?.["data"] ?? {}) as Record<string, string>).map((text) =>
    Buffer.from(text, "base64").toString(),
  );
  const passwords = generated.filter((text) => /^[A-Za-z0-9]{20,}$/.test(text));
  expect(passwords.length).toBeGreaterThan(0);
  const files = filesIn(path.join(root.folder, ".fairway")).map((file) =>
    readFileSync(file, "latin1"),
  );
  for (const word of [
    planted,
    ...passwords,
    ...[planted, ...passwords].map((text) => Buffer.from(text).toString("base64")),
  ]) {
    expect(outputs.filter((text) => text.includes(word))).toEqual([]);
    expect(files.filter((text) => text.includes(word)).length).toBe(0);
  }
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

test("every command's JSON fits its published schema", async () => {
  const root = rootWith("schema-service");
  const documents = [
    await root.json("validate"),
    await root.json("plan"),
    await root.json("preview", "--all"),
    await root.json("up", "--all"),
    await root.json("status"),
    await root.json("outputs", "schema-service"),
    await root.json("drift"),
    await root.json("logs", "schema-service"),
    await root.json("open", "schema-service"),
    await root.json("release", "schema-service", "main=registry.example.com/schema-service:2.0"),
    await root.json("new", "worker", "second-service", "--owner", "shop"),
    await root.json("explain", "FW7001"),
    await root.json("explain", "run-as-non-root"),
    await root.json("cluster", "status"),
    await root.json("doctor"),
    await root.json("completion", "fish"),
    await root.json("destroy", "schema-service", "--yes"),
  ];
  const seen = new Set<string>();
  for (const document of documents) {
    seen.add(document.command);
    const result = documentSchema(document.command).safeParse(document);
    expect({ command: document.command, issues: result.error?.issues ?? [] }).toEqual({
      command: document.command,
      issues: [],
    });
  }
  // The remaining ones change the checkout's own control plane or need standard input; their results have the same types.
  expect(Object.keys(DATA_SCHEMAS).filter((command) => !seen.has(command))).toEqual([
    "start",
    "secret set",
    "cluster up",
    "cluster down",
    "cluster kubeconfig",
  ]);
});
