import type {
  Finding,
  ResourceRule,
  ResourceView,
  RuleSettings,
} from "../../../stacks/contract/finding.ts";
import { type ContainerView, eachContainer, POD_TYPES, podOf, type PodView } from "./pods.ts";

/** What a rule says of itself, without what follows from its kind. */
export type Face = Omit<ResourceRule, "scope" | "types" | "check" | "level"> &
  Partial<Pick<ResourceRule, "level">>;

/** A rule on the pod of every resource that carries one. Mandatory unless told. */
export function podRule(
  face: Face,
  check: (pod: PodView, settings: RuleSettings, resource: ResourceView) => readonly Finding[],
): ResourceRule {
  return {
    level: "mandatory",
    ...face,
    scope: "resource",
    types: POD_TYPES,
    check: (resource, settings) => {
      const pod = podOf(resource);
      return pod ? check(pod, settings, resource) : [];
    },
  };
}

/** A rule on every container (main, init, sidecar, ephemeral) of every resource that carries a pod. */
export function containerRule(
  face: Face,
  check: (container: ContainerView, pod: PodView, settings: RuleSettings) => readonly Finding[],
): ResourceRule {
  return podRule(face, (pod, settings) =>
    eachContainer(pod, (container) => check(container, pod, settings)),
  );
}
