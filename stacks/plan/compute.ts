import type { ComputeSpec } from "../../components/workload/workload.plan.ts";
import type { Environment } from "../contract/environment.ts";
import { cpuText, millicores, parseQuantity } from "../contract/quantity.ts";
import type { ComputeResources } from "../contract/service.ts";
import { type Scope } from "./expand.ts";
import { problemAt } from "./origins.ts";

/**
 * CPU and memory of a container with everything given: a missing request is the limit or else the environment's, a
 * missing CPU limit a multiple of the request, and a missing memory limit the request itself, since memory cannot be
 * taken back. A request above its limit is a problem (FW3008).
 * @param at Path of the container in the model.
 */
export function computeOf(
  written: ComputeResources,
  { limits }: Environment,
  scope: Scope,
  at: string,
): ComputeSpec {
  const { requests, limits: most } = written;
  const cpuRequest = requests.cpu ?? most.cpu ?? limits.cpuRequest;
  const memoryRequest = requests.memory ?? most.memory ?? limits.memoryRequest;
  const spec = {
    requests: { cpu: cpuRequest, memory: memoryRequest },
    limits: {
      cpu:
        most.cpu ??
        (requests.cpu === undefined
          ? limits.cpu
          : cpuText(Math.ceil((millicores(requests.cpu) ?? 0) * limits.cpuLimitRatio))),
      memory: most.memory ?? requests.memory ?? limits.memory,
    },
  };
  for (const kind of ["cpu", "memory"] as const)
    if ((parseQuantity(spec.requests[kind]) ?? 0) > (parseQuantity(spec.limits[kind]) ?? 0))
      scope.problems.push(
        problemAt(
          scope.service,
          `${at}.resources.requests.${kind}`,
          "FW3008",
          `the ${kind} request ${spec.requests[kind]} is above the limit ${spec.limits[kind]}`,
          "raise the limit or lower the request",
        ),
      );
  return spec;
}
