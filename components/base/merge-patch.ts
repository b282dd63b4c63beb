import { Output, output } from "@pulumi/pulumi";
import type { Json } from "../../stacks/contract/value.ts";

/**
 * JSON merge patch (RFC 7386) on resource inputs: objects merge, null removes, everything else (lists too) replaces.
 * Where the target is not known yet and the patch is an object, the result is an output of the merge.
 */
export function mergePatch(target: unknown, patch: Json): unknown {
  if (!isRecord(patch)) return patch;
  if (Output.isInstance(target) || target instanceof Promise)
    return output(target as Promise<object>).apply((value) => mergePatch(value, patch));
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = mergePatch(result[key], value);
  }
  return result;
}

function isRecord(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
