/** CustomResourceDefinitions that services need, by the stem of their file in `crds/`. */
export const CUSTOM_KINDS = ["prometheusrules", "scaledobjects", "servicemonitors"] as const;
/** One of them. */
export type CustomKind = (typeof CUSTOM_KINDS)[number];

/** A PriorityClass. */
export interface PriorityClassSpec {
  readonly name: string;
  /** Greater goes first. */
  readonly value: number;
  /** What pods of this class do when nothing is free. */
  readonly preemption: "PreemptLowerPriority" | "Never";
  readonly description: string;
}

/** What the services of an environment share. */
export interface PlatformSpec {
  /** Labels of every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** CRDs that the cluster does not bring. */
  readonly customKinds: readonly CustomKind[];
  /** One for each tier. */
  readonly priorityClasses: readonly PriorityClassSpec[];
  /** IngressClass; absent: the cluster brings it. */
  readonly ingressClass?: { readonly name: string; readonly controller: string };
  /** StorageClass, the cluster's default; absent: the cluster brings it. */
  readonly storageClass?: {
    readonly name: string;
    readonly provisioner: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly bindingMode: "Immediate" | "WaitForFirstConsumer";
  };
}
