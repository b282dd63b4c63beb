import { symlinkSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { sourceOf } from "../contract/source.ts";
import {
  cleanRoots,
  environmentFile,
  makeRoot,
  requestFile,
  said,
  scoreFile,
} from "./root.fixture.ts";
import { loadWorkspace } from "./workspace.ts";

cleanRoots();

const checkout = path.resolve(import.meta.dirname, "../..");
const two = {
  "environments/local.yaml": environmentFile("local"),
  "environments/prod.yaml": environmentFile("prod"),
};

describe("loadWorkspace", () => {
  it("takes the user-service of the design word for word", async () => {
    const { problems, services } = await loadWorkspace(
      makeRoot({
        "environments/local.yaml": environmentFile("local"),
        "services/users/service.yaml": `# platform-request.yaml
apiVersion: platform.company.com/v1
kind: ServiceRequest
metadata:
  name: user-service
spec:
  type: microservice
  language: java
  database: postgresql
  cache: redis
  monitoring: enabled
  scaling:
    min: 2
    max: 10
  resources:
    cpu: 500m
    memory: 1Gi
`,
      }),
    );
    expect(problems).toEqual([]);
    const { sources: _, ...service } = services["user-service"]?.in["local"] ?? { sources: {} };
    expect(service).toEqual({
      name: "user-service",
      folder: "services/users",
      file: "services/users/service.yaml",
      type: "microservice",
      language: "java",
      links: [],
      annotations: {},
      metadata: { name: "user-service" },
      containers: {
        main: {
          variables: {},
          files: {},
          volumes: {},
          before: {},
          resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: {} },
          livenessProbe: {},
          readinessProbe: {},
        },
      },
      uses: {
        database: { type: "postgres", class: "default", params: {}, annotations: {} },
        cache: { type: "redis", class: "default", params: {}, annotations: {} },
      },
      usesAsVariables: true,
      scaling: { min: 2, max: 10 },
      routes: [],
      consumes: [],
      provides: [],
      monitoring: true,
      patches: [],
      consents: [],
    });
  });

  it("loads this repository without a problem", async () => {
    const { problems, services, environments } = await loadWorkspace(checkout);
    expect(said(problems)).toEqual([]);
    expect(Object.keys(environments)).toEqual(["local", "dev", "staging", "prod"]);
    expect(services["user-service"]?.release?.document.environments).toHaveProperty("prod");
    expect(services["user-service"]?.in["prod"]?.owner).toBe("@company/users");
    expect(services["shop-web"]?.in["prod"]?.owner).toBe("shop");
  });

  it("merges overrides of an environment: maps are merged, lists and scalars replaced", async () => {
    const { problems, services } = await loadWorkspace(
      makeRoot({
        ...two,
        "services/a/service.yaml": requestFile(`  type: web
  scaling: { min: 2, max: 4, cpu: 70 }
  consumes: []
  env: { A: a, B: b }
  environments:
    local:
      scaling: { min: 1 }
      env: { B: local }
      command: [run]
`),
      }),
    );
    expect(said(problems)).toEqual([]);
    const { local, prod } = services["user-service"]?.in ?? {};
    if (!local || !prod) throw new Error("not loaded");
    expect(local.scaling).toEqual({ min: 1, max: 4, cpu: 70 });
    expect(local.containers["main"]).toMatchObject({
      variables: { A: "a", B: "local" },
      command: ["run"],
    });
    expect(prod.scaling?.min).toBe(2);
    const file = "services/a/service.yaml";
    expect(sourceOf(local, "scaling.min")).toEqual({
      file,
      path: "spec.environments.local.scaling.min",
    });
    expect(sourceOf(local, "scaling.max")).toEqual({ file, path: "spec.scaling.max" });
    expect(sourceOf(local, "containers.main.variables.B")).toEqual({
      file,
      path: "spec.environments.local.env.B",
    });
    expect(sourceOf(prod, "containers.main.variables.B")).toEqual({ file, path: "spec.env.B" });
  });

  it("shares one model among environments without overrides", async () => {
    const { services } = await loadWorkspace(
      makeRoot({ ...two, "services/a/service.yaml": requestFile("  type: web\n") }),
    );
    const { local, prod } = services["user-service"]?.in ?? {};
    expect(local).toBeDefined();
    expect(local).toBe(prod);
  });

  it("reads every field of a ServiceRequest into the model", async () => {
    const { problems, notes, services } = await loadWorkspace(
      makeRoot({
        "environments/local.yaml": environmentFile("local"),
        "services/a/api/openapi.yaml": "openapi: 3.1.0\n",
        "services/a/service.yaml": requestFile(`  type: cron
  tier: critical
  image: registry.test/a:1
  port: 8080
  health: { path: /up, port: 9090, command: [check], period: 5 }
  files:
    /etc/a.yaml: { content: "\${resources.mail.value}", mode: "0600" }
  uses:
    mail: { type: secret, id: mail-key, params: { version: 2 } }
  queues: [orders]
  topics: [events]
  provides: [{ name: api, kind: openapi, file: api/openapi.yaml }]
  visibility: public
  schedule: "15 2 * * *"
  resources: { cpu: "0.25", memory: 128M }
  cost: { ceiling: 20.5 }
`),
      }),
    );
    expect([said(problems), notes]).toEqual([[], []]);
    const service = services["user-service"]?.in["local"];
    expect(service).toMatchObject({
      ports: { http: { port: 8080, targetPort: 8080, protocol: "TCP" } },
      healthPath: "/up",
      healthPort: 9090,
      monitoring: true,
      costCeiling: 20.5,
      routes: [{ path: "/" }],
      uses: {
        mail: { type: "secret", class: "default", id: "mail-key", params: { version: 2 } },
        orders: { type: "amqp", id: "orders" },
        events: { type: "kafka-topic", id: "events" },
      },
    });
    expect(service?.containers["main"]).toMatchObject({
      image: "registry.test/a:1",
      files: { "/etc/a.yaml": { mode: "0600", encoding: "text", expand: true } },
      resources: { requests: { cpu: "250m", memory: "125000Ki" } },
      livenessProbe: { exec: ["check"], period: 5 },
    });
    if (!service) throw new Error("not loaded");
    expect(sourceOf(service, "uses.orders").path).toBe("spec.queues.0");
  });

  it("reads a Score document, with overrides, files and annotations", async () => {
    const { problems, services, positions } = await loadWorkspace(
      makeRoot({
        "environments/local.yaml": environmentFile("local"),
        "services/a/conf/app.ini": "name=${metadata.name}\n",
        "services/a/conf/logo.bin": Buffer.from([0xff, 0xd8, 0]),
        "services/a/overrides.score.yaml":
          "containers:\n  app:\n    image: other:2\n    command: null\n",
        "services/a/score.yaml": `apiVersion: score.dev/v1b1
metadata:
  name: web
  owner: team
  annotations:
    k8s.score.dev/kind: StatefulSet
    k8s.score.dev/service-name: front
    fairway.dev/tier: critical
service:
  ports:
    http: { port: 80, targetPort: 8080 }
containers:
  app:
    image: app:1
    command: [run]
    files:
      - { target: /app.ini, source: conf/app.ini, mode: "644" }
      - { target: /raw.ini, source: conf/app.ini, noExpand: true }
      - { target: /logo, source: conf/logo.bin }
    volumes:
      - { target: /data, source: "\${resources.data}" }
    livenessProbe:
      httpGet: { path: /live, port: 8080 }
      exec: { command: [live] }
  side:
    image: .
    before: { app: { ready: started } }
resources:
  data: { type: volume, metadata: { annotations: { some/key: x1 } } }
`,
      }),
    );
    expect(said(problems)).toEqual([]);
    const service = services["web"]?.in["local"];
    if (!service) throw new Error("not loaded");
    expect(service).toMatchObject({
      type: "stateful",
      serviceName: "front",
      tier: "critical",
      owner: "team",
      monitoring: true,
      ports: { http: { port: 80, targetPort: 8080, protocol: "TCP" } },
      uses: { data: { type: "volume", class: "default", annotations: { "some/key": "x1" } } },
    });
    expect(service.containers["app"]).toMatchObject({
      image: "other:2",
      files: {
        "/app.ini": {
          content: "name=${metadata.name}\n",
          mode: "644",
          encoding: "text",
          expand: true,
        },
        "/raw.ini": { encoding: "text", expand: false },
        "/logo": { content: "/9gA", encoding: "binary", expand: false },
      },
      volumes: { "/data": { source: "${resources.data}", readOnly: false } },
      livenessProbe: { exec: ["live"] },
    });
    expect(service.containers["app"]).not.toHaveProperty("command");
    expect(service.containers["side"]?.before).toEqual({ app: "started" });
    const image = sourceOf(service, "containers.app.image");
    expect(image).toEqual({
      file: "services/a/overrides.score.yaml",
      path: "containers.app.image",
    });
    expect(positions.at(image.file, image.path)).toMatchObject({ line: 3, column: 12 });
    expect(sourceOf(service, "containers.app.files./app\\.ini.content").path).toBe(
      "containers.app.files.0.source",
    );
  });

  it("makes a worker of a Score document without ports", async () => {
    const { services } = await loadWorkspace(
      makeRoot({ ...two, "services/a/score.yaml": scoreFile("") }),
    );
    expect(services["web"]?.in["local"]).toMatchObject({ type: "worker", ports: {} });
  });

  it("notes what is worth saying and not wrong", async () => {
    const { problems, notes } = await loadWorkspace(
      makeRoot({
        ...two,
        "services/a/readme.md": "",
        "services/b/service.yaml": requestFile(
          "  type: web\n  env:\n    A: on\n    B: ${resources.db.host\n",
        ),
      }),
    );
    expect(problems).toEqual([]);
    expect(notes.map(({ code, line }) => `${code} ${line}`)).toEqual([
      "FW1202 undefined",
      "FW1012 8",
      "FW1218 9",
    ]);
  });

  it("fails on links that lead out of the root, and follows those inside", async () => {
    const outside = makeRoot({
      "secret.txt": "hidden",
      "service.yaml": requestFile("  type: web\n"),
    });
    const root = makeRoot({
      ...two,
      "services/a/score.yaml": scoreFile("    files: {/a: {source: link.txt}}\n"),
      "services/b/readme.md": "",
      "shared/service.yaml": requestFile("  type: web\n"),
    });
    symlinkSync(path.join(outside, "secret.txt"), path.join(root, "services/a/link.txt"));
    symlinkSync(path.join(outside, "service.yaml"), path.join(root, "services/b/service.yaml"));
    symlinkSync(outside, path.join(root, "services/c"));
    symlinkSync("../shared", path.join(root, "services/d"));
    const { problems, services } = await loadWorkspace(root);
    expect(said(problems)).toEqual([
      "FW1015 a/link.txt:1:1 the path leads out of the root [copy the file into the root]",
      'FW1015 a/score.yaml:7:26 the file "link.txt" lies outside of the root [write a path relative to the descriptor that stays inside the root]',
      "FW1015 b/service.yaml:1:1 the path leads out of the root [copy the file into the root]",
      "FW1015 c:1:1 the path leads out of the root [copy the file into the root]",
    ]);
    expect(Object.keys(services)).toEqual(["user-service", "web"]);
  });

  it("fails on services and environments that stand elsewhere", async () => {
    const outside = makeRoot({ ...two, "services/a/service.yaml": requestFile("  type: web\n") });
    const root = makeRoot({});
    symlinkSync(path.join(outside, "services"), path.join(root, "services"));
    symlinkSync(path.join(outside, "environments"), path.join(root, "environments"));
    const { problems, services } = await loadWorkspace(root);
    expect(problems.map(({ code, file }) => `${code} ${file ?? ""}`)).toEqual([
      "FW2001 ",
      "FW1015 environments",
      "FW1015 services",
    ]);
    expect(services).toEqual({});
  });

  it("fails on a root without environments", async () => {
    const { problems } = await loadWorkspace(makeRoot({ "README.md": "" }));
    expect(problems.map(({ code }) => code)).toEqual(["FW2001"]);
  });

  it("never repeats a value that may be a secret", async () => {
    const { problems, notes } = await loadWorkspace(
      makeRoot({
        ...two,
        "services/a/service.yaml": requestFile(
          "  type: web\n  env: {PASSWORD: 7355608}\n  uses: {db: {type: 1, params: {key: 07355608}}}\n  args: 7355608\n",
        ),
        "services/b/service.yaml": requestFile('  type: web\n  env:\n    A: "7355608" 7355608\n'),
        "services/c/score.yaml": scoreFile("    variables: {A: 7355608}\n"),
      }),
    );
    expect(problems.length).toBeGreaterThan(4);
    expect(JSON.stringify([problems, notes])).not.toContain("7355608");
  });
});
