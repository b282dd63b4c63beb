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
  data: { type: volume, metadata: { annotations: { ab.cd/c1: d } } }
`),
    );
    expect(notes.map(({ path }) => path)).toEqual([
      "containers.side",
      "containers.app",
      "uses.data.annotations",
      "uses",
      "containers.app.readinessProbe",
      "containers.app.readinessProbe",
      "containers.app.livenessProbe",
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
});
