import { owns } from "./apply.ts";
import type { Reply } from "./client.ts";
import { CancelledError, isOtherObject, statusOf } from "./failure.ts";
import { groupOf, identityOf, type Identity, type Target } from "./discovery.ts";
import { listAt, textAt, type JsonObject } from "./json.ts";
import { condition, nameOf, refusalText } from "./problems.ts";
import type { Session } from "./session.ts";
import { follow, read } from "./watch.ts";

/** Deletes the object that the stored outputs tell of and waits until it is gone; an object, or a kind, that is gone already is no error. */
export async function remove(
  session: Session,
  urn: string,
  stored: JsonObject,
  inputs: JsonObject,
  timeout: number,
): Promise<void> {
  const identity = identityOf(stored);
  try {
    const target = await session.discovery.find(identity);
    if (!target) return;
    const reply = await sendDelete(session, urn, target, stored, inputs);
    if (!reply) return;
    const skip = textAt(inputs, "metadata", "annotations", "pulumi.com/skipAwait") === "true";
    if (skip || textAt(reply.body, "kind") === "Status") return;
    await awaitGone(session, target, reply.body, timeout, (reason) =>
      session.log.status(urn, `waiting: ${reason}`),
    );
  } catch (error) {
    if (statusOf(error) === 404) return;
    if (statusOf(error) > 0) throw new Error(refusalText(error, identity), { cause: error });
    throw error;
  }
}

/**
 * Asks for the deletion of the very object that state knows (its uid). One that somebody made anew under the same name
 * is deleted only if its field manager is ours; else it stays, and undefined is returned.
 */
async function sendDelete(
  session: Session,
  urn: string,
  target: Target,
  stored: JsonObject,
  inputs: JsonObject,
): Promise<Reply | undefined> {
  const policy =
    textAt(inputs, "metadata", "annotations", "pulumi.com/deletionPropagationPolicy") ||
    (isChildless(target) ? "Background" : "Foreground");
  const propagationPolicy = policy[0]?.toUpperCase() + policy.slice(1).toLowerCase();
  const ask = (uid: string): Promise<Reply> => {
    if (session.signal.aborted) throw new CancelledError();
    const body = {
      kind: "DeleteOptions",
      apiVersion: "v1",
      propagationPolicy,
      ...(uid ? { preconditions: { uid } } : {}),
    };
    return session.client.request({
      method: "DELETE",
      path: target.path,
      body,
      signal: session.signal,
    });
  };
  try {
    return await ask(textAt(stored, "metadata", "uid"));
  } catch (error) {
    if (!isOtherObject(error)) throw error;
    const live = await read(session.client, target, session.signal);
    if (live && owns(live, textAt(stored, "__fieldManager")))
      return await ask(textAt(live, "metadata", "uid"));
    session.log.warn(
      urn,
      `${nameOf(target)} was deleted, and made anew by somebody else: it is left alone`,
    );
    return undefined;
  }
}

/** What is gone within this time is not worth a line. */
const QUIET = 500;

/** Waits until an object that is being deleted is gone. */
export async function awaitGone(
  session: Session,
  target: Target,
  first: JsonObject,
  timeout: number,
  report: (reason: string) => void = () => {},
): Promise<void> {
  const [started, deadline] = [session.now(), session.now() + timeout];
  const now = await read(session.client, target);
  if (!now || textAt(now, "metadata", "uid") !== textAt(first, "metadata", "uid")) return;
  const watched = follow(session.client, target, now, session.signal);
  let reported = "";
  try {
    for (let object = watched.current(); object; object = watched.current()) {
      const reason = lingering(object);
      if (session.now() >= deadline)
        throw new Error(
          `${nameOf(target)} is still there after ${Math.round(timeout / 1000)} s: ${reason}`,
        );
      const quiet = started + QUIET - session.now();
      if (reason !== reported && quiet <= 0) report((reported = reason));
      await watched.changed(Math.max(1, quiet > 0 ? quiet : deadline - session.now()));
    }
  } finally {
    watched.stop();
  }
}

/** Built-in kinds outside these groups own nothing that would have to go first, so that the garbage collector need not be asked. */
function isChildless({ apiVersion, kind }: Identity): boolean {
  const group = groupOf(apiVersion);
  const isBuiltIn = !group.includes(".") || group.endsWith(".k8s.io");
  return isBuiltIn && group !== "apps" && group !== "batch" && kind !== "Service";
}

/** Why an object that is being deleted is still there. */
export function lingering(object: JsonObject): string {
  const stuck = [
    "NamespaceDeletionContentFailure",
    "NamespaceContentRemaining",
    "NamespaceFinalizersRemaining",
  ]
    .map((type) => condition(object, type))
    .filter((each) => textAt(each, "status") === "True")
    .map((each) => textAt(each, "message"));
  const finalizers = [
    ...listAt(object, "metadata", "finalizers"),
    ...listAt(object, "spec", "finalizers"),
  ].map(String);
  if (stuck.length > 0) return `it is being emptied: ${stuck.join(" ")}`;
  if (finalizers.includes("foregroundDeletion")) return "what depends on it is being deleted first";
  return finalizers.length > 0
    ? `its finalizers have not ended: ${finalizers.join(", ")}`
    : "it is being deleted";
}
