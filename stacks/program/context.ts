/** What a program needs beside its plan. Never part of the digest: it differs between machines, not between meanings. */
export interface ProgramContext {
  /** The environment's key, 32 bytes; passwords are derived from it. */
  readonly key: Uint8Array;
  /** Stacks that have state. Outputs of others count as unknown: the engine fails on a reference to an absent stack. */
  readonly sharedStacks: ReadonlySet<string>;
  /** URNs of what is recorded of the stack: what is built under other parents is found by them. Default none. */
  readonly recorded?: readonly string[];
  /** Consents that have been used (memory.ts). Default none. */
  readonly spent?: readonly string[];
  /** Item → what its password was first derived from (memory.ts). Default: what the plan says. */
  readonly identities?: Readonly<Record<string, string>>;
  /** Context of the surroundings' kubeconfig; absent: its current one. */
  readonly kubernetes: { readonly context?: string };
}
