/** Fields of a cron expression, as Kubernetes reads them (robfig/cron, standard parser). */
const FIELDS = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of month", min: 1, max: 31, names: [] },
  {
    name: "month",
    min: 1,
    max: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  {
    name: "day of week",
    min: 0,
    max: 6,
    names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
  },
] as const;

const MACROS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export interface CronFault {
  /** Lower case, no full stop. */
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong with a cron expression of five fields; undefined: nothing. */
export function cronFault(text: string): CronFault | undefined {
  const macro = MACROS[text.trim().toLowerCase()];
  if (macro)
    return { message: `${text} is a short form: expected five fields`, hint: `write "${macro}"` };
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5)
    return {
      message: `the schedule has ${parts.length} ${parts.length === 1 ? "field" : "fields"}: expected five (minute, hour, day of month, month, day of week)`,
      hint: 'write, say, "15 2 * * *" for a quarter past two every night',
    };
  const sets: (ReadonlySet<number> | "any")[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? "";
    const set = values(part, field);
    if (typeof set === "string" && set !== "any") return { message: set, ...hintFor(part, field) };
    sets.push(set);
  }
  return neverFires(sets[2] ?? "any", sets[3] ?? "any", sets[4] ?? "any")
    ? { message: `the schedule never fires: no month named has day ${parts[2]}` }
    : undefined;
}

/** Whether two expressions that can be read stand for the same times, however they are written. */
export function isSameTime(one: string, other: string): boolean {
  const times = (text: string): string =>
    JSON.stringify(
      text
        .trim()
        .split(/\s+/)
        .map((part, index) => {
          const field = FIELDS[index];
          const set = field && values(part, field);
          return typeof set === "object" ? [...set].sort((a, b) => a - b) : set;
        }),
    );
  return times(one) === times(other);
}

type Field = (typeof FIELDS)[number];

/** The numbers that a field stands for, or a text that says what is wrong. */
function values(part: string, field: Field): ReadonlySet<number> | string {
  if (part === "*" || part === "?") return "any";
  const found = new Set<number>();
  for (const piece of part.split(",")) {
    const match = /^(?:(\*|\?)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(piece);
    const step = match?.[4] === undefined ? undefined : Number(match[4]);
    const from = match?.[1] ? field.min : number(match?.[2], field);
    const to = match?.[1]
      ? field.max
      : match?.[3] !== undefined
        ? number(match[3], field)
        : step !== undefined
          ? field.max
          : from;
    if (!match || from === undefined || to === undefined || from > to || step === 0)
      return `the ${field.name} ${JSON.stringify(piece)} cannot be read: expected ${field.min} to ${field.max}, a range, a list, or */n`;
    for (let value = from; value <= to; value += step ?? 1) found.add(value);
  }
  return found;
}

function number(text: string | undefined, field: Field): number | undefined {
  if (text === undefined) return undefined;
  const named = (field.names as readonly string[]).indexOf(text.toLowerCase());
  const value =
    named >= 0 ? named + (field.min === 1 ? 1 : 0) : /^\d+$/.test(text) ? Number(text) : -1;
  return value >= field.min && value <= field.max ? value : undefined;
}

function hintFor(part: string, field: Field): { hint?: string } {
  return field.name === "day of week" && /7/.test(part) ? { hint: "write 0 for Sunday" } : {};
}

/** A day that none of its months has; with a day of week, either may match, so that it does fire. */
function neverFires(
  days: ReadonlySet<number> | string,
  months: ReadonlySet<number> | string,
  weekdays: ReadonlySet<number> | string,
): boolean {
  if (typeof days === "string" || typeof weekdays !== "string") return false;
  const named = typeof months === "string" ? DAYS_IN_MONTH.map((_, index) => index + 1) : months;
  const longest = Math.max(...[...named].map((month) => DAYS_IN_MONTH[month - 1] ?? 31));
  return Math.min(...days) > longest;
}
