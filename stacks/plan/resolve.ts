import type { Environment } from "../contract/environment.ts";
import { nearest } from "../contract/nearest.ts";
import { platformStack, recordedName, stackName } from "../contract/names.ts";
import type { Directory, Edge, Plan, PlanOutput } from "../contract/plan.ts";
import type { Problem } from "../contract/problem.ts";
import type { Release } from "../contract/release.ts";
import type { Port, Service } from "../contract/service.ts";
import { isSecretText, type Text } from "../contract/value.ts";
import { cloudOf, identityEdges, identityItem, networkItem, platformItem } from "./cloud.ts";
import { DEFAULT } from "./defaults.ts";
import { seal } from "./digest.ts";
import { type Drivers, DRIVERS } from "./drivers.ts";
import { type Scope, throwAll } from "./expand.ts";
import { chooseImages } from "./images.ts";
import { monitoringItem } from "./monitoring.ts";
import { WORKLOAD, hostOf, labelsOf, namespaceOf, objectName } from "./names.ts";
import { guardOf } from "./guard.ts";
import { fromDefault, fromDescriptor, problemAt } from "./origins.ts";
import { routeItems } from "./routes.ts";
import { tenancyItem } from "./tenancy.ts";
import { resolveUses } from "./uses.ts";
import { portsOf, workloadItem } from "./workload.ts";

/**
 * Everything about a service in an environment that can be decided without the engine. Pure: the same input gives the
 * same plan, whatever the lines and folders it was read from.
 * @param directory What may be known of the environment's other services (`directoryOf`).
 * @param drivers Drivers by name; default those of components/catalog.ts.
 * @throws FairwayError with everything that is wrong, each at its file and path; lines are added by `locateProblem`.
 */
export function resolve(
  service: Service,
  release: Release,
  environment: Environment,
  directory: Directory,
  drivers: Drivers = DRIVERS,
): Plan {
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const { name } = service;
  const base = recordedName(service);
  const stack = stackName(base, environment.name);
  const namespace = namespaceOf(environment, base);
  const owner = ownerOf(service, environment, problems);
  const labels = labelsOf(environment, name, owner, service.tier ?? DEFAULT.tier.value);
  const ports = portsOf(service);
  const place = { service, environment, namespace, labels, ports, problems };
  const { images, refusals } = chooseImages(service, release, environment);
  const uses = resolveUses({ ...place, directory, drivers });
  const scope: Scope = { service, outputs: uses.outputs, problems };
  const workload = workloadItem({ ...place, images, uses, notes });
  const routes = routeItems({ ...place, uses, scope });
  const monitoring = monitoringItem(service, environment, owner, place);
  const consumes = consumedBy(service, environment, directory, problems);
  const site = { name: base, namespace, labels, account: objectName(service), environment };
  const role = identityItem(uses.iam, site);
  const edges = unique([
    ...dnsEdges,
    ...inboundEdges(service, ports),
    ...uses.edges,
    ...routes.edges,
    ...monitoring.edges,
    ...consumes.edges,
    ...identityEdges(role),
  ]);
  const tenancy = tenancyItem({
    name: base,
    namespace,
    labels,
    owner,
    edges,
    environment,
    account: objectName(service),
  });
  const identity = [...role, ...networkItem(edges, uses.items, site, notes)];
  const own = [
    ...uses.items,
    ...identity,
    { ...workload, after: [...workload.after, ...identity.map(({ id }) => id)] },
    ...routes.items,
    ...monitoring.items,
  ];
  const cloud = cloudOf(
    own,
    { name, owner, environment, dataClass: service.dataClass ?? DEFAULT.dataClass.value },
    drivers,
  );
  throwAll(problems);
  return seal({
    stack,
    kind: "service",
    name,
    environment: environment.name,
    namespace,
    ...(cloud && { cloud }),
    labels,
    items: [tenancy, ...platformItem(own, environment.name), ...own],
    patches: service.patches.map((patch, index) => ({
      ...patch,
      origin: fromDescriptor(service, `patches.${index}`),
    })),
    edges,
    outputs: outputsOf(service, namespace, ports, [...uses.items, ...routes.items]),
    dependsOn: [
      ...new Set([platformStack(environment.name), ...uses.dependsOn, ...consumes.stacks]),
    ].sort(),
    images: Object.fromEntries(
      Object.entries(images).map(([container, { image, from }]) => [container, { image, from }]),
    ),
    refusals,
    notes,
    guard: guardOf(service),
  });
}

/** Descriptor or CODEOWNERS (both by the loader), else the environment's default. */
function ownerOf(
  service: Service,
  { owner, name }: Environment,
  problems: Problem[],
): string | undefined {
  const found = service.owner ?? owner.default;
  if (found === undefined && owner.policy === "required")
    problems.push(
      problemAt(
        service,
        "owner",
        "FW1205",
        `${service.name} has no owner, and ${name} requires one`,
        `write owner under spec, or a line for /${service.folder}/ in CODEOWNERS`,
      ),
    );
  return found;
}

const origin = fromDefault("names are looked up before anything is called");
const dnsEdges: readonly Edge[] = (["TCP", "UDP"] as const).map((protocol) => ({
  from: { kind: "self", item: WORKLOAD },
  to: { kind: "entity", entity: "dns" },
  port: 53,
  protocol,
  origin,
}));

/** Whoever says that it consumes the service may call its published ports. */
function inboundEdges(service: Service, ports: Readonly<Record<string, Port>>): Edge[] {
  return Object.keys(ports).map((port) => ({
    from: { kind: "consumers", of: recordedName(service) },
    to: { kind: "self", item: WORKLOAD },
    port: ports[port]!.targetPort,
    protocol: ports[port]!.protocol,
    origin: service.ports
      ? fromDescriptor(service, `ports.${port}`)
      : fromDefault("services that consume it may call its published ports"),
  }));
}

function consumedBy(
  service: Service,
  environment: Environment,
  { services }: Directory,
  problems: Problem[],
): { readonly edges: readonly Edge[]; readonly stacks: readonly string[] } {
  const edges: Edge[] = [];
  const stacks: string[] = [];
  service.consumes.forEach((name, index) => {
    const at = `consumes.${index}`;
    const entry = Object.hasOwn(services, name) ? services[name] : undefined;
    if (!entry) {
      const near = nearest(name, Object.keys(services));
      problems.push(
        problemAt(
          service,
          at,
          "FW1209",
          `${service.name} consumes ${name}, which ${environment.name} does not have`,
          near && `did you mean ${near}?`,
        ),
      );
      return;
    }
    if (name === service.name) return;
    stacks.push(entry.stack);
    for (const { targetPort, protocol } of Object.values(entry.ports))
      edges.push({
        from: { kind: "self", item: WORKLOAD },
        to: { kind: "stack", stack: entry.stack, namespace: entry.namespace, item: WORKLOAD },
        port: targetPort,
        protocol,
        origin: fromDescriptor(service, at),
      });
  });
  return { edges, stacks };
}

/** Edges once each, in an order of their own: what is consumed in two ways is one connection. */
function unique(edges: readonly Edge[]): Edge[] {
  const byKey = new Map<string, Edge>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to, edge.port, edge.protocol]);
    if (!byKey.has(key)) byKey.set(key, edge);
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
}

function outputsOf(
  service: Service,
  namespace: string,
  ports: Readonly<Record<string, Port>>,
  items: Plan["items"],
): Record<string, PlanOutput> {
  const output = (value: Text): PlanOutput => ({ value, secret: isSecretText(value) });
  const outputs: Record<string, PlanOutput> = { namespace: output(namespace) };
  if (Object.keys(ports).length > 0)
    outputs["host"] = output(`${hostOf(service)}.${namespace}.svc`);
  const route = items.find(({ component }) => component === "route");
  if (route) {
    const { host, path, tls } = route.args as { host: Text; path: string; tls?: unknown };
    const scheme = tls === undefined ? "http" : "https";
    outputs["url"] = output(
      typeof host === "string"
        ? `${scheme}://${host}${path}`
        : { $template: [`${scheme}://`, ...host.$template, path] },
    );
  }
  return outputs;
}
