import { programText } from "../contract/kubelet.ts";
import { millicores, parseQuantity } from "../contract/quantity.ts";
import { type ComposeService, type Condition, literal } from "./document.ts";
import { mountsOf, nameOf, type Shelves } from "./mounts.ts";
import type { Container, Objects, Owner, Probe } from "./objects.ts";

/** A pod as Compose services: names in order, init containers first. */
export interface ComposedPod {
  /** Name of the service that the pod's network belongs to. */
  readonly key: string;
  readonly services: Readonly<Record<string, ComposeService>>;
}

/** What a pod needs to know of others. */
export interface PodSurroundings {
  readonly objects: Objects;
  readonly shelves: Shelves;
  /** Image of helpers that prepare volumes. */
  readonly tools: string;
  /** Services that others must be up first. */
  readonly after: Readonly<Record<string, { readonly condition: Condition }>>;
  /** Whether its ports are published on this machine. */
  readonly published: boolean;
}

/** Name of the Compose service of what runs pods: the stack's own name, or under it. */
export const keyOf = (stack: string, { metadata }: Owner): string =>
  metadata.name === stack ? stack : `${stack}-${metadata.name}`;

/** One pod of a Deployment, StatefulSet or Job: a service a container, all in the network of the first that lasts. */
export function composePod(key: string, owner: Owner, around: PodSurroundings): ComposedPod {
  const { pod, kind } = owner;
  const inits = pod.initContainers ?? [];
  const lasting = [...inits.filter((one) => one.restartPolicy), ...pod.containers];
  const holder = lasting[0]!;
  const name = (one: Container): string => (one === holder ? key : `${key}-${one.name}`);
  const services: Record<string, ComposeService> = {};
  const before: Record<string, { condition: Condition }> = { ...around.after };
  const owned = new Map<string, Set<string>>();
  const add = (container: Container, ends: boolean): void => {
    const seen = mountsOf(key, owner, container, around.objects, around.shelves);
    for (const [volume, paths] of seen.owned)
      owned.set(volume, new Set([...(owned.get(volume) ?? []), ...paths]));
    const joins = container !== holder && !ends;
    // A holder that must be healthy first says so among those before.
    const depends = {
      ...(joins && { [key]: { condition: "service_started" as const } }),
      ...before,
    };
    services[name(container)] = {
      image: container.image,
      ...process(container, owner),
      ...environment(container, owner, around),
      ...given("configs", seen.configs),
      ...given("secrets", seen.secrets),
      ...given("volumes", seen.volumes),
      ...given("tmpfs", seen.tmpfs),
      ...(container === holder ? reached(key, owner, lasting, around) : {}),
      ...(joins && { network_mode: `service:${key}` }),
      ...(!ends && healthcheck(container)),
      ...(Object.keys(depends).length > 0 && { depends_on: depends }),
      ...limits(container),
      ...restart(kind, ends),
      ...(kind === "CronJob" && { profiles: ["cron"] }),
      ...HARDENED,
    };
    if (container.restartPolicy || ends)
      before[name(container)] = {
        condition: ends
          ? "service_completed_successfully"
          : container.startupProbe
            ? "service_healthy"
            : "service_started",
      };
  };
  for (const one of inits) add(one, one.restartPolicy === undefined);
  for (const one of pod.containers) add(one, false);
  return { key, services: withOwned(key, owner, owned, services, around.tools) };
}

const HARDENED = {
  read_only: true,
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
} as const;

/** What the program gets of a text that the kubelet reads. */
const received = (text: string): string => literal(programText(text));

const given = <K extends string, V>(name: K, list: readonly V[]): { [key in K]?: readonly V[] } =>
  list.length > 0 ? ({ [name]: list } as { [key in K]?: readonly V[] }) : {};

function process(container: Container, { pod, kind, metadata }: Owner): Partial<ComposeService> {
  const { runAsUser, runAsGroup, fsGroup } = pod.securityContext ?? {};
  const user = container.securityContext?.runAsUser ?? runAsUser;
  const stop = container.lifecycle?.preStop?.exec?.command;
  return {
    ...(container.command && { entrypoint: container.command.map(received) }),
    ...(container.args && { command: container.args.map(received) }),
    ...(kind === "StatefulSet" &&
      pod.containers[0] === container && {
        hostname: `${metadata.name}-0`,
      }),
    ...(user !== undefined && {
      user: runAsGroup === undefined ? String(user) : `${user}:${runAsGroup}`,
    }),
    ...(fsGroup !== undefined && fsGroup !== runAsGroup && { group_add: [String(fsGroup)] }),
    ...(pod.terminationGracePeriodSeconds !== undefined && {
      stop_grace_period: `${pod.terminationGracePeriodSeconds}s`,
    }),
    ...(stop && { pre_stop: [{ command: stop.map(literal) }] }),
  };
}

function environment(
  { env = [] }: Container,
  { metadata: { namespace } }: Owner,
  { objects, shelves }: PodSurroundings,
): Partial<ComposeService> {
  const entries = env.map(({ name, value, valueFrom }): [string, string] => {
    if (!valueFrom) return [name, received(value ?? "")];
    const { name: secret, key } = valueFrom.secretKeyRef;
    const text = objects.secrets.get(secret)?.[key] ?? "";
    return [name, `\${${shelves.env.add(nameOf(namespace, secret, key), String(text))}}`];
  });
  return entries.length > 0 ? { environment: Object.fromEntries(entries) } : {};
}

/** Names and ports under which others reach the pod. */
function reached(
  key: string,
  { labels, pod }: Owner,
  lasting: readonly Container[],
  { objects, shelves, published }: PodSurroundings,
): Partial<ComposeService> {
  const fronts = objects.fronts.filter(({ selector }) =>
    Object.entries(selector).every(([label, value]) => labels[label] === value),
  );
  for (const { metadata, ports } of fronts)
    for (const { port, targetPort = port } of ports)
      if (port !== targetPort)
        shelves.notes.push(
          `${key}: the port ${port} of ${metadata.name} is ${targetPort} here, since Compose maps no ports between services`,
        );
  const aliases = fronts.flatMap(({ metadata: { name, namespace } }) => [
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.cluster.local`,
  ]);
  const ports = lasting.flatMap((container) => container.ports ?? []);
  return {
    ...(aliases.length > 0 && { networks: { default: { aliases } } }),
    ...(pod.hostAliases && {
      extra_hosts: pod.hostAliases.flatMap(({ ip, hostnames }) =>
        hostnames.map((host) => `${host}:${ip}`),
      ),
    }),
    ...(published
      ? given(
          "ports",
          ports.map(({ containerPort, protocol = "TCP" }) => ({
            target: containerPort,
            host_ip: "127.0.0.1",
            protocol: protocol === "UDP" ? ("udp" as const) : ("tcp" as const),
          })),
        )
      : given(
          "expose",
          ports.map(({ containerPort, protocol }) =>
            protocol === "UDP" ? `${containerPort}/udp` : String(containerPort),
          ),
        )),
  };
}

/** What says that a container is healthy: its readiness, else what it has; time to start from its startup probe. */
function healthcheck({
  readinessProbe,
  livenessProbe,
  startupProbe,
}: Container): Partial<ComposeService> {
  const probe = readinessProbe ?? livenessProbe ?? startupProbe;
  const test = probe && testOf(probe);
  if (!test) return {};
  const start = startupProbe
    ? (startupProbe.periodSeconds ?? 10) * (startupProbe.failureThreshold ?? 3)
    : 0;
  return {
    healthcheck: {
      test,
      interval: `${probe.periodSeconds ?? 10}s`,
      timeout: `${probe.timeoutSeconds ?? 1}s`,
      retries: probe.failureThreshold ?? 3,
      start_period: `${start}s`,
    },
  };
}

/** Compose asks from inside of the container, with what the image has. */
function testOf({ exec, httpGet }: Probe): string[] | undefined {
  if (exec) return ["CMD", ...exec.command.map(received)];
  if (!httpGet) return undefined;
  const { scheme = "HTTP", host = "127.0.0.1", port, path, httpHeaders = [] } = httpGet;
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const url = quoted(`${scheme.toLowerCase()}://${host}:${port}${path}`);
  const headers = (flag: string): string =>
    httpHeaders.map(({ name, value }) => ` ${flag} ${quoted(`${name}: ${value}`)}`).join("");
  return [
    "CMD-SHELL",
    literal(
      `wget -q -O /dev/null${headers("--header")} ${url} || curl -fsSk -o /dev/null${headers("-H")} ${url}`,
    ),
  ];
}

function limits({ resources }: Container): Partial<ComposeService> {
  const { cpu, memory } = resources?.limits ?? {};
  if (cpu === undefined && memory === undefined) return {};
  return {
    deploy: {
      resources: {
        limits: {
          ...(cpu !== undefined && { cpus: String((millicores(cpu) ?? 0) / 1000) }),
          ...(memory !== undefined && { memory: `${parseQuantity(memory) ?? 0}b` }),
        },
      },
    },
  };
}

function restart(kind: Owner["kind"], ends: boolean): Partial<ComposeService> {
  if (ends || kind === "CronJob") return { restart: "no" };
  return { restart: kind === "Job" ? "on-failure:3" : "unless-stopped" };
}

/** Named volumes belong to root at first: a helper gives them to the pod's group, as the kubelet does. */
function withOwned(
  key: string,
  { pod, kind }: Owner,
  owned: ReadonlyMap<string, ReadonlySet<string>>,
  services: Readonly<Record<string, ComposeService>>,
  tools: string,
): Readonly<Record<string, ComposeService>> {
  if (owned.size === 0) return services;
  const helper = `${key}-volumes`;
  const group = pod.securityContext?.fsGroup ?? pod.securityContext?.runAsGroup ?? 0;
  const volumes = [...owned.keys()].sort();
  const paths = volumes.flatMap((volume) =>
    [...owned.get(volume)!].sort().map((path) => `/volumes/${volume}/${path}`.replace(/\/\.$/, "")),
  );
  return {
    [helper]: {
      image: tools,
      entrypoint: [
        "/bin/sh",
        "-c",
        'mkdir -p "$$@" && chgrp "$$0" "$$@" && chmod 2775 "$$@"',
        String(group),
        ...paths.map(literal),
      ],
      user: "0:0",
      volumes: volumes.map((volume) => ({
        type: "volume",
        source: volume,
        target: `/volumes/${volume}`,
      })),
      network_mode: "none",
      ...(kind === "CronJob" && { profiles: ["cron"] }),
      restart: "no",
      read_only: true,
      security_opt: ["no-new-privileges:true"],
    },
    ...Object.fromEntries(
      Object.entries(services).map(([name, service]) => [
        name,
        {
          ...service,
          depends_on: {
            [helper]: { condition: "service_completed_successfully" as const },
            ...service.depends_on,
          },
        },
      ]),
    ),
  };
}
