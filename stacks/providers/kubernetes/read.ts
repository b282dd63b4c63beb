import { apply, managerOf } from "./apply.ts";
import { secretKindPaths } from "./check.ts";
import { kindOfToken, type Target } from "./discovery.ts";
import { driftedInputs, prunedTo, withoutNoise } from "./drift.ts";
import { isMissingNamespace, statusOf, whyNoDryRun } from "./failure.ts";
import { objectAt, same, textAt, type JsonObject } from "./json.ts";
import type { Left } from "./lifecycle.ts";
import { idOf, outputsOf, placeOfId, recordOf } from "./outputs.ts";
import { nameOf, refusalText } from "./problems.ts";
import { withCanonicalQuantities } from "./quantity.ts";
import { unreadyReason } from "./ready/wait.ts";
import { waiterOf } from "./ready/waiters.ts";
import type { Session } from "./session.ts";
import type { Values } from "./values.ts";
import { read } from "./watch.ts";

/** What the engine knows of a resource it wants read; `inputs` and `outputs` are empty for an import or a `.get`. */
export interface Known {
  urn: string;
  token: string;
  id: string;
  inputs: Values;
  outputs: Values;
}

/** A resource as it is, and inputs that say so; undefined where it does not exist. */
export interface Found extends Left {
  inputs: Values;
}

/** Reads the live object and tells what drifted: inputs come back as stored, with live values where those differ. */
export async function readLive(session: Session, known: Known): Promise<Found | undefined> {
  const place = placeOfId(known.id);
  const stored =
    Object.keys(known.inputs.value).length > 0 ? known.inputs.value : known.outputs.value;
  const identity = { ...kindOfToken(known.token), ...versionOf(stored), ...place };
  try {
    const target = await session.discovery.find(identity);
    const live = target && (await read(session.client, target, session.signal));
    if (!target || !live) return undefined;
    const record = recordOf(known.outputs, known.inputs, managerOf(known.urn));
    const isImport = Object.keys(record.inputs.value).length === 0;
    const inputs = isImport
      ? withoutNoise(live)
      : await drifted(session, known.urn, target, record.inputs.value, record.manager, live);
    const values: Values = {
      value: inputs,
      secrets: isImport ? secretKindPaths(inputs) : record.inputs.secrets,
    };
    const waiter = isImport ? undefined : waiterOf(inputs);
    const reason = waiter && (await unreadyReason(session.client, waiter, live));
    const outputs = outputsOf(live, {
      ...record,
      inputs: values,
      initialApiVersion: record.initialApiVersion || textAt(live, "apiVersion"),
    });
    return {
      id: idOf(target),
      inputs: values,
      outputs,
      ...(reason ? { failure: `${nameOf(target)}: ${reason}` } : {}),
    };
  } catch (error) {
    if (statusOf(error) > 0) throw new Error(refusalText(error, identity), { cause: error });
    throw error;
  }
}

async function drifted(
  session: Session,
  urn: string,
  target: Target,
  inputs: JsonObject,
  manager: string,
  live: JsonObject,
): Promise<JsonObject> {
  try {
    const { body } = await apply(session, target, inputs, { manager, dryRun: true, force: true });
    return driftedInputs(inputs, body, live);
  } catch (error) {
    if (isMissingNamespace(error)) return inputs;
    const why = whyNoDryRun(error);
    if (why === undefined && statusOf(error) !== 422) throw error;
    if (why && session.first(why)) {
      session.log.info(
        urn,
        `${why}, so drift was found by comparing the stored inputs with the live objects`,
      );
    }
    const pruned = objectAt(prunedTo(inputs, withoutNoise(live)));
    return same(withCanonicalQuantities(pruned), withCanonicalQuantities(inputs)) ? inputs : pruned;
  }
}

function versionOf(stored: JsonObject): { apiVersion?: string; kind?: string } {
  const [apiVersion, kind] = [textAt(stored, "apiVersion"), textAt(stored, "kind")];
  return apiVersion && kind ? { apiVersion, kind } : {};
}
