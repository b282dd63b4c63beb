import type { MonitoringSpec } from "../../components/monitoring/monitoring.plan.ts";
import { healthGroup, objectiveGroup } from "../../components/monitoring/objective.plan.ts";
import type { Environment } from "../contract/environment.ts";
import { labelValue, recordedName } from "../contract/names.ts";
import type { Edge, PlanItem } from "../contract/plan.ts";
import type { Port, Service } from "../contract/service.ts";
import { DEFAULT, KIND, TIER, conventionOf } from "./defaults.ts";
import { MONITORING, TENANCY, WORKLOAD, hostOf, objectName, selectorOf } from "./names.ts";
import { fromDefault, fromDescriptor } from "./origins.ts";
import { argsOf } from "./tenancy.ts";

/** Port of an address: the one it names, else that of its scheme. */
function portOf(address: string): number {
  const [, scheme, port] = /^(?:([a-z]+):\/\/)?[^/]*?(?::(\d+))?(?:\/.*)?$/.exec(address) ?? [];
  return port !== undefined ? Number(port) : scheme === "http" ? 80 : 443;
}

/** The plan item that watches a service, and what has to reach it; nothing where monitoring is off. */
export function monitoringItem(
  service: Service,
  environment: Environment,
  owner: string | undefined,
  place: {
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly ports: Readonly<Record<string, Port>>;
  },
): { readonly items: readonly PlanItem[]; readonly edges: readonly Edge[] } {
  if (!service.monitoring) return { items: [], edges: [] };
  const { namespace, labels, ports } = place;
  const convention = conventionOf(service.language);
  const tier = TIER[service.tier ?? DEFAULT.tier.value];
  const { name } = service;
  const alertLabels = {
    fairway_service: name,
    owner: labelValue(owner ?? "unowned"),
    tier: service.tier ?? DEFAULT.tier.value,
  };
  const [portName, port] =
    Object.entries(ports).find(([, found]) => found.protocol === "TCP") ?? [];
  const spec: MonitoringSpec = {
    name: objectName(service),
    namespace,
    labels,
    ...(portName !== undefined && {
      scrape: {
        selector: selectorOf(recordedName(service), WORKLOAD),
        port: portName,
        path: convention.metrics,
        interval: DEFAULT.scrape.value,
      },
    }),
    groups: [
      ...(port
        ? [
            objectiveGroup({
              service: name,
              namespace,
              host: hostOf(service),
              metric: convention.requests,
              availability: service.objective?.availability ?? tier.availability,
              ...(service.objective?.latency !== undefined && {
                latency: service.objective.latency,
              }),
              labels: alertLabels,
            }),
          ]
        : []),
      healthGroup({
        service: name,
        namespace,
        name: objectName(service),
        lasting: KIND[service.type].lasting,
        labels: alertLabels,
      }),
    ],
  };
  const origin = fromDescriptor(service, "monitoring");
  const edges: Edge[] = [
    {
      from: { kind: "self", item: WORKLOAD },
      to: { kind: "entity", entity: "telemetry" },
      port: portOf(environment.monitoring.otlp),
      protocol: "TCP",
      origin,
    },
  ];
  if (port)
    edges.push({
      from: { kind: "entity", entity: "monitoring" },
      to: { kind: "self", item: WORKLOAD },
      port: port.targetPort,
      protocol: "TCP",
      origin,
    });
  return {
    items: [
      {
        id: MONITORING,
        component: "monitoring",
        args: argsOf(spec),
        origins: {
          "": origin,
          groups: service.objective
            ? fromDescriptor(service, "objective")
            : fromDefault(`an objective of ${tier.availability} % suits the tier: ${tier.reason}`),
          scrape: fromDefault(`${convention.reason}; ${DEFAULT.scrape.reason}`),
        },
        after: [TENANCY],
        stateful: false,
      },
    ],
    edges,
  };
}
