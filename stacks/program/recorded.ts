import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import {
  ComponentResource,
  CustomResource,
  ProviderResource,
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
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** It is no component. */
  readonly custom: boolean;
  /** URNs of what it is recorded under; of specs before this one, or not registered by a program at all. */
  readonly parent?: string;
  readonly provider?: string;
  /** What changes. */
  readonly inputs: Readonly<Record<string, string | boolean>>;
  /** Names of the recorded inputs that stay as they are; values, secret ones too, never leave the engine. */
  readonly kept: readonly string[];
}

class RecordedComponent extends ComponentResource {}
class RecordedResource extends CustomResource {}

/** Registers recorded resources again, in the order of the state. */
export function recordedResources(specs: readonly RecordedSpec[]): void {
  const made = new Map<string, Resource>();
  for (const { urn, type, name, custom, inputs, kept, ...by } of specs) {
    const parent = made.get(by.parent ?? "");
    const provider = made.get(by.provider ?? "");
    const options = {
      ignoreChanges: kept.filter((key) => key !== "version"),
      ...(parent && { parent }),
      ...(provider instanceof ProviderResource && { provider }),
    };
    made.set(
      urn,
      type === "pulumi:providers:aws"
        ? new AwsProvider(name, {}, options)
        : custom
          ? new RecordedResource(type, name, { ...inputs }, options)
          : new RecordedComponent(type, name, {}, options),
    );
  }
}
