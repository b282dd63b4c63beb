import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Service } from "../contract/service.ts";
import { directoryFor } from "./directory.ts";
import { digest, environment, loaded, others, requested, spec } from "./forms.fixture.ts";
import { toScore } from "./to-score.ts";

const exported = (service: Service) =>
  toScore(service, environment, directoryFor([service, ...others], environment));

describe("a ServiceRequest as a Score document", () => {
  it("gives the same plan, whatever it says that Score can say", () => {
    fc.assert(
      fc.property(spec, (written) => {
        const service = requested(written, { "example.com/team": "a" });
        const { document, notes } = exported(service);
        expect(notes).toEqual([]);
        expect(digest(loaded(document))).toBe(digest(service));
        // And once more: a Score document is its own export.
        expect(digest(loaded(exported(loaded(document)).document))).toBe(digest(service));
      }),
      { numRuns: 100 },
    );
  });

  it("names what Score cannot say, by its path, and drops nothing else", () => {
    const service = requested({
      type: "web",
      links: [{ title: "wiki", url: "https://example.com" }],
      provides: [{ name: "api", kind: "openapi" }],
      slo: { availability: 99.9 },
      cost: { ceiling: 10 },
      patches: [{ kind: "Deployment", merge: {} }],
      consents: [
        { resource: "db", action: "delete", reason: "no longer needed", until: "2026-12-31" },
      ],
      health: { path: "/ok", period: 60, timeout: 2 },
      scaling: { min: 1, max: 2, memory: 70 },
      route: { path: "/a" },
    });
    const { document, notes } = exported(service);
    expect(notes.map(({ path }) => path)).toEqual([
      "links",
      "provides",
      "objective",
      "patches",
      "costCeiling",
      "scaling.memory",
      "routes.0",
      "healthPath",
      "containers.main.livenessProbe",
      "containers.main.readinessProbe",
    ]);
    expect(document.resources).toEqual({
      scaling: {
        type: "horizontal-pod-autoscaler",
        params: { minReplicas: 1, maxReplicas: 2 },
      },
      route: { type: "route", params: { path: "/a", port: 8080 } },
    });
  });

  it("keeps what another Score document says of its resources", () => {
    const metadata = { annotations: { "ab.cd/c1": "d" }, foo: "bar", list: [1] };
    const service = loaded({
      apiVersion: "score.dev/v1b1",
      metadata: { name: "web" },
      containers: { main: { image: "." } },
      resources: { db: { type: "postgres", metadata }, bare: { type: "redis", metadata: {} } },
    });
    const { document, notes } = exported(service);
    expect(notes).toEqual([]);
    expect(document.resources).toEqual({
      db: { type: "postgres", metadata },
      bare: { type: "redis" },
    });
  });

  it("notes a name that Score's schema refuses", () => {
    const { notes } = exported(requested({ type: "web" }, { "a b": "c" }));
    expect(notes.map(({ message }) => message)).toEqual([
      expect.stringContaining("Score refuses metadata.annotations.a b"),
    ]);
  });
});
