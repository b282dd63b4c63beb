import { environmentSchema, type Environment } from "../contract/environment.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError } from "../contract/problem.ts";
import type { Release } from "../contract/release.ts";
import type { Container, Service } from "../contract/service.ts";
import { directoryFor } from "./directory.ts";
import { resolve } from "./resolve.ts";

/** An environment with usual rules, and what a test says over it. */
export function testEnvironment(
  name = "test",
  over: Readonly<Record<string, unknown>> = {},
): Environment {
  const document = environmentSchema.parse({
    apiVersion: "platform.company.com/v1",
    kind: "Environment",
    metadata: { name },
    spec: {
      cluster: { embedded: true },
      namespace: "{service}-{environment}",
      domain: "example.test",
      registry: "registry.example.test",
      registries: ["*"],
      images: { unreleased: "allow" },
      owner: { policy: "optional" },
      resources: [
        { type: "postgres", driver: "postgres-cluster", params: { size: "small" } },
        { type: "redis", driver: "redis-cluster" },
        { type: "amqp", driver: "amqp-cluster" },
        { type: "volume", driver: "volume-cluster" },
        { type: "secret", driver: "secret-cluster" },
        { type: "dns", driver: "dns" },
        { type: "route", driver: "route" },
        { type: "service", driver: "service" },
        { type: "environment", driver: "environment" },
        { type: "horizontal-pod-autoscaler", driver: "horizontal-pod-autoscaler" },
      ],
      ...over,
    },
  });
  return { ...document.spec, name, file: `environments/${name}.yaml` };
}

/** What an environment in AWS says of its cluster and its account. */
export const IN_AWS = {
  cluster: { eks: "company-prod" },
  cloud: {
    provider: "aws",
    region: "eu-central-1",
    account: "333333333333",
    costCentre: "4200",
    repository: "company/platform",
    permissionsBoundary: "arn:aws:iam::333333333333:policy/boundary",
  },
};

/** A container that says nothing. */
export const CONTAINER: Container = {
  variables: {},
  files: {},
  volumes: {},
  before: {},
  resources: { requests: {}, limits: {} },
};

/** A service that says nothing but its name and type. */
export function testService(name: string, over: Partial<Service> = {}): Service {
  return {
    name,
    folder: `services/${name}`,
    file: `services/${name}/service.yaml`,
    type: "microservice",
    links: [],
    annotations: {},
    metadata: { name },
    containers: {
      main: { ...CONTAINER, livenessProbe: NOTHING, readinessProbe: NOTHING },
    },
    uses: {},
    routes: [],
    consumes: [],
    provides: [],
    monitoring: false,
    patches: [],
    consents: [],
    sources: { "": "spec" },
    ...over,
  };
}

const NOTHING = {};

/** The plan of a service among others, in one environment. */
export function planOf(
  service: Service,
  environment: Environment = testEnvironment(),
  others: readonly Service[] = [],
  release: Release = { containers: {} },
): Plan {
  return resolve(service, release, environment, directoryFor([service, ...others], environment));
}

/** `code path: message` of everything that a call throws. */
export function problemsOf(call: () => unknown): string[] {
  try {
    call();
    return [];
  } catch (error) {
    if (!FairwayError.is(error)) throw error;
    return error.problems.map(
      ({ code, path, message, hint }) =>
        `${code} ${path ?? ""}: ${message}${hint ? ` (${hint})` : ""}`,
    );
  }
}

/** An item's arguments, with its type. */
export function argsIn<T>(plan: Plan, id: string): T {
  const item = plan.items.find((found) => found.id === id);
  if (!item) throw new Error(`${plan.stack} has no item ${id}`);
  return item.args as unknown as T;
}
