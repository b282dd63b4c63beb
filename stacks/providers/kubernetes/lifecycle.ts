import { applyAsOwner, isForced, managerOf, owns, targetOf } from "./apply.ts";
import { pause, type Reply } from "./client.ts";
import { awaitGone } from "./delete.ts";
import { identityOf, type Target } from "./discovery.ts";
import { ApiError, CancelledError, isUnserved } from "./failure.ts";
import { textAt, type JsonObject } from "./json.ts";
import { idOf, outputsOf, type Stored } from "./outputs.ts";
import { foreignText, isTerminating, nameOf, refusalText } from "./problems.ts";
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
  const record: Stored = {
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
export async function update(session: Session, wanted: Wanted, old: Stored): Promise<Left> {
  const record: Stored = { ...old, inputs: wanted.inputs };
  return await saying(wanted.inputs.value, record.manager, async () => {
    const target = await knownTarget(session, wanted.inputs.value);
    return await applyAndWait(session, target, wanted, record);
  });
}

async function applyAndWait(
  session: Session,
  target: Target,
  wanted: Wanted,
  record: Stored,
): Promise<Left> {
  const inputs = wanted.inputs.value;
  if (session.signal.aborted) throw new CancelledError();
  const reply = await applyServed(session, target, inputs, record.manager);
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

/** Applies; a definition that is established is served only a moment later, and until then its objects are not found. */
async function applyServed(
  session: Session,
  target: Target,
  inputs: JsonObject,
  manager: string,
): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyAsOwner(session, target, inputs, { manager, force: isForced(inputs) });
    } catch (error) {
      if (!isUnserved(error) || attempt >= KIND_ATTEMPTS) throw error;
      session.discovery.forget(target.apiVersion);
      await pause(KIND_WAIT, session.signal);
    }
  }
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

/** Shows the API server's warnings, each once. */
export function warn(session: Session, { urn }: Wanted, reply: Reply): void {
  for (const text of reply.warnings)
    if (session.first(`${urn} ${text}`)) session.log.warn(urn, text);
}

/** Runs an operation; refusals of the API server come out as readable texts about the object. */
export async function saying<T>(
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
