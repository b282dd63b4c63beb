import type {
  ClaimSpec,
  ContainerSpec,
  WorkloadSpec,
} from "../../components/workload/workload.plan.ts";
import type { CostItem } from "../contract/cost.ts";
import { millicores, parseQuantity } from "../contract/quantity.ts";
import { CLUSTER } from "./nodes.ts";
import { runsOf } from "./schedule.ts";

const HOURS = 730;
/** How long a run of a Job is taken to last. */
const RUN_MINUTES = 10;

/** What a pod asks for. */
interface Requests {
  readonly cpu: number;
  readonly memory: number;
}

const requestsOf = ({
  cpu,
  memory,
}: {
  readonly cpu: string;
  readonly memory: string;
}): Requests => ({
  cpu: (millicores(cpu) ?? 0) / 1000,
  memory: gib(memory),
});

/** A Kubernetes quantity of bytes in GiB. */
const gib = (text: string): number => (parseQuantity(text) ?? 0) / 2 ** 30;

const NONE: Requests = { cpu: 0, memory: 0 };
const plus = (a: Requests, b: Requests): Requests => ({
  cpu: a.cpu + b.cpu,
  memory: a.memory + b.memory,
});
const most = (a: Requests, b: Requests): Requests => ({
  cpu: Math.max(a.cpu, b.cpu),
  memory: Math.max(a.memory, b.memory),
});

/** What the scheduler keeps for a pod: all containers and sidecars, or an init container that needs more before them. */
function podRequests(spec: Pick<WorkloadSpec, "containers" | "initContainers">): Requests {
  const of = ({ resources }: ContainerSpec): Requests => requestsOf(resources.requests);
  let sidecars = NONE;
  let before = NONE;
  for (const container of spec.initContainers)
    if (container.sidecar) sidecars = plus(sidecars, of(container));
    else before = most(before, plus(sidecars, of(container)));
  return most(before, spec.containers.map(of).reduce(plus, sidecars));
}

/** What a workload asks of a cluster in a month. */
export function workloadCosts(spec: WorkloadSpec): CostItem[] {
  const each = podRequests(spec);
  if (spec.job) {
    const runs = spec.schedule ? runsOf(spec.schedule.cron) : 1;
    const assumed = `${Number(runs.toFixed(1))} runs of ${RUN_MINUTES} minutes`;
    return compute(each, (runs * RUN_MINUTES) / 60, assumed);
  }
  const pods = spec.scaling?.min ?? spec.replicas ?? 1;
  const assumed = spec.scaling && `${pods} of ${spec.scaling.min} to ${spec.scaling.max} replicas`;
  const claimed = (spec.claims ?? []).map(({ size }: ClaimSpec) => gib(size));
  return [
    ...compute(each, pods * HOURS, assumed),
    ...storage(claimed.reduce((total, size) => total + size, 0) * pods),
  ];
}

/** What a server of one pod asks of a cluster in a month. */
export const serverCosts = (spec: {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly storage: string;
}): CostItem[] => [...compute(requestsOf(spec.requests), HOURS), ...storage(gib(spec.storage))];

/** What a volume asks of a cluster in a month. */
export const volumeCosts = (spec: { readonly storage: string }): CostItem[] =>
  storage(gib(spec.storage));

const compute = ({ cpu, memory }: Requests, hours: number, assumed?: string): CostItem[] => {
  const more = { unit: "hour", ...(assumed !== undefined && { assumed }) } as const;
  return [
    { sku: CLUSTER.vcpu, quantity: cpu * hours, ...more },
    { sku: CLUSTER.memory, quantity: memory * hours, ...more },
  ];
};

const storage = (size: number): CostItem[] =>
  size === 0 ? [] : [{ sku: CLUSTER.storage, quantity: size, unit: "GB-month" }];
