import { createHash } from "node:crypto";
import type { Reply } from "./client.ts";
import { identityOf, renamed, type Target } from "./discovery.ts";
import { isOwnershipConflict, type ApiError } from "./failure.ts";
import { listAt, objectAt, textAt, type JsonObject } from "./json.ts";
import type { Session } from "./session.ts";
import { read } from "./watch.ts";

/** How to apply. */
export interface Applying {
  manager: string;
  /** Nothing is stored; everything is checked. */
  dryRun?: boolean;
  /** Take over fields of other managers. */
  force?: boolean;
}

/** The official provider's manager of objects it created by POST; such objects are taken over, not fought over. */
const OFFICIAL = "pulumi-kubernetes";

/** The field manager of a resource: one for each URN, so that two stacks never share one. */
export function managerOf(urn: string): string {
  return `pulumi-kubernetes-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

/** Where the object belongs in the API; undefined where the server does not know its kind. */
export function targetOf(session: Session, inputs: JsonObject): Promise<Target | undefined> {
  return session.discovery.find(identityOf(inputs));
}

/** Server-side apply of `inputs` at `target`. */
export async function apply(
  session: Session,
  target: Target,
  inputs: JsonObject,
  { manager, dryRun, force }: Applying,
): Promise<Reply> {
  const metadata = {
    ...objectAt(inputs, "metadata"),
    name: target.name,
    ...(target.namespace ? { namespace: target.namespace } : {}),
  };
  return await session.client.request({
    method: "PATCH",
    path: target.path,
    type: "application/apply-patch+yaml",
    query: {
      fieldManager: manager,
      fieldValidation: "Strict",
      force: String(force === true),
      ...(dryRun ? { dryRun: "All" } : {}),
    },
    body: { ...inputs, metadata },
    signal: session.signal,
  });
}

/** The same, but fields that the official provider created by POST are taken over first instead of being a conflict. */
export async function applyAsOwner(
  session: Session,
  target: Target,
  inputs: JsonObject,
  applying: Applying,
): Promise<Reply> {
  try {
    return await apply(session, target, inputs, applying);
  } catch (error) {
    if (!isOwnershipConflict(error) || !isWithOfficial(error)) throw error;
    if (applying.dryRun) return await apply(session, target, inputs, { ...applying, force: true });
    await takeOver(session, target, applying.manager);
    return await apply(session, target, inputs, applying);
  }
}

/** A dry-run create under a name that is free: tells whether the object would be valid if it did not exist. */
export async function tryFresh(
  session: Session,
  target: Target,
  inputs: JsonObject,
  namespace = target.namespace,
): Promise<{ reply: Reply; temporary: Target }> {
  const temporary = renamed(
    target,
    `fairway-dry-run-${createHash("sha256").update(target.path).digest("hex").slice(0, 8)}`,
    namespace,
  );
  return {
    reply: await apply(session, temporary, inputs, { manager: "fairway-dry-run", dryRun: true }),
    temporary,
  };
}

/** True when one of the object's field managers is ours. */
export function owns(live: JsonObject, manager: string): boolean {
  return listAt(live, "metadata", "managedFields").some(
    (entry) => textAt(entry, "manager") === manager,
  );
}

/** True when the program asks to take fields over from others. */
export function isForced(inputs: JsonObject): boolean {
  return textAt(inputs, "metadata", "annotations", "pulumi.com/patchForce") === "true";
}

/** The conflict's message reads `conflict with "MANAGER" using v1 …`; for an apply entry `using` is missing. */
function isWithOfficial(error: ApiError): boolean {
  return error.causes.every((cause) => cause.message.startsWith(`conflict with "${OFFICIAL}"`));
}

/** Renames the official provider's entry into our own: one JSON patch, guarded by the resource version. */
async function takeOver(session: Session, target: Target, manager: string): Promise<void> {
  const live = await read(session.client, target, session.signal);
  const entries = listAt(live, "metadata", "managedFields");
  const index = entries.findIndex(
    (entry) => textAt(entry, "manager") === OFFICIAL && textAt(entry, "operation") === "Update",
  );
  if (!live || index < 0) return;
  const at = `/metadata/managedFields/${index}`;
  await session.client.request({
    method: "PATCH",
    path: target.path,
    type: "application/json-patch+json",
    body: [
      {
        op: "test",
        path: "/metadata/resourceVersion",
        value: textAt(live, "metadata", "resourceVersion"),
      },
      { op: "replace", path: `${at}/manager`, value: manager },
      { op: "replace", path: `${at}/operation`, value: "Apply" },
    ],
    signal: session.signal,
  });
}
