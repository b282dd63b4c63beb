import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { parseQuantity } from "../../stacks/contract/quantity.ts";
import type { DataClass } from "../../stacks/contract/service.ts";
import { VOLUME_OUTPUTS, type VolumeSpec, volumeParams } from "./volume-cluster.plan.ts";

/** StorageClasses that the platform's stack makes: disks by data class, since each has its key, and shared files. */
export const diskClass = (dataClass: DataClass): string => `fairway-gp3-${dataClass}`;
export const FILES_CLASS = "fairway-efs";

const params = z.strictObject({
  ...volumeParams,
  storageClass: z.string().min(1).describe("StorageClass instead of the platform's").optional(),
});

/** A claim that outlives pods: a disk of EBS, or a folder of EFS where several nodes mount it. */
export const volumeAws = driver<z.infer<typeof params>>({
  type: "volume",
  name: "volume-aws",
  title:
    "A volume that outlives pods, encrypted: a disk of EBS, or with ReadWriteMany a folder of EFS",
  params,
  outputs: VOLUME_OUTPUTS,
  cloud: "aws",
  stateful: true,
  rotation: "none",
  proof: { kind: "rehearsed" },
  plan(request) {
    const { name, namespace, labels } = request;
    const { storage, accessMode, storageClass } = request.params;
    const files = accessMode === "ReadWriteMany";
    const args: VolumeSpec = {
      name,
      namespace,
      labels,
      storage,
      accessMode,
      storageClass: storageClass ?? (files ? FILES_CLASS : diskClass(request.dataClass)),
    };
    return {
      args: { ...args },
      outputs: { source: { persistentVolumeClaim: { claimName: name } } },
      costs: [
        {
          sku: files ? "efs.standard.storage" : "ebs.gp3.storage",
          quantity: (parseQuantity(storage) ?? 0) / 2 ** 30,
          unit: "GB-month",
          // A disk is paid as it is ordered, files as they are written.
          ...(files && { assumed: `storage ${storage}` }),
        },
      ],
    };
  },
});
