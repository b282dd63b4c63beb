import type { ResourceTransformation } from "@pulumi/pulumi";
import { mergePatch } from "../../components/base/merge-patch.ts";
import type { PlanPatch } from "../contract/plan.ts";
import { type Problem, problem } from "../contract/problem.ts";

/** The descriptor's patches as one Pulumi transformation, and what is wrong once everything was registered. */
export interface Patcher {
  readonly transformation: ResourceTransformation;
  /** A problem for each patch that matched no object. */
  unmatched(): Problem[];
}

/** Applies each patch to the Kubernetes objects of its kind (and name), in the descriptor's order. */
export function patcher(patches: readonly PlanPatch[]): Patcher {
  const seen = new Set<string>();
  const matched = new Set<PlanPatch>();
  return {
    transformation: ({ props, opts }) => {
      const { kind, metadata } = props as { kind?: unknown; metadata?: { name?: unknown } };
      if (typeof kind !== "string") return undefined;
      const name = metadata?.name;
      seen.add(`${kind} ${String(name)}`);
      const mine = patches.filter((patch) => patch.kind === kind && (patch.name ?? name) === name);
      for (const patch of mine) matched.add(patch);
      return mine.length === 0
        ? undefined
        : {
            props: mine.reduce<typeof props>(
              (merged, patch) => mergePatch(merged, patch.merge) as typeof props,
              props,
            ),
            opts,
          };
    },
    unmatched: () =>
      patches
        .filter((patch) => !matched.has(patch))
        .map((patch) =>
          problem(
            "FW3090",
            `the patch of ${patch.kind}${patch.name ? ` ${patch.name}` : ""} matches no generated object`,
            {
              ...("file" in patch.origin && { file: patch.origin.file, path: patch.origin.path }),
              hint: `the objects are: ${[...seen].sort().join(", ")}`,
            },
          ),
        ),
  };
}
