import { describe, expect, it } from "vitest";
import type { WorkloadSpec } from "../../components/workload/workload.plan.ts";
import type { RouteSpec } from "../../components/route/route.plan.ts";
import type { Plan } from "../contract/plan.ts";
import type { Service } from "../contract/service.ts";
import { CONTAINER, argsIn, planOf, problemsOf, testEnvironment, testService } from "./testing.ts";

const workload = (service: Service): WorkloadSpec =>
  argsIn<WorkloadSpec>(planOf(service), "workload");
const main = (spec: WorkloadSpec): WorkloadSpec["containers"][number] => spec.containers[0]!;

describe("resources", () => {
  const use = (type: string, params = {}, more = {}) => ({
    type,
    class: "default",
    params,
    annotations: {},
    ...more,
  });

  it("become variables for a ServiceRequest, under the service's own", () => {
    const containers = { main: { ...CONTAINER, variables: { DB_HOST: "mine" } } };
    const uses = { db: use("postgres") };
    const spec = workload(testService("one", { uses, containers, usesAsVariables: true }));
    expect(main(spec).env).toMatchObject({ DB_HOST: "mine", DB_PORT: "5432", DB_NAME: "one" });
    expect(main(spec).secretEnv).toEqual({ DB_PASSWORD: "main.env.DB_PASSWORD" });
    expect(main(workload(testService("one", { uses, containers }))).env).toEqual({
      DB_HOST: "mine",
    });
  });

  it.each([
    [
      use("kafka-topic"),
      "FW3001 spec.uses.db.type",
      "add the rule `- { type: kafka-topic, driver: kafka-topic-cluster }`",
    ],
    [use("postgress"), "FW3001 spec.uses.db.type", "did you mean postgres?"],
    [use("postgres", { sise: "small" }), "FW3003 spec.uses.db.params.sise", "did you mean size?"],
    [use("postgres", { size: "huge" }), "FW3003 spec.uses.db.params.size", "small"],
    [use("service", { service: "nobody" }), "FW3051", "nobody"],
  ])("fail %o with %s", (bad, code, words) => {
    const found = problemsOf(() => planOf(testService("one", { uses: { db: bad } })));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(code);
    expect(found[0]).toContain(words);
  });

  it("say a bad rule's params at the environment's file", () => {
    const environment = testEnvironment("test", {
      resources: [
        { type: "postgres", class: "*", driver: "postgres-cluster", params: { size: "x" } },
      ],
    });
    expect(
      problemsOf(() =>
        planOf(testService("one", { uses: { db: use("postgres") } }), environment),
      )[0],
    ).toContain("FW3003 spec.resources.0.params.size");
  });

  it("may refer to each other's outputs, and not in a circle", () => {
    const uses = {
      a: use("route", { host: "${resources.b.host}" }),
      b: use("dns", { host: "x.example.test" }),
    };
    expect(argsIn<RouteSpec>(planOf(testService("one", { uses })), "a").host).toBe(
      "x.example.test",
    );
    const circle = {
      a: use("dns", { host: "${resources.b.host}" }),
      b: use("dns", { host: "${resources.a.host}" }),
    };
    expect(problemsOf(() => planOf(testService("one", { uses: circle })))[0]).toContain(
      "FW1211 spec.uses.a: resources refer to each other in a circle: a → b → a",
    );
  });

  it("fail when a parameter needs a value that is known only at run time", () => {
    const uses = { db: use("postgres"), r: use("route", { host: "${resources.db.password}" }) };
    expect(problemsOf(() => planOf(testService("one", { uses })))[0]).toContain(
      "FW3005 spec.uses.r.params.host: db.password is known only while the stack runs",
    );
  });

  it("fail where two say how the workload is scaled, at the one written second", () => {
    const scale = (minReplicas: number, maxReplicas: number) =>
      use("horizontal-pod-autoscaler", { minReplicas, maxReplicas });
    const uses = { more: scale(3, 5), fewer: scale(4, 4) };
    expect(problemsOf(() => planOf(testService("one", { uses })))).toEqual([
      "FW3014 spec.uses.fewer: more says already how one is scaled (keep one of the two)",
    ]);
    const scaling = { min: 1, max: 2 };
    expect(problemsOf(() => planOf(testService("one", { scaling, uses })))).toHaveLength(2);
  });

  it("mount volumes and wait for the old pod, or get a claim for each replica", () => {
    const uses = { data: use("volume") };
    const volumes = { "/data": { source: "${resources.data}", readOnly: false } };
    const containers = { main: { ...CONTAINER, volumes } };
    const spec = workload(testService("one", { uses, containers }));
    expect(spec.volumes).toEqual([
      { name: "volume-data", source: { persistentVolumeClaim: { claimName: "data" } } },
    ]);
    expect(spec.strategy).toBe("recreate");
    const plan = planOf(testService("one", { uses, containers, type: "stateful" }));
    const stateful = argsIn<WorkloadSpec>(plan, "workload");
    expect(stateful.claims).toEqual([
      { name: "volume-data", size: "1Gi", accessModes: ["ReadWriteOnce"] },
    ]);
    expect(main(stateful).mounts).toEqual([
      { volume: "volume-data", path: "/data", readOnly: false },
    ]);
    expect(plan.items.map(({ id, stateful: holds, protect }) => [id, holds, protect])).toEqual([
      ["tenancy", false, undefined],
      ["workload", true, true],
    ]);
  });

  it("say when replicas would share a volume of one node", () => {
    const uses = (accessMode: string) => ({ data: use("volume", { accessMode }) });
    const volumes = { "/data": { source: "${resources.data}", readOnly: false } };
    const scaling = { min: 2, max: 2 };
    const planned = (accessMode: string) =>
      planOf(
        testService("one", {
          uses: uses(accessMode),
          scaling,
          containers: { main: { ...CONTAINER, volumes } },
        }),
      );
    expect(planned("ReadWriteOnce").notes.map(({ code }) => code)).toEqual(["FW3023"]);
    expect(planned("ReadWriteMany").notes).toEqual([]);
    expect(argsIn<WorkloadSpec>(planned("ReadWriteMany"), "workload").strategy).toBe("rolling");
  });

  it("fail a volume whose source is none", () => {
    const volumes = { "/data": { source: "${resources.db}", readOnly: false } };
    const service = testService("one", {
      uses: { db: use("redis"), data: use("volume") },
      containers: { main: { ...CONTAINER, volumes } },
    });
    expect(problemsOf(() => planOf(service))[0]).toContain("write ${resources.data}");
  });

  it("are protected whatever the descriptor consents to, which is for the change to answer", () => {
    const uses = { db: use("postgres") };
    const consent = {
      resource: "db",
      action: "delete",
      reason: "not needed any more",
      until: "2030-01-01",
    } as const;
    const plan = planOf(testService("one", { uses, consents: [consent] }));
    expect(plan.items.find(({ id }) => id === "db")?.protect).toBe(true);
    expect(plan.guard).toEqual({
      file: "services/one/service.yaml",
      path: "spec.consents",
      uses: "spec.uses",
      called: {},
      consents: [
        {
          ...consent,
          items: ["db"],
          file: "services/one/service.yaml",
          path: "spec.consents.0",
        },
      ],
    });
  });

  it("keep what they are recorded under when they and their service are renamed", () => {
    const before = planOf(testService("one", { uses: { db: use("postgres") } }));
    const after = planOf(
      testService("two", {
        was: ["one"],
        uses: { store: { ...use("postgres"), class: "default", was: ["db"] } },
      }),
    );
    const recorded = (plan: Plan) =>
      plan.items
        .filter(({ id }) => id !== "workload" && id !== "tenancy")
        .map(({ id, component, args }) => ({ id, component, args: { ...args, labels: {} } }));
    expect(after.stack).toBe(before.stack);
    expect(after.namespace).toBe(before.namespace);
    expect(recorded(after)).toEqual(recorded(before));
    expect(after.name).toBe("two");
    expect(after.labels["fairway.dev/service"]).toBe("two");
    expect(after.guard?.called).toEqual({ db: "store" });
  });

  it("say what a new password is derived from: what they began as, and their class", () => {
    const plan = planOf(
      testService("two", {
        was: ["one"],
        uses: { store: { ...use("postgres"), class: "other", was: ["db"] } },
      }),
    );
    expect(plan.items.find(({ id }) => id === "db")!.args["identity"]).toBe(
      "test/postgres.other#one.db",
    );
  });

  it("fail names that the platform or the service itself has", () => {
    expect(
      problemsOf(() =>
        planOf(testService("one", { uses: { tenancy: use("redis"), one: use("redis") } })),
      ),
    ).toEqual([
      expect.stringContaining("FW3009 spec.uses.one"),
      expect.stringContaining("FW3009 spec.uses.tenancy"),
    ]);
  });

  it("scale the workload by a horizontal-pod-autoscaler", () => {
    const uses = { hpa: use("horizontal-pod-autoscaler", { minReplicas: 2, maxReplicas: 4 }) };
    expect(workload(testService("one", { uses })).scaling).toEqual({
      min: 2,
      max: 4,
      metrics: [{ resource: "cpu", utilization: 80 }],
    });
  });
});
