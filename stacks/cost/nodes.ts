import type { Environment } from "../contract/environment.ts";
import { type Found, type PriceTable, findPrice, ownPrice } from "./prices.ts";

/** SKUs of what pods ask of a cluster: hours of a vCPU, hours of a GiB of memory, GiB of a volume. */
export const CLUSTER = {
  vcpu: "cluster.vcpu",
  memory: "cluster.memory",
  storage: "cluster.storage",
} as const;

/** Prefix of the SKUs of nodes. */
export const NODE = "ec2.";

/** GiB of memory for each vCPU, by the family of an instance type. */
const MEMORY: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };
/** What sizes of the families above have of vCPUs. */
const VCPUS: Readonly<Record<string, number>> = { medium: 1, large: 2, xlarge: 4 };
/** Burstable sizes: vCPUs and GiB. */
const BURSTABLE: Readonly<Record<string, readonly [vcpus: number, memory: number]>> = {
  micro: [2, 1],
  small: [2, 2],
  medium: [2, 4],
  large: [2, 8],
  xlarge: [4, 16],
  "2xlarge": [8, 32],
};

/** How much more a vCPU costs than a GiB: AWS Fargate sells both apart, at 0.04048 and 0.004445 US dollars an hour. */
const VCPU_TO_MEMORY = 0.040_48 / 0.004_445;
/** What EKS Auto Mode adds to the price of its nodes. */
const AUTO_MODE = 0.12;

/** vCPUs and GiB of an instance type such as `m7g.2xlarge`; undefined where it is of no known family. */
export function shapeOf(type: string): readonly [vcpus: number, memory: number] | undefined {
  const [family = "", size = ""] = type.split(".");
  if (family.startsWith("t")) return BURSTABLE[size];
  const each = /^[cmr]\d/.test(family) ? MEMORY[family[0]!] : undefined;
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  const vcpus = times === undefined ? VCPUS[size] : Number(times) * 4;
  return each === undefined || vcpus === undefined ? undefined : [vcpus, vcpus * each];
}

/**
 * What an hour of a vCPU or of a GiB of the cluster's nodes costs: the environment's own price, or its share of the price
 * of the node that the platform creates. Undefined: nothing is billed, the cluster is on somebody's own machine.
 */
export function nodePrice(
  what: "vcpu" | "memory" | "storage",
  environment: Environment,
  table?: PriceTable,
): Found | undefined {
  const sku = CLUSTER[what];
  const unit = what === "storage" ? "GB-month" : "hour";
  const own = ownPrice({ sku, unit }, environment);
  if (own) return own;
  const { cloud, cluster, name, file } = environment;
  if ("embedded" in cluster) return undefined;
  if (cloud.provider === "none")
    return {
      missing: `${name} has no node price: write ${sku} under spec.costs.prices of ${file}`,
    };
  if (what === "storage") return findPrice({ sku: "ebs.gp3.storage", unit }, environment, table);
  if ("adopt" in cloud.eks)
    return {
      missing: `the nodes of ${name} are not of the platform's making: write ${sku} under spec.costs.prices of ${file}`,
    };
  const { nodes, mode } = cloud.eks.create;
  // Auto Mode chooses for itself; this is what it is taken to choose.
  const [type = ""] = nodes.instanceTypes;
  const found = findPrice({ sku: `${NODE}${type}`, unit: "hour" }, environment, table);
  const shape = shapeOf(type);
  if (!shape) return { missing: `it is not known how many vCPUs and GiB a ${type} has` };
  if (!("price" in found)) return found;
  const [vcpus, memory] = shape;
  const [fee, words] = mode === "auto" ? [1 + AUTO_MODE, " with EKS Auto Mode"] : [1, ""];
  const ofMemory = (found.price.usd * fee) / (VCPU_TO_MEMORY * vcpus + memory);
  return {
    price: {
      ...found.price,
      usd: what === "memory" ? ofMemory : ofMemory * VCPU_TO_MEMORY,
      source: `share of a ${type}${words}: ${found.price.source}`,
    },
  };
}
