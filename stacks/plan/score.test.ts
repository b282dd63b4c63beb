import { afterEach, describe, expect, it } from "vitest";
import { CATALOG } from "../../components/catalog.ts";
import type { ContainerSpec, WorkloadSpec } from "../../components/workload/workload.plan.ts";
import type { Plan } from "../contract/plan.ts";
import type { Problem } from "../contract/problem.ts";
import { makeRoot, removeRoots } from "../load/root.fixture.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { argsIn } from "./testing.ts";
import { planWorkspace } from "./workspace.ts";

afterEach(removeRoots);

const ENVIRONMENT = `apiVersion: platform.company.com/v1
kind: Environment
metadata: { name: test }
spec:
  cluster: { embedded: true }
  domain: example.test
  registry: registry.test
  registries: ["*"]
  images: { unreleased: allow }
  owner: { policy: optional }
  resources:
    - { type: postgres, class: big, driver: postgres-cluster, params: { size: large } }
    - { type: postgres, driver: postgres-cluster }
    - { type: redis, driver: redis-cluster }
    - { type: volume, driver: volume-cluster }
    - { type: dns, driver: dns }
    - { type: environment, driver: environment }
    - { type: horizontal-pod-autoscaler, driver: horizontal-pod-autoscaler }
`;

/** A document from what follows its image. */
const document = (rest: string, name = "web", metadata = ""): string => `apiVersion: score.dev/v1b1
metadata: { name: ${name}${metadata} }
containers:
  app:
    image: registry.test/app:1
${rest}`;

interface Planned {
  readonly plans: readonly Plan[];
  readonly problems: readonly Problem[];
  readonly of: (stack: string) => Plan;
}

/** Plans of Score documents, by folder and file. */
async function planned(files: Readonly<Record<string, string>>): Promise<Planned> {
  const workspace = await loadWorkspace(
    makeRoot({
      "environments/test.yaml": ENVIRONMENT,
      ...Object.fromEntries(
        Object.entries(files).map(([file, text]) => [`services/${file}`, text]),
      ),
    }),
  );
  const { plans, problems } =
    workspace.problems.length > 0
      ? { plans: [], problems: workspace.problems }
      : planWorkspace(workspace, { environments: ["test"] });
  return {
    plans,
    problems,
    of: (stack) => plans.find((plan) => plan.stack === stack)!,
  };
}

/** The workload that one document becomes. */
async function workload(rest: string, metadata = ""): Promise<WorkloadSpec> {
  const { problems, of } = await planned({ "web/score.yaml": document(rest, "web", metadata) });
  expect(problems).toEqual([]);
  return argsIn<WorkloadSpec>(of("web.test"), "workload");
}

const container = async (rest: string, metadata = ""): Promise<ContainerSpec> =>
  (await workload(rest, metadata)).containers[0]!;

const DATA = "resources: { data: { type: volume }, more: { type: volume } }\n";

describe("a Score document", () => {
  it("expands variables, files, volume sources and params, and leaves everything else literal", async () => {
    const spec = await workload(
      `    command: ["\${metadata.name}"]
    args: ["\${resources.db.host}", "$(X)"]
    variables: { A: "\${metadata.name}", B: "$\${metadata.name}", C: "\${resources.db.port}", D: "\${resources.db}" }
    files: { /etc/a: { content: "\${metadata.name} $$" }, /etc/b: { content: "\${x}", noExpand: true } }
    volumes: { /data: { source: "\${resources.data}" } }
    livenessProbe: { httpGet: { path: "/\${metadata.name}", port: 80 } }
resources: { db: { type: postgres }, data: { type: volume }, zone: { type: dns, params: { host: "\${metadata.name}.test" } } }
`,
    );
    const [app] = spec.containers;
    expect(app).toMatchObject({
      command: ["${metadata.name}"],
      // The kubelet makes `$(X)` of it.
      args: ["${resources.db.host}", "$$(X)"],
      env: { A: "web", B: "${metadata.name}", C: "5432", D: "postgres.default#web.db" },
      livenessProbe: { action: { httpGet: { path: "/${metadata.name}" } } },
    });
    expect(Object.values(spec.config!.data).sort()).toEqual(["${x}", "web $"]);
  });

  it("may refer to all of its metadata, with dots in keys escaped", async () => {
    const { env } = await container(
      '    variables: { A: "${metadata.team.lead}", B: "${metadata.annotations.example\\\\.com/a1}", C: "${metadata.list}" }\n',
      ", team: { lead: me }, list: [1, two], annotations: { example.com/a1: note }",
    );
    expect(env).toEqual({ A: "me", B: "note", C: '[1,"two"]' });
  });

  it("publishes its ports, TCP and the same target where nothing else is said", async () => {
    const { service, containers } = await workload(
      "service: { ports: { http: { port: 80, targetPort: 8080 }, dns: { port: 53, protocol: UDP }, raw: { port: 9 } } }\n",
    );
    expect(service?.ports).toEqual([
      { name: "dns", port: 53, targetPort: 53, protocol: "UDP" },
      { name: "http", port: 80, targetPort: 8080, protocol: "TCP" },
      { name: "raw", port: 9, targetPort: 9, protocol: "TCP" },
    ]);
    expect(containers[0]?.ports).toHaveLength(3);
  });

  it("keeps binary content and gives files their octal mode", async () => {
    const { config, volumes } = await workload(
      '    files: { /a: { binaryContent: /9gA, mode: "0600" }, /b: { content: "x", mode: "755" } }\n',
    );
    expect(Object.values(config!.binaryData)).toEqual(["/9gA"]);
    const { items } = volumes[0]!.source["configMap"] as { items: { mode: number }[] };
    expect(items.map(({ mode }) => mode.toString(8)).sort()).toEqual(["600", "755"]);
  });

  it("means the same in the list forms of files and volumes as in the map forms", async () => {
    const maps = await workload(
      `    files: { /etc/a: { content: a }, /etc/b: { content: b } }\n    volumes: { /data: { source: "\${resources.data}", readOnly: true } }\n${DATA}`,
    );
    const lists = await workload(
      `    files: [{ target: /etc/a, content: a }, { target: /etc/b, content: b }]\n    volumes: [{ target: /data, source: "\${resources.data}", readOnly: true }]\n${DATA}`,
    );
    expect(lists).toEqual(maps);
  });

  it("mounts volumes by placeholder, by output and by name, with path and readOnly", async () => {
    const { mounts } = await container(
      `    volumes:
      /a: { source: "\${resources.data}", path: sub/dir }
      /b: { source: "\${resources.data.source}", readOnly: true }
      /c: { source: data }
      /d: { source: "\${resources.more}" }
${DATA}`,
    );
    expect(mounts).toEqual([
      { volume: "volume-data", path: "/a", subPath: "sub/dir", readOnly: false },
      { volume: "volume-data", path: "/b", readOnly: true },
      { volume: "volume-data", path: "/c", readOnly: false },
      { volume: "volume-more", path: "/d", readOnly: false },
    ]);
  });

  it("shares one volume between its containers, and keeps two apart", async () => {
    const { volumes, initContainers, containers } = await workload(
      `    volumes: { /a: { source: "\${resources.data}" }, /b: { source: "\${resources.more}" } }
    before: { init: { ready: complete } }
  init:
    image: registry.test/init:1
    volumes: { /out: { source: "\${resources.data}" } }
${DATA}`,
    );
    expect(volumes.map(({ name, source }) => [name, source])).toEqual([
      ["volume-data", { persistentVolumeClaim: { claimName: "data" } }],
      ["volume-more", { persistentVolumeClaim: { claimName: "more" } }],
    ]);
    expect(initContainers[0]?.mounts).toEqual([
      { volume: "volume-data", path: "/out", readOnly: false },
    ]);
    expect(containers[0]?.mounts.map(({ volume }) => volume)).toEqual([
      "volume-data",
      "volume-more",
    ]);
  });

  it("keeps volumes and files apart by what they are, not by where they are mounted", async () => {
    const two = async (at: readonly [string, string], of: readonly [string, string]) => {
      const { volumes, containers } = await workload(
        `    volumes: { ${at[0]}: { source: "\${resources.${of[0]}}" } }
  side:
    image: registry.test/side:1
    volumes: { ${at[1]}: { source: "\${resources.${of[1]}}" } }
${DATA}`,
      );
      const mounts = containers.flatMap(({ mounts: [mount] }) => [
        `${mount?.volume} ${mount?.path}`,
      ]);
      return { volumes: volumes.map(({ name }) => name), mounts };
    };
    expect(await two(["/data", "/data"], ["data", "data"])).toEqual({
      volumes: ["volume-data"],
      mounts: ["volume-data /data", "volume-data /data"],
    });
    expect(await two(["/in", "/out"], ["data", "data"])).toEqual({
      volumes: ["volume-data"],
      mounts: ["volume-data /in", "volume-data /out"],
    });
    expect(await two(["/data", "/data"], ["data", "more"])).toEqual({
      volumes: ["volume-data", "volume-more"],
      mounts: ["volume-data /data", "volume-more /data"],
    });
    const { containers, config } = await workload(
      `    files: { /etc/one.yaml: { content: app } }
  side: { image: "registry.test/side:1", files: { /etc/one.yaml: { content: side } } }
`,
    );
    expect(containers.map(({ mounts }) => mounts.length)).toEqual([1, 1]);
    expect(Object.values(config?.data ?? {})).toEqual(["app", "side"]);
  });

  it("starts containers before others: until complete, until healthy, until started", async () => {
    const { initContainers, containers } = await workload(
      `    before: { migrate: { ready: complete }, proxy: { ready: healthy }, log: { ready: started } }
  migrate: { image: "registry.test/migrate:1", before: { proxy: { ready: healthy } } }
  proxy: { image: "registry.test/proxy:1", readinessProbe: { exec: { command: [ready] } } }
  log: { image: "registry.test/log:1" }
`,
    );
    expect(
      initContainers.map(({ name, sidecar, startupProbe }) => [
        name,
        sidecar,
        startupProbe?.action,
      ]),
    ).toEqual([
      ["log", true, undefined],
      ["proxy", true, { exec: ["ready"] }],
      ["migrate", undefined, undefined],
    ]);
    expect(containers.map(({ name }) => name)).toEqual(["app"]);
  });

  it("prefers exec where both kinds of a probe are given, and takes all of httpGet", async () => {
    const { livenessProbe, readinessProbe } = await container(
      `    livenessProbe: { httpGet: { path: /, port: 80 }, exec: { command: [alive, now] } }
    readinessProbe: { httpGet: { path: /r, port: 81, host: me, scheme: HTTPS, httpHeaders: [{ name: A, value: b }] } }
`,
    );
    expect(livenessProbe?.action).toEqual({ exec: ["alive", "now"] });
    expect(readinessProbe?.action).toEqual({
      httpGet: {
        path: "/r",
        port: 81,
        host: "me",
        scheme: "HTTPS",
        headers: [{ name: "A", value: "b" }],
      },
    });
  });

  it("has the requests and limits that it says, and the environment's where it says none", async () => {
    const { resources } = await container(
      "    resources: { requests: { cpu: 250m, memory: 1.5Gi }, limits: { cpu: '1.5', memory: 2G } }\n",
    );
    expect(resources).toEqual({
      requests: { cpu: "250m", memory: "1536Mi" },
      limits: { cpu: "1500m", memory: "1953125Ki" },
    });
    const { resources: usual } = await container("");
    expect(Object.keys(usual.limits)).toEqual(["cpu", "memory"]);
  });

  it("gets a StatefulSet, another name of its Service, or a CronJob by annotation", async () => {
    const plan = async (annotations: string, rest = "") => {
      const found = await planned({
        "web/score.yaml": document(rest, "web", `, annotations: { ${annotations} }`),
      });
      expect(found.problems).toEqual([]);
      return found.of("web.test").items.find(({ id }) => id === "workload")!;
    };
    const ports = "service: { ports: { http: { port: 80 } } }\n";
    const stateful = await plan(
      "k8s.score.dev/kind: StatefulSet, k8s.score.dev/service-name: front",
      ports,
    );
    expect(stateful.component).toBe("stateful");
    expect(stateful.args).toMatchObject({ service: { name: "front", headless: true } });
    const cron = await plan('fairway.dev/type: cron, fairway.dev/schedule: "15 2 * * *"');
    expect(cron.component).toBe("scheduled-job");
    expect(cron.args).toMatchObject({ schedule: { cron: "15 2 * * *" } });
    expect(cron.args["annotations"]).toEqual({});
  });

  it("scales by a resource, with no file of the platform touched", async () => {
    const { scaling } = await workload(
      "service: { ports: { http: { port: 80 } } }\nresources: { scale: { type: horizontal-pod-autoscaler, params: { minReplicas: 2, maxReplicas: 4 } } }\n",
    );
    expect(scaling).toMatchObject({ min: 2, max: 4 });
  });

  it("is told the name of its environment", async () => {
    const { env } = await container(
      '    variables: { WHERE: "${resources.here.name}" }\nresources: { here: { type: environment } }\n',
    );
    expect(env).toEqual({ WHERE: "test" });
  });

  it("gets what its class means in the environment", async () => {
    const { of } = await planned({
      "web/score.yaml": document(
        "resources: { one: { type: postgres, class: big }, two: { type: postgres } }\n",
      ),
    });
    const memory = (id: string) =>
      argsIn<{ limits: { memory: string } }>(of("web.test"), id).limits.memory;
    expect([memory("one"), memory("two")]).toEqual(["4Gi", "256Mi"]);
  });

  it("stands beside others in one folder, each with a workload of its own", async () => {
    const { plans, problems } = await planned({
      "pair/score.yaml": document("", "one"),
      "pair/score-two.yaml": document("", "two"),
    });
    expect(problems).toEqual([]);
    expect(plans.filter(({ kind }) => kind === "service").map(({ stack }) => stack)).toEqual([
      "one.test",
      "two.test",
    ]);
  });
});

describe("resources of Score", () => {
  const shared = (name: string, metadata = "") =>
    document(
      `    variables: { P: "\${resources.db.password}", H: "\${resources.db.host}" }
resources: { db: { type: postgres, id: main.store, metadata: { annotations: { some.io/note: kept } } } }
`,
      name,
      metadata,
    );

  it("with one type, class and id are one for all workloads: a stack of its own, which outlives them", async () => {
    const { plans, problems, of } = await planned({
      "one/score.yaml": shared("one", ", owner: team"),
      "two/score.yaml": shared("two", ", owner: team"),
    });
    expect(problems).toEqual([]);
    const [stack, ...others] = plans.filter(({ kind }) => kind === "shared");
    expect(others).toEqual([]);
    expect(stack).toMatchObject({
      stack: "shared-postgres-default-main-store.test",
      labels: { "fairway.dev/owner": "team" },
    });
    expect(stack?.items.map(({ component }) => component)).toContain("postgres-cluster");
    for (const name of ["one.test", "two.test"]) {
      expect(of(name).dependsOn).toContain(stack?.stack);
      expect(of(name).items.map(({ component }) => component)).not.toContain("postgres-cluster");
    }
  });

  it("without an id are the workload's own", async () => {
    const { plans, of } = await planned({
      "one/score.yaml": document("resources: { db: { type: postgres } }\n", "one"),
      "two/score.yaml": document("resources: { db: { type: postgres } }\n", "two"),
    });
    expect(plans.filter(({ kind }) => kind === "shared")).toEqual([]);
    const identity = (stack: string) => argsIn<{ identity: string }>(of(stack), "db").identity;
    expect(identity("one.test")).not.toBe(identity("two.test"));
  });

  it("of every default type, and of the community ones, have a driver", () => {
    const types = new Set(CATALOG.map(({ type }) => type));
    const wanted =
      "volume service-port dns route postgres postgres-instance mysql redis mongodb amqp mssql s3 kafka-topic " +
      "horizontal-pod-autoscaler endpoint environment service llm-model";
    expect(wanted.split(" ").filter((type) => !types.has(type))).toEqual([]);
  });

  it("of Dapr are refused with what they need and where to add them", async () => {
    const { problems } = await planned({
      "web/score.yaml": document("resources: { events: { type: dapr-pubsub } }\n"),
    });
    expect(problems.map(({ code, file, path, hint }) => [code, file, path, hint])).toEqual([
      [
        "FW3001",
        "services/web/score.yaml",
        "resources.events.type",
        "dapr-pubsub needs Dapr's control plane in the cluster, and its sidecar in each pod; to answer it, add a driver, components/dapr-pubsub/dapr-pubsub-cluster.plan.ts, with a line in components/catalog.ts and, where it builds, one in components/registry.ts, and the rule `- { type: dapr-pubsub, driver: dapr-pubsub-cluster }` under spec.resources of environments/test.yaml (components/README.md shows one), or use another type in test",
      ],
    ]);
  });

  it("that a driver could answer are refused with the rule to write", async () => {
    const { problems } = await planned({
      "web/score.yaml": document("resources: { store: { type: s3 } }\n"),
    });
    expect(problems.map(({ hint }) => hint)).toEqual([
      expect.stringMatching(
        /^add the rule `- \{ type: s3, driver: s3-cluster \}` under spec.resources/,
      ),
    ]);
  });
});
