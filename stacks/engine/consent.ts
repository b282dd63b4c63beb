import { NAMESPACE_TYPE, holdsData } from "../contract/data.ts";
import { shortHash, splitStack, stackBase } from "../contract/names.ts";
import { underPath } from "../contract/path.ts";
import type { Plan, PlanConsent, PlanItem } from "../contract/plan.ts";
import { type Problem, problem } from "../contract/problem.ts";
import type { Change, StackResult } from "../contract/result.ts";
import { keyOfUrn, protectedItems } from "../program/protect.ts";
import type { StateResource } from "../state/checkpoint.ts";
import { nameOf } from "./event-reader.ts";

/** Something that holds data and would be deleted or replaced. */
export interface Loss {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Id of the plan item that it belongs to. */
  readonly item: string;
  readonly action: "delete" | "replace";
  /** Its protection was lifted already: a run that had a consent broke off. */
  readonly begun: boolean;
}

/** What is said of losses. */
export interface Judgement {
  /** Losses that a consent allows, with it. */
  readonly allowed: readonly { readonly loss: Loss; readonly consent: PlanConsent }[];
  /** Namespaces that may go, since everything in them may. */
  readonly emptied: readonly Loss[];
  /** One for each loss that nothing allows. */
  readonly refused: readonly Problem[];
}

/** Changes that would delete or replace what holds data, in the order of URNs. */
export function lossesOf(
  plan: Plan,
  recorded: readonly StateResource[],
  changes: readonly Pick<Change, "op" | "urn">[],
): Loss[] {
  const byUrn = new Map(recorded.map((resource) => [resource.urn, resource]));
  // What moves to other parents and is replaced at once is recorded under another URN.
  const byKey = new Map(recorded.map((resource) => [keyOfUrn(resource.urn), resource]));
  const items = new Map(plan.items.map((item) => [item.id, item]));
  const seen = new Set<string>();
  return changes.flatMap(({ op, urn }): Loss[] => {
    const resource = byUrn.get(urn) ?? byKey.get(keyOfUrn(urn));
    if ((op !== "delete" && op !== "replace") || !resource || seen.has(resource.urn)) return [];
    seen.add(resource.urn);
    const item = itemOf(resource, byUrn, plan);
    return isPrecious(resource, items.get(item))
      ? [
          {
            urn: resource.urn,
            type: resource.type,
            name: nameOf(urn),
            item,
            action: op,
            begun: recorded.some((one) => one.urn === resource.urn && !one.protect),
          },
        ]
      : [];
  });
}

/** Everything recorded that holds data, as if all of it were deleted. */
export const allLosses = (plan: Plan, recorded: readonly StateResource[]): Loss[] =>
  lossesOf(
    { ...plan, items: [] },
    recorded,
    recorded.map(({ urn }) => ({ op: "delete", urn })),
  );

/** The plan's item knows best; of what no item stands for any more, the type and what is recorded decide. */
function isPrecious(resource: StateResource, item: PlanItem | undefined): boolean {
  if (!holdsData(resource.type)) return false;
  if (resource.protect || resource.type === NAMESPACE_TYPE) return true;
  if (resource.type.endsWith(":StatefulSet")) {
    const { volumeClaimTemplates } = (resource.inputs["spec"] ?? {}) as Record<string, unknown>;
    return Array.isArray(volumeClaimTemplates) && volumeClaimTemplates.length > 0;
  }
  return item?.stateful ?? true;
}

/** Items are the outermost components of a stack. */
function itemOf(
  resource: StateResource,
  byUrn: ReadonlyMap<string, StateResource>,
  plan: Plan,
): string {
  let outer = resource;
  for (let at = resource; at.parent !== undefined;) {
    const parent = byUrn.get(at.parent);
    if (!parent || parent.type === "pulumi:pulumi:Stack") break;
    outer = at = parent;
  }
  const name = nameOf(outer.urn);
  const prefix = `${stackBase(plan.stack)}-`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** What a used consent is known by: another date or reason makes another consent. */
export const consentKey = ({ action, resource, until, reason }: PlanConsent): string =>
  `${action} ${resource} until ${until} ${shortHash(reason)}`;

/**
 * Judges losses by the plan's consents.
 * @param changes All changes of the preview: they show what may be a rename.
 * @param spent Keys of consents that have been used.
 * @param today ISO date: what ended before it allows nothing, whatever the plan was told; the consent that is proposed counts from it.
 */
export function judgeLosses(
  plan: Plan,
  losses: readonly Loss[],
  recorded: readonly StateResource[],
  about: {
    readonly changes: readonly Pick<Change, "op" | "type" | "item">[];
    readonly spent: readonly string[];
    readonly today: string;
  },
): Judgement {
  const spent = new Set(about.spent);
  const allowed: { loss: Loss; consent: PlanConsent }[] = [];
  const refused: Problem[] = [];
  const namespaces = losses.filter(({ type }) => type === NAMESPACE_TYPE);
  for (const loss of losses) {
    if (loss.type === NAMESPACE_TYPE) continue;
    const meant = (plan.guard?.consents ?? []).filter(({ items }) => items.includes(loss.item));
    const consent = meant.find(
      (one) =>
        one.action === loss.action &&
        !isOver(one, about.today) &&
        (!spent.has(consentKey(one)) || loss.begun),
    );
    if (consent) allowed.push({ loss, consent });
    else refused.push(refusalOf(plan, loss, meant, about));
  }
  const may = new Set(allowed.map(({ loss }) => loss.urn));
  const inside = recorded.filter(
    (one) =>
      one.type.startsWith("kubernetes:") &&
      one.type !== NAMESPACE_TYPE &&
      isPrecious(one, undefined),
  );
  const emptied = namespaces.filter(() => inside.every(({ urn }) => may.has(urn)));
  // What is in it is refused already, unless it stays while its namespace goes.
  for (const loss of namespaces)
    if (!emptied.includes(loss) && refused.length === 0)
      refused.push(refusalOf(plan, loss, [], about));
  return { allowed, emptied, refused };
}

const isOver = ({ ended, until }: PlanConsent, today: string): boolean =>
  ended === true || until < today;

function refusalOf(
  plan: Plan,
  { type, name, item, action }: Loss,
  meant: readonly PlanConsent[],
  {
    changes,
    today,
  }: { readonly changes: readonly Pick<Change, "op" | "type" | "item">[]; readonly today: string },
): Problem {
  const { guard } = plan;
  const called = guard?.called[item] ?? item;
  const origin = plan.items.find(({ id }) => id === item)?.origins[""];
  const why = meant.map((consent) =>
    consent.action !== action
      ? `the consent at ${consent.path} is to ${consent.action}`
      : isOver(consent, today)
        ? `the consent at ${consent.path} ended on ${consent.until}`
        : `the consent at ${consent.path} has been used: write a new one`,
  );
  const renamed =
    action === "delete" && !plan.items.some(({ id }) => id === item)
      ? changes.find((one) => one.op === "create" && one.type === type && one.item !== undefined)
          ?.item
      : undefined;
  const hints = [
    ...(renamed === undefined || !guard
      ? []
      : [
          `if ${renamed} is what was called ${called}, write ${wasText(guard.uses, renamed, called)}`,
        ]),
    guard
      ? `to let it go, write ${consentText(guard.path, called, action, today)} in ${guard.file}`
      : `bring back its descriptor, or run \`fairway retire ${stackBase(plan.stack)} --env ${splitStack(plan.stack).environment} --yes\``,
  ];
  const place =
    origin && "file" in origin
      ? { file: origin.file, path: origin.path }
      : guard && { file: guard.file, path: underPath(guard.uses, called) };
  return problem(
    "FW4020",
    `this would ${action} the ${type} ${name} of ${called}, which holds data${why.length > 0 ? `; ${why.join("; ")}` : ""}`,
    { ...place, hint: hints.join("; ") },
  );
}

const DAYS_OF_A_CONSENT = 14;

/** A consent as the descriptor writes it. */
function consentText(path: string, resource: string, action: string, today: string): string {
  const until = new Date(Date.parse(today) + DAYS_OF_A_CONSENT * 86_400_000)
    .toISOString()
    .slice(0, 10);
  return path.includes("annotations")
    ? `\`fairway.dev/consents: "${action} ${resource} until ${until}: <why>"\` under metadata.annotations`
    : `\`consents: [{resource: ${resource}, action: ${action}, reason: <why>, until: ${until}}]\` under ${path.replace(/\.consents$/, "")}`;
}

const wasText = (uses: string, name: string, before: string): string =>
  uses === "resources"
    ? `\`fairway.dev/was: ${before}\` under resources.${name}.metadata.annotations`
    : `\`was: [${before}]\` under ${uses}.${name}`;

/** Keys of the consents that have been used, with those that are used now. */
export const spentWith = (spent: readonly string[], judgement?: Judgement): string[] =>
  [
    ...new Set([...spent, ...(judgement?.allowed ?? []).map(({ consent }) => consentKey(consent))]),
  ].sort();

/**
 * What is told of consents: before a run, and of how one ended. Only a run that has ended well has no more need of them.
 */
export const usedNotes = (
  { allowed }: Judgement,
  when: "before" | StackResult["status"],
): string[] =>
  [...new Map(allowed.map(({ consent }) => [consentKey(consent), consent])).values()].map(
    ({ action, resource, reason, file, path }) => {
      const what = `the consent to ${action} ${resource}`;
      if (when === "before") return `${what} would be used (${reason})`;
      return when === "succeeded"
        ? `${what} was used (${reason}); it counts no more: take it out of ${file} (${path})`
        : `${what} is in use (${reason}): leave it in ${file} (${path}) until a run has ended well`;
    },
  );

/** Whether something that a plan protects is recorded without protection: a run that was to let it go broke off. */
export function standsOpen(plan: Plan, recorded: readonly StateResource[]): boolean {
  const byUrn = new Map(recorded.map((resource) => [resource.urn, resource]));
  const guarded = protectedItems(plan);
  return recorded.some(
    (resource) =>
      !resource.protect && holdsData(resource.type) && guarded.has(itemOf(resource, byUrn, plan)),
  );
}
