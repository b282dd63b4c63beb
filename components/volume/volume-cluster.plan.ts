import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { serverParams } from "../base/server.plan.ts";

/** Arguments of the component, as plan data. */
export interface VolumeSpec {
  /** Name of the claim. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly storage: string;
  readonly storageClass?: string;
  readonly accessMode: (typeof ACCESS_MODES)[number];
}

const ACCESS_MODES = ["ReadWriteOnce", "ReadWriteMany", "ReadWriteOncePod"] as const;
/** Params of every driver of volumes that outlive pods. */
export const volumeParams = {
  storage: serverParams.storage,
  accessMode: z
    .enum(ACCESS_MODES)
    .describe("ReadWriteOnce is one node; several replicas on several nodes need ReadWriteMany")
    .default("ReadWriteOnce"),
};
const params = z.strictObject(volumeParams);

/** Outputs of every driver of volumes. */
export const VOLUME_OUTPUTS = {
  source: { description: "Kubernetes volume source, for `volumes.<path>.source`", secret: false },
};

/** A claim in the cluster that outlives pods. */
export const volumeCluster = driver<z.infer<typeof params>>({
  type: "volume",
  name: "volume-cluster",
  title: "A volume that outlives pods: a PersistentVolumeClaim",
  params,
  outputs: VOLUME_OUTPUTS,
  stateful: true,
  rotation: "none",
  proof: { kind: "no-server" },
  plan(request) {
    const { environment, name, namespace, labels } = request;
    const args: VolumeSpec = {
      name,
      namespace,
      labels,
      ...request.params,
      ...(environment.storageClass !== undefined && { storageClass: environment.storageClass }),
    };
    return {
      args: { ...args },
      outputs: { source: { persistentVolumeClaim: { claimName: name } } },
    };
  },
});
