import * as fc from "fast-check";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FairwayError } from "../contract/problem.ts";
import { SERVICE_TYPES, TIERS, LANGUAGES, type Service } from "../contract/service.ts";
import { referencesOf } from "../contract/value.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { diffPlans } from "./differences.fixture.ts";
import { CONTAINER, planOf, testEnvironment, testService } from "./testing.ts";
import { planWorkspace } from "./workspace.ts";

const label = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}[a-z0-9]$/);
const good = [
  "${metadata.name}",
  "$${x}",
  "${resources.db.host}",
  "p=${resources.db.password}",
  "${resources.db}",
];
const bad = [
  "${resources.nobody.host}",
  "${resources.db.nothing}",
  "${other.thing}",
  "${metadata.x}",
];
const none = fc.constant(undefined);

/** Services as they come out of the loader (`valid`), or with everything in them that may be wrong. */
function servicesOf(valid: boolean): fc.Arbitrary<Service> {
  const wrong = <T>(...values: T[]): T[] => (valid ? [] : values);
  const text = fc.oneof(
    fc.stringMatching(/^[a-z ${]{0,9}$/),
    fc.constantFrom(...good, ...wrong(...bad)),
  );
  const params = fc.constantFrom(
    {},
    ...wrong<object>({ size: "enormous" }, { nothing: 1 }, { size: "${resources.db}" }),
  );
  const use = fc.record({
    type: fc.constantFrom(
      "postgres",
      "redis",
      "amqp",
      "volume",
      "dns",
      ...wrong("route", "unknown"),
    ),
    class: fc.constantFrom("default", ...wrong("other")),
    id: fc.option(label, { nil: undefined, freq: 4 }),
    params,
    annotations: fc.constant({}),
  });
  const compute = fc.record({
    cpu: fc.constantFrom(undefined, "100m", ...wrong("8")),
    memory: fc.constantFrom(undefined, "64Mi", ...wrong("9Gi")),
  });
  const probe = fc.constantFrom(undefined, {}, { exec: ["true"] }, { period: 9 });
  const container = fc
    .record({
      image: fc.constantFrom(undefined, ".", "a/b:1"),
      variables: fc.dictionary(fc.stringMatching(/^[A-Z_.]{1,8}$/), text, { maxKeys: 4 }),
      files: fc.dictionary(
        fc.stringMatching(/^\/[a-z/._]{1,12}$/),
        fc.record({ content: text, encoding: fc.constant("text" as const), expand: fc.boolean() }),
        { maxKeys: 2 },
      ),
      volumes: fc.dictionary(
        fc.stringMatching(/^\/v[a-z]{1,5}$/),
        fc.record({
          source: fc.constantFrom("${resources.data}", ...wrong("${resources.db}", "x")),
          readOnly: fc.boolean(),
        }),
        { maxKeys: 1 },
      ),
      before: valid
        ? fc.constant({})
        : fc.dictionary(fc.constantFrom("main", "aa"), fc.constantFrom("started", "complete"), {
            maxKeys: 1,
          }),
      requests: compute,
      limits: valid ? fc.constant({}) : compute,
      livenessProbe: probe,
      readinessProbe: probe,
    })
    .map(({ requests, limits, ...rest }) => ({
      ...CONTAINER,
      ...rest,
      resources: { requests, limits },
    }));
  const number = fc.integer({ min: 1, max: 65_535 });
  const port = fc.record({
    port: number,
    targetPort: number,
    protocol: fc.constantFrom("TCP", "UDP"),
  });
  const own = fc.constantFrom("db", "data", "q1", "x-2");
  return fc
    .record({
      name: label.filter((name) => !["db", "data", "q1", "x-2"].includes(name)),
      type: fc.constantFrom(...SERVICE_TYPES),
      language: fc.option(fc.constantFrom(...LANGUAGES), { nil: undefined }),
      tier: fc.option(fc.constantFrom(...TIERS), { nil: undefined }),
      containers: fc.dictionary(fc.constantFrom("main", "aa", "bb"), container, { minKeys: 1 }),
      ports: fc.option(fc.dictionary(label, port, { maxKeys: 3 }), { nil: undefined }),
      uses: fc.dictionary(own, use, { maxKeys: 4 }),
      usesAsVariables: fc.boolean(),
      scaling: fc.option(
        fc.record({ min: fc.integer({ min: 1, max: 9 }), max: fc.integer({ min: 9, max: 40 }) }),
        { nil: undefined },
      ),
      monitoring: fc.boolean(),
      visibility: valid ? none : fc.constantFrom("public", "internal"),
      routes: valid
        ? fc.constant([])
        : fc.array(fc.record({ path: fc.constantFrom("/", "/a"), host: text }), { maxLength: 2 }),
      consumes: valid ? fc.constantFrom([], ["other"]) : fc.array(label, { maxLength: 1 }),
      schedule: fc.constantFrom("15 2 * * *", ...wrong(undefined)),
    })
    .map(({ name, uses, ...over }) => {
      const plain = { class: "default", params: {}, annotations: {} };
      const needed = valid
        ? { db: { ...plain, type: "postgres" }, data: { ...plain, type: "volume" } }
        : {};
      return testService(name, {
        ...over,
        uses: { ...uses, ...needed },
      } as unknown as Partial<Service>);
    });
}

/** The digest, or the codes of everything wrong. */
function outcome(service: Service): string {
  try {
    return planOf(service, ENVIRONMENT, OTHERS).digest;
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    const placeless = error.problems.filter(
      ({ source, file, path }) => source !== "user" || file === undefined || path === undefined,
    );
    if (placeless.length > 0)
      throw new Error(`problems without a place: ${JSON.stringify(placeless)}`, { cause: error });
    return error.problems
      .map(({ code, message }) => `${code} ${message}`)
      .sort()
      .join("\n");
  }
}

const ENVIRONMENT = testEnvironment("test", { replicas: { min: 1, max: 12 } });
const OTHERS = [testService("other", { ports: {} })];

/** The same value with the keys of all of its records in another order. */
function shuffled<T>(value: T): T {
  if (Array.isArray(value)) return value.map(shuffled) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, shuffled(member as unknown)])
      .toReversed(),
  ) as T;
}

describe("resolve", () => {
  it("gives a plan for whatever is valid, and the same again", () => {
    fc.assert(
      fc.property(servicesOf(true), (service) => {
        const first = outcome(service);
        expect(first).toMatch(/^[0-9a-f]{64}$/);
        expect(outcome(service)).toBe(first);
      }),
    );
  });

  it("fails with problems that say where, and nothing else", () => {
    fc.assert(
      fc.property(servicesOf(false), (service) => {
        expect(outcome(service)).toBe(outcome(service));
      }),
    );
  });

  it("does not see the order of keys, nor lines, nor folders", () => {
    fc.assert(
      fc.property(fc.boolean().chain(servicesOf), (service) => {
        const folder = "services/elsewhere";
        const moved = { ...shuffled(service), folder, file: `${folder}/score.yaml`, sources: {} };
        const [here, there] = [outcome(service), outcome(moved)];
        expect(codes(there)).toEqual(codes(here));
        expect(here.includes("FW") || there === here).toBe(true);
      }),
    );
  });

  it("names only items that are there", () => {
    fc.assert(
      fc.property(servicesOf(true), (service) => {
        const plan = planOf(service, ENVIRONMENT, OTHERS);
        const ids = plan.items.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const walk = (value: unknown): void => {
          if (typeof value !== "object" || value === null) return;
          for (const { ref } of referencesOf(value as never)) expect(ids).toContain(ref);
          Object.values(value).forEach(walk);
        };
        plan.items.forEach(({ args }) => walk(args));
        plan.items.forEach(({ after }) => after.forEach((id) => expect(ids).toContain(id)));
      }),
    );
  });
});

const codes = (text: string): string[] =>
  [
    ...new Set(text.split("\n").map((line) => (line.startsWith("FW") ? line.slice(0, 6) : "plan"))),
  ].sort();

describe("one edit changes", () => {
  const use = (type: string, params = {}) => ({ type, class: "default", params, annotations: {} });
  const base = testService("one", {
    language: "node",
    monitoring: true,
    visibility: "public",
    uses: { db: use("postgres"), cache: use("redis") },
    usesAsVariables: true,
  });
  const container = base.containers["main"]!;

  it.each<[string, Partial<Service>, readonly string[]]>([
    ["nothing by a description", { description: "Says more." }, []],
    ["nothing by a link", { links: [{ title: "Runbook", url: "https://example.test" }] }, []],
    [
      "the workload by a variable",
      { containers: { main: { ...container, variables: { A: "b" } } } },
      ["workload"],
    ],
    ["the workload by scaling", { scaling: { min: 2, max: 4 } }, ["workload"]],
    [
      "the route by its host",
      { routes: [{ host: "www.example.test", path: "/" }] },
      ["plan", "route"],
    ],
    ["the alerts by an objective", { objective: { availability: 99.99 } }, ["monitoring"]],
    [
      "the database and its users' restart by its rotation",
      { uses: { ...base.uses, db: use("postgres", { rotation: 2 }) } },
      ["db", "plan", "tenancy", "workload"],
    ],
    [
      "the database by its size",
      { uses: { ...base.uses, db: use("postgres", { storage: "5Gi" }) } },
      ["db"],
    ],
    [
      "one resource by its removal",
      { uses: { db: base.uses["db"]! } },
      ["cache", "plan", "tenancy", "workload"],
    ],
  ])("%s", (_, edit, items) => {
    const differences = diffPlans(planOf(base), planOf({ ...base, ...edit }));
    expect([...new Set(differences.map(({ item }) => item))].sort()).toEqual(items);
  });
});

describe("both kinds of descriptor", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-kinds-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const ENVIRONMENT_FILE = `
apiVersion: platform.company.com/v1
kind: Environment
metadata: { name: local }
spec:
  cluster: { embedded: true }
  domain: local.test
  registry: registry.example.test
  registries: ["*"]
  images: { unreleased: allow }
  owner: { policy: optional }
  resources: [{ type: postgres, driver: postgres-cluster }]
`;
  const REQUEST = `
apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata: { name: one }
spec:
  type: microservice
  image: a/b:1
  port: 9000
  command: [run]
  env: { GREETING: hello, URL: "db://\${resources.database.username}:\${resources.database.password}@x" }
  files: { /etc/one.conf: { content: "name=\${metadata.name}" } }
  health: { command: ["true"] }
  uses: { database: { type: postgres } }
  resources: { cpu: 100m, memory: 64Mi }
`;
  const SCORE = `
apiVersion: score.dev/v1b1
metadata: { name: one }
service: { ports: { http: { port: 9000 } } }
containers:
  main:
    image: a/b:1
    command: [run]
    variables:
      GREETING: hello
      URL: "db://\${resources.database.username}:\${resources.database.password}@x"
      DATABASE_DATABASE: \${resources.database.database}
      DATABASE_HOST: \${resources.database.host}
      DATABASE_NAME: \${resources.database.name}
      DATABASE_PASSWORD: \${resources.database.password}
      DATABASE_PORT: \${resources.database.port}
      DATABASE_USERNAME: \${resources.database.username}
    files: { /etc/one.conf: { content: "name=\${metadata.name}" } }
    livenessProbe: { exec: { command: ["true"] } }
    readinessProbe: { exec: { command: ["true"] } }
    resources: { requests: { cpu: 100m, memory: 64Mi } }
resources: { database: { type: postgres } }
`;

  it("give one plan for one meaning", async () => {
    const plans = await Promise.all(
      [
        ["request", "service.yaml", REQUEST],
        ["score", "score.yaml", SCORE],
      ].map(async ([name, file, content]) => {
        const root = join(folder, name!);
        mkdirSync(join(root, "environments"), { recursive: true });
        mkdirSync(join(root, "services", "one"), { recursive: true });
        writeFileSync(join(root, "environments", "local.yaml"), ENVIRONMENT_FILE);
        writeFileSync(join(root, "services", "one", file!), content!);
        const workspace = await loadWorkspace(root);
        expect(workspace.problems).toEqual([]);
        const { plans: all, problems } = planWorkspace(workspace, { environments: ["local"] });
        expect(problems).toEqual([]);
        return all.find(({ kind }) => kind === "service")!;
      }),
    );
    expect(diffPlans(plans[0]!, plans[1]!)).toEqual([]);
    expect(plans[0]!.digest).toBe(plans[1]!.digest);
  });
});
