import { apply, targetOf, tryFresh } from "./apply.ts";
import { changesBelow, knownImmutableChanges, type Change } from "./diff.ts";
import { ApiError, isMissingNamespace, statusOf, whyNoDryRun } from "./failure.ts";
import { at, type JsonObject } from "./json.ts";
import { causesText, refusalText, saysImmutable } from "./problems.ts";
import type { Session } from "./session.ts";
import { hasUnknown, UNKNOWN } from "./values.ts";

/** Which changes cannot be made in place, and the API server's reason. */
export interface Immutable {
  changes: Change[];
  reason: string;
}

const NONE: Immutable = { changes: [], reason: "" };

/**
 * Finds the changes that need a new object, without a table: the API server refuses the change in a dry run (422)
 * and accepts the same object under a fresh name. If it refuses that too the inputs are invalid, which is thrown.
 * Values that are still unknown forbid asking; then a table of well-known fields decides.
 */
export async function immutableChanges(
  session: Session,
  old: JsonObject,
  now: JsonObject,
  changes: readonly Change[],
  manager: string,
): Promise<Immutable> {
  const guess = (): Immutable => {
    const whole = changes.filter(({ path }) => path.length > 1 || at(now, ...path) !== UNKNOWN);
    return {
      changes: knownImmutableChanges(now, old, whole),
      reason: "the field cannot change once set",
    };
  };
  if (hasUnknown(now)) return guess();
  const target = await targetOf(session, now);
  if (!target) return NONE;
  try {
    await apply(session, target, now, { manager, dryRun: true, force: true });
    return NONE;
  } catch (error) {
    if (isMissingNamespace(error)) return NONE;
    if (whyNoDryRun(error)) return guess();
    if (!(error instanceof ApiError) || error.status !== 422)
      throw new Error(refusalText(error, target, manager), { cause: error });
    if (!(await isValidAfresh(session, target, now, error)))
      throw new Error(refusalText(error, target, manager), { cause: error });
    const fields = error.causes
      .map((cause) => cause.field.replace(/^\./, "").replaceAll(/\[(\w+)\]/g, ".$1"))
      .filter(Boolean);
    const below = changesBelow(changes, fields);
    return {
      changes: below.length > 0 ? below : [...changes],
      reason: causesText(error),
    };
  }
}

async function isValidAfresh(
  session: Session,
  target: Parameters<typeof tryFresh>[1],
  now: JsonObject,
  refusal: ApiError,
): Promise<boolean> {
  if (target.kind === "CustomResourceDefinition") return saysImmutable(refusal);
  try {
    await tryFresh(session, target, now);
    return true;
  } catch (error) {
    return statusOf(error) === 403 && saysImmutable(refusal);
  }
}
