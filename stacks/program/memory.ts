import type { Json } from "../contract/value.ts";

/** What a stack remembers from one update to the next, as texts among its outputs. */
export interface Memory {
  /** Keys of consents that have been used. */
  readonly spent: readonly string[];
  /**
   * Item → what its password was first derived from: a class that changes later changes no password. Of state from before
   * this was kept none, and what the plan says is what it was.
   */
  readonly identities: Readonly<Record<string, string>>;
}

/** Reads it from the outputs of a stack. */
export function memoryOf(outputs: Readonly<Record<string, Json>>): Memory {
  const { consents, identities } = outputs;
  return {
    spent: typeof consents === "string" ? (JSON.parse(consents) as string[]) : [],
    identities:
      typeof identities === "string" ? (JSON.parse(identities) as Record<string, string>) : {},
  };
}

/** The outputs that hold it; what is empty is not written. */
export const memoryOutputs = ({ spent, identities }: Memory): Record<string, string> => ({
  ...(spent.length > 0 && { consents: JSON.stringify(spent) }),
  ...(Object.keys(identities).length > 0 && { identities: JSON.stringify(identities) }),
});
