import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContainerFile, Service } from "../contract/service.ts";
import { LANGUAGES, SERVICE_TYPES, TIERS } from "../contract/service.ts";
import { scoreSchema, type ScoreDocument } from "../contract/score.ts";
import { serviceRequestSchema } from "../contract/service-request.ts";
import { joinPath } from "../contract/path.ts";
import { filesOf, fromScore } from "../load/score.ts";
import { fromRequest } from "../load/service-request.ts";
import { directoryFor } from "./directory.ts";
import { planOf, testEnvironment, testService } from "./testing.ts";
import { toScore } from "./to-score.ts";

const environment = testEnvironment();
const others = [
  testService("other", { ports: { http: { port: 80, targetPort: 8080, protocol: "TCP" } } }),
];
const place = { folder: "services/web", file: "services/web/score.yaml" };

const requested = (spec: Readonly<Record<string, unknown>>, annotations = {}): Service => {
  const document = serviceRequestSchema.parse({
    apiVersion: "platform.company.com/v1",
    kind: "ServiceRequest",
    metadata: { name: "web", annotations },
    spec,
  });
  return fromRequest(document.metadata, document.spec, place);
};

/** The document as the loader reads it, contents of files included. */
function loaded(document: ScoreDocument): Service {
  const parsed = scoreSchema.parse(JSON.parse(JSON.stringify(document)));
  const contents = new Map<string, ContainerFile>();
  for (const [name, container] of Object.entries(parsed.containers))
    for (const { path, file } of filesOf(name, container)) {
      const { mode, content, binaryContent, noExpand } = file as {
        mode?: string;
        content?: string;
        binaryContent?: string;
        noExpand?: boolean;
      };
      contents.set(joinPath(path), {
        ...(mode !== undefined && { mode }),
        content: content ?? binaryContent ?? "",
        encoding: content === undefined ? "binary" : "text",
        expand: content !== undefined && noExpand !== true,
      });
    }
  return fromScore(parsed, place, contents);
}

const exported = (service: Service) =>
  toScore(service, environment, directoryFor([service, ...others], environment));

const digest = (service: Service): string => planOf(service, environment, others).digest;

describe("a ServiceRequest as a Score document", () => {
  const text = fc.constantFrom(
    "plain",
    "${metadata.name}",
    "$${x}",
    "a${resources.db.host}:${resources.db.port}",
    "${resources.db.password}",
  );
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
  const spec = fc
    .record({
      type: fc.constantFrom(...SERVICE_TYPES),
      language: maybe(fc.constantFrom(...LANGUAGES)),
      owner: maybe(fc.constantFrom("shop", "team a")),
      tier: maybe(fc.constantFrom(...TIERS)),
      lifecycle: maybe(fc.constantFrom("production", "deprecated")),
      dataClass: maybe(fc.constantFrom("public", "restricted")),
      description: maybe(fc.constant("what it is for")),
      image: maybe(fc.constant("registry.test/web:1")),
      command: maybe(fc.constant(["run", "${HOME}"])),
      args: maybe(fc.constant(["--port", "$(PORT)"])),
      port: maybe(fc.constantFrom(80, 9000)),
      health: maybe(fc.constantFrom<object>({ command: ["check", "me"] }, {})),
      env: maybe(fc.dictionary(fc.constantFrom("A", "DB_HOST", "lower-case"), text)),
      files: maybe(
        fc.constantFrom(
          { "/etc/a.conf": { content: "host=${resources.db.host}" } },
          { "/etc/b.conf": { content: "p=${resources.db.password}\n$$", mode: "0600" } },
        ),
      ),
      cache: maybe(fc.constant("redis")),
      queues: maybe(fc.constant(["orders"])),
      consumes: maybe(fc.constantFrom(["other"], ["other", "web"])),
      monitoring: maybe(fc.constantFrom("enabled", "disabled")),
      scaling: maybe(
        fc.constantFrom({ min: 1, max: 3 }, { min: 2, max: 2 }, { min: 2, max: 9, cpu: 55 }),
      ),
      resources: maybe(
        fc.constantFrom({ cpu: "250m" }, { memory: "1.5Gi" }, { cpu: "0.5", memory: "300M" }),
      ),
    })
    .map(({ type, ...rest }) => ({
      ...(JSON.parse(JSON.stringify(rest)) as Record<string, unknown>),
      type,
      ...(type === "cron" && { schedule: "15 2 * * *" }),
      uses: { db: { type: "postgres", params: { size: "medium" } }, zone: { type: "environment" } },
    }));

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
      { numRuns: 300 },
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
      "consents",
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

  it("notes a name that Score's schema refuses", () => {
    const { notes } = exported(requested({ type: "web" }, { "a b": "c" }));
    expect(notes.map(({ message }) => message)).toEqual([
      expect.stringContaining("Score refuses metadata.annotations.a b"),
    ]);
  });
});
