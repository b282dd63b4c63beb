import type { Input } from "@pulumi/pulumi";
import type { PlanValue } from "../../stacks/contract/plan.ts";
import type { BuildContext } from "./context.ts";
import { MOST_PREVIOUS, type ServerArgs } from "./server.ts";
import type { PasswordSource, ServerSpec } from "./server.plan.ts";

/**
 * Arguments of a server's component from its plan item: what the plan says, with the passwords derived, now and for
 * earlier rotations. `A` is the component's arguments type, whose further fields the plan item holds too.
 */
export function serverArgs<A extends ServerArgs>(
  args: Readonly<Record<string, PlanValue>>,
  context: BuildContext,
): A {
  const { identity, ...spec } = context.fromPlan<ServerSpec & PasswordSource>(args);
  const earlier = Math.min(spec.rotation - 1, MOST_PREVIOUS);
  const full: ServerArgs = {
    ...spec,
    password: context.password(identity, spec.rotation),
    previous: Array.from({ length: earlier }, (_, index) =>
      context.password(identity, spec.rotation - 1 - index),
    ),
  };
  return full as A;
}

/** Arguments of a component with one password from its plan item: what the plan says, with the password derived. */
export function passwordArgs<A extends { readonly password: Input<string> }>(
  args: Readonly<Record<string, PlanValue>>,
  context: BuildContext,
): A {
  const { identity, rotation, ...spec } = context.fromPlan<PasswordSource>(args);
  const full: { readonly password: Input<string> } = {
    ...spec,
    password: context.password(identity, rotation),
  };
  return full as A;
}
