import type { Plan } from "../contract/plan.ts";
import type { Problem } from "../contract/problem.ts";
import type { EventSummary } from "./events.ts";

/** One engine operation, as a worker is asked to do it: plain data. */
export interface Job {
  /** Absolute path of the engine. */
  readonly engine: string;
  /** Arguments before those that every operation has. */
  readonly args: readonly string[];
  readonly stack: string;
  /** Of the backend; absent: what backends of one's own say. */
  readonly organization?: string;
  /** What the program builds. Absent: the operation runs no program. */
  readonly plan?: Plan;
  readonly context: {
    /** Hex. */
    readonly key: string;
    readonly sharedStacks: readonly string[];
    readonly recorded?: readonly string[];
    readonly spent?: readonly string[];
    readonly identities?: Readonly<Record<string, string>>;
    readonly kubernetes: { readonly context?: string };
  };
  /** The engine's whole environment but the providers that the worker serves. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What the worker serves: the Kubernetes provider where its plugin is not installed; in rehearsal every package. */
  readonly providers:
    | { readonly serve: "none" | "kubernetes" }
    | { readonly serve: "rehearsal"; readonly world: string };
  readonly kubeconfig?: string;
  /** Where the event stream is kept, without debug lines and secrets. */
  readonly eventsFile: string;
  /** Lease that the engine's process is added to. */
  readonly leaseFile?: string;
}

/** How an engine operation ended. */
export interface Outcome {
  /** Exit code; null where a signal ended the engine. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly events: EventSummary;
  /** What the program threw. */
  readonly thrown: readonly Problem[];
  /** The end of what the engine printed to its standard error: what is wrong beside the resources. */
  readonly printed: string;
  /** The event stream could not be kept or read. */
  readonly streamError?: string;
}

/** Parent → worker. Each `interrupt` is one SIGINT to the engine. */
export type Request = { readonly kind: "job"; readonly job: Job } | { readonly kind: "interrupt" };

/** What a worker tells while an operation runs. */
export interface Telling {
  readonly done: number;
  readonly resource?: string;
  readonly waiting?: string;
}

/** Worker → parent. */
export type Reply =
  | { readonly kind: "told"; readonly told: readonly Telling[] }
  | { readonly kind: "done"; readonly outcome: Outcome }
  /** The operation could not be started, or the worker itself is broken. */
  | { readonly kind: "failed"; readonly problems: readonly Problem[] };
