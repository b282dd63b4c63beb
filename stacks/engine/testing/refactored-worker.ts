import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import { FairwayComponent } from "../../../components/base/component.ts";
import { type Builder, REGISTRY } from "../../../components/registry.ts";
import type { VolumeSpec } from "../../../components/volume/volume-cluster.plan.ts";
import { program } from "../../program/program.ts";
import { serveWorker } from "../serve-worker.ts";

/** A driver that builds what it built inside another component. */
const wrapped =
  (builder: Builder): Builder =>
  (name, args, context, opts) => {
    const outer = new ComponentResource("fairway:test:Wrapped", name, {}, opts);
    const { dependsOn } = opts;
    return builder(name, args, context, { parent: outer, ...(dependsOn && { dependsOn }) });
  };

/** The volume's component under another type, whose claim has another name; both say what they were. */
class Disk extends FairwayComponent {
  constructor(name: string, args: VolumeSpec, opts: ComponentResourceOptions) {
    super("fairway:test:Disk", name, { ...opts, aliases: [{ type: "fairway:volume:Volume" }] });
    this.child(
      "disk",
      PersistentVolumeClaim,
      {
        metadata: {
          name: args.name,
          namespace: args.namespace,
          labels: args.labels,
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          accessModes: [args.accessMode],
          resources: { requests: { storage: args.storage } },
          ...(args.storageClass !== undefined && { storageClassName: args.storageClass }),
        },
      },
      undefined,
      { aliases: [{ name: `${name}-claim` }] },
    );
    this.registerOutputs({});
  }
}

const disk: Builder = (name, args, context, opts) => ({
  component: new Disk(name, context.fromPlan<VolumeSpec>(args), opts),
  outputs: {},
});

const UNTOUCHED = new Set(["tenancy", "platform", "stateful", "worker"]);
const drivers = REGISTRY as Record<string, Builder>;
for (const [key, builder] of Object.entries(REGISTRY))
  if (!UNTOUCHED.has(key)) drivers[key] = wrapped(builder);
for (const key of ["volume-cluster", "volume-aws"]) drivers[key] = disk;

// A worker of another version of this platform: every driver is built anew around the same resources.
serveWorker(program);
