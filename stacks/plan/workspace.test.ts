import { beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { Service } from "../contract/service.ts";
import { isTemplate } from "../contract/value.ts";
import type { Workspace } from "../contract/workspace.ts";
import { cleanRoots, environmentFile, makeRoot, requestFile } from "../load/root.fixture.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { affected } from "./changes.ts";
import { diffPlans } from "./differences.fixture.ts";
import { planOf, testEnvironment, testService } from "./testing.ts";
import { planTree } from "./tree.ts";
import { planWorkspace } from "./workspace.ts";

cleanRoots();

/** A workspace of services that are the same in every environment. */
function workspaceOf(services: readonly Service[], environment = testEnvironment()): Workspace {
  return {
    root: "/root",
    services: Object.fromEntries(
      services.map((service) => [
        service.name,
        {
          name: service.name,
          folder: service.folder,
          file: service.file,
          in: { [environment.name]: service },
        },
      ]),
    ),
    environments: { [environment.name]: environment },
    positions: { at: (file) => ({ file, line: 7, column: 3 }) },
    problems: [],
    notes: [],
  };
}

const plan = (services: readonly Service[], environment = testEnvironment()) =>
  planWorkspace(workspaceOf(services, environment), { environments: [environment.name] });
const found = (services: readonly Service[], environment = testEnvironment()) =>
  plan(services, environment).problems.map(
    ({ code, file, line, path, message }) => `${code} ${file}:${line} ${path}: ${message}`,
  );

describe("a workspace", () => {
  it("fails on two resources that an account could not tell apart", () => {
    const queue = { type: "sqs", class: "default", params: {}, annotations: {} };
    const aws = testEnvironment("prod", {
      cluster: { eks: "company-prod" },
      cloud: { provider: "aws", region: "eu-central-1", account: "333333333333" },
      resources: [{ type: "sqs", driver: "sqs" }],
    });
    const services = [
      testService("a", { owner: "shop", uses: { "b-c": queue } }),
      testService("a-b", { owner: "shop", uses: { c: queue } }),
    ];
    expect(found(services, aws)).toEqual([
      "FW3032 services/a-b/service.yaml:7 spec.uses.c: b-c of a and c of a-b would have the same name in the account",
    ]);
  });

  it("gives platform, shared and service plans of every environment", () => {
    const uses = {
      queue: { type: "amqp", class: "default", id: "orders", params: {}, annotations: {} },
    };
    const { plans, problems } = plan([testService("a", { uses }), testService("b", { uses })]);
    expect(problems).toEqual([]);
    expect(plans.map(({ stack, kind }) => `${kind} ${stack}`)).toEqual([
      "platform platform.test",
      "shared shared-amqp-default-orders.test",
      "service a.test",
      "service b.test",
    ]);
    expect(plans.map(({ dependsOn }) => dependsOn)).toEqual([
      [],
      ["platform.test"],
      ["platform.test", "shared-amqp-default-orders.test"],
      ["platform.test", "shared-amqp-default-orders.test"],
    ]);
  });

  it("reads a shared resource's secrets from its stack, and writes its names", () => {
    const uses = {
      queue: { type: "amqp", class: "default", id: "orders", params: {}, annotations: {} },
    };
    const { plans } = plan([testService("a", { uses, usesAsVariables: true })]);
    const [, shared, user] = plans;
    expect(shared!.outputs["password"]).toMatchObject({ secret: true });
    expect(user!.items.find(({ id }) => id === "queue")).toMatchObject({
      component: "shared-reference",
      args: { stack: "shared-amqp-default-orders.test" },
    });
    const { containers, secret } = user!.items.find(({ id }) => id === "workload")!.args as {
      containers: { env: Record<string, string> }[];
      secret: { data: Record<string, unknown> };
    };
    expect(containers[0]!.env["QUEUE_HOST"]).toBe("orders.shared-amqp-default-orders-test.svc");
    const password = secret.data["main.env.QUEUE_PASSWORD"];
    expect(isTemplate(password) && password.$template).toEqual([
      { ref: "queue", output: "password", secret: true },
    ]);
  });

  it("fails where services disagree about what they share", () => {
    const using = (rotation: number) => ({
      queue: {
        type: "amqp",
        class: "default",
        id: "orders",
        params: { rotation },
        annotations: {},
      },
    });
    expect(
      found([testService("a", { uses: using(1) }), testService("b", { uses: using(2) })]),
    ).toEqual([
      "FW3010 services/b/service.yaml:7 spec.uses.queue.params.rotation: b and a give different values for rotation of the shared amqp orders",
    ]);
  });

  it("fails where several services name one volume", () => {
    const uses = {
      data: { type: "volume", class: "default", id: "files", params: {}, annotations: {} },
    };
    expect(found([testService("a", { uses })])).toEqual([]);
    expect(found([testService("a", { uses }), testService("b", { uses })])[0]).toContain(
      "FW3010 services/a/service.yaml:7 spec.uses.data.id: a volume cannot be shared",
    );
  });

  it("fails where two environments of one cluster share a namespace", () => {
    const environments = (namespace: string, context: string) => ({
      one: testEnvironment("one", { namespace, cluster: { context: "here" } }),
      two: testEnvironment("two", { namespace, cluster: { context } }),
    });
    const told = (namespace: string, context: string) => {
      const service = testService("a");
      const workspace = workspaceOf([service]);
      const both = { ...workspace.services["a"]!, in: { one: service, two: service } };
      return planWorkspace(
        { ...workspace, services: { a: both }, environments: environments(namespace, context) },
        { environments: ["one"] },
      ).problems.map(({ code, file, message }) => `${code} ${file}: ${message}`);
    };
    expect(told("{service}", "here")).toEqual([
      "FW3011 environments/two.yaml: a.one and a.two would both live in the namespace a of one cluster",
    ]);
    expect(told("{service}", "there")).toEqual([]);
    expect(told("{service}-{environment}", "here")).toEqual([]);
  });

  it("fails where two services answer one host and path", () => {
    const routes = [{ host: "www.example.test", path: "/" }];
    expect(found([testService("a", { routes }), testService("b", { routes })])).toEqual([
      "FW3012 services/b/service.yaml:7 spec.routes.0: a and b both answer www.example.test/ in test",
    ]);
  });

  it("keeps the plans of other services when one is wrong", () => {
    const { plans, problems } = plan([
      testService("a"),
      testService("b", { consumes: ["zzzzzz"] }),
    ]);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([["FW1209", 7]]);
    expect(plans.map(({ stack }) => stack)).toContain("a.test");
  });

  it("fails where two plans would have one stack, whoever let them", () => {
    const claims = [
      testService("a", { was: ["platform"] }),
      testService("b", { was: ["c"] }),
      testService("c"),
    ];
    expect(found(claims).filter((text) => text.startsWith("FW4023"))).toEqual([
      "FW4023 services/a/service.yaml:7 spec.was: a and platform would both be the stack platform.test",
      "FW4023 services/b/service.yaml:7 spec.was: b and c would both be the stack c.test",
    ]);
  });

  it("does not count a consent after its date", () => {
    const uses = { db: { type: "postgres", class: "default", params: {}, annotations: {} } };
    const consents = [
      { resource: "db", action: "delete", reason: "not needed any more", until: "2026-01-31" },
    ] as const;
    const on = (today: string) =>
      planWorkspace(workspaceOf([testService("a", { uses, consents })]), {
        environments: ["test"],
        today,
      }).plans[1]!;
    const ended = (today: string) => on(today).guard?.consents.map(({ ended }) => ended);
    expect(ended("2026-01-31")).toEqual([undefined]);
    expect(ended("2026-02-01")).toEqual([true]);
    expect(on("2026-02-01").notes.map(({ code }) => code)).toEqual(["FW3022"]);
  });

  it("does not count a consent of an environment after its date", () => {
    const consents = [
      { resource: "keys", action: "delete", reason: "not needed any more", until: "2020-01-01" },
    ];
    const environment = testEnvironment("test", { consents });
    const { plans } = planWorkspace(workspaceOf([], environment), {
      environments: ["test"],
      today: "2026-11-21",
    });
    expect(plans[0]!.guard?.consents.map(({ ended }) => ended)).toEqual([true]);
    expect(plans[0]!.notes).toEqual([
      expect.objectContaining({ code: "FW3022", path: "spec.consents.0.until" }),
    ]);
  });
});

it("places a driver's refusal of a param at its own line and column, however it is written", async () => {
  const root = makeRoot({
    "environments/test.yaml": environmentFile("test").replace(
      "resources: []",
      'resources: [{type: postgres, class: "*", driver: postgres-cluster, params: {"b.c": 1}}]',
    ),
    "services/a/service.yaml": requestFile(
      '  type: worker\n  uses: {db: {type: postgres, params: {xx: 1, "a.b": 2, size: huge}}}\n',
    ),
  });
  const { problems } = planWorkspace(await loadWorkspace(root), { environments: ["test"] });
  expect(
    problems.map(({ code, file, line, column, path }) => [code, file, line, column, path]),
  ).toEqual([
    ["FW3003", "environments/test.yaml", 11, 86, "spec.resources.0.params.b\\.c"],
    ["FW3003", "services/a/service.yaml", 7, 44, "spec.uses.db.params.xx"],
    ["FW3003", "services/a/service.yaml", 7, 54, "spec.uses.db.params.a\\.b"],
    ["FW3003", "services/a/service.yaml", 7, 63, "spec.uses.db.params.size"],
  ]);
});

describe("stacks in a circle", () => {
  it("are told by name, and what only depends on the circle is not", () => {
    const names = ["a", "b", "c", "d"];
    const calls: Record<string, string[]> = { a: ["b"], b: ["c"], c: ["a"], d: ["a"] };
    const services = names.map((name) => testService(name, { consumes: calls[name]! }));
    expect(plan(services).problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "FW1210 stacks wait for each other in a circle: a.test → b.test → c.test → a.test",
    ]);
  });
});

describe("differences between plans", () => {
  it("name the stacks and values that changed", () => {
    const one = testService("a", { scaling: { min: 1, max: 1 } });
    const [before, after] = [planOf(one), planOf({ ...one, scaling: { min: 2, max: 2 } })];
    expect(diffPlans(before, before)).toEqual([]);
    expect(diffPlans(before, after).map(({ item, path, change }) => [item, path, change])).toEqual([
      ["workload", "disruption", "added"],
      ["workload", "replicas", "changed"],
    ]);
    expect(affected([before], [after, planOf(testService("b"))])).toEqual([
      { stack: "a.test", change: "changed" },
      { stack: "b.test", change: "added" },
    ]);
  });
});

it("tells of a rule that names no driver, whether or not a service needs it", () => {
  const environment = testEnvironment();
  const [first, ...rest] = environment.resources;
  const resources = [{ ...first!, driver: `${first!.driver}x` }, ...rest];
  const [problem] = planWorkspace(workspaceOf([], { ...environment, resources }), {
    environments: [environment.name],
  }).problems;
  expect(problem).toMatchObject({
    code: "FW3002",
    file: environment.file,
    path: "spec.resources.0.driver",
    hint: `did you mean ${first!.driver}?`,
  });
});

describe("the example services", () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await loadWorkspace(checkoutRoot());
  });

  it("are planned in every environment without a problem or a refusal", () => {
    const environments = Object.keys(workspace.environments);
    const { plans, problems } = planWorkspace(workspace, { environments });
    expect(problems).toEqual([]);
    expect(plans.flatMap(({ refusals }) => refusals)).toEqual([]);
  });

  it("are shown as a tree with a reason for each part, and no secret", () => {
    const { plans } = planWorkspace(workspace, {
      environments: ["local"],
      services: ["user-service"],
    });
    const lines: string[] = [];
    const walk = (nodes: ReturnType<typeof planTree>, indent: string): void => {
      for (const { what, why, children } of nodes) {
        lines.push(`${indent}${what}${why === undefined ? "" : ` ← ${why}`}`);
        walk([...(children ?? [])], `${indent}  `);
      }
    };
    walk(planTree(plans[1]!, workspace.positions), "");
    expect(lines).toContain(
      "database: postgres-cluster (holds data) ← services/user-service/service.yaml:9 database",
    );
    expect(lines).toContain(
      "  containers.0.resources.requests.cpu 500m ← services/user-service/service.yaml:16 resources.cpu",
    );
    expect(lines.find((line) => line.startsWith("  scaling "))).toMatch(
      /^ {2}scaling min=2 max=5 ← environments\/local\.yaml:\d+ replicas\.max$/,
    );
    expect(lines).toContain("    DATABASE_HOST=database.user-service.svc");
    expect(lines).toContain(
      "  workload → database TCP/5432 ← services/user-service/service.yaml:9 database",
    );
    expect(lines.filter((line) => line.includes("undefined"))).toEqual([]);
  });

  it("say `unreleased` in local and nowhere else", () => {
    const images = (environment: string) =>
      planWorkspace(workspace, {
        environments: [environment],
        services: ["user-service"],
      }).plans.find(({ stack }) => stack.startsWith("user-service."))!.images["main"]!.from;
    expect([images("local"), images("prod")]).toEqual(["unreleased", "release"]);
  });
});
