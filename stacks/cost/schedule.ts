/** Least and most of each of the five fields of a cron expression. */
const FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** Days of a month on average. */
const DAYS = 365 / 12;

/**
 * How often a cron expression runs in a month, on average. Where both a day of the month and one of the week are named,
 * either of them counts, as in cron.
 */
export function runsOf(cron: string): number {
  const fields = cron.trim().split(/\s+/);
  const share = (index: number): number => {
    const [least, most] = FIELDS[index]!;
    return countOf(fields[index] ?? "*", least, most) / (most - least + 1);
  };
  const [dayOfMonth, dayOfWeek] = [share(2), share(4)];
  const days =
    dayOfMonth < 1 && dayOfWeek < 1
      ? 1 - (1 - dayOfMonth) * (1 - dayOfWeek)
      : dayOfMonth * dayOfWeek;
  return 60 * share(0) * 24 * share(1) * DAYS * days * share(3);
}

/** How many values a field takes: numbers, ranges, steps and lists of them. Names count as one value each. */
function countOf(field: string, least: number, most: number): number {
  return field
    .split(",")
    .map((part) => {
      const [range = "*", step = "1"] = part.split("/");
      const [from, to] = range.split("-");
      if (range === "*" || range === "?") return Math.ceil((most - least + 1) / Number(step));
      if (to === undefined)
        return part.includes("/") ? Math.ceil((most - Number(from) + 1) / Number(step)) : 1;
      const [first, last] = [valueOf(from!), valueOf(to)];
      return Math.ceil((last - first + 1) / Number(step));
    })
    .reduce((total, count) => total + count, 0);
}

const NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

function valueOf(text: string): number {
  const name = text.toLowerCase();
  if (NAMES.includes(name)) return NAMES.indexOf(name);
  return MONTHS.includes(name) ? MONTHS.indexOf(name) + 1 : Number(text);
}
