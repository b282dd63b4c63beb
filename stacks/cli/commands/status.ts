import type { Environment } from "../../contract/environment.ts";
import { LABELS, splitStack } from "../../contract/names.ts";
import type { Plan } from "../../contract/plan.ts";
import { orphanPlan } from "../../engine/orphan.ts";
import { cut, style, table } from "../../report/style.ts";
import { listAll, readOutputs } from "../../state/checkpoint.ts";
import { type LastCopy, readTombstone } from "../../state/tombstone.ts";
import { withCluster, type KubernetesObject } from "../cluster.ts";
import type { Context, Run } from "../command.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { copyText } from "../retire.ts";
import { selectEnvironments, selectStacks } from "../select.ts";
import { strayProblems, strays } from "../stray.ts";
import { rehearsedText, siteOf } from "../site.ts";
import { backendFor } from "../surroundings.ts";

/**
 * How a stack stands. `orphan`: deployed, but no descriptor asks for it, or its environment has no file any more. `retired`,
 * `retiring`: it was ended for good, or a run that does so broke off.
 */
export type StackState = "current" | "changed" | "absent" | "orphan" | "retired" | "retiring";

export interface StatusRow {
  readonly stack: string;
  readonly state: StackState;
  /** Container → image of the deployed release. */
  readonly images: Readonly<Record<string, string>>;
  /** Pods that are ready, of those that should be; absent where it runs none. */
  readonly ready?: { readonly pods: number; readonly wanted: number };
  /** Last copies of a retired one's data. */
  readonly copies?: readonly LastCopy[];
}

/** `fairway status`: what is deployed, from which release, and whether it is ready. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context);
  const environment = workspace.environments[selectEnvironments(workspace, input, "local")[0]!]!;
  const plans = plansOf(context, workspace, input, [environment.name]);
  const site = siteOf(context, input, environment, "acts");
  const backend = await backendFor(site.context, site.environment);
  const { stacks, retired } = await listAll(backend);
  const isHere = (stack: string): boolean => splitStack(stack).environment === environment.name;
  const deployed = stacks.filter(isHere);
  const found = [
    ...new Set([...plans.map(({ stack }) => stack), ...deployed, ...retired.filter(isHere)]),
  ]
    .map((stack) => plans.find((plan) => plan.stack === stack) ?? orphanPlan(stack))
    .sort((one, other) => (one.name < other.name ? -1 : Number(one.name > other.name)));
  const workloads =
    // What is rehearsed runs nowhere.
    deployed.length > 0 && site.because === undefined
      ? await workloadsOf(context, environment)
      : [];
  const rows: StatusRow[] = [];
  for (const plan of selectStacks(found, [], input, "all")) {
    const { stack } = plan;
    const tombstone = retired.includes(stack) ? await readTombstone(backend, stack) : undefined;
    if (tombstone) {
      const state = tombstone.ended === undefined ? "retiring" : "retired";
      rows.push({ stack, state, images: {}, copies: tombstone.copies });
      continue;
    }
    const outputs = deployed.includes(stack) ? await readOutputs(backend, stack) : undefined;
    rows.push({
      stack,
      state: plans.includes(plan) ? stateOf(plan, outputs) : "orphan",
      images: imagesOf(plan),
      ready: readyOf(plan, found, workloads),
    });
  }
  const stray =
    input.operands.length === 0 && site.because === undefined ? strays(workspace, stacks) : [];
  rows.push(...stray.map((stack): StatusRow => ({ stack, state: "orphan", images: {} })));
  return {
    exit: 0,
    notes: strayProblems(stray),
    rehearsed: site.because !== undefined,
    data: { environment: environment.name, stacks: rows },
    text: rehearsedText(
      site.because,
      text(rows, context.color)
        .split("\n")
        .map((line) => cut(line, context.columns))
        .join("\n"),
    ),
  };
};

function stateOf(plan: Plan, outputs: Readonly<Record<string, unknown>> | undefined): StackState {
  if (!outputs) return "absent";
  return outputs["digest"] === plan.digest ? "current" : "changed";
}

const imagesOf = (plan: Plan): Record<string, string> =>
  Object.fromEntries(
    Object.entries(plan.images).map(([container, chosen]) => [container, chosen.image]),
  );

/** A workload that carries the platform's labels. */
interface Workload {
  readonly service: string;
  readonly namespace: string;
  readonly pods: number;
  readonly wanted: number;
}

async function workloadsOf(
  context: Context,
  environment: Environment,
): Promise<readonly Workload[]> {
  const selector = `${LABELS.managedBy}=fairway,${LABELS.environment}=${environment.name}`;
  return withCluster(context, environment, async (reader) => {
    const lists = await Promise.all(
      ["deployments", "statefulsets"].map((kind) =>
        reader.list(`/apis/apps/v1/${kind}`, { labelSelector: selector }),
      ),
    );
    return lists.flat().map((workload) => ({
      service: workload.metadata.labels?.[LABELS.service] ?? "",
      namespace: workload.metadata.namespace ?? "",
      pods: numberAt(workload, "status", "readyReplicas"),
      wanted: numberAt(workload, "spec", "replicas"),
    }));
  });
}

/**
 * Ready and wanted pods of a stack: of the workloads in its namespace, and of those in no other's that carry its name. Of
 * two stacks of one name these are of the last, the one without a descriptor.
 */
export function readyOf(
  plan: Plan,
  plans: readonly Plan[],
  workloads: readonly Workload[],
): StatusRow["ready"] {
  const own = workloads.filter(
    ({ service, namespace }) =>
      plan ===
      (plans.find((one) => one.namespace === namespace) ??
        plans.findLast(({ name }) => name === service)),
  );
  if (own.length === 0) return undefined;
  const sum = (field: "pods" | "wanted") => own.reduce((total, one) => total + one[field], 0);
  return { pods: sum("pods"), wanted: sum("wanted") };
}

function numberAt(object: KubernetesObject, section: string, field: string): number {
  const value = (object[section] as Record<string, unknown> | undefined)?.[field];
  return typeof value === "number" ? value : 0;
}

const copiesText = (copies: readonly LastCopy[]): string =>
  copies.length === 0 ? "" : `last copies: ${copies.map(copyText).join(", ")}`;

function text(rows: readonly StatusRow[], color: boolean): string {
  const s = style(color);
  const paint: Readonly<Record<StackState, (word: string) => string>> = {
    current: s.green,
    changed: s.yellow,
    absent: s.dim,
    orphan: s.red,
    retired: s.dim,
    retiring: s.red,
  };
  const ready = (row: StatusRow): string =>
    row.ready === undefined ? "-" : `${row.ready.pods}/${row.ready.wanted}`;
  return table([
    ["STACK", "STATE", "READY", "IMAGE"],
    ...rows.map((row) => [
      row.stack,
      paint[row.state](row.state),
      ready(row),
      Object.values(row.images).join(", ") || copiesText(row.copies ?? []) || "-",
    ]),
  ]);
}
