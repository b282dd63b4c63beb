import { StatefulSet, type StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import type { Transform } from "../base/component.ts";
import {
  type Autoscaler,
  type Workload,
  WorkloadComponent,
  type WorkloadTransforms,
  metadata,
  podTemplate,
} from "./workload.ts";

/** Arguments of Stateful. */
export type StatefulArgs = Workload & {
  readonly transforms?: WorkloadTransforms & {
    /** The StatefulSet. */
    readonly statefulSet?: Transform<StatefulSetArgs>;
  };
};

/**
 * A service whose replicas have a name and data of their own: StatefulSet with its governing headless Service and a
 * claim for each replica. Example: `examples/stateful.ts`.
 */
export class Stateful extends WorkloadComponent {
  static readonly type = "fairway:workload:Stateful";
  /** The raw children. */
  readonly nodes: {
    readonly statefulSet: StatefulSet;
    readonly data: readonly Resource[];
    readonly service?: Service;
    readonly autoscaler?: Autoscaler;
    readonly disruption?: PodDisruptionBudget;
  };

  constructor(name: string, args: StatefulArgs, opts?: ComponentResourceOptions) {
    super(Stateful.type, name, opts);
    const transforms = args.transforms ?? {};
    const data = this.data(args, transforms);
    const service = this.service(args, transforms);
    this.nodes = {
      data,
      service,
      statefulSet: this.child(
        "statefulset",
        StatefulSet,
        statefulSet(args),
        transforms.statefulSet,
        { dependsOn: [...data, ...(service ? [service] : [])] },
      ),
      autoscaler: this.autoscaler(args, "StatefulSet", transforms),
      disruption: this.disruption(args, transforms),
    };
    this.registerOutputs({});
  }
}

function statefulSet(args: StatefulArgs): StatefulSetArgs {
  return {
    metadata: metadata(args, args.name, args.annotations),
    spec: {
      ...(args.replicas !== undefined && { replicas: args.replicas }),
      serviceName: args.service?.name ?? args.name,
      selector: { matchLabels: { ...args.selector } },
      template: podTemplate(args, "Always"),
      // Claim templates can never change, so that they carry nothing that may: no owner, no tier.
      volumeClaimTemplates: args.claims.map(({ name, size, storageClass, accessModes }) => ({
        metadata: { name, labels: { ...args.selector } },
        spec: {
          accessModes: [...accessModes],
          ...(storageClass !== undefined && { storageClassName: storageClass }),
          resources: { requests: { storage: size } },
        },
      })),
    },
  };
}
