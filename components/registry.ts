import type { ComponentResourceOptions, Input, Resource } from "@pulumi/pulumi";
import type { PlanValue } from "../stacks/contract/plan.ts";
import type { BuildContext } from "./base/context.ts";

/** Builds the component of a plan item and gives its outputs by name. */
export type Builder = (
  name: string,
  args: Readonly<Record<string, PlanValue>>,
  context: BuildContext,
  opts: ComponentResourceOptions,
) => {
  readonly component: Resource;
  readonly outputs: Readonly<Record<string, Input<string>>>;
};

/** Component key of a plan item → what builds it. The pure faces are listed in catalog.ts. */
export const REGISTRY: Readonly<Record<string, Builder>> = {};
