import { CronJob, type CronJobArgs } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import type { Transform } from "../base/component.ts";
import { jobSpec } from "./job.ts";
import type { WorkloadSpec } from "./workload.plan.ts";
import { type Workload, WorkloadComponent, type WorkloadTransforms, metadata } from "./workload.ts";

/** Arguments of ScheduledJob. */
export type ScheduledJobArgs = Workload & {
  /** When it runs. */
  readonly schedule: NonNullable<WorkloadSpec["schedule"]>;
  readonly transforms?: Pick<WorkloadTransforms, "config" | "secret" | "cloudSecret"> & {
    /** The CronJob. */
    readonly cronJob?: Transform<CronJobArgs>;
  };
};

/** A task that runs by the clock, never twice at once. Example: `examples/scheduled-job.ts`. */
export class ScheduledJob extends WorkloadComponent {
  static readonly type = "fairway:workload:ScheduledJob";
  /** The raw children. */
  readonly nodes: { readonly cronJob: CronJob; readonly data: readonly Resource[] };

  constructor(name: string, args: ScheduledJobArgs, opts?: ComponentResourceOptions) {
    super(ScheduledJob.type, name, opts);
    const transforms = args.transforms ?? {};
    const data = this.data(args, transforms);
    this.nodes = {
      data,
      cronJob: this.child("cronjob", CronJob, cronJob(args), transforms.cronJob, {
        dependsOn: data,
      }),
    };
    this.registerOutputs({});
  }
}

function cronJob(args: ScheduledJobArgs): CronJobArgs {
  const { cron, timeZone, startingDeadline, history } = args.schedule;
  return {
    metadata: metadata(args, args.name, args.annotations),
    spec: {
      schedule: cron,
      timeZone,
      startingDeadlineSeconds: startingDeadline,
      concurrencyPolicy: "Forbid",
      successfulJobsHistoryLimit: history.succeeded,
      failedJobsHistoryLimit: history.failed,
      jobTemplate: { metadata: { labels: { ...args.labels } }, spec: jobSpec(args) },
    },
  };
}
