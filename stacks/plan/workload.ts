import { awsOf } from "../../components/base/aws.plan.ts";
import type { ContainerSpec, WorkloadSpec } from "../../components/workload/workload.plan.ts";
import type { Environment } from "../contract/environment.ts";
import { kubeletText } from "../contract/kubelet.ts";
import { recordedName, shortHash } from "../contract/names.ts";
import type { Origin } from "../contract/origin.ts";
import type { PlanItem } from "../contract/plan.ts";
import { joinPath } from "../contract/path.ts";
import type { Problem } from "../contract/problem.ts";
import type { Container, Port, Service } from "../contract/service.ts";
import { canonicalJson, type Text } from "../contract/value.ts";
import { computeOf } from "./compute.ts";
import { PodData, RENDERED, byKey } from "./data.ts";
import { DEFAULT, KIND, PROBE, conventionOf } from "./defaults.ts";
import { type Scope, encode, expand } from "./expand.ts";
import type { ChosenImage } from "./images.ts";
import { TENANCY, WORKLOAD, hostOf, objectName, priorityClassOf, selectorOf } from "./names.ts";
import { fromDefault, fromDescriptor, fromEnvironment, problemAt } from "./origins.ts";
import { probesOf } from "./probes.ts";
import { replicasOf } from "./scaling.ts";
import { sequence } from "./sequence.ts";
import { argsOf } from "./tenancy.ts";
import { type Uses, variablesOf } from "./uses.ts";
import { PodVolumes } from "./volumes.ts";

/** What the workload of a service is made from. */
export interface WorkloadContext {
  readonly service: Service;
  readonly environment: Environment;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, Port>>;
  readonly images: Readonly<Record<string, ChosenImage>>;
  readonly uses: Uses;
  readonly problems: Problem[];
  readonly notes: Problem[];
}

/** Published ports of a service in order: the descriptor's, or the language's where the type listens by convention. */
export function portsOf(service: Service): Readonly<Record<string, Port>> {
  if (service.ports) return byKey(service.ports);
  if (!KIND[service.type].listens) return {};
  const { port } = conventionOf(service.language);
  return { http: { port, targetPort: port, protocol: "TCP" } };
}

/** Name of the container that serves: `main`, or the one named like the service, or the first. */
export function mainContainer({ name, containers }: Service): string {
  const names = Object.keys(containers).sort();
  return ["main", name].find((found) => Object.hasOwn(containers, found)) ?? names[0] ?? "main";
}

/** The plan item that runs a service. */
export function workloadItem(context: WorkloadContext): PlanItem {
  const { service, environment, namespace, labels, ports, uses, problems, notes } = context;
  const kind = KIND[service.type];
  const scope: Scope = { service, outputs: uses.outputs, problems };
  const data = new PodData(scope);
  const volumes = new PodVolumes(scope, uses);
  const main = mainContainer(service);
  const all = Object.keys(service.containers)
    .sort()
    .map((name) => containerOf(name, name === main, context, scope, data, volumes));
  const { initContainers, containers } = sequence(service, all, problems, notes);

  const name = objectName(service);
  const selector = selectorOf(recordedName(service), WORKLOAD);
  const mounted = volumes.finish();
  const renderer = rendererOf(data, environment, scope);
  const { config, secret, cloudSecret, volumes: dataVolumes } = data.finish(name);
  const { origins: replicaOrigins, ...replicas } = replicasOf(
    service,
    environment,
    uses.scaling,
    notes,
  );
  const least = replicas.scaling?.min ?? replicas.replicas ?? 1;
  if (volumes.exclusive && least > 1)
    notes.push(
      problemAt(
        service,
        "containers",
        "FW3023",
        `${least} replicas of ${service.name} share a volume that one node can use at a time`,
        "write accessMode: ReadWriteMany for the volume, or type: stateful for a volume of each replica",
      ),
    );
  const published = Object.entries(ports);
  if (service.type === "cron" && service.schedule === undefined)
    problems.push(
      problemAt(
        service,
        "type",
        "FW1213",
        `${service.name} is of type cron and has no schedule`,
        'write a schedule such as "15 2 * * *"',
      ),
    );
  const spec: WorkloadSpec = {
    name,
    namespace,
    labels: { ...labels, ...selector },
    selector,
    annotations: byKey(service.annotations),
    podAnnotations: {
      ...(Object.keys(service.containers).length > 1 && {
        "kubectl.kubernetes.io/default-container": main,
      }),
      ...revisionOf([config, secret, uses.revisions]),
    },
    account: name,
    priorityClass: priorityClassOf(environment.name, service.tier ?? DEFAULT.tier.value),
    terminationGrace: (service.type === "stateful"
      ? DEFAULT.statefulGrace
      : DEFAULT.terminationGrace
    ).value,
    initContainers: [...renderer, ...initContainers],
    containers,
    volumes: [...dataVolumes, ...mounted],
    claims: [...uses.claims.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...(config && { config }),
    ...(secret && { secret }),
    ...(cloudSecret && {
      cloudSecret: { ...cloudSecret, region: awsOf(environment).region },
    }),
    ...((published.length > 0 || service.type === "stateful") && {
      service: {
        name: hostOf(service),
        headless: service.type === "stateful",
        ports: published.map(([port, { port: number, targetPort, protocol }]) => ({
          name: port,
          port: number,
          targetPort,
          protocol,
        })),
      },
    }),
    ...replicas,
    strategy: volumes.exclusive ? "recreate" : "rolling",
    ...jobOf(service),
  };
  return {
    id: WORKLOAD,
    component: kind.component,
    args: argsOf(spec),
    origins: { ...originsOf(context, containers, initContainers), ...replicaOrigins },
    after: [TENANCY, ...uses.items.map(({ id }) => id)],
    stateful: uses.claims.size > 0,
    ...(uses.claims.size > 0 && environment.stateful === "protect" && { protect: true }),
  };
}

function containerOf(
  name: string,
  isMain: boolean,
  context: WorkloadContext,
  scope: Scope,
  data: PodData,
  volumes: PodVolumes,
): ContainerSpec {
  const { service, environment, ports, images } = context;
  const container = service.containers[name]!;
  const variables = data.addVariables(name, variablesFor(name, container, isMain, context, scope));
  const { image } = images[name]!;
  return {
    name,
    image,
    pullPolicy: /@sha256:|:(?!latest$)[^/:]+$/.test(image) ? "IfNotPresent" : "Always",
    ...(container.command && { command: container.command.map(kubeletText) }),
    ...(container.args && { args: container.args.map(kubeletText) }),
    ...variables,
    ports: containerPorts(isMain ? ports : {}),
    resources: computeOf(container.resources, environment, scope, `containers.${name}`),
    mounts: [
      ...data.addFiles(name, container.files),
      ...volumes.addVolumes(name, container.volumes),
    ],
    ...probesOf(service, container, ports),
    ...(isMain && Object.keys(ports).length > 0 && { drain: DEFAULT.drain.value }),
  };
}

/** The init container that writes files which hold the cloud's secrets: nothing but a shell sees them. */
function rendererOf(data: PodData, environment: Environment, scope: Scope): ContainerSpec[] {
  const { files, ...variables } = data.renderVariables(RENDERER);
  if (files.length === 0) return [];
  const lines = files.map(
    ({ key, mode }, index) =>
      `printf %s "$FILE_${index}" > ${RENDERED_PATH}/${key}; chmod ${mode.toString(8)} ${RENDERED_PATH}/${key}`,
  );
  return [
    {
      name: RENDERER,
      image: environment.images.tools,
      pullPolicy: "IfNotPresent",
      command: ["/bin/sh", "-c", ["set -eu", ...lines].join("\n")],
      ...variables,
      user: NOBODY,
      ports: [],
      resources: computeOf({ requests: {}, limits: {} }, environment, scope, "containers"),
      mounts: [{ volume: RENDERED, path: RENDERED_PATH, readOnly: false }],
    },
  ];
}

const RENDERER = "fairway-render";
const RENDERED_PATH = "/rendered";
const NOBODY = 65_534;

/** What the pods listen on, each once, however often it is published. */
function containerPorts(ports: Readonly<Record<string, Port>>): ContainerSpec["ports"] {
  const found = new Map<string, ContainerSpec["ports"][number]>();
  for (const [name, { targetPort, protocol }] of Object.entries(ports)) {
    const key = `${targetPort}/${protocol}`;
    if (!found.has(key))
      found.set(key, { name: portName(name, targetPort), containerPort: targetPort, protocol });
  }
  return [...found.values()];
}

/** A container port's name is an IANA service name (RFC 6335): at most 15 characters, a letter, no `--`. */
const portName = (name: string, port: number): string =>
  /^(?=.*[a-z])(?!.*--)[a-z0-9-]{1,15}$/.test(name) ? name : `port-${port}`;

/** Variables of a container: the platform's, the resources', and over all the descriptor's own. */
function variablesFor(
  name: string,
  container: Container,
  isMain: boolean,
  { service, environment, uses }: WorkloadContext,
  scope: Scope,
): Record<string, Text> {
  const variables: Record<string, Text> = {};
  if (service.monitoring && isMain) {
    variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = environment.monitoring.otlp;
    variables["OTEL_RESOURCE_ATTRIBUTES"] = `deployment.environment.name=${environment.name}`;
    variables["OTEL_SERVICE_NAME"] = service.name;
  }
  if (service.usesAsVariables && isMain)
    for (const [variable, value] of Object.entries(variablesOf(uses.outputs)))
      variables[variable] = encode(value);
  for (const [variable, text] of Object.entries(container.variables))
    variables[variable] = expand(
      text,
      scope,
      joinPath(["containers", name, "variables", variable]),
    );
  return variables;
}

/** Pods restart when what they read changes: files and secrets by their text, passwords by the text that stands for them. */
function revisionOf(parts: readonly unknown[]): Record<string, string> {
  const text = canonicalJson(parts);
  return text === "[null,null,{}]" ? {} : { "fairway.dev/revision": shortHash(text, 16) };
}

function jobOf({ type, schedule }: Service): Pick<WorkloadSpec, "schedule" | "job"> {
  if (type === "job")
    return { job: { retries: DEFAULT.jobRetries.value, deadline: DEFAULT.jobDeadline.value } };
  if (type !== "cron") return {};
  return {
    schedule: {
      cron: schedule ?? "",
      timeZone: DEFAULT.timeZone.value,
      startingDeadline: DEFAULT.cronStart.value,
      history: { succeeded: 3, failed: 3 },
    },
    job: { retries: DEFAULT.cronRetries.value, deadline: DEFAULT.cronDeadline.value },
  };
}

function originsOf(
  { service, environment, images }: WorkloadContext,
  containers: readonly ContainerSpec[],
  initContainers: readonly ContainerSpec[],
): Record<string, Origin> {
  const written = (path: string): Origin => fromDescriptor(service, path);
  const convention = conventionOf(service.language);
  const origins: Record<string, Origin> = {
    "": written("type"),
    labels: fromDefault("every object says whose it is"),
    priorityClass: service.tier ? written("tier") : fromDefault(DEFAULT.tier.reason),
    terminationGrace: fromDefault(
      (service.type === "stateful" ? DEFAULT.statefulGrace : DEFAULT.terminationGrace).reason,
    ),
    service: service.ports ? written("ports") : fromDefault(convention.reason),
    ...(service.schedule !== undefined && { schedule: written("schedule") }),
    ...(Object.keys(service.annotations).length > 0 && { annotations: written("annotations") }),
  };
  const lists = { containers, initContainers } as const;
  for (const [list, entries] of Object.entries(lists))
    entries.forEach((spec, index) => {
      const [at, from] = [`${list}.${index}`, `containers.${spec.name}`];
      const container = service.containers[spec.name]!;
      origins[at] = written(from);
      origins[`${at}.image`] = images[spec.name]!.origin;
      origins[`${at}.env`] = written(`${from}.variables`);
      for (const kind of ["cpu", "memory"] as const) {
        const { requests, limits } = container.resources;
        const own = requests[kind] ?? limits[kind];
        origins[`${at}.resources.requests.${kind}`] =
          own === undefined
            ? fromEnvironment(environment, `limits.${kind}Request`)
            : written(
                `${from}.resources.${requests[kind] === undefined ? "limits" : "requests"}.${kind}`,
              );
        origins[`${at}.resources.limits.${kind}`] =
          limits[kind] !== undefined
            ? written(`${from}.resources.limits.${kind}`)
            : kind === "memory" && own !== undefined
              ? written(`${from}.resources.requests.memory`)
              : fromEnvironment(
                  environment,
                  requests[kind] === undefined ? `limits.${kind}` : "limits.cpuLimitRatio",
                );
      }
      for (const probe of ["livenessProbe", "readinessProbe"] as const)
        if (spec[probe])
          origins[`${at}.${probe}`] =
            container[probe]?.exec || container[probe]?.httpGet
              ? written(`${from}.${probe}`)
              : fromDefault(`${convention.reason}; ${PROBE.reason}`);
    });
  return origins;
}
