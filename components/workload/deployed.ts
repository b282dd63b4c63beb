import { Deployment, type DeploymentArgs } from "@pulumi/kubernetes/apps/v1/deployment.js";
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

/** Arguments of the workloads that a Deployment runs. */
export type DeployedArgs = Workload & {
  readonly transforms?: WorkloadTransforms & {
    /** The Deployment. */
    readonly deployment?: Transform<DeploymentArgs>;
  };
};

/** Never fewer ready pods than wanted while a new version comes; one in four more at a time. */
const ROLLING = { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } };

/** A workload whose pods are alike and may come and go. */
export abstract class DeployedWorkload extends WorkloadComponent {
  /** The raw children. */
  readonly nodes: {
    readonly deployment: Deployment;
    readonly data: readonly Resource[];
    readonly service?: Service;
    readonly autoscaler?: Autoscaler;
    readonly disruption?: PodDisruptionBudget;
  };

  protected constructor(
    type: string,
    name: string,
    args: DeployedArgs,
    opts?: ComponentResourceOptions,
  ) {
    super(type, name, opts);
    const transforms = args.transforms ?? {};
    const data = this.data(args, transforms);
    this.nodes = {
      data,
      service: this.service(args, transforms),
      deployment: this.child("deployment", Deployment, deployment(args), transforms.deployment, {
        dependsOn: data,
      }),
      autoscaler: this.autoscaler(args, "Deployment", transforms),
      disruption: this.disruption(args, transforms),
    };
    this.registerOutputs({});
  }
}

function deployment(args: DeployedArgs): DeploymentArgs {
  return {
    metadata: metadata(args, args.name, args.annotations),
    spec: {
      ...(args.replicas !== undefined && { replicas: args.replicas }),
      selector: { matchLabels: { ...args.selector } },
      strategy: args.strategy === "rolling" ? ROLLING : { type: "Recreate" },
      template: podTemplate(args, "Always"),
    },
  };
}
