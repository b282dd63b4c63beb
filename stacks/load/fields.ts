import type { Code } from "../contract/codes.ts";
import { nearest } from "../contract/nearest.ts";
import { parseQuantity } from "../contract/quantity.ts";
import { cronFault } from "./cron.ts";

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
