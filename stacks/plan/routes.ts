import { defaultHost, planRoute } from "../../components/route/route.plan.ts";
import type { Environment } from "../contract/environment.ts";
import { cut } from "../contract/names.ts";
import type { Edge, PlanItem } from "../contract/plan.ts";
import type { Port, Route, Service } from "../contract/service.ts";
import type { Text } from "../contract/value.ts";
import { type Scope, expand } from "./expand.ts";
import { TENANCY, WORKLOAD, hostOf, objectName } from "./names.ts";
import { actionOf, usualAction } from "./probes.ts";
import { mainContainer } from "./workload.ts";
import { fromDefault, fromDescriptor, fromEnvironment, problemAt } from "./origins.ts";
import { argsOf } from "./tenancy.ts";
import type { Uses } from "./uses.ts";

/** What the routes of a service are made from. */
export interface RoutesContext {
  readonly service: Service;
  readonly environment: Environment;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, Port>>;
  readonly uses: Uses;
  readonly scope: Scope;
}

/** Routes that a service names itself, or the one that `visibility: public` adds. */
export function routeItems(context: RoutesContext): {
  readonly items: readonly PlanItem[];
  readonly edges: readonly Edge[];
} {
  const { service, uses } = context;
  const routed = uses.items.some(({ component }) => component === "route");
  const routes: readonly Route[] =
    service.routes.length > 0 || service.visibility !== "public" || routed
      ? service.routes
      : [{ path: "/" }];
  const taken = new Set(Object.keys(service.uses));
  const items: PlanItem[] = [];
  const edges: Edge[] = [];
  routes.forEach((route, index) => {
    const at = service.routes.length > 0 ? `routes.${index}` : "visibility";
    const port = portOf(route, context.ports);
    if (!port) {
      const known = Object.values(context.ports).map((published) => published.port);
      context.scope.problems.push(
        problemAt(
          service,
          at,
          "FW3013",
          route.port === undefined
            ? `the route ${route.path} leads nowhere: ${service.name} publishes no TCP port`
            : `the route ${route.path} leads to the port ${route.port}: published are ${known.join(", ") || "none"}`,
          known.length > 0 ? `write port: ${known[0]}` : "publish a port",
        ),
      );
      return;
    }
    let number = index + 1;
    while (taken.has(idOf(number))) number++;
    taken.add(idOf(number));
    items.push(itemOf(route, port, number, at, context));
    edges.push({
      from: { kind: "entity", entity: "ingress" },
      to: { kind: "self", item: WORKLOAD },
      port: port.targetPort,
      protocol: "TCP",
      origin: fromDescriptor(service, at),
    });
  });
  return { items, edges };
}

const idOf = (number: number): string => (number === 1 ? "route" : `route-${number}`);

const portOf = (route: Route, ports: Readonly<Record<string, Port>>): Port | undefined =>
  Object.values(ports).find(
    ({ port, protocol }) => protocol === "TCP" && (route.port === undefined || route.port === port),
  );

/** HTTP path that says whether a pod is ready; undefined where it is asked in another way. */
function healthOf(service: Service, ports: Readonly<Record<string, Port>>): string | undefined {
  const probe = service.containers[mainContainer(service)]?.readinessProbe;
  const action = probe && (actionOf(probe) ?? usualAction(service, ports));
  return action && "httpGet" in action ? action.httpGet.path : undefined;
}

function itemOf(
  route: Route,
  port: Port,
  number: number,
  at: string,
  { service, environment, namespace, labels, ports, scope }: RoutesContext,
): PlanItem {
  const name = objectName(service);
  const host: Text =
    route.host === undefined
      ? defaultHost(service.name, environment)
      : expand(route.host, scope, `${at}.host`);
  const spec = planRoute(
    {
      name: number === 1 ? name : cut(`${name}-${number}`, 63),
      namespace,
      labels,
      host,
      path: route.path,
      service: { name: hostOf(service), port: port.port },
    },
    environment,
    healthOf(service, ports),
  );
  return {
    id: idOf(number),
    component: "route",
    args: argsOf(spec),
    origins: {
      "": fromDescriptor(service, at),
      host:
        route.host === undefined
          ? fromEnvironment(environment, "domain")
          : fromDescriptor(service, `${at}.host`),
      ingressClass: fromEnvironment(environment, "ingressClass"),
      tls: fromEnvironment(environment, "tls"),
      ...(route.port === undefined && { service: fromDefault("the first published port") }),
    },
    after: [TENANCY, WORKLOAD],
    stateful: false,
  };
}
