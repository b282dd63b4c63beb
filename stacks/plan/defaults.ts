import type { RequestMetric } from "../../components/monitoring/objective.plan.ts";
import type { Language, ServiceType, Tier } from "../contract/service.ts";

/** Where most programs of a language listen and answer, so that a descriptor need not say. */
export interface Convention {
  readonly port: number;
  /** HTTP path that answers 200 when the program can serve. */
  readonly health: string;
  /** HTTP path of Prometheus metrics. */
  readonly metrics: string;
  /** Seconds that the program may take to start before it is restarted. */
  readonly startup: number;
  /** Metric of requests served, from which objectives are judged. */
  readonly requests: RequestMetric;
  readonly reason: string;
}

/** Semantic conventions of OpenTelemetry for HTTP servers, as Prometheus sees them. https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
const OPEN_TELEMETRY: RequestMetric = {
  count: "http_server_request_duration_seconds_count",
  bucket: "http_server_request_duration_seconds_bucket",
  error: 'http_response_status_code=~"5.."',
};

/** Micrometer's metric of Spring Boot. https://docs.spring.io/spring-boot/reference/actuator/metrics.html */
const MICROMETER: RequestMetric = {
  count: "http_server_requests_seconds_count",
  bucket: "http_server_requests_seconds_bucket",
  error: 'status=~"5.."',
};

const web = (port: number, startup: number, reason: string): Convention => ({
  port,
  health: "/health",
  metrics: "/metrics",
  startup,
  requests: OPEN_TELEMETRY,
  reason,
});

const spring = (reason: string): Convention => ({
  port: 8080,
  health: "/actuator/health",
  metrics: "/actuator/prometheus",
  startup: 150,
  requests: MICROMETER,
  reason,
});

/** What is assumed where a descriptor names no language. */
const NO_LANGUAGE = web(8080, 60, "8080 is the usual port of a container without rights");

/** Language → port, health path and the rest. */
export const LANGUAGE: Readonly<Record<Language, Convention>> = {
  java: spring("Spring Boot's port and Actuator paths; a Java virtual machine starts slowly"),
  kotlin: spring("Spring Boot's port and Actuator paths; a Java virtual machine starts slowly"),
  node: web(3000, 30, "Express, Fastify and Next.js listen on 3000"),
  typescript: web(3000, 30, "Express, Fastify and Next.js listen on 3000"),
  python: web(8000, 30, "Uvicorn, Gunicorn and Django listen on 8000"),
  go: web(8080, 15, "8080 is Go's habit"),
  rust: web(8080, 15, "8080 is the habit of Axum and Actix"),
  dotnet: web(8080, 60, "ASP.NET Core's images listen on 8080"),
  ruby: web(3000, 60, "Rails and Puma listen on 3000"),
  php: web(8080, 30, "8080 is the port of PHP images without rights"),
};

/** What kind of workload a type becomes. */
export interface Kind {
  /** Key of components/registry.ts. */
  readonly component: "web-service" | "worker" | "stateful" | "scheduled-job" | "job";
  /** Whether it listens by convention where no port is named. */
  readonly listens: boolean;
  /** Whether it runs until it is stopped, and has replicas and probes. */
  readonly lasting: boolean;
  /** Longest name of its object that leaves room for what Kubernetes appends. */
  readonly nameLimit: number;
  readonly reason: string;
}

const server = (reason: string): Kind => ({
  component: "web-service",
  listens: true,
  lasting: true,
  nameLimit: 63,
  reason,
});

/** Type → component. */
export const KIND: Readonly<Record<ServiceType, Kind>> = {
  microservice: server("a microservice answers requests"),
  web: server("a web service answers requests"),
  "api-gateway": server("a gateway answers requests"),
  worker: {
    component: "worker",
    listens: false,
    lasting: true,
    nameLimit: 63,
    reason: "a worker takes its work from elsewhere and listens to nobody",
  },
  stateful: {
    component: "stateful",
    listens: true,
    lasting: true,
    nameLimit: 52,
    reason: "each replica keeps its name and its volumes",
  },
  cron: {
    component: "scheduled-job",
    listens: false,
    lasting: false,
    nameLimit: 52,
    reason: "it runs on its schedule and ends",
  },
  job: {
    component: "job",
    listens: false,
    lasting: false,
    nameLimit: 63,
    reason: "it runs once for each release and ends",
  },
};

/** What a tier decides. */
export interface TierDefault {
  /** Replicas where the descriptor has no scaling. */
  readonly replicas: number;
  /** Of the PriorityClass: greater goes first. */
  readonly priority: number;
  readonly preemption: "PreemptLowerPriority" | "Never";
  /** Percent of good requests, where the descriptor has no objective. */
  readonly availability: number;
  readonly reason: string;
}

/** Tier → replicas, priority and objective. */
export const TIER: Readonly<Record<Tier, TierDefault>> = {
  critical: {
    replicas: 2,
    priority: 100_000,
    preemption: "PreemptLowerPriority",
    availability: 99.9,
    reason: "a critical service outlives the loss of one node",
  },
  standard: {
    replicas: 1,
    priority: 10_000,
    preemption: "PreemptLowerPriority",
    availability: 99.5,
    reason:
      "a standard service may pause while a node is replaced, unless the environment asks for more",
  },
  experimental: {
    replicas: 1,
    priority: 1_000,
    preemption: "Never",
    availability: 99,
    reason: "an experiment displaces nobody",
  },
};

/** Single values that a descriptor may leave out. Times in seconds. */
export const DEFAULT = {
  tier: { value: "standard", reason: "most services matter like most others" },
  dataClass: { value: "internal", reason: "what nobody classified is for the company's own eyes" },
  targetCpu: {
    value: 80,
    reason: "percent of the request that leaves room while a replica starts",
  },
  terminationGrace: { value: 30, reason: "Kubernetes' own: requests end within half a minute" },
  timeZone: { value: "Etc/UTC", reason: "the one time zone without summer time" },
  drain: { value: 5, reason: "endpoints take a few seconds to leave every node" },
  /** A stateful server may have to write everything down. */
  statefulGrace: {
    value: 60,
    reason: "a stateful program writes down what it holds before it ends",
  },
  scrape: { value: "30s", reason: "ten samples in the shortest alert window of five minutes" },
  cronDeadline: { value: 3_600, reason: "a run that hangs for an hour is ended" },
  cronStart: { value: 300, reason: "a run may start five minutes late, else it is skipped" },
  cronRetries: { value: 2, reason: "two further tries outlast a short failure of something else" },
  jobDeadline: { value: 21_600, reason: "a run that hangs for six hours is ended" },
  jobRetries: { value: 3, reason: "three further tries outlast a short failure of something else" },
} as const;

/** Timings of probes, in seconds. */
export const PROBE = {
  liveness: { initialDelay: 0, period: 10, timeout: 2, failureThreshold: 3 },
  readiness: { initialDelay: 0, period: 5, timeout: 2, failureThreshold: 3 },
  startup: { initialDelay: 0, period: 5, timeout: 2 },
  reason:
    "a dead container is restarted after half a minute, a busy one left alone after 15 seconds",
} as const;

/** The convention of a language. */
export const conventionOf = (language: Language | undefined): Convention =>
  language === undefined ? NO_LANGUAGE : LANGUAGE[language];
