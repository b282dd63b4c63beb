import { LABEL } from "../contract/names.ts";
import { joinPath } from "../contract/path.ts";
import { parsePlaceholders } from "../contract/placeholder.ts";
import type { Container, HttpGet, Port, Probe, Service, Use } from "../contract/service.ts";
import {
  API_VERSION,
  requestSpecSchema,
  type RequestSpec,
  type ServiceRequest,
} from "../contract/service-request.ts";
import { canonicalJson, type Json } from "../contract/value.ts";
import { KIND, conventionOf } from "./defaults.ts";
import { DRIVERS } from "./drivers.ts";
import { encode, resourcesIn, throwAll } from "./expand.ts";
import { scaledTwice } from "./scaling.ts";
import { variablesOf } from "./uses.ts";
import { mainContainer } from "./workload.ts";
import type { Converted, Unsaid } from "./to-score.ts";

/** The one container of a ServiceRequest. */
const MAIN = "main";

/**
 * A service as a ServiceRequest. Everything that a Score document says and a ServiceRequest cannot is in the notes, and
 * so is what a ServiceRequest adds by itself.
 * @throws FairwayError FW3014 where two resources say how it is scaled.
 */
export function toRequest(service: Service): Converted<ServiceRequest> {
  const notes: Unsaid[] = [];
  const name = mainContainer(service);
  const container = service.containers[name]!;
  const note = (path: string, message: string): void => void notes.push({ path, message });
  for (const other of Object.keys(service.containers))
    if (other !== name)
      note(`containers.${other}`, `a ServiceRequest runs one container: ${other} is left out`);
  if (name !== MAIN)
    note(`containers.${name}`, `the container ${name} is named ${MAIN}: releases name it so`);
  const { scaling, consumes, uses } = usesOf(service, note);
  const spec: RequestSpec = {
    type: service.type,
    ...given({
      language: service.language,
      owner: service.owner,
      tier: service.tier,
      lifecycle: service.lifecycle,
      dataClass: service.dataClass,
      description: descriptionOf(service, note),
      image: container.image === "." ? undefined : container.image,
      command: container.command?.length ? [...container.command] : undefined,
      args: container.args && [...container.args],
      ...portsOf(service, note),
      health: healthOf(service, name, container, note),
      env: variablesIn(name, container, service, note),
      files: filesOf(name, container, service, note),
      uses,
      consumes: consumes.length > 0 ? consumes : undefined,
      monitoring:
        service.monitoring === (service.tier === "critical")
          ? undefined
          : service.monitoring
            ? ("enabled" as const)
            : ("disabled" as const),
      scaling,
      resources: computeOf(name, container, note),
      schedule: service.schedule,
      consents: service.consents.length > 0 ? [...service.consents] : undefined,
    }),
  };
  for (const target of Object.keys(container.volumes))
    note(
      joinPath(["containers", name, "volumes", target]),
      `a ServiceRequest mounts no volumes: nothing is mounted at ${target}`,
    );
  if (service.serviceName !== undefined)
    note(
      "serviceName",
      `the Kubernetes Service is named ${service.name}, not ${service.serviceName}`,
    );
  const { name: _, annotations: __, owner: ___, description: ____, ...extra } = service.metadata;
  for (const key of Object.keys(extra))
    note(
      joinPath(["metadata", key]),
      `the metadata of a ServiceRequest is closed: ${key} is left out, and written out where a placeholder named it`,
    );
  const annotations = Object.fromEntries(
    Object.entries(service.annotations).filter(([key]) => !key.startsWith("k8s.score.dev/")),
  );
  const document: ServiceRequest = {
    apiVersion: API_VERSION,
    kind: "ServiceRequest",
    metadata: {
      name: service.name,
      ...(service.was && { was: [...service.was] }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec,
  };
  return { document, notes };
}

type Note = (path: string, message: string) => void;

function descriptionOf({ description }: Service, note: Note): string | undefined {
  if (requestSpecSchema.shape.description.safeParse(description).success) return description;
  note("description", "the description is longer than a ServiceRequest takes, and left out");
  return undefined;
}

function portsOf(service: Service, note: Note): Pick<RequestSpec, "port" | "ports"> {
  const ports = Object.entries(service.ports ?? {});
  if (ports.length === 0) {
    if (KIND[service.type].listens)
      note(
        "ports",
        `a ${service.type} without ports listens on ${conventionOf(service.language).port} by convention`,
      );
    return {};
  }
  const [[name, only] = ["", undefined]] = ports;
  if (ports.length === 1 && name === "http" && only && isPlain(only)) return { port: only.port };
  return {
    ports: Object.fromEntries(
      ports.map(([key, { port, protocol, targetPort }]) => [
        key,
        {
          port,
          ...(targetPort !== port && { targetPort }),
          ...(protocol !== "TCP" && { protocol }),
        },
      ]),
    ),
  };
}

const isPlain = ({ port, targetPort, protocol }: Port): boolean =>
  port === targetPort && protocol === "TCP";

/** One question stands for both probes. */
function healthOf(
  service: Service,
  name: string,
  { livenessProbe, readinessProbe }: Container,
  note: Note,
): RequestSpec["health"] {
  if (!KIND[service.type].lasting) return undefined;
  const first = Object.values(service.ports ?? {}).find(({ protocol }) => protocol === "TCP");
  const convention = conventionOf(service.language);
  const at = `containers.${name}`;
  const asked = readinessProbe ?? livenessProbe;
  if (!asked) {
    if (first)
      note(
        at,
        `probes are added by convention: HTTP on ${convention.health}, port ${first.targetPort}`,
      );
    return undefined;
  }
  if (canonicalJson(livenessProbe ?? null) !== canonicalJson(readinessProbe ?? null))
    note(
      `${at}.${livenessProbe ? "livenessProbe" : "readinessProbe"}`,
      "a ServiceRequest has one health check for liveness and readiness: the readiness probe's is taken, where there is one",
    );
  const said = `${at}.${readinessProbe ? "readinessProbe" : "livenessProbe"}`;
  if (asked.exec?.length === 0) {
    note(`${said}.exec`, "the command of a health check is empty: the check is left out");
    return undefined;
  }
  return { ...timings(asked), ...actionOf(asked, said, first, convention.health, note) };
}

function timings(probe: Probe) {
  const { exec: _, httpGet: __, ...rest } = probe;
  return rest;
}

function actionOf(
  { exec, httpGet }: Probe,
  at: string,
  first: Port | undefined,
  usual: string,
  note: Note,
): NonNullable<RequestSpec["health"]> {
  if (exec) return { command: [...exec] };
  if (!httpGet) return {};
  const { path: written, port, host, scheme, headers }: HttpGet = httpGet;
  // As Kubernetes reads it.
  const path = written.startsWith("/") ? written : `/${written}`;
  if (path !== written)
    note(`${at}.httpGet.path`, `a health path begins with /: "${written}" is written ${path}`);
  if (host !== undefined || scheme !== "HTTP" || headers.length > 0)
    note(at, "a health check has no host, scheme or headers");
  if (path !== usual || port !== first?.targetPort)
    note(at, "a startup probe is added, which gives it time to start");
  return {
    ...(path !== usual && { path }),
    ...(port !== first?.targetPort && { port }),
  };
}

function filesOf(
  name: string,
  { files }: Container,
  service: Service,
  note: Note,
): RequestSpec["files"] {
  const said: NonNullable<RequestSpec["files"]> = {};
  for (const [target, { content, encoding, expand, mode }] of Object.entries(files)) {
    const at = joinPath(["containers", name, "files", target]);
    if (encoding === "binary")
      note(at, `a ServiceRequest has no binary files: ${target} is left out`);
    else if (!target.startsWith("/")) note(at, `${target} is no absolute path, and left out`);
    else
      said[target] = {
        content: expand ? withoutMetadata(content, service) : content.replaceAll("$", "$$$$"),
        ...(mode !== undefined && { mode }),
      };
  }
  return Object.keys(said).length > 0 ? said : undefined;
}

function computeOf(
  name: string,
  { resources: { requests, limits } }: Container,
  note: Note,
): RequestSpec["resources"] {
  const said = given({
    cpu: requests.cpu ?? limits.cpu,
    memory: requests.memory ?? limits.memory,
  });
  const at = `containers.${name}.resources`;
  if (limits.cpu !== undefined)
    note(`${at}.limits.cpu`, "the limit of cpu follows the environment's ratio");
  if (limits.memory !== undefined && limits.memory !== said.memory)
    note(`${at}.limits.memory`, "the limit of memory is its request");
  return Object.keys(said).length > 0 ? said : undefined;
}

/** What it uses; scaling and calls that nothing refers to have fields of their own. */
function usesOf(
  service: Service,
  note: Note,
): Pick<RequestSpec, "scaling" | "uses"> & { readonly consumes: string[] } {
  const named = new Set(
    [
      ...Object.values(service.containers).flatMap(({ variables, files }) => [
        ...Object.values(variables),
        ...Object.values(files).map(({ content }) => content),
      ]),
      ...Object.values(service.uses).map(({ params }) => params),
    ].flatMap((value) => resourcesIn(value)),
  );
  const uses: NonNullable<RequestSpec["uses"]> = {};
  const consumes = new Set<string>();
  let scaling: RequestSpec["scaling"];
  const scalings = Object.entries(service.uses).filter(([, { type }]) => type === SCALING);
  throwAll(
    scaledTwice(
      service,
      scalings.map(([name]) => name),
    ),
  );
  for (const [name, use] of Object.entries(service.uses)) {
    if (Object.keys(use.annotations).length > 0)
      note(joinPath(["uses", name, "annotations"]), "a use has no annotations");
    for (const key of Object.keys(use.metadata ?? {}))
      note(joinPath(["uses", name, "metadata", key]), `a use has no metadata: ${key} is left out`);
    const called = calledBy(name, use, service);
    if (!named.has(name) && called !== undefined) {
      consumes.add(called);
      leftOut(name, use, ["service"], "consumes", note);
    } else if (!named.has(name) && isScaling(use)) {
      scaling = scalingOf(use);
      leftOut(name, use, Object.keys(use.params), "scaling", note);
    } else
      uses[name] = {
        ...(use.was && { was: [...use.was] }),
        type: use.type,
        ...(use.class !== "default" && { class: use.class }),
        ...(use.id !== undefined && { id: use.id }),
        ...(Object.keys(use.params).length > 0 && {
          params: inline(use.params as Json, service) as Record<string, never>,
        }),
      };
  }
  if (!service.usesAsVariables) variablesAdded(uses, note);
  return {
    consumes: [...consumes],
    ...given({ scaling, uses: Object.keys(uses).length > 0 ? uses : undefined }),
  };
}

/** What a use says and the field that stands for it cannot. */
function leftOut(
  name: string,
  use: Use,
  params: readonly string[],
  field: string,
  note: Note,
): void {
  const lost = [
    ...(use.class === "default" ? [] : [["class"]]),
    ...(use.id === undefined ? [] : [["id"]]),
    ...(use.was === undefined ? [] : [["was"]]),
    ...Object.keys(use.params)
      .filter((key) => !params.includes(key))
      .map((key) => ["params", key]),
  ];
  for (const path of lost)
    note(joinPath(["uses", name, ...path]), `${field} has no ${path.at(-1)}: it is left out`);
}

/** Tells of the variables that a ServiceRequest gives its container by itself, with one of them. */
function variablesAdded(uses: NonNullable<RequestSpec["uses"]>, note: Note): void {
  // What a volume gives is no text.
  const giving = Object.entries(uses).filter(([, { type }]) => type !== "volume");
  if (giving.length === 0) return;
  const [example] = giving.flatMap(([name, { type }]) => {
    const faces = [...DRIVERS.values()].filter((face) => face.type === type);
    const outputs = Object.keys(faces[0]?.outputs ?? {})
      .filter((output) => faces.every((face) => Object.hasOwn(face.outputs, output)))
      .map((output) => [output, ""]);
    return Object.keys(variablesOf(new Map([[name, Object.fromEntries(outputs)]])));
  });
  note(
    "uses",
    `the container gets a variable for each output of ${giving.map(([name]) => name).join(", ")}${example === undefined ? "" : `, such as \`${example}\``}`,
  );
}

/** The other service that a use calls: none calls itself by `consumes`. */
function calledBy(name: string, { type, params }: Use, { name: own }: Service): string | undefined {
  if (type !== "service") return undefined;
  const { service = name } = params;
  return typeof service === "string" && service !== own && LABEL.test(service)
    ? service
    : undefined;
}

const SCALING = "horizontal-pod-autoscaler";

/** Whether a use scales the service in a way that `scaling` can say. */
const isScaling = ({ type, params }: Use): boolean =>
  type === SCALING && DRIVERS.get(SCALING)!.params.safeParse(params).success;

function scalingOf({ params }: Use): RequestSpec["scaling"] {
  const number = (key: string): number | undefined =>
    typeof params[key] === "number" ? params[key] : undefined;
  return {
    min: number("minReplicas") ?? 2,
    max: number("maxReplicas") ?? 3,
    cpu: number("targetCPUUtilizationPercentage") ?? number("targetUtilizationPercent") ?? 80,
  };
}

function variablesIn(
  name: string,
  { variables }: Container,
  service: Service,
  note: Note,
): Record<string, string> | undefined {
  const said: Record<string, string> = {};
  for (const [key, text] of Object.entries(variables))
    if (/\s/.test(key))
      note(
        joinPath(["containers", name, "variables", key]),
        `a variable of a ServiceRequest has no spaces in its name: ${key} is left out`,
      );
    else said[key] = withoutMetadata(text, service);
  return Object.keys(said).length > 0 ? said : undefined;
}

/** Every text of a value with the metadata written out. */
function inline(value: Json, service: Service): Json {
  if (typeof value === "string") return withoutMetadata(value, service);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => inline(item, service));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, inline(member as Json, service)]),
  );
}

/** A text whose placeholders of metadata that a ServiceRequest does not have are written out. */
function withoutMetadata(text: string, { metadata }: Service): string {
  const { parts } = parsePlaceholders(text);
  if (!parts) return text;
  return parts
    .map((part) => {
      if (typeof part === "string") return part.replaceAll("$", "$$$$");
      const written = `\${${part.path.map((key) => key.replaceAll(".", "\\.")).join(".")}}`;
      const [root, ...keys] = part.path;
      if (root === "resources" || keys[0] === "name") return written;
      const value = keys.reduce<Json | undefined>(
        (at, key) =>
          typeof at === "object" && at !== null ? (at as Record<string, Json>)[key] : undefined,
        metadata as Json,
      );
      return String(encode(value)).replaceAll("$", "$$$$");
    })
    .join("");
}

/** Without what is undefined. */
const given = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
