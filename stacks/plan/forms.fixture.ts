import * as fc from "fast-check";
import { joinPath } from "../contract/path.ts";
import { scoreSchema, type ScoreDocument } from "../contract/score.ts";
import type { ContainerFile, Service } from "../contract/service.ts";
import { LANGUAGES, SERVICE_TYPES, TIERS } from "../contract/service.ts";
import { serviceRequestSchema, type ServiceRequest } from "../contract/service-request.ts";
import { filesOf, fromScore } from "../load/score.ts";
import { fromRequest } from "../load/service-request.ts";
import { planOf, testEnvironment, testService } from "./testing.ts";

/** The environment of the two forms. */
export const environment = testEnvironment();
/** What the services call. */
export const others = [
  testService("other", { ports: { http: { port: 80, targetPort: 8080, protocol: "TCP" } } }),
];
const place = { folder: "services/web", file: "services/web/score.yaml" };

/** A model from the spec of a ServiceRequest. */
export const requested = (spec: Readonly<Record<string, unknown>>, annotations = {}): Service =>
  requestedBy({
    apiVersion: "platform.company.com/v1",
    kind: "ServiceRequest",
    metadata: { name: "web", annotations },
    spec,
  });

/** A model from a ServiceRequest. */
export function requestedBy(written: unknown): Service {
  const document: ServiceRequest = serviceRequestSchema.parse(JSON.parse(JSON.stringify(written)));
  return fromRequest(document.metadata, document.spec, place);
}

/** The document as the loader reads it, contents of files included. */
export function loaded(document: ScoreDocument): Service {
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

/** What a service becomes. */
export const digest = (service: Service): string => planOf(service, environment, others).digest;

const text = fc.constantFrom(
  "plain",
  "${metadata.name}",
  "$${x}",
  "a${resources.db.host}:${resources.db.port}",
  "${resources.db.password}",
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
/** Specs of everything that both forms can say. */
export const spec: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
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
