import { ApiError, type Cause } from "./failure.ts";
import type { Identity } from "./discovery.ts";
import { at, listAt, numberAt, objectAt, textAt, type Json, type JsonObject } from "./json.ts";

/** What kind of trouble keeps an object from becoming ready. */
export type TroubleKind =
  | "admission"
  | "quota"
  | "image"
  | "unschedulable"
  | "crash"
  | "configuration"
  | "volume"
  | "other";

/** Why something is stuck, in words for the person who waits. */
export interface Trouble {
  kind: TroubleKind;
  text: string;
}

/**
 * How long a trouble must last before waiting on is given up, in milliseconds. Kinds without an entry may heal by
 * themselves (a node joins, a dependency comes up) and are waited for until the time-out. Nothing fails sooner than
 * two seconds, because right after a change the old state still shows.
 */
export const PATIENCE: Readonly<Partial<Record<TroubleKind, number>>> = {
  admission: 2_000,
  configuration: 30_000,
  quota: 30_000,
  image: 60_000,
};

/** Names an object as people do: `Deployment shop/api`. */
export function nameOf(identity: Identity): string {
  return `${identity.kind} ${identity.namespace ? `${identity.namespace}/` : ""}${identity.name}`;
}

/** The trouble behind a message of a controller, such as why it could not make a pod. */
export function troubleOf(message: string): Trouble {
  const text = shorten(message);
  if (/exceeded quota|must specify (limits|requests)/.test(message))
    return { kind: "quota", text: `quota: ${text}` };
  if (/violates PodSecurity/.test(message))
    return { kind: "admission", text: `refused by Pod Security: ${text}` };
  // It was not counted yet: nobody is refused for good.
  if (/status unknown for quota/.test(message)) return { kind: "other", text: `quota: ${text}` };
  if (/ValidatingAdmissionPolicy|admission webhook|is forbidden|denied the request/.test(message))
    return { kind: "admission", text: `refused at admission: ${text}` };
  return { kind: "other", text };
}

/** The trouble a pod shows in its own status; undefined while it only takes its time. */
export function podTrouble(pod: Json): Trouble | undefined {
  const name = textAt(pod, "metadata", "name");
  const scheduled = condition(pod, "PodScheduled");
  if (textAt(scheduled, "status") === "False" && textAt(scheduled, "reason") === "Unschedulable") {
    return {
      kind: "unschedulable",
      text: `pod ${name} cannot be scheduled: ${shorten(textAt(scheduled, "message"))}`,
    };
  }
  const statuses = [
    ...listAt(pod, "status", "initContainerStatuses"),
    ...listAt(pod, "status", "containerStatuses"),
  ];
  for (const status of statuses) {
    const container = `container ${textAt(status, "name")} of pod ${name}`;
    const waiting = objectAt(status, "state", "waiting");
    const [reason, message] = [textAt(waiting, "reason"), shorten(textAt(waiting, "message"))];
    if (
      /ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|RegistryUnavailable/.test(
        reason,
      )
    ) {
      return {
        kind: "image",
        text: `image ${textAt(status, "image")} cannot be pulled for ${container} (${reason})${message && `: ${message}`}`,
      };
    }
    if (/CreateContainerConfigError|CreateContainerError|RunContainerError/.test(reason)) {
      return {
        kind: "configuration",
        text: `${container} cannot start (${reason})${message && `: ${message}`}`,
      };
    }
    const ended = objectAt(status, "lastState", "terminated");
    if (reason === "CrashLoopBackOff" || numberAt(status, ["restartCount"]) > 0) {
      const last = textAt(ended, "reason")
        ? `; last end: ${textAt(ended, "reason")}, exit code ${numberAt(ended, ["exitCode"])}`
        : "";
      return {
        kind: "crash",
        text: `${container} keeps ending (${numberAt(status, ["restartCount"])} restarts${last})`,
      };
    }
  }
  if (textAt(pod, "status", "phase") === "Failed")
    return {
      kind: "crash",
      text: `pod ${name} failed: ${shorten(textAt(pod, "status", "message") || textAt(pod, "status", "reason"))}`,
    };
  return undefined;
}

/**
 * The newest trouble among events of an object; `FailedCreate` is how a controller tells that it may not make pods.
 * Events stay after their reason is gone: only those later than the last apply and than the newest pod count.
 */
export function eventTrouble(
  events: readonly Json[],
  object: JsonObject,
  pods: readonly Json[] = [],
): Trouble | undefined {
  const time = (event: Json): string =>
    textAt(event, "series", "lastObservedTime") ||
    textAt(event, "lastTimestamp") ||
    textAt(event, "eventTime") ||
    textAt(event, "metadata", "creationTimestamp");
  const applied = listAt(object, "metadata", "managedFields").filter(
    (entry) => textAt(entry, "operation") === "Apply",
  );
  const lastApply =
    applied
      .map((entry) => textAt(entry, "time"))
      .sort()
      .at(-1) ?? "";
  const newestPod =
    pods
      .map((pod) => textAt(pod, "metadata", "creationTimestamp"))
      .sort()
      .at(-1) ?? "";
  const warnings = events.filter(
    (event) =>
      textAt(event, "type") === "Warning" && /Failed|Error|Invalid/.test(textAt(event, "reason")),
  );
  const newest = warnings
    .filter((event) => time(event) >= lastApply && time(event) > newestPod)
    .sort((a, b) => time(b).localeCompare(time(a)))[0];
  return newest === undefined ? undefined : troubleOf(textAt(newest, "message"));
}

/** The condition of a type in an object's status; empty where there is none. */
export function condition(object: Json, type: string): JsonObject {
  return objectAt(
    listAt(object, "status", "conditions").find((each) => textAt(each, "type") === type),
  );
}

/** A refusal of the API server for `identity`, in one readable text. */
export function refusalText(error: unknown, identity: Identity, manager = ""): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.causes.some((cause) => cause.reason === "FieldManagerConflict"))
    return conflictText(error.causes, identity, manager);
  if (error.status === 401) return error.message;
  const what = nameOf(identity);
  if (error.status === 422) return `${what} is invalid: ${causesText(error)}`;
  if (error.status === 403 && /exceeded quota/.test(error.message))
    return `${what} exceeds the quota: ${shorten(error.message)}`;
  if (
    error.status === 403 &&
    error.causes.some((cause) => cause.reason === "NamespaceTerminating")
  ) {
    return `${what} cannot be made: its namespace is being deleted; wait until it is gone and run again`;
  }
  if (error.status === 403 && /User ".*" cannot /.test(error.message))
    return `${what}: the credentials may not do this: ${shorten(error.message)}`;
  if (error.status === 403) return `${what} was ${troubleOf(error.message).text}`;
  if (error.status === 404 && error.about === "namespaces")
    return `${what}: namespace ${JSON.stringify(identity.namespace)} does not exist`;
  const untyped = /^failed to create typed patch object \([^)]*\): \.?([\s\S]*)$/.exec(
    error.message,
  )?.[1];
  if (untyped) return `${what} is invalid: ${shorten(untyped)}`;
  if (error.status === 429)
    return `${what}: the API server is throttling and did not let the request through: ${shorten(error.message)}`;
  return `${what}: ${shorten(error.message)}${error.message.endsWith(".") ? "" : ` (${error.status})`}`;
}

/** Who owns which field, and the two ways out. */
function conflictText(causes: readonly Cause[], identity: Identity, manager: string): string {
  const owned = causes.map(
    ({ field, message }) =>
      `${field.replace(/^\./, "")} is owned by ${/conflict with "([^"]*)"/.exec(message)?.[1] ?? "another manager"}`,
  );
  return (
    `${nameOf(identity)}: another manager owns fields that this program sets${manager && ` (as ${manager})`}: ${owned.join("; ")}. ` +
    `Remove them from the program, or take them over with the annotation pulumi.com/patchForce: "true"`
  );
}

/** The text for an object that exists and is not ours. */
export function foreignText(live: JsonObject, identity: Identity): string {
  const managers = [
    ...new Set(listAt(live, "metadata", "managedFields").map((entry) => textAt(entry, "manager"))),
  ].filter(Boolean);
  return (
    `${nameOf(identity)} exists already and is not managed by this stack (managed by ${managers.join(", ") || "an unknown manager"}). ` +
    `Choose another name, delete it, or take it over with the annotation pulumi.com/patchForce: "true"`
  );
}

/** The causes of a 422, each with its field, without the object it dumps. */
export function causesText(error: ApiError): string {
  if (error.causes.length === 0) return shorten(error.message.replace(/^.*? is invalid: /s, ""));
  return error.causes
    .map(
      ({ field, message }) =>
        `${field}: ${shorten(message.replace(/Invalid value: (\{|\[|(core|apps|batch)\.)[\s\S]*\}?: (?=[^:]*$)/, ""))}`,
    )
    .join("; ");
}

const LONGEST = 600;

function shorten(message: string): string {
  const line = message.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** True where a 422 says by its words that the field may not change, for kinds that cannot be tried under another name. */
export function saysImmutable(error: ApiError): boolean {
  return [error.message, ...error.causes.map((cause) => cause.message)].some((text) =>
    /field is immutable|may not change once set|cannot change roleRef|updates to .* are forbidden|is immutable/i.test(
      text,
    ),
  );
}

/** True when the object is on its way out. */
export function isTerminating(object: JsonObject): boolean {
  return at(object, "metadata", "deletionTimestamp") !== undefined;
}
