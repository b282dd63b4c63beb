import {
  Job as JobObject,
  type JobArgs as JobObjectArgs,
} from "@pulumi/kubernetes/batch/v1/job.js";
import type { batch } from "@pulumi/kubernetes/types/input.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import type { Transform } from "../base/component.ts";
import {
  type Workload,
  WorkloadComponent,
  type WorkloadTransforms,
  metadata,
  podTemplate,
} from "./workload.ts";

/** Arguments of Job. */
export type JobArgs = Workload & {
  readonly transforms?: Pick<WorkloadTransforms, "config" | "secret" | "cloudSecret"> & {
    /** The Job. */
    readonly job?: Transform<JobObjectArgs>;
  };
};

/** A task that runs once, and again when anything about it changes. Example: `examples/job.ts`. */
export class Job extends WorkloadComponent {
  static readonly type = "fairway:workload:Job";
  /** The raw children. */
  readonly nodes: { readonly job: JobObject; readonly data: readonly Resource[] };

  constructor(name: string, args: JobArgs, opts?: ComponentResourceOptions) {
    super(Job.type, name, opts);
    const transforms = args.transforms ?? {};
    const data = this.data(args, transforms);
    const job = this.child(
      "job",
      JobObject,
      { metadata: metadata(args, args.name, args.annotations), spec: jobSpec(args) },
      transforms.job,
      { dependsOn: data },
    );
    this.nodes = { job, data };
    this.registerOutputs({});
  }
}

/** One run to completion. */
export function jobSpec(args: Workload): batch.v1.JobSpec {
  return {
    ...(args.job && { backoffLimit: args.job.retries, activeDeadlineSeconds: args.job.deadline }),
    template: podTemplate(args, "Never"),
  };
}
