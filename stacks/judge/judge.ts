import { RULES } from "../../policies/rules/index.ts";
import type { ResourceView, Rule, Verdict } from "../contract/finding.ts";
import { Court } from "./court.ts";
import type { JudgeSettings } from "./settings.ts";

/**
 * Judges the resources of a stack, or of several, without an engine.
 * @param resources As recorded by stacks/record, or in Pulumi's wire form: unknown markers and secret envelopes are understood.
 * @returns Sorted by stack, URN, rule and path. Messages hold no secret.
 */
export function judge(
  resources: readonly ResourceView[],
  settings: JudgeSettings,
  rules: readonly Rule[] = RULES,
): Verdict[] {
  const stacks = new Map<string, ResourceView[]>();
  for (const resource of resources) {
    if (resource.read) continue;
    const stack = stackOf(resource.urn);
    const others = stacks.get(stack);
    if (others) others.push(resource);
    else stacks.set(stack, [resource]);
  }
  const verdicts = [...stacks].flatMap(([stack, members]) => {
    const court = new Court(stack, settings, rules);
    return [...members.flatMap((member) => court.resource(member)), ...court.whole(members)];
  });
  return sortVerdicts(verdicts);
}

/** `urn:pulumi:<stack>::<project>::…` → `<stack>`. */
export function stackOf(urn: string): string {
  return (urn.split("::")[0] ?? "").slice("urn:pulumi:".length);
}

/** By stack, URN, rule, path and message: the engine's own order changes from run to run. */
export function sortVerdicts(verdicts: readonly Verdict[]): Verdict[] {
  const key = (verdict: Verdict) =>
    [verdict.stack, verdict.urn, verdict.rule, verdict.path ?? "", verdict.message ?? ""].join(
      "\0",
    );
  return verdicts
    .map((verdict) => ({ verdict, key: key(verdict) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ verdict }) => verdict);
}
