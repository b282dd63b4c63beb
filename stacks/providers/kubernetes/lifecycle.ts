import { apply, applyAsOwner, isForced, managerOf, owns, targetOf, tryFresh } from "./apply.ts";
import { pause, type Reply } from "./client.ts";
import { awaitGone } from "./delete.ts";
import { identityOf, type Target } from "./discovery.ts";
import {
  ApiError,
  CancelledError,
  isMissingNamespace,
  isOwnershipConflict,
  statusOf,
  whyNoDryRun,
} from "./failure.ts";
import { textAt, type JsonObject } from "./json.ts";
import { idOf, outputsOf, overlaid, previewed, restored, type Record } from "./outputs.ts";
import { foreignText, isTerminating, nameOf, refusalText, saysImmutable } from "./problems.ts";
import { awaitReady } from "./ready/wait.ts";
import { waiterOf } from "./ready/waiters.ts";
import type { Session } from "./session.ts";
import { hasUnknown, UNKNOWN, type Values } from "./values.ts";
import { read } from "./watch.ts";

/** What the engine wants of one resource. */
export interface Wanted {
  urn: string;
  inputs: Values;
  /** Seconds; 0 where the program sets none. */
  timeout: number;
}

/** What an operation leaves behind. */
export interface Left {
  id: string;
  outputs: Values;
  /** Why the object, which exists, is not ready. */
  failure?: string;
}

const DEFAULT_TIMEOUT = 600;

/** Creates the object and waits until it is ready. An object that is there already is adopted only if its field manager is ours. */
export async function create(session: Session, wanted: Wanted): Promise<Left> {
  const inputs = wanted.inputs.value;
  const record: Record = {
    inputs: wanted.inputs,
    manager: managerOf(wanted.urn),
    initialApiVersion: textAt(inputs, "apiVersion"),
  };
  return await saying(inputs, record.manager, async () => {
    const target = await knownTarget(session, inputs);
    const live = await read(session.client, target, session.signal);
    if (live && isTerminating(live)) await awaitGone(session, target, live, timeoutOf(wanted));
    else if (live && !owns(live, record.manager) && !isForced(inputs))
      throw new Error(foreignText(live, target));
    return await applyAndWait(session, target, wanted, record);
  });
}

/** Applies changed inputs in place and waits until the object is ready again. */
export async function update(session: Session, wanted: Wanted, old: Record): Promise<Left> {
  const record: Record = { ...old, inputs: wanted.inputs };
  return await saying(wanted.inputs.value, record.manager, async () => {
    const target = await knownTarget(session, wanted.inputs.value);
    return await applyAndWait(session, target, wanted, record);
  });
}

/** What a create would give: a dry run wherever one is possible, so that defaults are known and errors show early. */
export async function previewCreate(session: Session, wanted: Wanted): Promise<Left> {
  const inputs = wanted.inputs.value;
  const manager = managerOf(wanted.urn);
  const record: Record = {
    inputs: wanted.inputs,
    manager,
    initialApiVersion: textAt(inputs, "apiVersion"),
  };
  const left = (answer: JsonObject): Left => ({
    id: "",
    outputs: outputsOf(previewed(answer, inputs, true), record),
  });
  if (hasUnknown(inputs)) return left(inputs);
  return await saying(inputs, manager, async () => {
    const target = await targetOf(session, inputs);
    if (!target) return left(sayUnknownKind(session, wanted));
    let failure: unknown;
    try {
      const reply = await apply(session, target, inputs, { manager, dryRun: true });
      if (reply.status === 201) {
        warn(session, wanted, reply);
        return left(reply.body);
      }
    } catch (error) {
      if (isMissingNamespace(error)) return left(await tryElsewhere(session, wanted, target));
      if (whyNoDryRun(error)) return left(sayUnchecked(session, wanted, error));
      if (statusOf(error) !== 422 && !isOwnershipConflict(error)) throw error;
      failure = error;
    }
    return left(await previewOverExisting(session, wanted, target, manager, failure));
  });
}

/** What an update would give; conflicts with other managers show here already. */
export async function previewUpdate(
  session: Session,
  wanted: Wanted,
  old: Record,
  oldOutputs: JsonObject,
): Promise<Left> {
  const inputs = wanted.inputs.value;
  const record: Record = { ...old, inputs: wanted.inputs };
  const left = (answer: JsonObject): Left => ({ id: "", outputs: outputsOf(answer, record) });
  if (hasUnknown(inputs)) return left(overlaid(oldOutputs, old.inputs.value, inputs));
  return await saying(inputs, record.manager, async () => {
    const target = await targetOf(session, inputs);
    if (!target)
      return left(overlaid(oldOutputs, old.inputs.value, sayUnknownKind(session, wanted)));
    try {
      const reply = await applyAsOwner(session, target, inputs, {
        manager: record.manager,
        dryRun: true,
        force: isForced(inputs),
      });
      warn(session, wanted, reply);
      return left(previewed(reply.body, inputs, reply.status === 201));
    } catch (error) {
      if (isMissingNamespace(error))
        return left(previewed(await tryElsewhere(session, wanted, target), inputs, true));
      if (whyNoDryRun(error))
        return left(overlaid(oldOutputs, old.inputs.value, sayUnchecked(session, wanted, error)));
      throw error;
    }
  });
}

async function applyAndWait(
  session: Session,
  target: Target,
  wanted: Wanted,
  record: Record,
): Promise<Left> {
  const inputs = wanted.inputs.value;
  if (session.signal.aborted) throw new CancelledError();
  const reply = await applyAsOwner(session, target, inputs, {
    manager: record.manager,
    force: isForced(inputs),
  });
  warn(session, wanted, reply);
  const left = (object: JsonObject): Left => ({
    id: idOf(target),
    outputs: outputsOf(object, record),
  });
  const waiter = waiterOf(inputs);
  if (!waiter) return left(reply.body);
  const { object, failure } = await awaitReady(reply.body, {
    client: session.client,
    target,
    waiter,
    timeout: timeoutOf(wanted),
    signal: session.signal,
    now: session.now,
    report: (reason) => session.log.status(wanted.urn, reason && `waiting: ${reason}`),
  });
  return failure === undefined
    ? left(object)
    : { ...left(object), failure: `${nameOf(target)}: ${failure}` };
}

/** Milliseconds to wait: the program's custom timeout, else the annotation `pulumi.com/timeoutSeconds`, else ten minutes. */
export function timeoutOf({ timeout, inputs }: Pick<Wanted, "timeout" | "inputs">): number {
  const annotated = Number(
    textAt(inputs.value, "metadata", "annotations", "pulumi.com/timeoutSeconds"),
  );
  return (timeout || (annotated > 0 ? annotated : DEFAULT_TIMEOUT)) * 1000;
}

/** A preview create of an object that exists: the second half of a replacement, or a resource that state forgot. */
async function previewOverExisting(
  session: Session,
  wanted: Wanted,
  target: Target,
  manager: string,
  failure: unknown,
): Promise<JsonObject> {
  const inputs = wanted.inputs.value;
  const live = await read(session.client, target, session.signal);
  if (!live && failure !== undefined) throw failure;
  if (live && !owns(live, manager) && !isForced(inputs)) throw new Error(foreignText(live, target));
  if (target.kind === "CustomResourceDefinition") {
    if (failure instanceof ApiError && !saysImmutable(failure)) throw failure;
    return inputs;
  }
  const { reply, temporary } = await tryFresh(session, target, inputs);
  return restored(reply.body, temporary, target);
}

/** The namespace does not exist yet: the object is tried in `default`, for its defaults and its errors. */
async function tryElsewhere(session: Session, wanted: Wanted, target: Target): Promise<JsonObject> {
  if (session.first(`namespace ${target.namespace}`)) {
    session.log.info(
      wanted.urn,
      `namespace ${target.namespace} does not exist yet: its Pod Security level and quotas could not be checked in this preview`,
    );
  }
  try {
    const { reply, temporary } = await tryFresh(session, target, wanted.inputs.value, "default");
    return restored(reply.body, temporary, target);
  } catch (error) {
    if ([403, 404, 409].includes(statusOf(error))) return wanted.inputs.value;
    throw error;
  }
}

function sayUnchecked(session: Session, { urn, inputs }: Wanted, error: unknown): JsonObject {
  const why = whyNoDryRun(error) ?? "";
  if (session.first(why))
    session.log.info(urn, `${why}: the API server could not check this preview`);
  return inputs.value;
}

function sayUnknownKind(session: Session, { urn, inputs }: Wanted): JsonObject {
  const { apiVersion, kind } = identityOf(inputs.value);
  if (session.first(`kind ${apiVersion} ${kind}`))
    session.log.info(
      urn,
      `the API server does not serve ${kind} (${apiVersion}) yet: the object could not be checked in this preview`,
    );
  return inputs.value;
}

const KIND_ATTEMPTS = 10;
const KIND_WAIT = 200;

/** The object's place in the API. A kind whose definition was just made may take a moment to be served. */
async function knownTarget(session: Session, inputs: JsonObject): Promise<Target> {
  const { apiVersion, kind } = identityOf(inputs);
  if (
    hasUnknown(inputs["apiVersion"]) ||
    hasUnknown(inputs["kind"]) ||
    inputs["metadata"] === UNKNOWN
  )
    throw new Error("the object's kind or name is unknown");
  for (let attempt = 0; attempt < KIND_ATTEMPTS; attempt++) {
    const target = await targetOf(session, inputs);
    if (target) return target;
    await pause(KIND_WAIT, session.signal);
  }
  throw new Error(
    `the API server at ${session.client.access.server.origin} does not serve ${kind} (${apiVersion}): is its CustomResourceDefinition installed?`,
  );
}

function warn(session: Session, { urn }: Wanted, reply: Reply): void {
  for (const text of reply.warnings)
    if (session.first(`${urn} ${text}`)) session.log.warn(urn, text);
}

/** Runs an operation; refusals of the API server come out as readable texts about the object. */
async function saying<T>(
  inputs: JsonObject,
  manager: string,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new Error(refusalText(error, identityOf(inputs), manager), { cause: error });
  }
}
