import {
  CustomResourceDefinition,
  type CustomResourceDefinitionArgs,
} from "@pulumi/kubernetes/apiextensions/v1/customResourceDefinition.js";
import {
  IngressClass,
  type IngressClassArgs,
} from "@pulumi/kubernetes/networking/v1/ingressClass.js";
import {
  PriorityClass,
  type PriorityClassArgs,
} from "@pulumi/kubernetes/scheduling/v1/priorityClass.js";
import { StorageClass, type StorageClassArgs } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import prometheusrules from "./crds/prometheusrules.json" with { type: "json" };
import scaledobjects from "./crds/scaledobjects.json" with { type: "json" };
import servicemonitors from "./crds/servicemonitors.json" with { type: "json" };
import type { CustomKind, PlatformSpec, PriorityClassSpec } from "./platform.plan.ts";

/** Arguments of Platform. */
export type PlatformArgs = PlatformSpec & {
  readonly transforms?: {
    /** Every CustomResourceDefinition; a function sees the name. */
    readonly customKind?: Transform<CustomResourceDefinitionArgs>;
    /** Every PriorityClass; a function sees the name. */
    readonly priorityClass?: Transform<PriorityClassArgs>;
    readonly ingressClass?: Transform<IngressClassArgs>;
    readonly storageClass?: Transform<StorageClassArgs>;
  };
};

/** What the services of an environment share, all of it cluster-wide. Example: `examples/platform.ts`. */
export class Platform extends FairwayComponent {
  static readonly type = "fairway:platform:Platform";
  /** The raw children. */
  readonly nodes: {
    readonly customKinds: readonly CustomResourceDefinition[];
    readonly priorityClasses: readonly PriorityClass[];
    readonly ingressClass?: IngressClass;
    readonly storageClass?: StorageClass;
  };

  constructor(name: string, args: PlatformArgs, opts?: ComponentResourceOptions) {
    super(Platform.type, name, opts);
    const { labels, ingressClass, storageClass, transforms = {} } = args;
    this.nodes = {
      customKinds: args.customKinds.map((kind) =>
        this.child(
          `kind-${kind}`,
          CustomResourceDefinition,
          customKindArgs(kind, labels),
          transforms.customKind,
        ),
      ),
      priorityClasses: args.priorityClasses.map((spec) =>
        this.child(
          `priority-${spec.name}`,
          PriorityClass,
          priorityClassArgs(spec, labels),
          transforms.priorityClass,
        ),
      ),
      ingressClass:
        ingressClass &&
        this.child(
          "ingressclass",
          IngressClass,
          {
            metadata: { name: ingressClass.name, labels: { ...labels } },
            spec: { controller: ingressClass.controller },
          },
          transforms.ingressClass,
        ),
      storageClass:
        storageClass &&
        this.child(
          "storageclass",
          StorageClass,
          storageClassArgs(storageClass, labels),
          transforms.storageClass,
        ),
    };
    this.registerOutputs({});
  }
}

/** Source and licence: crds/README.md. */
const CRDS = { prometheusrules, scaledobjects, servicemonitors } as const satisfies Record<
  CustomKind,
  unknown
>;

type Labels = PlatformSpec["labels"];

function customKindArgs(kind: CustomKind, labels: Labels): CustomResourceDefinitionArgs {
  const { metadata, spec } = CRDS[kind];
  const { name, annotations } = metadata;
  return {
    metadata: { name, annotations, labels: { ...labels } },
    spec: spec as CustomResourceDefinitionArgs["spec"],
  };
}

function priorityClassArgs(spec: PriorityClassSpec, labels: Labels): PriorityClassArgs {
  return {
    metadata: { name: spec.name, labels: { ...labels } },
    value: spec.value,
    globalDefault: false,
    preemptionPolicy: spec.preemption,
    description: spec.description,
  };
}

function storageClassArgs(
  spec: NonNullable<PlatformSpec["storageClass"]>,
  labels: Labels,
): StorageClassArgs {
  return {
    metadata: {
      name: spec.name,
      labels: { ...labels },
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: spec.provisioner,
    parameters: { ...spec.parameters },
    volumeBindingMode: spec.bindingMode,
    allowVolumeExpansion: true,
  };
}
