import { apply, applyAsOwner, isForced, managerOf, owns, targetOf, tryFresh } from "./apply.ts";
import { identityOf, type Target } from "./discovery.ts";
import {
  ApiError,
  isMissingNamespace,
  isOwnershipConflict,
  isUnserved,
  statusOf,
  whyNoDryRun,
} from "./failure.ts";
import { textAt, type JsonObject } from "./json.ts";
import { saying, warn, type Left, type Wanted } from "./lifecycle.ts";
import { outputsOf, overlaid, previewed, restored, type Stored } from "./outputs.ts";
import { foreignText, saysImmutable } from "./problems.ts";
import type { Session } from "./session.ts";
import { hasUnknown } from "./values.ts";
import { read } from "./watch.ts";

/** What a create would give: a dry run wherever one is possible, so that defaults are known and errors show early. */
export async function previewCreate(session: Session, wanted: Wanted): Promise<Left> {
  const inputs = wanted.inputs.value;
  const manager = managerOf(wanted.urn);
  const record: Stored = {
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
      if (isUnserved(error)) return left(sayUnknownKind(session, wanted));
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
  old: Stored,
  oldOutputs: JsonObject,
): Promise<Left> {
  const inputs = wanted.inputs.value;
  const record: Stored = { ...old, inputs: wanted.inputs };
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
  session.discovery.forget(apiVersion);
  if (session.first(`kind ${apiVersion} ${kind}`))
    session.log.info(
      urn,
      `the API server does not serve ${kind} (${apiVersion}) yet: the object could not be checked in this preview`,
    );
  return inputs.value;
}
