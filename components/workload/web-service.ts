import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { type DeployedArgs, DeployedWorkload } from "./deployed.ts";

/** Arguments of WebService. */
export type WebServiceArgs = DeployedArgs;

/**
 * A service that answers requests: Deployment, Service, autoscaler, disruption budget, ConfigMap and Secret, as far
 * as its arguments ask for them. Example: `examples/web-service.ts`.
 */
export class WebService extends DeployedWorkload {
  static readonly type = "fairway:workload:WebService";

  constructor(name: string, args: WebServiceArgs, opts?: ComponentResourceOptions) {
    super(WebService.type, name, args, opts);
  }
}
