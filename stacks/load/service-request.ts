import { joinPath } from "../contract/path.ts";
import type {
  Container,
  ContainerFile,
  Port,
  Probe,
  Route,
  Service,
  Use,
} from "../contract/service.ts";
import type { RequestSpec, ServiceRequest } from "../contract/service-request.ts";
import { cpuText, memoryText, millicores, parseQuantity } from "../contract/quantity.ts";

/** The one container of a ServiceRequest. */
const MAIN = "main";

const DATABASES: Readonly<Record<NonNullable<RequestSpec["database"]>, string>> = {
  postgresql: "postgres",
  postgres: "postgres",
  mysql: "mysql",
  mongodb: "mongodb",
};

/** Where each part of the model stands in a ServiceRequest. */
const SOURCES: Readonly<Record<string, string>> = {
  "": "spec",
  name: "metadata.name",
  was: "metadata.was",
  metadata: "metadata",
  annotations: "metadata.annotations",
  routes: "spec.route",
  objective: "spec.slo",
  costCeiling: "spec.cost.ceiling",
  healthPath: "spec.health.path",
  healthPort: "spec.health.port",
  containers: "spec",
  "containers.main": "spec",
  "containers.main.variables": "spec.env",
  "containers.main.resources": "spec.resources",
  "containers.main.resources.requests": "spec.resources",
  "containers.main.resources.limits": "spec.resources",
  "containers.main.livenessProbe": "spec.health",
  "containers.main.livenessProbe.exec": "spec.health.command",
  "containers.main.readinessProbe": "spec.health",
  "containers.main.readinessProbe.exec": "spec.health.command",
};

/** A ServiceRequest in one environment as a `Service`. `spec` has that environment's overrides merged in. */
export function fromRequest(
  metadata: ServiceRequest["metadata"],
  spec: RequestSpec,
  place: { readonly folder: string; readonly file: string },
): Service {
  const sources: Record<string, string> = { ...SOURCES };
  const uses = usesOf(spec, sources);
  if (spec.port !== undefined) sources["ports"] = "spec.port";
  if (spec.route !== undefined && !Array.isArray(spec.route)) sources["routes.0"] = "spec.route";
  if (spec.route === undefined) sources["routes"] = "spec.visibility";
  const ports = portsOf(spec);
  return {
    name: metadata.name,
    ...given({ was: metadata.was }),
    ...place,
    type: spec.type,
    ...given({
      language: spec.language,
      owner: spec.owner,
      tier: spec.tier,
      lifecycle: spec.lifecycle,
      dataClass: spec.dataClass,
      description: spec.description,
    }),
    links: spec.links ?? [],
    annotations: metadata.annotations ?? {},
    metadata: { ...metadata },
    containers: { [MAIN]: containerOf(spec) },
    ...given({
      ports,
      healthPath: spec.health?.path,
      healthPort: spec.health?.port,
    }),
    uses,
    usesAsVariables: true,
    ...given({ scaling: spec.scaling, schedule: spec.schedule }),
    routes: routesOf(spec),
    ...given({ visibility: spec.visibility }),
    consumes: spec.consumes ?? [],
    provides: spec.provides ?? [],
    monitoring: spec.monitoring ? spec.monitoring === "enabled" : spec.tier === "critical",
    ...given({ objective: spec.slo }),
    patches: spec.patches ?? [],
    consents: spec.consents ?? [],
    ...given({ costCeiling: spec.cost?.ceiling }),
    sources,
  };
}

/** Without the members that are undefined, so that a model reads the same from a cache. */
export function given<T extends object>(members: T): T {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as T;
}

function containerOf(spec: RequestSpec): Container {
  // Whether there are probes at all, and of which kind, is by convention where `health` has no command.
  const probe = probeOf(spec);
  return {
    ...given({ image: spec.image, command: spec.command, args: spec.args }),
    variables: spec.env ?? {},
    files: Object.fromEntries(
      Object.entries(spec.files ?? {}).map(([path, file]): [string, ContainerFile] => [
        path,
        {
          ...given({ mode: file.mode }),
          content: file.content,
          encoding: "text",
          expand: true,
        },
      ]),
    ),
    volumes: {},
    before: {},
    resources: { requests: quantities(spec.resources ?? {}), limits: {} },
    livenessProbe: probe,
    readinessProbe: probe,
  };
}

/** CPU and memory in canonical form. */
export function quantities(given: {
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
}): { cpu?: string; memory?: string } {
  return {
    ...(given.cpu !== undefined && { cpu: cpuText(millicores(given.cpu) ?? 0) }),
    ...(given.memory !== undefined && { memory: memoryText(parseQuantity(given.memory) ?? 0) }),
  };
}

/** What `health` says beyond path and port. */
function probeOf({ health = {} }: RequestSpec): Probe {
  const { command, path: _path, port: _port, ...timings } = health;
  return given({ exec: command, ...timings });
}

function portsOf({ port, ports }: RequestSpec): Record<string, Port> | undefined {
  if (port === undefined && ports === undefined) return undefined;
  return {
    ...(port !== undefined && { http: { port, protocol: "TCP" as const, targetPort: port } }),
    ...Object.fromEntries(
      Object.entries(ports ?? {}).map(([name, given]): [string, Port] => [
        name,
        {
          port: given.port,
          protocol: given.protocol ?? "TCP",
          targetPort: given.targetPort ?? given.port,
        },
      ]),
    ),
  };
}

function routesOf({ route, visibility }: RequestSpec): Route[] {
  if (route === undefined) return visibility === "public" ? [{ path: "/" }] : [];
  return (Array.isArray(route) ? route : [route]).map(({ path = "/", ...rest }) => ({
    path,
    ...rest,
  }));
}

function usesOf(spec: RequestSpec, sources: Record<string, string>): Record<string, Use> {
  const uses: Record<string, Use> = {};
  const add = (name: string, source: (string | number)[], use: Partial<Use> & { type: string }) => {
    uses[name] = {
      type: use.type,
      class: use.class ?? "default",
      ...given({ id: use.id, was: use.was }),
      params: use.params ?? {},
      annotations: {},
    };
    sources[joinPath(["uses", name])] = joinPath(["spec", ...source]);
  };
  if (spec.database) add("database", ["database"], { type: DATABASES[spec.database] });
  if (spec.cache) add("cache", ["cache"], { type: spec.cache });
  for (const [index, id] of (spec.queues ?? []).entries())
    add(id, ["queues", index], { type: "amqp", id });
  for (const [index, id] of (spec.topics ?? []).entries())
    add(id, ["topics", index], { type: "kafka-topic", id });
  for (const [name, use] of Object.entries(spec.uses ?? {})) add(name, ["uses", name], use);
  return uses;
}
