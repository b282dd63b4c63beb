import type { CostComparison } from "./cost.ts";
import type { Verdict } from "./finding.ts";
import type { Problem } from "./problem.ts";
import type { Json } from "./value.ts";

/** What can be done with a stack; `preview` and `refresh` change nothing. */
export const OPERATIONS = ["preview", "up", "destroy", "refresh"] as const;
/** One of {@link OPERATIONS}. */
export type Operation = (typeof OPERATIONS)[number];

/** What the engine does, or would do, with one resource. */
export interface Change {
  readonly op: "create" | "update" | "replace" | "delete" | "same" | "read" | "refresh";
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Kubernetes id, `namespace/name`, where known. */
  readonly id?: string;
  /** Changed input paths, with old and new values; secret ones have none. */
  readonly fields: readonly {
    readonly path: string;
    readonly old?: Json;
    readonly new?: Json;
    readonly secret: boolean;
    readonly replaces: boolean;
  }[];
  /** The component it belongs to, as the item's id. */
  readonly item?: string;
  /** Failed, with the reason. */
  readonly error?: string;
}

/** How one stack operation ended. */
export interface StackResult {
  readonly stack: string;
  readonly operation: Operation;
  /** `skipped`: a stack it depends on failed. `refused`: policy or consent. */
  readonly status: "succeeded" | "failed" | "refused" | "cancelled" | "skipped" | "busy";
  readonly planDigest: string;
  readonly changes: readonly Change[];
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly Problem[];
  /** Warnings of the engine and its providers. */
  readonly notes?: readonly string[];
  /** Stack outputs; secrets are `"[secret]"`. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** Milliseconds. */
  readonly duration: number;
}

/** How one run over several stacks ended. */
export interface RunResult {
  readonly run: string;
  readonly operation: Operation;
  readonly environment: string;
  readonly rehearsed: boolean;
  /** Of a rehearsed run: why it was rehearsed, and what it started from. */
  readonly because?: string;
  readonly stacks: readonly StackResult[];
  /** Of the run as a whole. */
  readonly problems: readonly Problem[];
  /** What is worth knowing and stops nothing. */
  readonly notes: readonly Problem[];
  /** What the change costs, of a preview that compares with a Git revision. */
  readonly cost?: CostComparison;
  readonly duration: number;
  readonly exit: number;
}
