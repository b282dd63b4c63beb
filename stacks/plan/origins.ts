import { ENVIRONMENT_DEFAULTS } from "../contract/environment-defaults.ts";
import type { Environment } from "../contract/environment.ts";
import type { Origin } from "../contract/origin.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Code } from "../contract/codes.ts";
import type { Service } from "../contract/service.ts";
import { OVERRIDE_FLAG, sourceOf } from "../contract/source.ts";

/** Something a team wrote: a path of the model, such as `scaling.min`. */
export const fromDescriptor = (service: Service, path: string): Origin => {
  const source = sourceOf(service, path);
  return source.file === OVERRIDE_FLAG
    ? { from: "flag", flag: `${OVERRIDE_FLAG} ${source.path}` }
    : { from: "descriptor", ...source };
};

/** Something an operator wrote, or left to its default: a path under `spec` of the environment. */
export const fromEnvironment = ({ file, unsaid = [] }: Environment, path: string): Origin =>
  unsaid.includes(path)
    ? fromDefault(ENVIRONMENT_DEFAULTS[path]!)
    : { from: "environment", file, path: `spec.${path}` };

/** Something nobody wrote. */
export const fromDefault = (reason: string): Origin => ({ from: "default", reason });

/** A problem at a path of the model. */
export const problemAt = (
  service: Service,
  path: string,
  code: Code,
  message: string,
  hint?: string,
): Problem => problem(code, message, { ...sourceOf(service, path), ...(hint && { hint }) });
