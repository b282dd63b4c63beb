import type { ComponentResourceOptions, Input, Resource } from "@pulumi/pulumi";
import type { PlanValue } from "../stacks/contract/plan.ts";
import type { BuildContext } from "./base/context.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import { Platform } from "./platform/platform.ts";
import { Route } from "./route/route.ts";
import { Tenancy } from "./tenancy/tenancy.ts";
import { Job } from "./workload/job.ts";
import { ScheduledJob } from "./workload/scheduled-job.ts";
import { Stateful } from "./workload/stateful.ts";
import { WebService } from "./workload/web-service.ts";
import { Worker } from "./workload/worker.ts";

/** Outputs of a component, by name. */
export type BuiltOutputs = Readonly<Record<string, Input<string>>>;

/** Builds the component of a plan item and gives its outputs by name. */
export type Builder = (
  name: string,
  args: Readonly<Record<string, PlanValue>>,
  context: BuildContext,
  opts: ComponentResourceOptions,
) => { readonly component: Resource; readonly outputs: BuiltOutputs };

/** A component whose arguments are the item's, and nothing else. */
function plain<A, R extends Resource>(
  type: new (name: string, args: A, opts: ComponentResourceOptions) => R,
  outputs: (component: R) => BuiltOutputs = () => ({}),
): Builder {
  return (name, args, context, opts) => {
    const component = new type(name, context.fromPlan<A>(args), opts);
    return { component, outputs: outputs(component) };
  };
}

/** Component key of a plan item → what builds it. The pure faces of drivers are listed in catalog.ts. */
export const REGISTRY: Readonly<Record<string, Builder>> = {
  job: plain(Job),
  monitoring: plain(Monitoring),
  platform: plain(Platform),
  route: plain(Route, ({ host, url }) => ({ host, url })),
  "scheduled-job": plain(ScheduledJob),
  stateful: plain(Stateful),
  tenancy: plain(Tenancy),
  "web-service": plain(WebService),
  worker: plain(Worker),
};
