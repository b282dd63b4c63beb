import type { Client } from "../client.ts";
import type { Target } from "../discovery.ts";
import { CancelledError, ConnectionError, statusOf } from "../failure.ts";
import { listAt, textAt, type Json, type JsonObject } from "../json.ts";
import { PATIENCE, type Trouble } from "../problems.ts";
import { follow } from "../watch.ts";
import type { Verdict, Waiter } from "./readiness.ts";

/** How to wait. */
export interface Waiting {
  client: Client;
  target: Target;
  waiter: Waiter;
  /** Milliseconds from now. */
  timeout: number;
  /** Ends the wait; the object stays as it is. */
  signal: AbortSignal;
  now: () => number;
  /** Told the live reason whenever it changes, and the empty text once it is over. */
  report: (reason: string) => void;
}

/** The object as last seen, and why it is not ready; without a failure it is. */
export interface Outcome {
  object: JsonObject;
  failure?: string;
}

/** What is ready within this time is not worth a line. */
const QUIET = 300;
const FIRST_LOOK = 300;
const LOOK_EVERY = 1_000;

/** Waits until the object is ready, beyond hope, out of time or cancelled. `first` is the object as the API server last answered. */
export async function awaitReady(first: JsonObject, waiting: Waiting): Promise<Outcome> {
  const { waiter, now } = waiting;
  const [started, deadline] = [now(), now() + waiting.timeout];
  if (waiter.judge(first).state === "ready") return { object: first };
  const watched = follow(waiting.client, waiting.target, first, waiting.signal);
  let trouble: (Trouble & { since: number }) | undefined;
  let nextLook = started + FIRST_LOOK;
  let reported = "";
  try {
    for (;;) {
      const object = watched.current();
      if (object === undefined)
        return { object: first, failure: "it was deleted while it was waited for" };
      const verdict = waiter.judge(object);
      if (verdict.state === "ready") {
        if (reported) waiting.report("");
        return { object };
      }
      const reason = reasonOf(verdict, trouble);
      if (isOver(verdict, trouble, now() - started, now())) return { object, failure: reason };
      if (now() >= deadline)
        return {
          object,
          failure: `not ready within ${Math.round(waiting.timeout / 1000)} s: ${reason}`,
        };
      if (reason !== reported && now() - started >= QUIET) waiting.report((reported = reason));
      if (now() >= nextLook) {
        const found = waiter.explain?.(object, await lookAround(waiting.client, waiter, object));
        if (found === "ready") return { object };
        trouble = found && {
          ...found,
          since: trouble?.kind === found.kind ? trouble.since : now(),
        };
        nextLook = now() + LOOK_EVERY;
        continue;
      }
      await watched.changed(Math.max(1, Math.min(nextLook, deadline) - now()));
    }
  } catch (error) {
    if (error instanceof CancelledError)
      return {
        object: watched.current() ?? first,
        failure: `cancelled while waiting: ${reported || "not ready yet"}`,
      };
    if (error instanceof ConnectionError || statusOf(error) > 0)
      return {
        object: watched.current() ?? first,
        failure: `lost sight of it while waiting: ${(error as Error).message}`,
      };
    throw error;
  } finally {
    watched.stop();
  }
}

/** One look, for refresh: why the object is not ready now; undefined when it is. */
export async function unreadyReason(
  client: Client,
  waiter: Waiter,
  object: JsonObject,
): Promise<string | undefined> {
  const verdict = waiter.judge(object);
  if (verdict.state === "ready") return undefined;
  const found = waiter.explain?.(object, await lookAround(client, waiter, object));
  return found === "ready" ? undefined : reasonOf(verdict, found);
}

/** Nothing is beyond hope within two seconds: right after a change the old state still shows. */
const SETTLED = 2_000;

/** Whether to give up: the status says so, or a trouble has outlasted its patience (of which the settling is a part). */
export function isOver(
  verdict: Verdict,
  trouble: (Trouble & { since: number }) | undefined,
  elapsed: number,
  now: number,
): boolean {
  if (elapsed < SETTLED) return false;
  const patience = trouble && PATIENCE[trouble.kind];
  return (
    verdict.state === "failed" ||
    (trouble !== undefined && patience !== undefined && now - trouble.since >= patience - SETTLED)
  );
}

function reasonOf(verdict: Verdict, trouble: Trouble | undefined): string {
  return trouble ? `${verdict.reason}; ${trouble.text}` : verdict.reason;
}

async function lookAround(client: Client, waiter: Waiter, object: JsonObject): Promise<Json[][]> {
  const looks = waiter.looks?.(object) ?? [];
  return await Promise.all(
    looks.map(async ({ path, query }) => {
      try {
        const { body } = await client.request({ method: "GET", path, ...(query ? { query } : {}) });
        return Array.isArray(body["items"])
          ? listAt(body, "items")
          : textAt(body, "kind") === "Status"
            ? []
            : [body];
      } catch {
        return []; // What cannot be read (no right to, not there) explains nothing.
      }
    }),
  );
}
