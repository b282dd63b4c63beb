import type { Change } from "../contract/result.ts";
import type { Json } from "../contract/value.ts";
import { hideSecrets } from "../state/secret.ts";
import type { Diagnostic, EngineEvent, EventSummary, StepMetadata } from "./events.ts";
import { fieldsOf } from "./fields.ts";

/** What is worth telling at once. */
export interface Told {
  readonly begun?: string;
  readonly ended?: string;
  /** Why a resource is not ready yet. */
  readonly waiting?: { readonly urn: string; readonly reason: string };
}

const OPS: Readonly<Record<string, Change["op"]>> = {
  create: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "remove-pending-replace": "replace",
  delete: "delete",
  discard: "delete",
  same: "same",
  read: "read",
  "read-replacement": "read",
  "discard-replaced": "read",
  import: "create",
  "import-replacement": "replace",
  refresh: "refresh",
};

const STACK_TYPE = "pulumi:pulumi:Stack";
/** Operations of which the strongest is shown where a resource has several steps. */
const RANK: readonly Change["op"][] = [
  "same",
  "refresh",
  "read",
  "update",
  "create",
  "delete",
  "replace",
];

/** Name of a resource: the part of a URN after the last `::`. */
export const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** Color codes and the engine's own markup. */
const plain = (text: string): string =>
  // eslint-disable-next-line no-control-regex
  text.replace(/\u001b\[[0-9;]*m|<\{%[^%]*%\}>/g, "").trim();

interface Step {
  readonly op: Change["op"];
  readonly metadata: StepMetadata;
  id?: string | undefined;
  ended: boolean;
  failed: boolean;
}

/**
 * Adds up the event stream of one engine operation.
 * @param items Logical name of an item's component → the item's id.
 */
export class EventReader {
  readonly #steps = new Map<string, Step>();
  readonly #parents = new Map<string, string>();
  readonly #errors: Diagnostic[] = [];
  readonly #warnings: Diagnostic[] = [];
  readonly #violations: EventSummary["violations"][number][] = [];
  #outputs: Readonly<Record<string, Json>> = {};
  #outputsChanged = false;
  #complete = false;
  #maybeCorrupt = false;
  readonly #items: ReadonlyMap<string, string>;

  constructor(items: ReadonlyMap<string, string>) {
    this.#items = items;
  }

  read(event: EngineEvent): Told {
    if (event.diagnosticEvent) return this.#diagnostic(event.diagnosticEvent);
    if (event.resourcePreEvent) return this.#begin(event.resourcePreEvent.metadata);
    if (event.resOutputsEvent) return this.#end(event.resOutputsEvent.metadata);
    if (event.resOpFailedEvent) this.#fail(event.resOpFailedEvent.metadata);
    if (event.policyEvent?.enforcementLevel === "mandatory")
      this.#violations.push({
        rule: event.policyEvent.policyName,
        urn: event.policyEvent.resourceUrn ?? "",
        message: plain(event.policyEvent.message),
      });
    if (event.errorEvent) this.#errors.push({ message: plain(event.errorEvent.error) });
    if (event.summaryEvent?.maybeCorrupt) this.#maybeCorrupt = true;
    if (event.cancelEvent) this.#complete = true;
    return {};
  }

  summary(): EventSummary {
    const steps = [...this.#steps.values()];
    // What was replaced under other parents is told once, unless its deletion went wrong.
    const moved = new Set(
      steps.flatMap(({ metadata: { urn, old } }) =>
        old?.urn !== undefined && old.urn !== urn ? [old.urn] : [],
      ),
    );
    return {
      changes: steps
        .filter(({ metadata }) => metadata.type !== STACK_TYPE)
        .filter(
          ({ metadata: { op, urn }, ended, failed }) =>
            op !== "delete-replaced" || !moved.has(urn) || failed || !ended,
        )
        .map((step) => this.#change(step))
        // Resources come in any order; what is told of them does not.
        .sort((a, b) => (a.urn < b.urn ? -1 : 1)),
      errors: this.#errors,
      warnings: this.#warnings,
      violations: this.#violations,
      outputs: this.#outputs,
      outputsChanged: this.#outputsChanged,
      complete: this.#complete,
      maybeCorrupt: this.#maybeCorrupt,
    };
  }

  #diagnostic({
    severity,
    message,
    urn,
    ephemeral,
  }: NonNullable<EngineEvent["diagnosticEvent"]>): Told {
    const told: Diagnostic = { message: plain(message), ...(urn && { urn }) };
    if (told.message === "") return {};
    if (severity === "error") this.#errors.push(told);
    if (severity === "warning") this.#warnings.push(told);
    return severity === "info" && ephemeral && urn
      ? { waiting: { urn, reason: told.message } }
      : {};
  }

  #begin(metadata: StepMetadata): Told {
    const parent = metadata.new?.parent || metadata.old?.parent;
    if (parent) this.#parents.set(metadata.urn, parent);
    const op = OPS[metadata.op] ?? "read";
    const before = this.#steps.get(metadata.urn);
    this.#steps.set(metadata.urn, {
      ...before,
      op: before && RANK.indexOf(before.op) > RANK.indexOf(op) ? before.op : op,
      metadata: strongest(before?.metadata, metadata),
      // `replace` only says what its two other steps do.
      ended: metadata.op === "replace" && before !== undefined && before.ended,
      failed: before?.failed ?? false,
    });
    return { begun: metadata.urn };
  }

  #end(metadata: StepMetadata): Told {
    const step = this.#steps.get(metadata.urn);
    // The event that ends a refresh says what was found; that of another step knows the id.
    if (step?.op === "refresh")
      this.#steps.set(metadata.urn, {
        ...step,
        op: OPS[metadata.op] ?? "same",
        metadata,
        ended: true,
      });
    else if (step) {
      step.ended = true;
      step.id = metadata.new?.id || step.id;
    }
    if (metadata.type === STACK_TYPE && metadata.new?.outputs) {
      this.#outputs = hideSecrets(metadata.new.outputs) as Record<string, Json>;
      this.#outputsChanged =
        JSON.stringify(metadata.old?.outputs ?? {}) !== JSON.stringify(metadata.new.outputs);
    }
    return { ended: metadata.urn };
  }

  #fail(metadata: StepMetadata): void {
    const step = this.#steps.get(metadata.urn);
    if (step) step.failed = true;
  }

  #change({ op, metadata, id: given, ended, failed }: Step): Change {
    const { urn, type } = metadata;
    const item = this.#itemOf(urn);
    const error = failed || (!ended && !this.#complete) ? this.#reason(urn, failed) : undefined;
    const id = given || metadata.new?.id || metadata.old?.id || plannedId(metadata);
    return {
      op,
      urn,
      type,
      name: nameOf(urn),
      ...(id && { id }),
      fields: op === "update" || op === "replace" ? fieldsOf(metadata) : [],
      ...(item !== undefined && { item }),
      ...(error !== undefined && { error }),
    };
  }

  #reason(urn: string, failed: boolean): string {
    const said = this.#errors.filter((error) => error.urn === urn).map(({ message }) => message);
    return said.length > 0 ? said.join("; ") : failed ? "failed" : "interrupted before it ended";
  }

  #itemOf(urn: string): string | undefined {
    for (let at: string | undefined = urn; at !== undefined; at = this.#parents.get(at)) {
      const item = this.#items.get(nameOf(at));
      if (item !== undefined && at.includes("fairway:")) return item;
    }
    return undefined;
  }
}

/** `namespace/name` of a Kubernetes object that does not exist yet: plans write both out. */
function plannedId({ type, new: planned }: StepMetadata): string | undefined {
  if (!type.startsWith("kubernetes:")) return undefined;
  const { namespace, name } = (planned?.inputs?.["metadata"] ?? {}) as Record<string, unknown>;
  if (typeof name !== "string") return undefined;
  return typeof namespace === "string" ? `${namespace}/${name}` : name;
}

/** Of the steps of one replacement the one that tells what differs. */
function strongest(a: StepMetadata | undefined, b: StepMetadata): StepMetadata {
  return a &&
    Object.keys(a.detailedDiff ?? {}).length > 0 &&
    Object.keys(b.detailedDiff ?? {}).length === 0
    ? a
    : b;
}
