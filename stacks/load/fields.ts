import type { Code } from "../contract/codes.ts";
import { nearest } from "../contract/nearest.ts";
import type { Path } from "../contract/path.ts";
import { problem } from "../contract/problem.ts";
import { parseQuantity } from "../contract/quantity.ts";
import { cronFault } from "./cron.ts";
import type { Found } from "./found.ts";
import type { Judged } from "./issues.ts";

/** What is wrong with a text that a schema takes. */
interface Fault {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
}
type FaultOf = (text: string) => Fault | undefined;

/** Memory below this is a slip of the unit (`500m` is half a byte). */
const LEAST_MEMORY = 64 * 1024;

export const scheduleFault: FaultOf = (text) => {
  const fault = cronFault(text);
  return fault && { code: "FW1212", ...fault };
};

export const memoryFault: FaultOf = (text) =>
  (parseQuantity(text) ?? LEAST_MEMORY) < LEAST_MEMORY
    ? {
        code: "FW1219",
        message: "memory is less than 64Ki: surely not meant",
        hint: "write, say, 512Mi",
      }
    : undefined;

/** Names of the IANA database begin each part with a capital, which Intl does not ask for and a cluster does. */
const ZONE = /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/;

export const timeZoneFault: FaultOf = (text) => {
  if (ZONE.test(text) && isTimeZone(text)) return undefined;
  const near = nearest(text, Intl.supportedValuesOf("timeZone"));
  return {
    code: "FW1220",
    message: `there is no time zone ${JSON.stringify(text)}`,
    hint: near ? `did you mean ${near}?` : "write, say, Europe/Berlin or Etc/UTC",
  };
};

function isTimeZone(text: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}

/** Where texts that mean something stand in descriptors; `*` is any key. */
const FIELDS: readonly (readonly [Path, FaultOf])[] = [
  [["spec", "schedule"], scheduleFault],
  [["spec", "environments", "*", "schedule"], scheduleFault],
  ...[["spec"], ["spec", "environments", "*"]].flatMap((spec): [Path, FaultOf][] => [
    [[...spec, "scaling", "schedule", "*", "from"], scheduleFault],
    [[...spec, "scaling", "schedule", "*", "to"], scheduleFault],
    [[...spec, "scaling", "schedule", "*", "timeZone"], timeZoneFault],
  ]),
  [["spec", "resources", "memory"], memoryFault],
  [["spec", "environments", "*", "resources", "memory"], memoryFault],
  [["metadata", "annotations", "fairway.dev/schedule"], scheduleFault],
  [["containers", "*", "resources", "*", "memory"], memoryFault],
];

/** What can be said of single fields of a descriptor that its schema refuses, so that there is no model to check. */
export function checkFields(judged: Judged, found: Found): void {
  for (const [pattern, faultOf] of FIELDS)
    for (const [path, text] of textsAt(judged.value, pattern)) {
      const fault = faultOf(text);
      if (fault)
        found.problems.push(
          problem(fault.code, fault.message, {
            ...judged.at(path, "value"),
            ...(fault.hint && { hint: fault.hint }),
          }),
        );
    }
}

function textsAt(value: unknown, [key, ...rest]: Path, at: Path = []): [Path, string][] {
  if (key === undefined) return typeof value === "string" ? [[at, value]] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    key === "*" || key === name
      ? textsAt(member, rest, [...at, Array.isArray(value) ? Number(name) : name])
      : [],
  );
}
