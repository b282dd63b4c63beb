import { at, isObject, listAt, numberAt, textAt, type Json } from "./json.ts";

/** One cause the API server names for a refusal. */
export interface Cause {
  reason: string;
  field: string;
  message: string;
}

/** A refusal by the API server (a `Status` object), as an error. */
export class ApiError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** The server's machine word, such as `NotFound`. */
  readonly reason: string;
  readonly causes: readonly Cause[];
  /** The resource it is about, such as `namespaces`; empty where the server did not say. */
  readonly about: string;
  /** Milliseconds the server asked to wait. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Json, retryAfter?: number) {
    const message =
      textAt(body, "message") ||
      (isObject(body) ? "" : String(body ?? "")) ||
      `the API server answered ${status}`;
    super(message.slice(0, 4000));
    this.name = "ApiError";
    this.status = status;
    this.reason = textAt(body, "reason");
    this.about = textAt(body, "details", "kind");
    this.causes = listAt(body, "details", "causes").map((cause) => ({
      reason: textAt(cause, "reason"),
      field: textAt(cause, "field"),
      message: textAt(cause, "message"),
    }));
    const seconds = numberAt(body, ["details", "retryAfterSeconds"]);
    this.retryAfter =
      retryAfter ??
      (at(body, "details", "retryAfterSeconds") === undefined ? undefined : seconds * 1000);
  }
}

/** No answer from the API server, or none that may be trusted (network, TLS). */
export class ConnectionError extends Error {
  /** Node's code, such as `ECONNREFUSED`. */
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "ConnectionError";
    this.code = code;
  }
}

/** The operation was ended by the engine's Cancel. */
export class CancelledError extends Error {
  constructor(what = "the operation was cancelled") {
    super(what);
    this.name = "CancelledError";
  }
}

/** The status of an API refusal, or 0 for any other error. */
export function statusOf(error: unknown): number {
  return error instanceof ApiError ? error.status : 0;
}

/** A 404 because the namespace does not exist. */
export function isMissingNamespace(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404 && error.about === "namespaces";
}

/** A 404 because the API server does not serve the kind, or not yet. */
export function isUnserved(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.status === 404 &&
    /^404 page not found|could not find the requested resource/.test(error.message)
  );
}

/** A delete refused because the object under that name is not the one meant. */
export function isOtherObject(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.status === 409 &&
    /Precondition failed|UID in the precondition/.test(error.message)
  );
}

/** A server-side apply refused because another manager owns a field. */
export function isOwnershipConflict(error: unknown): error is ApiError {
  return (
    error instanceof ApiError &&
    error.status === 409 &&
    error.causes.some((cause) => cause.reason === "FieldManagerConflict")
  );
}

/**
 * Why the API server cannot answer a dry run although the real operation may well succeed; undefined for any other
 * error. Read-only credentials, or a service account that the same update makes.
 */
export function whyNoDryRun(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.status === 403 && /User ".*" cannot (patch|create|update) /.test(error.message))
    return "these credentials may not write";
  if (error.status === 403 && /error looking up service account/.test(error.message))
    return "its service account does not exist yet";
  return undefined;
}

const FIRST_WAIT = 100;
const LONGEST_WAIT = 5_000;
const LONGEST_ASKED_WAIT = 30_000;
const ATTEMPTS = 8;
const CONNECT_ATTEMPTS = 6;
const SLOW_ATTEMPTS = 2;
const BROKEN = new Set([
  "ECONNRESET",
  "EPIPE",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
]);
/** Server-side apply answers 500 for these mistakes of the caller; they never heal. */
const NEVER_HEALS =
  /not declared in schema|duplicate entries for key|failed to create typed patch object|failed to prune fields/;
/** Refusals that end by themselves while a new namespace settles. */
const SETTLES =
  /status unknown for quota|error looking up service account .* not found|serviceaccount .* not found/;

/**
 * How long to wait before the next attempt, in milliseconds, or undefined where trying again is no use. `attempt` counts
 * from 0. A dry run does not wait for what only the real operation would bring about.
 */
export function retryDelay(error: unknown, attempt: number, isDryRun = false): number | undefined {
  const backoff = Math.min(FIRST_WAIT * 2 ** attempt, LONGEST_WAIT);
  if (error instanceof ConnectionError) {
    if (error.code === "ETIMEDOUT") return attempt + 1 < SLOW_ATTEMPTS ? backoff : undefined;
    return BROKEN.has(error.code) && attempt + 1 < CONNECT_ATTEMPTS ? backoff : undefined;
  }
  if (!(error instanceof ApiError) || attempt + 1 >= ATTEMPTS) return undefined;
  const transient =
    error.status === 429 ||
    (error.status >= 500 && error.status !== 501 && !NEVER_HEALS.test(error.message)) ||
    (error.status === 409 &&
      error.reason === "Conflict" &&
      !isOwnershipConflict(error) &&
      !isOtherObject(error)) ||
    (error.status === 403 && !isDryRun && SETTLES.test(error.message));
  if (!transient) return undefined;
  return error.retryAfter === undefined
    ? backoff
    : Math.min(Math.max(error.retryAfter, FIRST_WAIT), LONGEST_ASKED_WAIT);
}
