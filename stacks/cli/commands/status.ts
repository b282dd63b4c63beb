import type { Environment } from "../../contract/environment.ts";
import { LABELS, splitStack } from "../../contract/names.ts";
import type { Plan } from "../../contract/plan.ts";
import { cut, style, table } from "../../report/style.ts";
import { listAll, readOutputs } from "../../state/checkpoint.ts";
import { type LastCopy, readTombstone } from "../../state/tombstone.ts";
import { withCluster, type KubernetesObject } from "../cluster.ts";
import type { Context, Run } from "../command.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";
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
  const names = [
    ...new Set([
      ...plans.map((plan) => plan.name),
      ...[...deployed, ...retired.filter(isHere)].map(
        (stack) => plans.find((plan) => plan.stack === stack)?.name ?? splitStack(stack).name,
      ),
    ]),
  ].sort();
  const chosen = selectServices(names, input, "all");
  const pods =
    // What is rehearsed runs nowhere.
    deployed.length > 0 && site.because === undefined
      ? await readyPods(context, environment)
      : new Map<string, { pods: number; wanted: number }>();
  const rows: StatusRow[] = [];
  for (const name of chosen) {
    const plan = plans.find((candidate) => candidate.name === name);
    const stack = plan?.stack ?? `${name}.${environment.name}`;
    const tombstone = retired.includes(stack) ? await readTombstone(backend, stack) : undefined;
    if (tombstone) {
      const state = tombstone.ended === undefined ? "retiring" : "retired";
      rows.push({ stack, state, images: {}, copies: tombstone.copies });
      continue;
    }
    const outputs = deployed.includes(stack) ? await readOutputs(backend, stack) : undefined;
    rows.push({
      stack,
      state: stateOf(plan, outputs?.["digest"], outputs !== undefined),
      images: imagesOf(plan),
      ready: pods.get(name),
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

function stateOf(plan: Plan | undefined, digest: unknown, deployed: boolean): StackState {
  if (!plan) return "orphan";
  if (!deployed) return "absent";
  return digest === plan.digest ? "current" : "changed";
}

const imagesOf = (plan: Plan | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(plan?.images ?? {}).map(([container, chosen]) => [container, chosen.image]),
  );

/** Ready and wanted pods by service, from the workloads that carry the platform's labels. */
async function readyPods(
  context: Context,
  environment: Environment,
): Promise<Map<string, { pods: number; wanted: number }>> {
  const selector = `${LABELS.managedBy}=fairway,${LABELS.environment}=${environment.name}`;
  return withCluster(context, environment, async (reader) => {
    const lists = await Promise.all(
      ["deployments", "statefulsets"].map((kind) =>
        reader.list(`/apis/apps/v1/${kind}`, { labelSelector: selector }),
      ),
    );
    const counts = new Map<string, { pods: number; wanted: number }>();
    for (const workload of lists.flat()) {
      const service = workload.metadata.labels?.[LABELS.service] ?? "";
      const before = counts.get(service) ?? { pods: 0, wanted: 0 };
      counts.set(service, {
        pods: before.pods + numberAt(workload, "status", "readyReplicas"),
        wanted: before.wanted + numberAt(workload, "spec", "replicas"),
      });
    }
    return counts;
  });
}

function numberAt(object: KubernetesObject, section: string, field: string): number {
  const value = (object[section] as Record<string, unknown> | undefined)?.[field];
  return typeof value === "number" ? value : 0;
}

const copiesText = (copies: readonly LastCopy[]): string =>
  copies.length === 0
    ? ""
    : `last copies: ${copies.map(({ kind, name }) => `${kind} ${name}`).join(", ")}`;

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
