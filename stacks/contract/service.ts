import type { Json } from "./value.ts";

/** What a service is; the component that runs it follows from it. */
export const SERVICE_TYPES = [
  "microservice",
  "web",
  "worker",
  "job",
  "cron",
  "api-gateway",
  "stateful",
] as const;
/** One of {@link SERVICE_TYPES}. */
export type ServiceType = (typeof SERVICE_TYPES)[number];

/** What a service may say that it is written in. */
export const LANGUAGES = [
  "java",
  "kotlin",
  "node",
  "typescript",
  "python",
  "go",
  "rust",
  "dotnet",
  "ruby",
  "php",
] as const;
/** One of {@link LANGUAGES}. */
export type Language = (typeof LANGUAGES)[number];

/** How much it matters that a service runs, 1 the most. */
export const TIERS = ["critical", "standard", "experimental"] as const;
/** One of {@link TIERS}. */
export type Tier = (typeof TIERS)[number];

/** How far along a service is. */
export const LIFECYCLES = ["experimental", "production", "deprecated"] as const;
/** One of {@link LIFECYCLES}. */
export type Lifecycle = (typeof LIFECYCLES)[number];

/** The most sensitive data that a service holds, from the least on. */
export const DATA_CLASSES = ["public", "internal", "confidential", "restricted"] as const;
/** One of {@link DATA_CLASSES}. */
export type DataClass = (typeof DATA_CLASSES)[number];

/** Who reaches a service; `public` adds a route with its default host. */
export const VISIBILITIES = ["internal", "public"] as const;
/** One of {@link VISIBILITIES}. */
export type Visibility = (typeof VISIBILITIES)[number];

/** Text that may hold placeholders: `${resources.<name>.<output>}`, `${metadata.<key>}`, `$$` for a dollar. */
export type Placeholders = string;

/** A published port: `port` of the Service leads to `targetPort` of the container. */
export interface Port {
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  readonly targetPort: number;
}

/** A probe by an HTTP request; answers from 200 to 399 are healthy. */
export interface HttpGet {
  readonly path: string;
  readonly port: number;
  readonly host?: string;
  readonly scheme: "HTTP" | "HTTPS";
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/**
 * A probe; where a descriptor gives both kinds, exec is taken, as Score's schema prefers. With neither, the kind is by
 * convention and only the timings are given.
 */
export interface Probe {
  readonly exec?: readonly string[];
  readonly httpGet?: HttpGet;
  /** Seconds. */
  readonly initialDelay?: number;
  /** Seconds. */
  readonly period?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly failureThreshold?: number;
}

/** A file that is mounted into a container. */
export interface ContainerFile {
  /** Octal, such as `0644`. */
  readonly mode?: string;
  /** UTF-8 text, possibly with placeholders (`expand`), or base64 (`binary`). Sources are read by the loader. */
  readonly content: string;
  readonly encoding: "text" | "binary";
  readonly expand: boolean;
}

/** A volume that is mounted into a container. */
export interface ContainerVolume {
  /** Placeholders; usually `${resources.<name>}`. */
  readonly source: Placeholders;
  readonly path?: string;
  readonly readOnly: boolean;
}

/** Kubernetes quantities, canonical. */
export interface ComputeResources {
  readonly requests: { readonly cpu?: string; readonly memory?: string };
  readonly limits: { readonly cpu?: string; readonly memory?: string };
}

/** One container of a service's pods. */
export interface Container {
  /** Absent or `.`: supplied by the release. */
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly variables: Readonly<Record<string, Placeholders>>;
  /** Target path → file. */
  readonly files: Readonly<Record<string, ContainerFile>>;
  /** Target path → volume. */
  readonly volumes: Readonly<Record<string, ContainerVolume>>;
  readonly before: Readonly<Record<string, "started" | "healthy" | "complete">>;
  readonly resources: ComputeResources;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

/** Something a service uses. Identity: type, class and id, or the service and the name where there is no id. */
export interface Use {
  readonly type: string;
  /** Default `default`. */
  readonly class: string;
  /** With an id the resource is shared by all services that name it. */
  readonly id?: string;
  /** Names that it had, the oldest first: what it is recorded under. */
  readonly was?: readonly string[];
  readonly params: Readonly<Record<string, Json>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What else Score's `metadata` of the resource holds; nothing reads it. */
  readonly metadata?: Readonly<Record<string, Json>>;
}

/** A time of the week, or of the year, in which at least so many replicas run. */
export interface ScalingWindow {
  /** Cron expression, five fields: when it begins. */
  readonly from: string;
  /** Cron expression, five fields: when it ends. */
  readonly to: string;
  /** Within min and max. */
  readonly replicas: number;
  /** IANA name; default Etc/UTC. */
  readonly timeZone?: string;
}

/** How many replicas run, and what adds them. */
export interface Scaling {
  readonly min: number;
  readonly max: number;
  /** Percent of the CPU request at which replicas are added. */
  readonly cpu?: number;
  /** Percent of the memory request at which replicas are added. */
  readonly memory?: number;
  /** Windows; outside of all of them, and without cpu and memory, min replicas run. */
  readonly schedule?: readonly ScalingWindow[];
}

/** A path of the outside world that leads to a port of the service. */
export interface Route {
  /** Default: the service's name under the environment's domain. Placeholders. */
  readonly host?: Placeholders;
  /** Default `/`. */
  readonly path: string;
  /** Port of the service. */
  readonly port?: number;
}

/** A JSON merge patch on one generated object, judged like everything else. */
export interface Patch {
  /** Kubernetes kind, such as `Deployment`. */
  readonly kind: string;
  /** Object name; absent: every object of the kind. */
  readonly name?: string;
  readonly merge: Readonly<Record<string, Json>>;
}

/** Leave to replace or delete something stateful. */
export interface Consent {
  readonly resource: string;
  readonly action: "replace" | "delete";
  readonly reason: string;
  /** ISO date, inclusive. */
  readonly until: string;
}

/** An API that a service offers. */
export interface ProvidedApi {
  readonly name: string;
  readonly kind: "openapi" | "asyncapi" | "grpc" | "graphql";
  /** Relative to the service's folder. */
  readonly file?: string;
}

/** Service level objective: a share of good requests over 30 days. */
export interface Objective {
  /** Percent, such as 99.9. */
  readonly availability: number;
  /** Milliseconds that 99 % of requests stay under. */
  readonly latency?: number;
}

/**
 * The normalised model of a descriptor in one environment. Both kinds become this; nothing after the loader
 * knows which it was. What is absent is given by `stacks/plan/defaults.ts`.
 */
export interface Service {
  readonly name: string;
  /** Names that it had, the oldest first: what it is recorded under (`recordedName`). */
  readonly was?: readonly string[];
  /** Folder of the descriptor, relative to the root: `services/user-service`. */
  readonly folder: string;
  /** The descriptor, relative to the root. */
  readonly file: string;
  /** Name of the Kubernetes Service, where the descriptor wants another than the service's own. */
  readonly serviceName?: string;
  readonly type: ServiceType;
  readonly language?: Language;
  /** Descriptor, else CODEOWNERS of the folder; the environment's default is applied by resolve. */
  readonly owner?: string;
  readonly tier?: Tier;
  readonly lifecycle?: Lifecycle;
  readonly dataClass?: DataClass;
  readonly description?: string;
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly annotations: Readonly<Record<string, string>>;
  /** All of Score's `metadata`, extra keys included, for `${metadata.…}`. */
  readonly metadata: Readonly<Record<string, Json>>;
  /** At least one; a ServiceRequest has one named `main`. */
  readonly containers: Readonly<Record<string, Container>>;
  /** Name → published port. Undefined: the language's convention. */
  readonly ports?: Readonly<Record<string, Port>>;
  /** HTTP path that answers 200 when ready, where probes are by convention. */
  readonly healthPath?: string;
  /** Container port of the probes, where they are by convention; default the first port. */
  readonly healthPort?: number;
  readonly uses: Readonly<Record<string, Use>>;
  /** Whether the container `main` gets each output of each use as the variable `<NAME>_<OUTPUT>`. Default false. */
  readonly usesAsVariables?: boolean;
  readonly scaling?: Scaling;
  /** Cron expression, five fields, for type `cron`. */
  readonly schedule?: string;
  readonly routes: readonly Route[];
  readonly visibility?: Visibility;
  /** Services that this one calls, by name. */
  readonly consumes: readonly string[];
  readonly provides: readonly ProvidedApi[];
  readonly monitoring: boolean;
  readonly objective?: Objective;
  readonly patches: readonly Patch[];
  readonly consents: readonly Consent[];
  /** US dollars a month. */
  readonly costCeiling?: number;
  /**
   * Where each part stands in the descriptor: dotted path in this model → dotted path in the file. Longest prefix wins
   * and the rest is appended; a path in the folder's override file begins with `overrides.score.yaml#`. Read by
   * `sourceOf` (source.ts).
   */
  readonly sources: Readonly<Record<string, string>>;
}
