import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Context } from "../../stacks/cli/command.ts";
import { COMMANDS } from "../../stacks/cli/commands.ts";
import { DATA_SCHEMAS, documentSchema } from "../../stacks/cli/schemas.ts";
import { contextOf, input } from "../../stacks/cli/testing.ts";
import type { Change } from "../../stacks/contract/result.ts";
import { isOp } from "../../stacks/report/summary.ts";
import { checkoutRoot } from "../setup/checkout.ts";
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
  const file = "services/quiet-service/service.yaml";
  const report = path.join(root.folder, "report.md");
  root.write(file, withSecret(root.read(file)));
  const outputs: string[] = [];
  const expectQuiet = async (code: number, ...args: string[]): Promise<void> => {
    const ran = await root.fairway(...args);
    expect({ args, code: ran.code, stderr: ran.stderr }).toMatchObject({ args, code });
    outputs.push(ran.stdout, ran.stderr);
    if (args.includes(report)) outputs.push(readFileSync(report, "utf8"));
  };
  outputs.push(keepSecret(root, "quiet-service", planted));
  await expectQuiet(0, "up", "--all");
  const secret = await api.get("/api/v1/namespaces/quiet-service/secrets/store");
  const generated = Object.values((secret?.["data"] ?? {}) as Record<string, string>).map((text) =>
    Buffer.from(text, "base64").toString(),
  );
  const passwords = generated.filter((text) => /^[A-Za-z0-9]{20,}$/.test(text));
  expect(passwords.length).toBeGreaterThan(0);
  await expectQuiet(0, "up", "--all", "--json", "--markdown", report);
  for (const command of ["outputs", "status", "plan", "drift"]) {
    const operands = command === "outputs" ? ["quiet-service"] : [];
    await expectQuiet(0, command, ...operands);
    await expectQuiet(0, command, ...operands, "--json");
  }
  // A change of the secret itself, as it is shown in every form.
  const good = root.read(file);
  root.write(
    file,
    good.replace("{ type: postgres }", "{ type: postgres, params: { rotation: 2 } }"),
  );
  await expectQuiet(0, "preview", "--all", "--show-same", "--markdown", report);
  expect(readFileSync(report, "utf8")).toContain("[secret]");
  await expectQuiet(0, "preview", "--all", "--json");
  // What is refused, and what the cluster refuses.
  root.write(file, good.replace(":1.0", ":latest"));
  await expectQuiet(4, "up", "--all", "--markdown", report);
  // A literal is refused, and not shown to those who read why.
  const literal = "L1teral-0f-A-Te4m";
  root.write(file, good.replace("GREETING: hello", `GREETING: hello\n    API_TOKEN: ${literal}`));
  await expectQuiet(4, "preview", "--all", "--markdown", report);
  await expectQuiet(4, "up", "--all", "--json");
  root.write(
    file,
    `${good}  patches:\n    - { kind: Secret, merge: { type: kubernetes.io/tls } }\n    - { kind: Deployment, merge: { spec: { minReadySeconds: -1 } } }\n`,
  );
  await expectQuiet(1, "up", "--all", "--json", "--markdown", report);
  root.write(file, good);
  await expectQuiet(0, "destroy", "--all", "--yes");
  const files = filesIn(root.folder).map((name) => readFileSync(name, "latin1"));
  expect(outputs.filter((text) => text.includes(literal))).toEqual([]);
  for (const word of [
    planted,
    ...passwords,
    ...[planted, ...passwords].map((text) => Buffer.from(text).toString("base64")),
  ]) {
    expect(outputs.filter((text) => text.includes(word))).toEqual([]);
    expect(files.filter((text) => text.includes(word)).length).toBe(0);
  }
});

/** The descriptor with a secret that its team brings. */
const withSecret = (text: string): string =>
  text.replace(
    "store: { type: postgres }",
    "store: { type: postgres }\n    stripe: { type: secret }",
  );

/** Keeps that secret as a team does; gives what was printed. */
function keepSecret(root: TestRoot, service: string, value: string, ...flags: string[]): string {
  const bin = path.join(checkoutRoot(), "fairway.mjs");
  const args = [bin, "secret", "set", service, "stripe", "--root", root.folder, ...flags];
  return execFileSync(process.execPath, args, { input: value, encoding: "utf8" });
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

/** What a command of this process would print with `--json`. */
async function documentOf(context: Context, command: string, flags = {}): Promise<Document> {
  const { run } = await COMMANDS.find(({ name }) => name === command)!.load();
  const { exit, data, problems = [], notes = [] } = await run(context, input([], flags));
  const document = { command, exit, rehearsed: false, data, problems, notes };
  return JSON.parse(JSON.stringify(document)) as Document;
}

/** What commands say of a cloud; they contact nothing. */
async function cloudDocuments(): Promise<Document[]> {
  const root = testRoot({
    services: { "user-service": path.join(checkoutRoot(), "services", "user-service") },
  });
  // What its release names, and who owns it.
  const files = ["dev", "staging", "prod"].map((name) => `environments/${name}.yaml`);
  for (const file of [...files, ".github/CODEOWNERS"])
    root.write(file, readFileSync(path.join(checkoutRoot(), file), "utf8"));
  try {
    return [
      await root.json("bootstrap", "--env", "prod", "--rehearse"),
      await root.json("explain", "iam", "user-service", "--env", "prod"),
      await root.json("cost", "user-service", "--env", "prod"),
    ];
  } finally {
    root.remove();
  }
}

test("every command's JSON fits its published schema", async () => {
  const root = rootWith("schema-service");
  const file = "services/schema-service/service.yaml";
  root.write(file, `${withSecret(root.read(file))}  visibility: public\n`);
  root.write(
    "score.yaml",
    "apiVersion: score.dev/v1b1\nmetadata: { name: scored }\ncontainers: { main: { image: busybox:1 } }\n",
  );
  const documents = [
    JSON.parse(keepSecret(root, "schema-service", "a secret", "--json")) as Document,
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
    await root.json("doctor"),
    await root.json("completion", "fish"),
    await root.json("compose", "schema-service"),
    await root.json("cost"),
    await root.json("score", "export", "schema-service"),
    await root.json("score", "import", path.join(root.folder, "score.yaml")),
    await root.json("destroy", "schema-service", "--yes"),
    await root.json("retire", "schema-service", "--yes"),
    await root.json("retire", "schema-service", "--forget", "--yes"),
    ...(await cloudDocuments()),
  ];
  // A checkout of its own for what belongs to a checkout: the local control plane.
  const own = testRoot({ environment: { cluster: { embedded: true } } });
  own.write("policies/levels.yaml", "levels: {}\n");
  own.write("services/one/service.yaml", DESCRIPTOR.replaceAll("NAME", "one"));
  const context = contextOf(own.folder, { checkout: own.folder, env: process.env });
  try {
    documents.push(
      await documentOf(context, "cluster up"),
      await documentOf(context, "cluster status"),
      await documentOf(context, "cluster kubeconfig"),
      await documentOf(context, "start"),
    );
    expect(documents.slice(-4).map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
  } finally {
    documents.push(await documentOf(context, "cluster down", { yes: true }));
    own.remove();
  }
  const seen = new Set<string>();
  for (const document of documents) {
    seen.add(document.command);
    expect({ command: document.command, data: document.data }).not.toMatchObject({ data: null });
    const result = documentSchema(document.command).safeParse(document);
    expect({ command: document.command, issues: result.error?.issues ?? [] }).toEqual({
      command: document.command,
      issues: [],
    });
  }
  expect(Object.keys(DATA_SCHEMAS).filter((command) => !seen.has(command))).toEqual([]);
});
