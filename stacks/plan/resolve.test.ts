import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { RouteSpec } from "../../components/route/route.plan.ts";
import type { TenancySpec } from "../../components/tenancy/tenancy.plan.ts";
import type { WorkloadSpec } from "../../components/workload/workload.plan.ts";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import type { Service } from "../contract/service.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { LANGUAGE } from "./defaults.ts";
import { CONTAINER, argsIn, planOf, problemsOf, testEnvironment, testService } from "./testing.ts";
import { planWorkspace } from "./workspace.ts";

const workload = (service: Service, environment = testEnvironment()): WorkloadSpec =>
  argsIn<WorkloadSpec>(planOf(service, environment), "workload");
const main = (spec: WorkloadSpec): WorkloadSpec["containers"][number] => spec.containers[0]!;

describe("the plan of user-service", () => {
  it("is what the page says, whole", async () => {
    const workspace = await loadWorkspace(checkoutRoot());
    const { plans, problems } = planWorkspace(workspace, {
      environments: ["local"],
      services: ["user-service"],
    });
    expect(problems).toEqual([]);
    expect(plans.map(({ stack }) => stack)).toEqual(["platform.local", "user-service.local"]);
    await expect(
      stringify(plans[1], { lineWidth: 0, aliasDuplicateObjects: false }),
    ).toMatchFileSnapshot("__snapshots__/user-service.local.plan.txt");
  });
});

describe("what a descriptor leaves out", () => {
  it.each(Object.entries(LANGUAGE))(
    "is %s's convention for port and health",
    (name, convention) => {
      const spec = workload(testService("one", { language: name as keyof typeof LANGUAGE }));
      expect(main(spec).ports).toEqual([
        { name: "http", containerPort: convention.port, protocol: "TCP" },
      ]);
      expect(main(spec).readinessProbe?.action).toEqual({
        httpGet: { path: convention.health, port: convention.port, scheme: "HTTP", headers: [] },
      });
      expect(main(spec).startupProbe!.failureThreshold * 5).toBe(convention.startup);
    },
  );

  it.each([
    ["microservice", "web-service", true],
    ["web", "web-service", true],
    ["api-gateway", "web-service", true],
    ["worker", "worker", false],
    ["stateful", "stateful", true],
    ["job", "job", false],
    ["cron", "scheduled-job", false],
  ] as const)("makes of type %s a %s, listening: %s", (type, component, listens) => {
    const plan = planOf(
      testService("one", { type, ...(type === "cron" && { schedule: "15 2 * * *" }) }),
    );
    const item = plan.items.find(({ id }) => id === "workload")!;
    expect(item.component).toBe(component);
    expect(argsIn<WorkloadSpec>(plan, "workload").service !== undefined).toBe(listens);
  });

  it.each([
    ["critical", { min: 1, max: 20 }, 2],
    ["standard", { min: 1, max: 20 }, 1],
    ["standard", { min: 2, max: 20 }, 2],
    ["experimental", { min: 3, max: 20 }, 3],
  ] as const)("runs tier %s within %o as %i replicas", (tier, replicas, expected) => {
    const spec = workload(testService("one", { tier }), testEnvironment("test", { replicas }));
    expect(spec.replicas).toBe(expected);
    expect(spec.disruption).toEqual(expected > 1 ? { maxUnavailable: 1 } : undefined);
    expect(spec.priorityClass).toBe(`fairway-test-${tier}`);
  });

  it("never raises a stateful service by the environment", () => {
    const environment = testEnvironment("test", { replicas: { min: 3, max: 9 } });
    expect(workload(testService("one", { type: "stateful" }), environment).replicas).toBe(1);
  });

  it("bounds scaling by the environment and says so", () => {
    const service = testService("one", { scaling: { min: 1, max: 10 } });
    const plan = planOf(service, testEnvironment("test", { replicas: { min: 2, max: 5 } }));
    expect(argsIn<WorkloadSpec>(plan, "workload").scaling).toEqual({
      min: 2,
      max: 5,
      metrics: [{ resource: "cpu", utilization: 80 }],
    });
    expect(plan.notes.map(({ code }) => code)).toEqual(["FW3020"]);
  });

  it.each(["microservice", "worker", "stateful"] as const)(
    "scales a %s by the clock, within the environment's bounds, and says so",
    (type) => {
      const [from, to] = ["0 8 * * 1-5", "0 18 * * 1-5"];
      const service = testService("one", {
        type,
        scaling: {
          min: 1,
          max: 10,
          memory: 70,
          schedule: [
            { from, to, replicas: 9, timeZone: "Europe/Berlin" },
            { from: "0 9 * * 0", to: "0 10 * * 0", replicas: 3 },
          ],
        },
      });
      const plan = planOf(service, testEnvironment("test", { replicas: { min: 1, max: 5 } }));
      const { replicas, scaling } = argsIn<WorkloadSpec>(plan, "workload");
      expect(replicas).toBeUndefined();
      expect(scaling).toEqual({
        min: 1,
        max: 5,
        metrics: [{ resource: "memory", utilization: 70 }],
        windows: [
          { from, to, timeZone: "Europe/Berlin", replicas: 5 },
          { from: "0 9 * * 0", to: "0 10 * * 0", timeZone: "Etc/UTC", replicas: 3 },
        ],
      });
      expect(plan.notes.map(({ code, message, path }) => [code, message, path])).toEqual([
        ["FW3020", "one asks for 1 to 10 replicas and gets 1 to 5 in test", "spec.scaling"],
        [
          "FW3020",
          `one asks for 9 replicas from ${from} to ${to} and gets 5 in test`,
          "spec.scaling.schedule.0.replicas",
        ],
      ]);
      expect(plan.items.find(({ id }) => id === "workload")?.origins).toMatchObject({
        "scaling.windows": { from: "descriptor", path: "spec.scaling.schedule" },
        "scaling.windows.1": { from: "descriptor", path: "spec.scaling.schedule.1" },
      });
    },
  );

  it("leaves the clock alone where only windows are written, and no autoscaler where there is no room", () => {
    const schedule = [{ from: "0 8 * * *", to: "0 9 * * *", replicas: 2 }];
    const service = testService("one", { scaling: { min: 1, max: 2, schedule } });
    expect(workload(service).scaling?.metrics).toEqual([]);
    const tight = workload(service, testEnvironment("test", { replicas: { min: 1, max: 1 } }));
    expect([tight.replicas, tight.scaling]).toEqual([1, undefined]);
    const none = testService("one", { scaling: { min: 1, max: 2, schedule: [] } });
    expect(workload(none)).toEqual(workload(testService("one", { scaling: { min: 1, max: 2 } })));
  });

  it.each([
    [{}, {}, { cpu: "100m", memory: "128Mi" }, { cpu: "500m", memory: "512Mi" }],
    [
      { cpu: "500m", memory: "1Gi" },
      {},
      { cpu: "500m", memory: "1Gi" },
      { cpu: "1", memory: "1Gi" },
    ],
    [{}, { cpu: "1", memory: "1Gi" }, { cpu: "1", memory: "1Gi" }, { cpu: "1", memory: "1Gi" }],
    [{ cpu: "1" }, { cpu: "4" }, { cpu: "1", memory: "128Mi" }, { cpu: "4", memory: "512Mi" }],
  ])("fills requests %o and limits %o", (requests, limits, wholeRequests, wholeLimits) => {
    const containers = { main: { ...CONTAINER, resources: { requests, limits } } };
    expect(main(workload(testService("one", { containers }))).resources).toEqual({
      requests: wholeRequests,
      limits: wholeLimits,
    });
  });

  it("fails a request above its limit", () => {
    const resources = { requests: { cpu: "2" }, limits: { cpu: "1" } };
    const service = testService("one", { containers: { main: { ...CONTAINER, resources } } });
    expect(problemsOf(() => planOf(service))).toEqual([
      "FW3008 spec.containers.main.resources.requests.cpu: the cpu request 2 is above the limit 1 (raise the limit or lower the request)",
    ]);
  });

  it("gives jobs and quiet workers no probes and no ports", () => {
    for (const type of ["job", "worker"] as const) {
      const { ports, livenessProbe, readinessProbe } = main(workload(testService("one", { type })));
      expect({ ports, livenessProbe, readinessProbe }).toEqual({ ports: [] });
    }
  });

  it("fails without an owner where the environment requires one", () => {
    const environment = testEnvironment("test", { owner: { policy: "required" } });
    expect(problemsOf(() => planOf(testService("one"), environment))).toEqual([
      "FW1205 spec.owner: one has no owner, and test requires one (write owner under spec, or a line for /services/one/ in CODEOWNERS)",
    ]);
  });
});

describe("names", () => {
  it("fit their kind and begin with a letter where they must", () => {
    const long = `0${"a".repeat(62)}`;
    expect(workload(testService(long)).name).toMatch(/^s-0a+-[0-9a-f]{8}$/);
    expect(workload(testService(long)).name).toHaveLength(63);
    const cron = workload(testService(long, { type: "cron", schedule: "1 * * * *" }));
    expect(cron.name.length).toBeLessThanOrEqual(52);
    expect(planOf(testService(long)).namespace).toHaveLength(63);
  });
});

describe("ports", () => {
  it("are published by name, and listened on once", () => {
    const ports = {
      "a-very-long-port-name": { port: 80, targetPort: 8080, protocol: "TCP" },
      web: { port: 81, targetPort: 8080, protocol: "TCP" },
      80: { port: 53, targetPort: 53, protocol: "UDP" },
    } as const;
    const spec = workload(testService("one", { ports }));
    expect(main(spec).ports).toEqual([
      { name: "port-53", containerPort: 53, protocol: "UDP" },
      { name: "port-8080", containerPort: 8080, protocol: "TCP" },
    ]);
    expect(spec.service?.ports.map(({ name }) => name)).toEqual([
      "80",
      "a-very-long-port-name",
      "web",
    ]);
  });
});

describe("images", () => {
  const service = testService("one", { containers: { main: { ...CONTAINER, image: "a/b:1" } } });
  const blocked = testEnvironment("prod", {
    images: { unreleased: "block", digest: "optional", pullSecrets: [], tools: "busybox:1" },
  });

  it("come from the flag, then the release, then the descriptor, then the constant", () => {
    const release = (from: "flag" | "release") => ({
      containers: { main: { image: "c/d:2", from } },
    });
    const chosen = (plan: ReturnType<typeof planOf>) => plan.images["main"];
    expect(chosen(planOf(service, blocked, [], release("flag")))).toEqual({
      image: "c/d:2",
      from: "flag",
    });
    expect(chosen(planOf(service, blocked, [], release("release")))?.from).toBe("release");
    expect(chosen(planOf(service, blocked))).toEqual({ image: "a/b:1", from: "descriptor" });
    expect(chosen(planOf(testService("one")))).toEqual({
      image: "registry.example.test/one:unreleased",
      from: "unreleased",
    });
  });

  it("fails to be released with the command to run, and takes `.` for no image", () => {
    const unreleased = testService("one", { containers: { main: { ...CONTAINER, image: "." } } });
    const { refusals } = planOf(unreleased, blocked);
    expect(refusals.map(({ code, hint }) => [code, hint])).toEqual([
      [
        "FW3006",
        "run `fairway release one --env prod main=registry.example.test/one@sha256:<digest>`",
      ],
    ]);
  });
});

describe("containers that wait for each other", () => {
  const probe = { httpGet: { path: "/up", port: 9, scheme: "HTTP", headers: [] } } as const;
  const before = (entries: Record<string, Service["containers"][string]["before"]>): Service =>
    testService("one", {
      containers: Object.fromEntries(
        ["main", "migrate", "proxy"].map((name) => [
          name,
          { ...CONTAINER, readinessProbe: probe, before: entries[name] ?? {} },
        ]),
      ),
    });

  it("become init containers and native sidecars, in order", () => {
    const spec = workload(
      before({
        main: { migrate: "complete", proxy: "healthy" },
        migrate: { proxy: "started" },
      }),
    );
    expect(spec.initContainers.map(({ name, sidecar }) => [name, sidecar])).toEqual([
      ["proxy", true],
      ["migrate", undefined],
    ]);
  });

  it("fail in a circle", () => {
    expect(
      problemsOf(() =>
        planOf(before({ main: { proxy: "started" }, proxy: { main: "started" } })),
      )[0],
    ).toContain(
      "FW1302 spec.containers.main.before: containers wait for each other in a circle: main → proxy → main",
    );
  });
});

describe("routes", () => {
  it("follow visibility, take the environment's domain and certificate, and open the way in", () => {
    const environment = testEnvironment("test", { tls: { issuer: "letsencrypt" } });
    const plan = planOf(testService("one", { visibility: "public" }), environment);
    expect(argsIn<RouteSpec>(plan, "route")).toMatchObject({
      host: "one.example.test",
      path: "/",
      service: { name: "one", port: 8080 },
      tls: { secret: "one-tls" },
      annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
    });
    expect(plan.outputs["url"]).toEqual({ value: "https://one.example.test/", secret: false });
    expect(plan.edges.some(({ from }) => from.kind === "entity" && from.entity === "ingress")).toBe(
      true,
    );
  });

  it("fail without a port", () => {
    const service = testService("one", { type: "worker", routes: [{ path: "/" }] });
    expect(problemsOf(() => planOf(service))[0]).toContain("FW3013 spec.routes.0");
  });
});

it.each([
  ["http://collector.example.com", 80],
  ["http://collector.example.com/v1", 80],
  ["https://collector.example.com", 443],
  ["http://collector.monitoring:4318", 4318],
])("opens the port of the OTLP endpoint %s: %i", (otlp, port) => {
  const environment = testEnvironment("test", { monitoring: { namespace: "monitoring", otlp } });
  const { edges } = planOf(testService("one", { monitoring: true }), environment);
  expect(edges.find(({ to }) => to.kind === "entity" && to.entity === "telemetry")?.port).toBe(
    port,
  );
});

describe("services that call each other", () => {
  const api = testService("api", {
    ports: { http: { port: 80, targetPort: 8080, protocol: "TCP" } },
  });

  it("change the caller's stack only", () => {
    const alone = planOf(api);
    const web = testService("web", { consumes: ["api"] });
    expect(planOf(api, testEnvironment(), [web]).digest).toBe(alone.digest);
    const plan = planOf(web, testEnvironment(), [api]);
    expect(plan.dependsOn).toEqual(["api.test", "platform.test"]);
    expect(argsIn<TenancySpec>(plan, "tenancy").namespaceLabels).toMatchObject({
      "consumes.fairway.dev/api": "test",
    });
  });

  it("fail on a service that the environment does not have", () => {
    expect(
      problemsOf(() => planOf(testService("web", { consumes: ["apii"] }), undefined, [api])),
    ).toEqual([
      "FW1209 spec.consumes.0: web consumes apii, which test does not have (did you mean api?)",
    ]);
  });
});
