import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { type DeployedArgs, DeployedWorkload } from "./deployed.ts";

/** Arguments of Worker. */
export type WorkerArgs = DeployedArgs;

/** A service that takes its work from a queue: a Deployment that nobody calls. Example: `examples/worker.ts`. */
export class Worker extends DeployedWorkload {
  static readonly type = "fairway:workload:Worker";

  constructor(name: string, args: WorkerArgs, opts?: ComponentResourceOptions) {
    super(Worker.type, name, args, opts);
  }
}
