import type { Plan } from "../contract/plan.ts";
import { splitStack } from "../contract/names.ts";

/** A plan of nothing, for destroying a stack whose service is gone. */
export function orphanPlan(stack: string): Plan {
  const { name, environment } = splitStack(stack);
  return {
    stack,
    kind: name.startsWith("shared-") ? "shared" : "service",
    name,
    environment,
    namespace: "",
    labels: {},
    items: [],
    patches: [],
    edges: [],
    outputs: {},
    dependsOn: [],
    images: {},
    digest: "",
    refusals: [],
    notes: [],
  };
}
