import { DELETION_FLAGS, LAST_SNAPSHOT } from "../contract/data.ts";
import type { Plan } from "../contract/plan.ts";
import { FairwayError } from "../contract/problem.ts";
import { RECORDED } from "../program/names.ts";
import type { RecordedSpec } from "../program/recorded.ts";
import { readDeployment } from "../state/checkpoint.ts";
import type { Lease } from "../state/lease.ts";
import type { Deployment, RawResource } from "../state/repair.ts";
import { nameOf } from "./event-reader.ts";
import { performHalf } from "./half.ts";
import { orphanPlan } from "./orphan.ts";
import type { Worker } from "./pool.ts";
import type { StackTask } from "./stack.ts";
import { throwawayBackend } from "./stack-state.ts";

/** What a resource records anew. */
export type Unlocked = Pick<RawResource, "inputs" | "outputs">;

/**
 * Has the cloud open its own locks of resources that are to be deleted, and gives their last snapshots names. The engine
 * does it with a program of nothing but these resources, their providers and the components around them, on a
 * throwaway copy of their state: what else the stack holds is not there to be changed. Done again, it does nothing.
 * @param stamp Makes names of snapshots unique.
 * @param copies Of what there is to be a last snapshot.
 * @returns What the state is to record of each, by URN.
 * @throws FairwayError with what the cloud or the engine said; the state is as it was.
 */
export async function unlock(
  task: StackTask,
  worker: Worker,
  {
    lease,
    deployment,
    urns,
    stamp,
    copies,
  }: {
    readonly lease: Lease;
    readonly deployment: Deployment;
    readonly urns: ReadonlySet<string>;
    readonly stamp: string;
    readonly copies: Copies;
  },
): Promise<ReadonlyMap<string, Unlocked>> {
  const changes = new Map<string, RecordedSpec["inputs"]>();
  for (const one of deployment.resources ?? []) {
    const inputs = urns.has(one.urn) && one.delete !== true ? openInputs(one, stamp, copies) : {};
    if (Object.entries(inputs).some(([key, value]) => (one.inputs?.[key] ?? false) !== value))
      changes.set(one.urn, inputs);
  }
  if (changes.size === 0) return new Map();
  const needed = around(deployment, changes);
  const { stack } = task.plan;
  const backend = throwawayBackend(
    task,
    "unlock",
    new Map([[stack, { ...deployment, resources: needed.map(alone), pending_operations: [] }]]),
  );
  const specs = needed.flatMap((one) => specOf(one, changes.get(one.urn)) ?? []);
  const half = await performHalf(task, worker, {
    phase: "unlock",
    args: ["up", "--yes", "--skip-preview"],
    backend,
    plan: planOf(task.plan, specs),
    shared: [],
    judged: false,
    lease,
  });
  if (half.ending.ended !== "well") throw new FairwayError(half.ending.problems);
  const after: Deployment = readDeployment(backend.folder!, stack) ?? {};
  return new Map(
    (after.resources ?? [])
      .filter(({ urn }) => changes.has(urn))
      .map(({ urn, inputs, outputs }) => [
        urn,
        { ...(inputs && { inputs }), ...(outputs && { outputs }) },
      ]),
  );
}

/** Last snapshots: of all that AWS can make one of, or where a resource's own settings ask for one. */
export type Copies = "of all" | "as it says";

/** The last snapshot that AWS makes when it deletes a resource: its name is unique in the account. A run that broke off gave it already. */
export function snapshotOf(
  { urn, type, inputs = {} }: RawResource,
  stamp: string,
  copies: Copies = "of all",
): string | undefined {
  const { finalSnapshotIdentifier: name, skipFinalSnapshot } = inputs;
  const asked = typeof name === "string" && skipFinalSnapshot !== true;
  if (!LAST_SNAPSHOT.has(type) || (copies === "as it says" && !asked)) return undefined;
  const base = typeof name === "string" ? name : `${nameOf(urn)}-final`;
  return /-final-\d{14}$/.test(base) ? base : `${base.replace(/-final$/, "")}-final-${stamp}`;
}

/** Inputs with which AWS deletes a resource, after a last snapshot where it makes one. */
function openInputs(resource: RawResource, stamp: string, copies: Copies): RecordedSpec["inputs"] {
  const flag = DELETION_FLAGS[resource.type];
  const snapshot = snapshotOf(resource, stamp, copies);
  return {
    ...(flag !== undefined && { [flag]: false }),
    ...(snapshot !== undefined && { finalSnapshotIdentifier: snapshot }),
    ...(snapshot !== undefined && flag !== undefined && { skipFinalSnapshot: false }),
  };
}

/** Resources with their providers and everything that they are recorded under, in the order of the state. */
function around(
  { resources = [] }: Deployment,
  changes: ReadonlyMap<string, unknown>,
): readonly RawResource[] {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const needed = new Set<RawResource>();
  const add = (one: RawResource | undefined): void => {
    if (!one || needed.has(one)) return;
    needed.add(one);
    add(byUrn.get(one.parent ?? ""));
    add(byUrn.get(providerOf(one) ?? ""));
  };
  for (const one of resources) if (changes.has(one.urn) && one.delete !== true) add(one);
  return resources.filter((one) => needed.has(one));
}

/** A provider is referred to by its URN and id. */
const providerOf = ({ provider }: RawResource): string | undefined =>
  provider?.slice(0, provider.lastIndexOf("::"));

/** Without protection, and without what is not there. */
function alone(resource: RawResource): RawResource {
  const { protect: _, dependencies: __, propertyDependencies: ___, ...rest } = resource;
  return rest;
}

function specOf(
  resource: RawResource,
  changed: RecordedSpec["inputs"] = {},
): RecordedSpec | undefined {
  const { urn, type, parent, inputs = {} } = resource;
  if (type === "pulumi:pulumi:Stack") return undefined;
  const provider = providerOf(resource);
  return {
    urn,
    type,
    name: nameOf(urn),
    custom: resource.custom === true,
    ...(parent !== undefined && { parent }),
    ...(provider !== undefined && { provider }),
    inputs: changed,
    kept: Object.keys(inputs).filter((key) => !(key in changed) && !key.startsWith("__")),
  };
}

const planOf = ({ stack }: Plan, specs: readonly RecordedSpec[]): Plan => ({
  ...orphanPlan(stack),
  items: [
    {
      id: RECORDED,
      component: RECORDED,
      args: { specs } as unknown as Plan["items"][number]["args"],
      origins: {},
      after: [],
      stateful: false,
    },
  ],
});
