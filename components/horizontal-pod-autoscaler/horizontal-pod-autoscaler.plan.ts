import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";

const replicas = z.int().min(1).max(1_000);
const percent = z.int().min(1).max(100);
const params = z
  .strictObject({
    minReplicas: replicas.describe("Fewest replicas").default(2),
    maxReplicas: replicas.describe("Most replicas").default(3),
    targetCPUUtilizationPercentage: percent.describe("Percent of the CPU request").optional(),
    targetUtilizationPercent: percent.describe("The same by another name").optional(),
  })
  .refine(({ minReplicas, maxReplicas }) => minReplicas <= maxReplicas, {
    message: "expected minReplicas to be at most maxReplicas",
    path: ["minReplicas"],
  });

/** Scales the asking workload: the same as `scaling` in a descriptor, for documents in Score's form. */
export const horizontalPodAutoscaler = driver<z.infer<typeof params>>({
  type: "horizontal-pod-autoscaler",
  name: "horizontal-pod-autoscaler",
  title: "Scaling of the asking workload",
  params,
  outputs: {
    min: { description: "Fewest replicas", secret: false },
    max: { description: "Most replicas", secret: false },
    cpu: { description: "Percent of the CPU request", secret: false },
  },
  stateful: false,
  rotation: "none",
  proof: { kind: "no-server" },
  plan({ params: { minReplicas: min, maxReplicas: max, ...target } }) {
    const cpu = target.targetCPUUtilizationPercentage ?? target.targetUtilizationPercent ?? 80;
    return { outputs: { min, max, cpu }, scaling: { min, max, cpu } };
  },
});
