import type { ComponentResourceOptions } from "@pulumi/pulumi";

/** Arguments that take transforms. */
type Transformed = { readonly transforms?: object };
/** Every transform that the arguments declare: one that is missing here is a type error. */
type Names<A extends Transformed> = Readonly<
  Record<keyof NonNullable<A["transforms"]>, readonly string[]>
>;

/** A component with arguments that make all of its children, and the children that each transform changes. */
export interface Case {
  readonly component: string;
  readonly names: Readonly<Record<string, readonly string[]>>;
  build(transforms: object): void;
}

export function of<A extends Transformed>(
  type: {
    new (name: string, args: A, opts?: ComponentResourceOptions): object;
    readonly type: string;
  },
  args: NoInfer<A>,
  names: NoInfer<Names<A>>,
): Case {
  return {
    component: type.type,
    names,
    build: (transforms) => void new type("x", { ...args, transforms }),
  };
}
