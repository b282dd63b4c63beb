import type { StackResult } from "../contract/result.ts";

/** What a stack is doing now. */
export interface Progress {
  readonly stack: string;
  readonly phase:
    | "waiting"
    | "repairing"
    | "preview"
    /** Last copies are made sure of. */
    | "copy"
    | "unlock"
    | "update"
    | "destroy"
    | "refresh"
    | "done";
  /** Resources that are done in this phase. */
  readonly done: number;
  /** How many there are, where known. */
  readonly total?: number;
  /** Name of the resource that was begun last, or that waits. */
  readonly resource?: string | undefined;
  /** Why it is not ready yet. */
  readonly waiting?: string | undefined;
  /** With phase `done`. */
  readonly status?: StackResult["status"];
}
