import { type Input, type Output, all, output, secret } from "@pulumi/pulumi";
import {
  type Reference,
  type Text,
  isSecretText,
  isTemplate,
} from "../../stacks/contract/value.ts";
import type { PlanValue } from "../../stacks/contract/plan.ts";
import { derivePassword } from "./password.ts";

/** What the registry's builders may use beside an item's own arguments. */
export interface BuildContext {
  /** Namespace of the stack; empty for a platform stack. */
  readonly namespace: string;
  /** On every object: service, owner, environment, tier and the environment's own. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Password of a resource, secret from birth (see derivePassword).
   * @param rotation Raised to change it; the one before is `rotation - 1`.
   */
  password(identity: string, rotation: number, length?: number): Output<string>;
  /** Text with its references filled in; secret where any of them is. */
  resolve(text: Text): Input<string>;
  /** Every text in an item's arguments resolved, everything else as it is. `A` is the component's arguments type. */
  fromPlan<A>(args: Readonly<Record<string, PlanValue>>): A;
}

/** What a context is made of. */
export interface BuildContextOptions {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The environment's key, 32 bytes. */
  readonly key: Uint8Array;
  /** Finds an output of an item built before. */
  lookup(reference: Reference): Input<string>;
}

/** Makes the context of one stack's program. */
export function buildContext(options: BuildContextOptions): BuildContext {
  const resolve = (text: Text): Input<string> => {
    if (!isTemplate(text)) return text;
    const parts = text.$template.map((part) =>
      typeof part === "string" ? part : output(options.lookup(part)),
    );
    const joined = all(parts).apply((values) => values.join(""));
    return isSecretText(text) ? secret(joined) : joined;
  };
  const walk = (value: unknown): unknown => {
    if (isTemplate(value)) return resolve(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member)]));
  };
  return {
    namespace: options.namespace,
    labels: options.labels,
    password: (identity, rotation, length) =>
      secret(derivePassword(options.key, identity, rotation, length)),
    resolve,
    fromPlan: <A>(args: Readonly<Record<string, PlanValue>>) => walk(args) as A,
  };
}
