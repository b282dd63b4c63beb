import { createHash } from "node:crypto";
import type { Plan } from "../contract/plan.ts";
import { canonicalJson } from "../contract/value.ts";

/** SHA-256 of everything that a plan builds: not of where it was written, and not of what is said about it. */
function digestOf(plan: Omit<Plan, "digest">): string {
  const { stack, kind, name, environment, namespace, cloud, labels, outputs, dependsOn, images } =
    plan;
  const text = canonicalJson({
    stack,
    kind,
    name,
    environment,
    namespace,
    cloud,
    labels,
    outputs,
    dependsOn,
    images,
    items: plan.items.map(({ id, component, args, after, stateful, protect }) => ({
      id,
      component,
      args,
      after,
      stateful,
      protect,
    })),
    patches: plan.patches.map(({ kind, name: object, merge }) => ({ kind, name: object, merge })),
    edges: plan.edges.map(({ from, to, port, protocol }) => ({ from, to, port, protocol })),
  });
  return createHash("sha256").update(text).digest("hex");
}

/** A plan with its digest, computed when it is first read: whoever only checks plans reads none. */
export function seal(plan: Omit<Plan, "digest">): Plan {
  let digest: string | undefined;
  return {
    ...plan,
    get digest() {
      return (digest ??= digestOf(plan));
    },
  };
}
