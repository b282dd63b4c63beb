import { writeFileSync } from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { environmentFile, makeRoot, removeRoots, said } from "./root.fixture.ts";
import { loadWorkspace } from "./workspace.ts";

const REQUEST = {
  apiVersion: "platform.company.com/v1",
  kind: "ServiceRequest",
  metadata: { name: "user-service", annotations: { "example.com/a": "b" } },
  spec: {
    type: "cron",
    language: "java",
    owner: "users",
    tier: "standard",
    links: [{ title: "wiki", url: "https://example.com" }],
    image: "registry.test/a:1",
    ports: { http: { port: 80, targetPort: 8080 } },
    health: { path: "/up", period: 5 },
    env: { A: "${resources.database.host}", B: "$${x} ${metadata.name}" },
    files: { "/etc/a": { content: "x", mode: "0644" } },
    database: "postgresql",
    cache: "redis",
    uses: { other: { type: "dns", params: { x: ["${resources.cache.port}"] } } },
    queues: ["orders"],
    scaling: { min: 1, max: 3 },
    resources: { cpu: "500m", memory: "1Gi" },
    route: [{ host: "a.test", path: "/", port: 80 }],
    schedule: "15 2 * * *",
    slo: { availability: 99.9 },
    patches: [{ kind: "Deployment", merge: { spec: { replicas: null } } }],
    consents: [
      { resource: "database", action: "delete", reason: "moved away", until: "2026-12-31" },
    ],
    environments: { test: { scaling: { max: 5 }, env: { A: "c" } } },
  },
};

const SCORE = {
  apiVersion: "score.dev/v1b1",
  metadata: { name: "web", extra: { a: 1 }, annotations: { "k8s.score.dev/kind": "Deployment" } },
  service: { ports: { http: { port: 80, protocol: "TCP" } } },
  containers: {
    app: {
      image: "a:1",
      command: ["run"],
      variables: { A: "${resources.db.host}" },
      files: {
        "/a": { content: "${metadata.extra.a}" },
        "/b": { source: "b.txt", noExpand: true },
      },
      volumes: { "/data": { source: "${resources.data}", readOnly: true } },
      before: { side: { ready: "complete" } },
      resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "0.5" } },
      livenessProbe: { httpGet: { path: "/", port: 80, httpHeaders: [{ name: "A", value: "b" }] } },
      readinessProbe: { exec: { command: ["true"] } },
    },
    side: { image: ".", files: [{ target: "/x", binaryContent: "aGk=" }] },
  },
  resources: {
    db: { type: "postgres", id: "a.b", params: { x: "${resources.data.source}" } },
    data: { type: "volume", class: "fast", metadata: { annotations: { "ab/bc": "c" } } },
  },
};

const roots = Object.fromEntries(
  ["service.yaml", "score.yaml"].map((name) => [
    name,
    makeRoot({
      "environments/test.yaml": environmentFile("test"),
      "services/a/b.txt": "x",
      [`services/a/${name}`]: "",
    }),
  ]),
);
afterAll(removeRoots);
vi.setConfig({ testTimeout: 120_000 });

/** Loads one descriptor: a model, or problems that say where; an exception fails the test. */
async function expectPlaced(
  kind: "service.yaml" | "score.yaml",
  text: string | Buffer,
): Promise<string[]> {
  const root = roots[kind] ?? "";
  writeFileSync(path.join(root, "services/a", kind), text);
  const { problems, services } = await loadWorkspace(root);
  for (const problem of problems) {
    expect(problem.file).toBe(`services/a/${kind}`);
    expect(problem.line).toBeGreaterThan(0);
    expect(problem.column).toBeGreaterThan(0);
    expect(problem.source).toBe("user");
    expect(problem.message).not.toBe("");
  }
  expect(problems.length > 0 || Object.keys(services).length === 1).toBe(true);
  return said(problems);
}

const kinds = fc.constantFrom("service.yaml" as const, "score.yaml" as const);

const scalars = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    70_000,
    "",
    " ",
    "a",
    "no",
    "0644",
    "${x}",
    "${resources.a.b}",
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [null],
    { a: null },
    "constructor",
    "toString",
    "x".repeat(300),
    "1Gi",
    "*/5 * * * *",
  ),
  fc.string({ unit: "grapheme" }),
  fc.double(),
);

it("reads the two documents as they are", async () => {
  expect(await expectPlaced("service.yaml", stringify(REQUEST))).toEqual([]);
  expect(await expectPlaced("score.yaml", stringify(SCORE))).toEqual([]);
});

it("gives a workspace or problems with a position for any change of one field", async () => {
  let valid = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      kinds,
      fc.nat(),
      fc.constantFrom("drop", "rename", "retype", "double"),
      fc.oneof(
        fc.string({ minLength: 1 }),
        fc.constantFrom("type", "name", "port", "uses", "valueOf"),
      ),
      scalars,
      async (kind, choice, change, name, value) => {
        const text = mutate(kind === "service.yaml" ? REQUEST : SCORE, choice, change, name, value);
        if ((await expectPlaced(kind, text)).length === 0) valid++;
        else refused++;
      },
    ),
    { numRuns: 300 },
  );
  // Both ends are reached: the test says something of each.
  expect(valid).toBeGreaterThan(20);
  expect(refused).toBeGreaterThan(100);
});

it.each(["service.yaml", "score.yaml"] as const)(
  "tells one field of a wrong type or a mistyped name, and nothing that follows from it: %s",
  async (kind) => {
    const document = kind === "service.yaml" ? REQUEST : SCORE;
    for (const [choice, place] of places(document).entries()) {
      const field = place.at(-1) ?? "";
      for (const [change, name] of [
        ["retype", ""],
        ["rename", `${field}x`],
      ] as const) {
        const told = await expectPlaced(kind, mutate(document, choice, change, name, [[false]]));
        // The last two: what is missing under its right name is told beside the mistyped one.
        const own = [
          ` ${field} is `,
          ` ${name} is `,
          `unknown field ${name}`,
          " 0 is ",
          "expected exactly one of",
          "expected httpGet or exec",
        ];
        const isOwn = (one: string): boolean => own.some((words) => one.includes(words));
        // Where a name is free and any type is taken, what refers to it is all that can be told.
        if (told.some((one) => /^FW110[134]/.test(one)))
          expect([change, place, told.filter((one) => !isOwn(one))]).toEqual([change, place, []]);
      }
    }
  },
);

it("gives a workspace or problems with a position for any damage to the text", async () => {
  await fc.assert(
    fc.asyncProperty(
      kinds,
      fc.nat(),
      fc.nat({ max: 12 }),
      fc.oneof(
        fc.string({ maxLength: 20 }),
        fc.string({ unit: "binary", maxLength: 10 }),
        fc.constantFrom(
          "\t",
          "\n",
          "---\n",
          "&a ",
          "*a",
          "<<: ",
          "[",
          "}",
          "'",
          '"',
          "!!js ",
          "%YAML 9\n",
          "? ",
          "|\n",
          "\0",
          "\uFEFF",
        ),
      ),
      async (kind, at, cut, put) => {
        const text = stringify(kind === "service.yaml" ? REQUEST : SCORE);
        const place = at % text.length;
        await expectPlaced(kind, text.slice(0, place) + put + text.slice(place + cut));
      },
    ),
    { numRuns: 250 },
  );
});

it("gives problems with a position for any bytes", async () => {
  await fc.assert(
    fc.asyncProperty(kinds, fc.uint8Array({ maxLength: 60 }), async (kind, bytes) => {
      await expectPlaced(kind, Buffer.from(bytes));
    }),
    { numRuns: 100 },
  );
});

/** One change to one place of a document, as YAML. */
function mutate(
  document: object,
  choice: number,
  change: string,
  name: string,
  value: unknown,
): string {
  const copy = structuredClone(document) as Record<string, unknown>;
  const all = places(copy);
  const place = all[choice % all.length] ?? [];
  const key = place.at(-1) ?? "";
  let parent = copy;
  for (const part of place.slice(0, -1)) parent = parent[part] as Record<string, unknown>;
  if (change === "drop") delete parent[key];
  else if (change === "retype") parent[key] = value;
  else if (change === "rename") {
    Object.defineProperty(parent, name, {
      value: parent[key],
      enumerable: true,
      configurable: true,
    });
    if (name !== key) delete parent[key];
  } else {
    // The same line twice, which no object can hold.
    const lines = stringify(copy).split("\n");
    const line = choice % (lines.length - 1);
    return [...lines.slice(0, line + 1), ...lines.slice(line)].join("\n");
  }
  return stringify(copy);
}

function places(value: unknown, at: string[] = []): string[][] {
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, member]) => [
        [...at, key],
        ...places(member, [...at, key]),
      ])
    : [];
}
