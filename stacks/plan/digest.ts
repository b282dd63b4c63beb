import { createHash } from "node:crypto";
import type { Plan } from "../contract/plan.ts";
import { canonicalJson } from "../contract/value.ts";

/** SHA-256 of everything that a plan builds: not of where it was written, and not of what is said about it. */
export function digestOf(plan: Omit<Plan, "digest">): string {
  const { stack, kind, name, environment, namespace, labels, outputs, dependsOn, images } = plan;
  const text = canonicalJson({
    stack,
    kind,
    name,
    environment,
    namespace,
    labels,
    outputs,
    dependsOn,
    images,
    items: plan.items.map(({ origins: _, ...item }) => item),
    patches: plan.patches.map(({ origin: _, ...patch }) => patch),
    edges: plan.edges.map(({ origin: _, ...edge }) => edge),
  });
  return createHash("sha256").update(text).digest("hex");
}

/** A plan with its digest. */
export const seal = (plan: Omit<Plan, "digest">): Plan => ({ ...plan, digest: digestOf(plan) });
