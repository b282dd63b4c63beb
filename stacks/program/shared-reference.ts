import { type Output, StackReference, getOrganization, getProject, output } from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output.js";
import type { Resource } from "@pulumi/pulumi";

/**
 * Outputs of another stack. Names, never values, pass between services; only `platform.*` and `shared-*` are read.
 * @param known Whether that stack has state; if not, its outputs are unknown, as in the preview before it exists.
 * @param names Outputs that the plan refers to.
 */
export function sharedReference(
  name: string,
  stack: string,
  known: boolean,
  names: Iterable<string>,
): { component?: Resource; outputs: Record<string, Output<string>> } {
  const reference = known
    ? new StackReference(name, { name: `${getOrganization()}/${getProject()}/${stack}` })
    : undefined;
  const read = (key: string): Output<string> =>
    reference
      ? (reference.requireOutput(key) as Output<string>)
      : output(unknown as unknown as string);
  return {
    ...(reference && { component: reference }),
    outputs: Object.fromEntries([...names].map((key) => [key, read(key)])),
  };
}
