import {
  CustomResource,
  type CustomResourceArgs,
} from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { MONITORING_API, type MonitoringSpec } from "./monitoring.plan.ts";

/** Arguments of Monitoring. */
export type MonitoringArgs = MonitoringSpec & {
  readonly transforms?: {
    /** The ServiceMonitor. */
    readonly monitor?: Transform<CustomResourceArgs>;
    /** The PrometheusRule. */
    readonly rules?: Transform<CustomResourceArgs>;
  };
};

/**
 * What watches a service: a ServiceMonitor that scrapes it and a PrometheusRule with its alerts. The cluster needs
 * their CRDs (see Platform). Example: `examples/monitoring.ts`.
 */
export class Monitoring extends FairwayComponent {
  static readonly type = "fairway:monitoring:Monitoring";
  /** The raw children. */
  readonly nodes: { readonly monitor?: CustomResource; readonly rules?: CustomResource };

  constructor(name: string, args: MonitoringArgs, opts?: ComponentResourceOptions) {
    super(Monitoring.type, name, opts);
    const { monitor, rules } = args.transforms ?? {};
    this.nodes = {
      monitor:
        args.scrape &&
        this.child("monitor", CustomResource, monitorArgs(args, args.scrape), monitor),
      rules:
        args.groups.length > 0
          ? this.child("rules", CustomResource, rulesArgs(args), rules)
          : undefined,
    };
    this.registerOutputs({});
  }
}

function common(args: MonitoringArgs, kind: string): CustomResourceArgs {
  return {
    apiVersion: MONITORING_API,
    kind,
    metadata: { name: args.name, namespace: args.namespace, labels: { ...args.labels } },
  };
}

function monitorArgs(
  args: MonitoringArgs,
  scrape: NonNullable<MonitoringArgs["scrape"]>,
): CustomResourceArgs {
  const { selector, port, path, interval } = scrape;
  return {
    ...common(args, "ServiceMonitor"),
    spec: {
      selector: { matchLabels: { ...selector } },
      endpoints: [{ port, path, interval }],
    },
  };
}

function rulesArgs(args: MonitoringArgs): CustomResourceArgs {
  return { ...common(args, "PrometheusRule"), spec: { groups: args.groups } };
}
