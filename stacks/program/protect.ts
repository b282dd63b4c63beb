import type { ResourceTransformation } from "@pulumi/pulumi";
import { holdsData } from "../contract/data.ts";
import type { Plan } from "../contract/plan.ts";

/** What a transformation can tell a resource by: within a stack, type and logical name belong to one. */
export const resourceKey = (type: string, name: string): string => `${type}::${name}`;

/** The same of a resource that is recorded. */
export const keyOfUrn = (urn: string): string => {
  const [, , types = "", name = ""] = urn.split("::");
  return resourceKey(types.slice(types.lastIndexOf("$") + 1), name);
};

/**
 * Makes the engine refuse to delete or replace what holds data: a second wall behind the consents (stacks/engine). The
 * engine goes by what is recorded: where the protection was taken out of the state, a replacement goes through.
 */
export const protector: ResourceTransformation = ({ type, props, opts }) =>
  holdsData(type) ? { props, opts: { ...opts, protect: true } } : undefined;

/** Ids of the items whose data is protected. The namespace goes with everything in it, so that it is as precious as the most precious thing there. */
export function protectedItems({ items }: Pick<Plan, "items">): ReadonlySet<string> {
  const some = items.some(({ protect }) => protect);
  return new Set(
    items
      .filter(({ protect, component }) => protect || (some && component === "tenancy"))
      .map(({ id }) => id),
  );
}
