import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Resource,
} from "@pulumi/pulumi";
import type { Json } from "../../stacks/contract/value.ts";
import { mergePatch } from "./merge-patch.ts";

/** Changes the arguments of one child: a merge patch (RFC 7386), or a function from arguments to arguments. */
export type Transform<A> = { readonly [key: string]: Json } | ((args: A, name: string) => A);

/** Every component: children are named `<parent>-<suffix>`, belong to it, and can be transformed by name. */
export abstract class FairwayComponent extends ComponentResource {
  readonly #name: string;
  readonly #dependsOn: ComponentResourceOptions["dependsOn"];

  /**
   * @param type Pulumi type token, `fairway:<noun>:<Class>`.
   * @param name Logical name, the prefix of every child's.
   */
  protected constructor(type: string, name: string, opts: ComponentResourceOptions = {}) {
    super(type, name, {}, opts);
    this.#name = name;
    this.#dependsOn = opts.dependsOn;
  }

  /**
   * Builds a child: the parent is this component, the name is this one's and the suffix, and the caller's transform
   * has the last word on the arguments. It depends on what this component depends on, which the SDK does not see to:
   * otherwise `destroy` would take the walls down while workloads still run.
   */
  protected child<A, R extends Resource>(
    suffix: string,
    type: new (name: string, args: A, opts?: CustomResourceOptions) => R,
    args: NonNullable<NoInfer<A>>,
    transform?: Transform<NonNullable<NoInfer<A>>>,
    opts: CustomResourceOptions = {},
  ): R {
    const name = `${this.#name}-${suffix}`;
    const final =
      typeof transform === "function"
        ? transform(args, name)
        : transform
          ? (mergePatch(args, transform) as typeof args)
          : args;
    // Nested lists are flattened by the SDK.
    const dependsOn = [opts.dependsOn ?? [], this.#dependsOn ?? []] as unknown as Resource[];
    return new type(name, final, { ...opts, dependsOn, parent: this });
  }
}
