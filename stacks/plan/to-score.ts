import type { Environment } from "../contract/environment.ts";
import { joinPath } from "../contract/path.ts";
import type { Directory } from "../contract/plan.ts";
import type { Problem } from "../contract/problem.ts";
import { SCORE_API_VERSION, scoreSchema, type ScoreDocument } from "../contract/score.ts";
import type { Container, Port, Probe, Service } from "../contract/service.ts";
import { canonicalJson } from "../contract/value.ts";
import { KIND, PROBE } from "./defaults.ts";
import { DRIVERS } from "./drivers.ts";
import { type Outputs, throwAll } from "./expand.ts";
import { namespaceOf } from "./names.ts";
import { usualAction } from "./probes.ts";
import { resolveUses, variablesOf } from "./uses.ts";
import { mainContainer, portsOf } from "./workload.ts";

/** What one form of a descriptor says and the other cannot, by its path in the model. */
export interface Unsaid {
  readonly path: string;
  readonly message: string;
}

/** A descriptor in the other form, and what of it that form cannot say. */
export interface Converted<D> {
  readonly document: D;
  readonly notes: readonly Unsaid[];
}

/** Parts of a model that Score has no place for. */
const NOWHERE = {
  links: "links have no place in Score",
  provides: "provided APIs have no place in Score",
  objective: "the service level objective has no place in Score: the tier's own applies",
  patches: "patches have no place in Score",
  costCeiling: "the cost ceiling has no place in Score",
} as const;

/**
 * A service as a Score document that gives the same plan where there are no notes: conventions are written out, what is
 * the platform's own goes into annotations of `fairway.dev`.
 * @param environment Whose rules answer what the service uses: outputs become variables where the service wants them so.
 * @throws FairwayError where a resource has no answer.
 */
export function toScore(
  service: Service,
  environment: Environment,
  directory: Directory,
): Converted<ScoreDocument> {
  const notes: Unsaid[] = [];
  const ports = portsOf(service);
  const outputs = outputsOf(service, environment, directory);
  for (const [path, message] of Object.entries(NOWHERE)) {
    const value = service[path as keyof typeof NOWHERE];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0))
      notes.push({ path, message });
  }
  const resources = resourcesOf(service, ports, notes);
  const annotations = annotationsOf(service, ports);
  const { annotations: _, was: __, ...metadata } = service.metadata;
  const document: ScoreDocument = {
    apiVersion: SCORE_API_VERSION,
    metadata: {
      ...metadata,
      name: service.name,
      ...(service.owner !== undefined && { owner: service.owner }),
      ...(service.description !== undefined && { description: service.description }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    ...(Object.keys(ports).length > 0 && { service: { ports: scorePorts(ports) } }),
    containers: Object.fromEntries(
      Object.entries(service.containers).map(([name, container]) => [
        name,
        containerOf(name, container, service, ports, outputs, notes),
      ]),
    ),
    ...(Object.keys(resources).length > 0 && { resources }),
  };
  const { error } = scoreSchema.safeParse(document);
  for (const { path, message } of error?.issues ?? [])
    notes.push({
      path: "",
      message: `Score refuses ${joinPath(path as (string | number)[])}: ${message}`,
    });
  return { document, notes };
}

/** Resource → outputs. */
function outputsOf(
  service: Service,
  environment: Environment,
  directory: Directory,
): ReadonlyMap<string, Outputs> {
  const problems: Problem[] = [];
  const { outputs } = resolveUses({
    service,
    environment,
    directory,
    drivers: DRIVERS,
    namespace: namespaceOf(environment, service.name),
    labels: {},
    ports: portsOf(service),
    problems,
  });
  throwAll(problems);
  return outputs;
}

const scorePorts = (ports: Readonly<Record<string, Port>>) =>
  Object.fromEntries(
    Object.entries(ports).map(([name, { port, protocol, targetPort }]) => [
      name,
      {
        port,
        ...(protocol !== "TCP" && { protocol }),
        ...(targetPort !== port && { targetPort }),
      },
    ]),
  );

/** The workload's annotations, and those that say what Score has no field for, where it is not Score's default. */
function annotationsOf(
  service: Service,
  ports: Readonly<Record<string, Port>>,
): Record<string, string> {
  const { type, schedule, tier, lifecycle, dataClass, language, monitoring, serviceName } = service;
  const usual = Object.keys(ports).length > 0 ? "microservice" : "worker";
  const stateful = service.annotations["k8s.score.dev/kind"] === "StatefulSet";
  const said: Readonly<Record<string, string | undefined>> = {
    "k8s.score.dev/service-name": serviceName,
    "fairway.dev/type": type === (stateful ? "stateful" : usual) ? undefined : type,
    "fairway.dev/schedule": schedule,
    "fairway.dev/tier": tier,
    "fairway.dev/lifecycle": lifecycle,
    "fairway.dev/data-class": dataClass,
    "fairway.dev/language": language,
    "fairway.dev/was": service.was?.join(", "),
    "fairway.dev/consents":
      service.consents
        .map(
          ({ action, resource, until, reason }) =>
            `${action} ${resource} until ${until}: ${reason}`,
        )
        .join("\n") || undefined,
    "fairway.dev/monitoring":
      monitoring === (tier === "critical") ? undefined : monitoring ? "enabled" : "disabled",
  };
  const own = Object.entries(said).filter((entry): entry is [string, string] => !!entry[1]);
  return { ...service.annotations, ...Object.fromEntries(own) };
}

function containerOf(
  name: string,
  container: Container,
  service: Service,
  ports: Readonly<Record<string, Port>>,
  outputs: ReadonlyMap<string, Outputs>,
  notes: Unsaid[],
): ScoreDocument["containers"][string] {
  const { image = ".", command, args, files, volumes, before, resources } = container;
  const variables = {
    ...(service.usesAsVariables && name === mainContainer(service) ? outputVariables(outputs) : {}),
    ...container.variables,
  };
  const compute = some({ requests: some(resources.requests), limits: some(resources.limits) });
  return {
    image,
    ...(command && { command: [...command] }),
    ...(args && { args: [...args] }),
    ...some({ variables: some(variables) }),
    ...some({
      files: some(
        mapValues(files, ({ mode, content, encoding, expand }) => ({
          ...(mode !== undefined && { mode }),
          ...(encoding === "binary" ? { binaryContent: content } : { content }),
          ...(encoding === "text" && !expand && { noExpand: true }),
        })),
      ),
      volumes: some(
        mapValues(volumes, ({ source, path, readOnly }) => ({
          source,
          ...(path !== undefined && { path }),
          ...(readOnly && { readOnly }),
        })),
      ),
      before: some(mapValues(before, (ready) => ({ ready }))),
      resources: compute,
    }),
    ...probesIn(name, container, service, ports, notes),
  };
}

/** `<NAME>_<OUTPUT>` → the placeholder that gives the same. */
const outputVariables = (outputs: ReadonlyMap<string, Outputs>): Record<string, string> =>
  Object.fromEntries(
    [...outputs].flatMap(([use, values]) =>
      Object.entries(values).flatMap(([output, value]) =>
        Object.keys(variablesOf(new Map([[use, { [output]: value }]]))).map((variable) => [
          variable,
          `\${resources.${use}.${output}}`,
        ]),
      ),
    ),
  );

/** Probes as Score says them; those by convention are written out. */
function probesIn(
  name: string,
  container: Container,
  service: Service,
  ports: Readonly<Record<string, Port>>,
  notes: Unsaid[],
) {
  const usual = KIND[service.type].lasting ? usualAction(service, ports) : undefined;
  const { healthPath: _, healthPort: __, ...bare } = service;
  const isUsual = canonicalJson(usual) === canonicalJson(usualAction(bare, ports));
  const said: { livenessProbe?: ScoreProbe; readinessProbe?: ScoreProbe } = {};
  for (const probe of ["livenessProbe", "readinessProbe"] as const) {
    const written = container[probe];
    if (!written) continue;
    const action = scoreProbe(written, usual);
    if (action) said[probe] = action;
    if (probe === "livenessProbe" && action?.httpGet && !written.httpGet && !isUsual)
      notes.push({
        path: service.healthPath === undefined ? "healthPort" : "healthPath",
        message:
          "Score has no startup probe, which the platform adds to a health path of its own form",
      });
    const usually = probe === "livenessProbe" ? PROBE.liveness : PROBE.readiness;
    const timings = (["initialDelay", "period", "timeout", "failureThreshold"] as const).filter(
      (timing) => written[timing] !== undefined && written[timing] !== usually[timing],
    );
    if (timings.length > 0 && KIND[service.type].lasting)
      notes.push({
        path: joinPath(["containers", name, probe]),
        message: `Score's probes have no ${timings.join(", ")}: the platform's own apply`,
      });
  }
  return said;
}

type ScoreProbe = NonNullable<ScoreDocument["containers"][string]["livenessProbe"]>;

function scoreProbe(
  { exec, httpGet }: Probe,
  usual: ReturnType<typeof usualAction>,
): ScoreProbe | undefined {
  if (exec) return { exec: { command: [...exec] } };
  const asked = httpGet ?? (usual && "httpGet" in usual ? usual.httpGet : undefined);
  if (!asked) return undefined;
  const { path, port, host, scheme, headers } = asked;
  return {
    httpGet: {
      path,
      port,
      ...(host !== undefined && { host }),
      ...(scheme === "HTTPS" && { scheme }),
      ...(headers.length > 0 && { httpHeaders: headers.map((header) => ({ ...header })) }),
    },
  };
}

/** What the service uses, and what Score says as a resource: scaling, routes and services that it calls. */
function resourcesOf(
  service: Service,
  ports: Readonly<Record<string, Port>>,
  notes: Unsaid[],
): NonNullable<ScoreDocument["resources"]> {
  const resources: NonNullable<ScoreDocument["resources"]> = {};
  for (const [name, use] of Object.entries(service.uses)) {
    const { type, class: of, id, params, annotations, metadata } = use;
    const said: Record<string, string> = {
      ...annotations,
      ...(use.was && { "fairway.dev/was": use.was.join(", ") }),
    };
    resources[name] = {
      type,
      ...(of !== "default" && { class: of }),
      ...(id !== undefined && { id }),
      ...some({ params: some(params as Record<string, never>) }),
      ...some({
        metadata: some({
          ...(metadata as Record<string, never>),
          ...(Object.keys(said).length > 0 && { annotations: said }),
        }),
      }),
    };
  }
  const add = (wanted: string, type: string, params: Record<string, string | number>): void => {
    let name = wanted;
    for (let number = 2; Object.hasOwn(resources, name); number++) name = `${wanted}-${number}`;
    resources[name] = { type, params };
  };
  const { scaling, consumes, visibility } = service;
  if (scaling) {
    add("scaling", "horizontal-pod-autoscaler", {
      minReplicas: scaling.min,
      maxReplicas: scaling.max,
      ...(scaling.cpu !== undefined && { targetCPUUtilizationPercentage: scaling.cpu }),
    });
    if (scaling.memory !== undefined)
      notes.push({
        path: "scaling.memory",
        message: "a horizontal-pod-autoscaler of Score scales on cpu, not on memory",
      });
  }
  for (const other of consumes)
    if (other !== service.name) add(other, "service", { service: other });
  const routed = Object.values(service.uses).some(({ type }) => type === "route");
  const routes =
    service.routes.length === 0 && visibility === "public" && !routed
      ? [{ path: "/" }]
      : service.routes;
  const first = Object.values(ports).find(({ protocol }) => protocol === "TCP")?.port;
  routes.forEach(({ path, ...rest }, index) => {
    const port = rest.port ?? first;
    add("route", "route", {
      ...("host" in rest && rest.host !== undefined && { host: rest.host }),
      path,
      ...(port !== undefined && { port }),
    });
    notes.push({
      path: service.routes.length > 0 ? `routes.${index}` : "visibility",
      message: "a route of Score is an object of its own name: the Ingress is made anew",
    });
  });
  return resources;
}

/** The record, or nothing where it says nothing. */
function some<T extends object>(record: T): T | undefined {
  const given = Object.entries(record).filter(([, value]) => value !== undefined);
  return given.length > 0 ? (Object.fromEntries(given) as T) : undefined;
}

const mapValues = <A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
