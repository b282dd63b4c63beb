import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ScoreDocument } from "../contract/score.ts";
import { directoryFor } from "./directory.ts";
import {
  digest,
  environment,
  loaded,
  others,
  requested,
  requestedBy,
  spec,
} from "./forms.fixture.ts";
import { problemsOf } from "./testing.ts";
import { toRequest } from "./to-request.ts";
import { toScore } from "./to-score.ts";

const score = (text: string) => loaded(parse(text) as ScoreDocument);

describe("a Score document as a ServiceRequest", () => {
  it("gives the same plan after the way there and back, whatever both can say", () => {
    fc.assert(
      fc.property(spec, (written) => {
        const service = requested(written, { "example.com/team": "a" });
        const { document } = toScore(
          service,
          environment,
          directoryFor([service, ...others], environment),
        );
        const back = toRequest(loaded(document));
        // Variables of what it uses stand in the document already.
        expect(back.notes.filter(({ path }) => path !== "uses")).toEqual([]);
        expect(digest(requestedBy(back.document))).toBe(digest(service));
      }),
      { numRuns: 100 },
    );
  });

  it("takes the short fields where they say it all", () => {
    const { document, notes } = toRequest(
      score(`apiVersion: score.dev/v1b1
metadata: { name: web, owner: shop }
service: { ports: { http: { port: 8080 } } }
containers:
  main:
    image: .
    variables: { NAME: "\${metadata.name}", OWNER: "\${metadata.owner}$$" }
    livenessProbe: { exec: { command: [ok] } }
    readinessProbe: { exec: { command: [ok] } }
    resources: { requests: { cpu: 500m, memory: 1Gi } }
resources:
  api: { type: service, params: { service: other } }
  scale: { type: horizontal-pod-autoscaler, params: { maxReplicas: 5 } }
`),
    );
    expect(notes).toEqual([]);
    expect(document).toEqual({
      apiVersion: "platform.company.com/v1",
      kind: "ServiceRequest",
      metadata: { name: "web" },
      spec: {
        type: "microservice",
        owner: "shop",
        port: 8080,
        health: { command: ["ok"] },
        env: { NAME: "${metadata.name}", OWNER: "shop$$" },
        consumes: ["other"],
        scaling: { min: 2, max: 5, cpu: 80 },
        resources: { cpu: "500m", memory: "1Gi" },
      },
    });
  });

  it("names everything that it cannot say, by its path", () => {
    const { document, notes } = toRequest(
      score(`apiVersion: score.dev/v1b1
metadata:
  name: web
  team: { lead: me }
  annotations: { k8s.score.dev/service-name: front }
service: { ports: { http: { port: 80, targetPort: 8080 } } }
containers:
  app:
    image: app:1
    variables: { LEAD: "\${metadata.team.lead}" }
    files:
      /bin.dat: { binaryContent: AAAA }
      /raw: { content: "\${x}", noExpand: true }
    volumes: { /data: { source: "\${resources.data}" } }
    readinessProbe: { httpGet: { path: /ok, port: 8080, host: me } }
    resources: { limits: { cpu: "1", memory: 1Gi }, requests: { memory: 512Mi } }
  side: { image: side:1, before: { app: { ready: started } } }
resources:
  data: { type: volume, metadata: { annotations: { ab.cd/c1: d }, team: t } }
`),
    );
    expect(notes.map(({ path }) => path)).toEqual([
      "containers.side",
      "containers.app",
      "uses.data.annotations",
      "uses.data.metadata.team",
      "containers.app.readinessProbe",
      "containers.app.readinessProbe",
      "containers.app.readinessProbe",
      "containers.app.files./bin\\.dat",
      "containers.app.resources.limits.cpu",
      "containers.app.resources.limits.memory",
      "containers.app.volumes./data",
      "serviceName",
      "metadata.team",
    ]);
    expect(document.spec).toMatchObject({
      env: { LEAD: "me" },
      files: { "/raw": { content: "$${x}" } },
      health: { path: "/ok" },
      ports: { http: { port: 80, targetPort: 8080 } },
    });
    expect(requestedBy(document).name).toBe("web");
  });

  const withResources = (text: string) =>
    toRequest(
      score(`apiVersion: score.dev/v1b1
metadata: { name: web }
containers: { main: { image: . } }
resources:
${text}`),
    );

  it("names a variable that there is, and none where there is none", () => {
    const told = (text: string) =>
      withResources(text)
        .notes.filter(({ path }) => path === "uses")
        .map(({ message }) => message);
    expect(told("  env: { type: environment }\n  my-db: { type: postgres }\n")).toEqual([
      "the container gets a variable for each output of env, my-db, such as `ENV_NAME`",
    ]);
    expect(told("  data: { type: volume }\n")).toEqual([]);
    expect(told("  odd: { type: what-is-this }\n")).toEqual([
      "the container gets a variable for each output of odd",
    ]);
  });

  it("says once that a service is called, and names what a call cannot say", () => {
    const { document, notes } = withResources(`  odd: { type: service }
  same:
    type: service
    class: near
    id: same.id
    metadata: { annotations: { ab.cd/c1: d }, foo: bar }
    params: { service: odd, port: 1 }
`);
    expect(document.spec.consumes).toEqual(["odd"]);
    expect(document.spec.uses).toBeUndefined();
    expect(notes).toEqual([
      { path: "uses.same.annotations", message: "a use has no annotations" },
      { path: "uses.same.metadata.foo", message: "a use has no metadata: foo is left out" },
      { path: "uses.same.class", message: "consumes has no class: it is left out" },
      { path: "uses.same.id", message: "consumes has no id: it is left out" },
      { path: "uses.same.params.port", message: "consumes has no port: it is left out" },
    ]);
  });

  it("keeps as uses what consumes and scaling cannot hold", () => {
    const { document } = withResources(`  here: { type: service, params: { service: "x" } }
  self: { type: service, params: { service: web } }
  scale: { type: horizontal-pod-autoscaler, params: { minReplicas: 9 } }
`);
    expect(document.spec.consumes).toBeUndefined();
    expect(document.spec.scaling).toBeUndefined();
    expect(document.spec.uses).toEqual({
      here: { type: "service", params: { service: "x" } },
      self: { type: "service", params: { service: "web" } },
      scale: { type: "horizontal-pod-autoscaler", params: { minReplicas: 9 } },
    });
  });

  it("fails where two say how it is scaled", () => {
    const text = `  more: { type: horizontal-pod-autoscaler }
  again: { type: horizontal-pod-autoscaler, params: { maxReplicas: 4 } }
`;
    expect(problemsOf(() => withResources(text))).toEqual([
      "FW3014 resources.again: more says already how web is scaled (keep one of the two)",
    ]);
  });

  it("leaves out, or writes otherwise, what the fields of a ServiceRequest do not take", () => {
    const { document, notes } = toRequest(
      score(`apiVersion: score.dev/v1b1
metadata: { name: web, description: "${"a".repeat(1001)}" }
service: { ports: { http: { port: 8080 } } }
containers:
  main:
    image: .
    variables: { "A B": x, C: y }
    livenessProbe: { httpGet: { path: "", port: 8080 } }
    readinessProbe: { httpGet: { path: "", port: 8080 } }
`),
    );
    expect(document.spec.env).toEqual({ C: "y" });
    expect(document.spec.health).toEqual({ path: "/" });
    expect(document.spec.description).toBeUndefined();
    expect(notes).toEqual([
      {
        path: "description",
        message: "the description is longer than a ServiceRequest takes, and left out",
      },
      {
        path: "containers.main.readinessProbe.httpGet.path",
        message: 'a health path begins with /: "" is written /',
      },
      {
        path: "containers.main.readinessProbe",
        message: "a startup probe is added, which gives it time to start",
      },
      {
        path: "containers.main.variables.A B",
        message: "a variable of a ServiceRequest has no spaces in its name: A B is left out",
      },
    ]);
    requestedBy(document);
  });

  it("has no health check that runs nothing", () => {
    const { document, notes } = toRequest(
      score(`apiVersion: score.dev/v1b1
metadata: { name: web }
containers: { main: { image: ., livenessProbe: { exec: { command: [] } } } }
`),
    );
    expect(document.spec.health).toBeUndefined();
    expect(notes.map(({ path }) => path)).toContain("containers.main.livenessProbe.exec");
    requestedBy(document);
  });
});
