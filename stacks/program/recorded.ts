import {
  ComponentResource,
  CustomResource,
  type ProviderResource,
  type Resource,
  type ResourceTransformation,
} from "@pulumi/pulumi";
import { keyOfUrn, resourceKey } from "./protect.ts";

/**
 * Lets the engine find what is recorded under other parents: a driver that was built anew around the same resources keeps
 * them. Within a stack, type and logical name say which resource it is; where they name two, nothing is said.
 * @param urns Of everything that is recorded.
 */
export function recordedAliases(urns: readonly string[]): ResourceTransformation {
  const byKey = new Map<string, string | undefined>();
  for (const urn of urns) {
    const key = keyOfUrn(urn);
    byKey.set(key, byKey.has(key) ? undefined : urn);
  }
  return ({ type, name, props, opts }) => {
    const urn = byKey.get(resourceKey(type, name));
    if (urn === undefined || typesOf(urn) === expectedTypes(type, opts.parent)) return undefined;
    const aliases = Array.isArray(opts.aliases) ? (opts.aliases as readonly string[]) : [];
    return { props, opts: { ...opts, aliases: [...aliases, urn] } };
  };
}

const typesOf = (urn: string): string => urn.split("::")[2] ?? "";

/** Types in the URN of a resource that is about to be registered. */
function expectedTypes(type: string, parent: Resource | undefined): string {
  const outer = (parent as unknown as { readonly __pulumiType?: string } | undefined)?.__pulumiType;
  return outer === undefined || outer === "pulumi:pulumi:Stack" ? type : `${outer}$${type}`;
}

/** A recorded resource as the engine is told of it again, with some of its inputs changed. */
export interface RecordedSpec {
  readonly type: string;
  readonly name: string;
  /** Types and names of the components that it belongs to, the outermost first. */
  readonly parents: readonly { readonly type: string; readonly name: string }[];
  /** What changes. */
  readonly inputs: Readonly<Record<string, string | boolean>>;
  /** Names of the recorded inputs that stay as they are; values, secret ones too, never leave the engine. */
  readonly kept: readonly string[];
}

class RecordedComponent extends ComponentResource {}
class RecordedResource extends CustomResource {}

/**
 * Registers recorded resources, each below the components that it is recorded under. One after the other, in the order of
 * the state: what an untargeted resource depends on is registered by the engine itself where the program has not yet.
 */
export function recordedResources(
  specs: readonly RecordedSpec[],
  provider: ProviderResource | undefined,
): void {
  const before: Resource[] = provider ? [provider] : [];
  const components = new Map<string, Resource>();
  for (const { type, name, parents, inputs, kept } of specs) {
    let parent: Resource | undefined;
    const place = () => ({ dependsOn: [...before], ...(parent && { parent }) });
    for (const outer of parents) {
      const key = resourceKey(outer.type, outer.name);
      const found: Resource =
        components.get(key) ?? new RecordedComponent(outer.type, outer.name, {}, place());
      components.set(key, found);
      parent = found;
    }
    const resource = new RecordedResource(type, name, inputs, {
      ...place(),
      ignoreChanges: [...kept],
      ...(provider && { provider }),
    });
    before.push(resource);
  }
}
