import { RULES } from "../../policies/rules/index.ts";
import type { Rule, Verdict } from "../contract/finding.ts";
import type { Origin } from "../contract/origin.ts";
import { stackBase } from "../contract/names.ts";
import { joinPath, splitPath, underPath } from "../contract/path.ts";
import type { Plan, PlanItem } from "../contract/plan.ts";
import type { LoadedService, Workspace } from "../contract/workspace.ts";

/** A place that may be the cause of a verdict. */
interface Place {
  readonly file: string;
  readonly path: string;
}

/**
 * Finds the line that a verdict is about, most telling first: the patch that wrote the value, the origin of the argument
 * it came from, the descriptor's fields that usually lead to the rule, what asked for the item, the head of the descriptor.
 * @returns The verdicts with `at` where a place is known; passed ones as they are.
 */
export function locate(verdicts: readonly Verdict[], plan: Plan, workspace: Workspace): Verdict[] {
  return verdicts.map((verdict) => {
    if (verdict.outcome === "pass" || verdict.outcome === "not-applicable") return verdict;
    for (const { file, path } of places(verdict, plan, workspace)) {
      const position = workspace.positions.at(file, path);
      if (position) return { ...verdict, at: { ...position, path } };
    }
    return verdict;
  });
}

function* places(verdict: Verdict, plan: Plan, workspace: Workspace): Generator<Place> {
  const steps = stepsOf(verdict.path ?? "");
  yield* patched(verdict, steps, plan);

  const item = itemOf(verdict, plan);
  const whole = item?.origins[""];
  const origin = item && originOf(item, steps);
  // That something came from the whole of `spec` says nothing.
  if (origin && !(isWritten(origin) && origin.path === "spec")) yield* written(origin);
  if (whole && item.id !== WORKLOAD) yield* written(whole);

  const service = workspace.services[plan.name];
  if (service) yield* usual(verdict, steps, item, service, plan.environment, workspace);
  if (whole) yield* written(whole);
  if (service) yield { file: service.file, path: "metadata.name" };
}

/** Id of the item that is the service itself. */
const WORKLOAD = "workload";

/** The patches of the descriptor that wrote at the path, with the path inside them. */
function* patched(verdict: Verdict, steps: readonly string[], plan: Plan): Generator<Place> {
  if (verdict.path === undefined) return;
  const kind = verdict.type.split(":").at(-1);
  for (const patch of plan.patches) {
    if (patch.kind !== kind) continue;
    if (patch.name !== undefined && !verdict.name.includes(patch.name)) continue;
    const reached = reach(patch.merge, steps);
    if (!reached || !isWritten(patch.origin)) continue;
    const inside = underPath(underPath(patch.origin.path, "merge"), joinPath(reached));
    yield { file: patch.origin.file, path: inside };
  }
}

/** How far a merge patch covers a path, or undefined where it leaves it alone. It replaces lists and scalars as a whole. */
function reach(merge: unknown, steps: readonly string[]): string[] | undefined {
  const reached: string[] = [];
  let value = merge;
  let replaced = false;
  for (const step of steps) {
    if (typeof value !== "object" || value === null) return reached;
    replaced ||= Array.isArray(value);
    if (!Object.hasOwn(value, step)) return replaced ? reached : undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
    reached.push(step);
  }
  return reached;
}

/** The item whose component, or a child of it, the verdict is about: children's names begin with their parent's. */
function itemOf({ name }: Verdict, plan: Plan): PlanItem | undefined {
  return plan.items
    .filter(({ id }) => `${name}-`.startsWith(`${stackBase(plan.stack)}-${id}-`))
    .sort((a, b) => b.id.length - a.id.length)[0];
}

/** The origin of the argument that an object's path ends like: `spec.template.spec.containers[0].image` is `containers.0.image`. */
function originOf(item: PlanItem, steps: readonly string[]): Origin | undefined {
  const keys = Object.keys(item.origins)
    .filter((key) => key !== "")
    .sort((a, b) => b.length - a.length);
  for (const key of keys) {
    const wanted = splitPath(key);
    const start = steps.findIndex((_, at) => wanted.every((part, i) => steps[at + i] === part));
    const origin = item.origins[key];
    if (start === -1 || !origin) continue;
    const variable = variableOf(item, wanted, steps[start + wanted.length]);
    return variable === undefined || !isWritten(origin)
      ? origin
      : { ...origin, path: underPath(origin.path, joinPath([variable])) };
  }
  return undefined;
}

/** Name of an environment variable, which arguments keep by name and objects by number. */
function variableOf(item: PlanItem, argument: readonly string[], index?: string) {
  if (argument.at(-1) !== "env" || index === undefined) return undefined;
  const env = argument.reduce<unknown>(
    (value, step) => (value as Readonly<Record<string, unknown>> | undefined)?.[step],
    item.args,
  );
  return Object.keys(env ?? {})[Number(index)];
}

/** The fields that usually lead to the rule, as far as the descriptor has them. */
function* usual(
  verdict: Verdict,
  steps: readonly string[],
  item: PlanItem | undefined,
  service: LoadedService,
  environment: string,
  { positions }: Workspace,
): Generator<Place> {
  const rule: Rule | undefined = RULES.find(({ name }) => name === verdict.rule);
  const kind = service.file.endsWith("/service.yaml") ? "ServiceRequest" : "Score";
  const named = containerOf(steps, item);
  const containers =
    named === undefined ? Object.keys(service.in[environment]?.containers ?? {}) : [named];
  for (const field of rule?.fields[kind] ?? [])
    for (const path of field.includes("*")
      ? containers.map((name) => field.replace("*", name))
      : [field]) {
      const own = positions.at(service.file, path);
      const outer = positions.at(service.file, joinPath(splitPath(path).slice(0, -1)));
      // Where a path does not exist, its nearest parent answers.
      if (own && (own.line !== outer?.line || own.column !== outer.column))
        yield { file: service.file, path };
    }
}

/** Name of the container that a path goes through. */
function containerOf(steps: readonly string[], item: PlanItem | undefined): string | undefined {
  const containers = item?.args["containers"];
  const index = Number(steps[steps.indexOf("containers") + 1]);
  const container: unknown = Array.isArray(containers) ? containers[index] : undefined;
  if (typeof container !== "object" || container === null || !("name" in container))
    return undefined;
  return typeof container.name === "string" ? container.name : undefined;
}

type Written = Extract<Origin, { readonly file: string }>;
const isWritten = (origin: Origin): origin is Written => "file" in origin;

function* written(origin: Origin): Generator<Place> {
  if (isWritten(origin)) yield { file: origin.file, path: origin.path };
}

/** `a[0]["b.c"].d` → `a`, `0`, `b.c`, `d`. */
function stepsOf(path: string): string[] {
  return [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, plain]) => quoted ?? index ?? plain ?? "",
  );
}
