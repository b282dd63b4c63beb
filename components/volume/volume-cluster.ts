import {
  PersistentVolumeClaim,
  type PersistentVolumeClaimArgs,
} from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import type { VolumeSpec } from "./volume-cluster.plan.ts";

/** Arguments of a volume. */
export interface VolumeArgs extends VolumeSpec {
  readonly transforms?: { readonly claim?: Transform<PersistentVolumeClaimArgs> };
}

/** A claim that outlives pods. */
export class Volume extends FairwayComponent {
  static readonly type = "fairway:volume:Volume";
  readonly nodes: { readonly claim: PersistentVolumeClaim };

  constructor(name: string, args: VolumeArgs, opts?: ComponentResourceOptions) {
    super(Volume.type, name, opts);
    const claim = this.child(
      "claim",
      PersistentVolumeClaim,
      {
        metadata: {
          name: args.name,
          namespace: args.namespace,
          labels: args.labels,
          // Classes that bind when the first pod asks would be waited for in vain: the pod comes after the claim.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          accessModes: [args.accessMode],
          resources: { requests: { storage: args.storage } },
          ...(args.storageClass !== undefined && { storageClassName: args.storageClass }),
        },
      },
      args.transforms?.claim,
    );
    this.nodes = { claim };
    this.registerOutputs({ claim: claim.metadata.name });
  }
}
