import type { Finding, ResourceView } from "../../../stacks/contract/finding.ts";
import { attempt, each } from "./each.ts";
import { type Fields, fields, list, text } from "./read.ts";

/** Where a kind keeps its pod: the path of the object that holds `metadata` and `spec`. */
const HOLDERS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:core/v1:Pod": [],
  "kubernetes:core/v1:ReplicationController": ["spec", "template"],
  "kubernetes:apps/v1:Deployment": ["spec", "template"],
  "kubernetes:apps/v1:StatefulSet": ["spec", "template"],
  "kubernetes:apps/v1:DaemonSet": ["spec", "template"],
  "kubernetes:apps/v1:ReplicaSet": ["spec", "template"],
  "kubernetes:batch/v1:Job": ["spec", "template"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template"],
};

/** Types of all resources that carry a pod. */
export const POD_TYPES: readonly string[] = Object.keys(HOLDERS);

/** The pod of a resource. Reading an unknown part of it throws, so parts are read when they are asked for. */
export interface PodView {
  readonly metadata: Fields;
  readonly spec: Fields;
  /** Path of `metadata`. */
  readonly metadataPath: string;
  /** Path of `spec`. */
  readonly specPath: string;
}

/** A container of a pod. */
export interface ContainerView {
  readonly spec: Fields;
  readonly path: string;
  readonly kind: "main" | "init" | "ephemeral";
}

const LISTS = [
  ["containers", "main"],
  ["initContainers", "init"],
  ["ephemeralContainers", "ephemeral"],
] as const;

/** The pod that a resource carries, or undefined where it carries none. */
export function podOf(resource: ResourceView): PodView | undefined {
  const holder = HOLDERS[resource.type];
  if (!holder) return undefined;
  const known = PODS.get(resource);
  if (known) return known;
  const object = holder.reduce<Fields>((outer, key) => fields(outer[key]), resource.props);
  const pod: PodView = {
    get metadata() {
      return fields(object["metadata"]);
    },
    get spec() {
      return fields(object["spec"]);
    },
    metadataPath: [...holder, "metadata"].join("."),
    specPath: [...holder, "spec"].join("."),
  };
  PODS.set(resource, pod);
  return pod;
}

/** Most rules ask for the same pod; what is unknown in it throws each time. */
const PODS = new WeakMap<ResourceView, PodView>();

/** Collects what `check` finds in each container of a pod; one with unknown values does not hide the others. */
export function eachContainer<F>(
  pod: PodView,
  check: (container: ContainerView) => readonly F[],
): F[] {
  return LISTS.flatMap(([key, kind]) =>
    attempt(() => {
      const containers = list(pod.spec[key]);
      return each(containers.length, (index) =>
        check({
          spec: fields(containers[index]),
          path: `${pod.specPath}.${key}[${index}]`,
          kind,
        }),
      );
    }),
  );
}

/** A finding about a container: `container "main" <what>`. */
export function about(container: ContainerView, what: string, field?: string): Finding {
  const kind = container.kind === "main" ? "container" : `${container.kind} container`;
  return {
    message: `${kind} "${text(container.spec["name"]) ?? ""}" ${what}`,
    path: field === undefined ? container.path : `${container.path}.${field}`,
  };
}

/** The security context of a pod or container. */
export const securityOf = (owner: { readonly spec: Fields }): Fields =>
  fields(owner.spec["securityContext"]);

/** Windows pods are exempt from what only Linux knows. */
export const isWindows = (pod: PodView): boolean => fields(pod.spec["os"])["name"] === "windows";

/** A pod in a user namespace of its own: root in it is nobody outside. */
export const hasUserNamespace = (pod: PodView): boolean => pod.spec["hostUsers"] === false;
