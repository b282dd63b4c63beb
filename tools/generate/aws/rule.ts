import type { Limits } from "../../../stacks/providers/rehearsal/facts.ts";

/** What a validator says of a bad value → the limit that it states. Order counts: the first that matches holds. */
const SAYINGS: readonly (readonly [RegExp, (found: RegExpExecArray) => Limits])[] = [
  [/^expected .*to be one of \[(.+)\]$/, ([, list = ""]) => ({ oneOf: listOf(list) })],
  [
    /^expected length of \S+ to be in the range \((\d+) - (\d+)\)$/,
    ([, least, most]) => ({ length: [Number(least), Number(most)] }),
  ],
  [
    /^expected .*to be in the range \((-?[\d.]+) - (-?[\d.]+)\)$/,
    ([, least, most]) => ({ range: [Number(least), Number(most)] }),
  ],
  [/^expected .*to be at least \((-?\d+)\)$/, ([, least]) => ({ range: [Number(least), null] })],
  [/is an invalid ARN: arn: invalid prefix$/, () => ({ form: "arn" })],
  [/contains an invalid JSON/, () => ({ form: "json" })],
  [/is not a valid CIDR block: invalid CIDR address/, () => ({ form: "cidr" })],
  [/doesn't look like AWS Account ID/, () => ({ form: "account" })],
  [
    /^invalid value for \S+ \(must match \[(.+)\]\)$/,
    ([, signs]) => ({ matches: `^[${signs}]*$` }),
  ],
  [
    /doesn't comply with restrictions \("(.+)"\)/,
    ([, regex = ""]) => ({ matches: regex.replaceAll("\\\\", "\\") }),
  ],
  [
    /^\S+ must satisfy the format of "ddd:hh24:mi-ddd:hh24:mi"$/,
    () => ({ matches: `(?i)^${DAY}:${TIME}-${DAY}:${TIME}$` }),
  ],
  [/^\S+ must satisfy the format of "hh24:mi-hh24:mi"$/, () => ({ matches: `^${TIME}-${TIME}$` })],
  [/must begin with 'alias\/' and only contain/, () => ({ matches: "^alias/[0-9A-Za-z_/-]+$" })],
];
const DAY = "(mon|tue|wed|thu|fri|sat|sun)";
const TIME = "([01]\\d|2[0-3]):[0-5]\\d";

/** Signs that a name may hold; what follows "only … allowed in". */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/^only lowercase alphanumeric characters and hyphens allowed/, "a-z0-9-"],
  [/^only lowercase alphanumeric characters, periods, and hyphens allowed/, "a-z0-9.-"],
  [
    /^only lowercase alphanumeric characters, hyphens, underscores, periods, and spaces allowed/,
    "a-z0-9 ._-",
  ],
  [/^only alphanumeric characters and hyphens allowed/, "A-Za-z0-9-"],
];

/**
 * The limit in a validator's own words. Several sayings are joined by `;` and mean "all of" or "one of", which the
 * words do not tell: only a letter at the beginning and the signs allowed are taken together, of others the first,
 * and none where two of one kind stand side by side.
 */
export function limitsOf(rule: string): Limits {
  const parts = rule.split(/;(?=first character|only |expected |invalid value|\S+ must)/);
  const letter = parts.some((part) => /^first character of .*must be a letter$/.test(part));
  const signs = SIGNS.find(([saying]) => parts.some((part) => saying.test(part)))?.[1];
  if (signs !== undefined) {
    const first = letter ? `[${signs.includes("A-Z") ? "A-Za-z" : "a-z"}]` : "";
    return { matches: `^${first}[${signs}]*$` };
  }
  if (parts.filter((part) => /to be (in the range|one of|an empty)/.test(part)).length > 1)
    return {};
  for (const part of parts) {
    for (const [saying, limit] of SAYINGS) {
      const found = saying.exec(part);
      if (found) return limit(found);
    }
  }
  return {};
}

function listOf(text: string): (string | number)[] {
  const quoted = [...text.matchAll(/"([^"]*)"/g)].map(([, one = ""]) => one);
  return quoted.length > 0 ? quoted : text.split(" ").map(Number);
}
