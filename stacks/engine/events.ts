import type { Change } from "../contract/result.ts";
import type { Json } from "../contract/value.ts";
import { hideSecrets } from "../state/secret.ts";

/** One line of the engine's event stream, as far as it is read here (apitype.EngineEvent). */
export interface EngineEvent {
  readonly sequence?: number;
  readonly diagnosticEvent?: {
    readonly urn?: string;
    readonly message: string;
    readonly severity: "info" | "info#err" | "warning" | "error" | "debug";
    readonly ephemeral?: boolean;
  };
  readonly resourcePreEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
  readonly policyEvent?: {
    readonly resourceUrn?: string;
    readonly message: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
  };
  readonly summaryEvent?: { readonly maybeCorrupt?: boolean; readonly result?: string };
  readonly cancelEvent?: object;
  readonly errorEvent?: { readonly error: string };
}

export interface StepState {
  readonly urn?: string;
  readonly id?: string;
  readonly parent?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old: StepState | null;
  readonly new: StepState | null;
  readonly diffs?: readonly string[] | null;
  readonly keys?: readonly string[] | null;
  readonly detailedDiff: Readonly<Record<string, { diffKind: string; inputDiff: boolean }>> | null;
  readonly logical?: boolean;
}

/** Something the engine or a provider said. */
export interface Diagnostic {
  readonly urn?: string;
  readonly message: string;
}

/** What an operation's events add up to. */
export interface EventSummary {
  readonly changes: readonly Change[];
  readonly errors: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** Mandatory violations: `rule` of `urn`. */
  readonly violations: readonly {
    readonly rule: string;
    readonly urn: string;
    readonly message: string;
  }[];
  readonly outputs: Readonly<Record<string, Json>>;
  /** The stack's outputs differ from those recorded. */
  readonly outputsChanged: boolean;
  /** The stream ended as it should. */
  readonly complete: boolean;
  readonly maybeCorrupt: boolean;
}

/** How a line of a diagnostic begins; most lines are such, and are not worth parsing. */
const DIAGNOSTIC = /^\{"sequence":\d+,"timestamp":\d+,"diagnosticEvent":/;

/** Reads a line; debug lines, which may hold anything, are undefined. Throws where it is no event. */
export function parseEvent(line: string): EngineEvent | undefined {
  if (DIAGNOSTIC.test(line) && line.includes('"severity":"debug"')) return undefined;
  const event = JSON.parse(line) as EngineEvent;
  return event.diagnosticEvent?.severity === "debug" ? undefined : event;
}

/** An event as it may be kept: a value that is secret on one side of a change is hidden on both. */
export function redactEvent(event: EngineEvent): EngineEvent {
  const clean = <T extends { metadata: StepMetadata }>(step: T): T => ({
    ...step,
    metadata: {
      ...step.metadata,
      ...hidePair(step.metadata),
    },
  });
  return {
    ...event,
    ...(event.resourcePreEvent && { resourcePreEvent: clean(event.resourcePreEvent) }),
    ...(event.resOutputsEvent && { resOutputsEvent: clean(event.resOutputsEvent) }),
    ...(event.resOpFailedEvent && { resOpFailedEvent: clean(event.resOpFailedEvent) }),
  };
}

function hidePair({ old, new: now }: StepMetadata): Pick<StepMetadata, "old" | "new"> {
  const hide = (state: StepState | null, other: StepState | null): StepState | null =>
    state && {
      ...state,
      inputs: hideSecrets(state.inputs ?? {}, other?.inputs) as Record<string, unknown>,
      outputs: hideSecrets(state.outputs ?? {}, other?.outputs) as Record<string, unknown>,
    };
  return { old: hide(old, now), new: hide(now, old) };
}
