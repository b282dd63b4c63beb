import { IMAGE_EXPECTED, isImage } from "../contract/image.ts";
import { LABEL, recordedName } from "../contract/names.ts";
import { joinPath, type Path } from "../contract/path.ts";
import { problem } from "../contract/problem.ts";
import type { Service, Use } from "../contract/service.ts";
import type { Code } from "../contract/codes.ts";
import { cyclesOf } from "../contract/cycles.ts";
import { isSameTime } from "./cron.ts";
import { memoryFault, scheduleFault, timeZoneFault } from "./fields.ts";
import type { Found, IsRefused, Locate } from "./found.ts";
import { checkPlaceholders } from "./placeholders.ts";
import { choiceOf, didYouMean } from "./suggest.ts";

/** Says something of a part of the model, where it stands in the descriptor. */
export type Say = (code: Code, path: Path, message: string, hint?: string) => void;

/** Names of the platform's own stacks and commands, and the one label that every object of JavaScript has. */
export const RESERVED: ReadonlySet<string> = new Set(["platform", "cloud", "iam", "constructor"]);

/**
 * Everything that is wrong with a model by itself, whatever other services there are.
 * @param isRefused Parts that the schema refused, of which nothing is told again.
 */
export function checkService(
  service: Service,
  locate: Locate,
  isRefused: IsRefused,
  found: Found,
): void {
  const say: Say = (code, path, message, hint) =>
    found.problems.push(
      problem(code, message, { ...locate(joinPath(path)), ...(hint && { hint }) }),
    );
  const note: Say = (code, path, message, hint) =>
    found.notes.push(problem(code, message, { ...locate(joinPath(path)), ...(hint && { hint }) }));
  name(service, say);
  formerNames(service, isRefused, say);
  schedule(service, isRefused, say);
  scaling(service, isRefused, say);
  windows(service, isRefused, say);
  ports(service, isRefused, say);
  images(service, say);
  order(service, isRefused, say);
  memory(service, say);
  checkPlaceholders(service, isRefused, say, note);
}

/** Keeps the first of equal problems: models of several environments repeat what they share. */
export function distinct<T extends { code: string; message: string }>(problems: readonly T[]): T[] {
  const seen = new Set<string>();
  return problems.filter((found) => {
    const { code, message, file, line, column } = found as T & Record<string, unknown>;
    const key = JSON.stringify([code, message, file, line, column]);
    return seen.has(key) ? false : seen.add(key);
  });
}

function name({ name, was = [], serviceName }: Service, say: Say): void {
  const reserved = (name: string, path: Path, hint: string): void => {
    if (!RESERVED.has(name) && !name.startsWith("shared-")) return;
    const allowed = `not allowed are ${[...RESERVED].join(", ")} and shared-*`;
    say("FW1204", path, `the name ${name} is reserved: ${allowed}`, hint);
  };
  reserved(name, ["name"], "choose another name");
  for (const [index, former] of was.entries())
    reserved(former, ["was", index], "no service was called that: take it out");
  if (serviceName !== undefined && !(LABEL.test(serviceName) && /^[a-z]/.test(serviceName)))
    say(
      "FW1304",
      ["serviceName"],
      `${JSON.stringify(serviceName.slice(0, 70))} cannot name a Kubernetes Service: expected a lower-case label that begins with a letter`,
    );
}

/** What a use began as is its own: no other use may be recorded under the same name. */
function formerNames({ uses }: Service, isRefused: IsRefused, say: Say): void {
  const owners = new Map<string, string>();
  const claims = ([, { was }]: readonly [string, Use]) => Number(was !== undefined);
  for (const [name, { was, id }] of Object.entries(uses).sort((a, b) => claims(a) - claims(b))) {
    if (was !== undefined && id !== undefined)
      say(
        "FW4023",
        ["uses", name, "was"],
        `${name} has an id, and what is shared is known by its type, class and id`,
        "take was out",
      );
    for (const known of new Set([recordedName({ name, was }), ...(was ?? [])])) {
      const other = owners.get(known);
      if (other === undefined) owners.set(known, name);
      else if (!isRefused(["uses", name]) && !isRefused(["uses", other]))
        say(
          "FW4023",
          ["uses", name, ...(was ? ["was"] : [])],
          `${name} and ${other} would both be what was called ${known}`,
          "let one of them keep its past, and give the other a name that nothing had",
        );
    }
  }
}

function schedule({ type, schedule }: Service, isRefused: IsRefused, say: Say): void {
  const known = !isRefused(["type"]) && !isRefused(["schedule"]);
  if (known && type === "cron" && schedule === undefined)
    say("FW1213", ["type"], "type cron needs a schedule", 'add, say, schedule: "15 2 * * *"');
  if (known && type !== "cron" && schedule !== undefined)
    say(
      "FW1213",
      ["schedule"],
      `a schedule with type ${type}: only type cron has one`,
      "write type: cron",
    );
  const fault = schedule === undefined ? undefined : scheduleFault(schedule);
  if (fault) say(fault.code, ["schedule"], fault.message, fault.hint);
}

function scaling({ scaling, sources }: Service, isRefused: IsRefused, say: Say): void {
  if (!scaling || scaling.min <= scaling.max || !hasBounds(isRefused)) return;
  // An override that gives max alone is what crossed them.
  const field =
    Object.hasOwn(sources, "scaling.max") && !Object.hasOwn(sources, "scaling.min") ? "max" : "min";
  say(
    "FW1214",
    ["scaling", field],
    `scaling.min is ${scaling.min}, above scaling.max, which is ${scaling.max}`,
    field === "min"
      ? `write a min of at most ${scaling.max}`
      : `write a max of at least ${scaling.min}`,
  );
}

/** Whether the bounds of scaling are those that were written. */
const hasBounds = (isRefused: IsRefused): boolean =>
  !isRefused(["scaling", "min"]) && !isRefused(["scaling", "max"]);

/** Each window can be read, begins and ends, and stays within the bounds that the descriptor gives. */
function windows({ scaling }: Service, isRefused: IsRefused, say: Say): void {
  for (const [index, { from, to, replicas, timeZone }] of (scaling?.schedule ?? []).entries()) {
    const at = ["scaling", "schedule", index];
    const texts = [
      ["from", scheduleFault(from)],
      ["to", scheduleFault(to)],
      ["timeZone", timeZone === undefined ? undefined : timeZoneFault(timeZone)],
    ] as const;
    for (const [field, fault] of texts)
      if (fault) say(fault.code, [...at, field], fault.message, fault.hint);
    if (!scheduleFault(from) && !scheduleFault(to) && isSameTime(from, to))
      say(
        "FW1221",
        [...at, "to"],
        `the window ends when it begins: from and to are both ${JSON.stringify(to)}`,
        "write a later end, or raise scaling.min where it is to last for ever",
      );
    const { min, max } = scaling!;
    if (hasBounds(isRefused) && min <= max && (replicas < min || replicas > max))
      say(
        "FW1221",
        [...at, "replicas"],
        `the window has ${replicas} replicas, ${replicas < min ? `below scaling.min, which is ${min}` : `above scaling.max, which is ${max}`}`,
        `write ${min} to ${max}, or ${replicas < min ? `a min of at most` : `a max of at least`} ${replicas}`,
      );
  }
}

function ports({ ports = {}, routes }: Service, isRefused: IsRefused, say: Say): void {
  const taken = new Map<string, string>();
  for (const [name, { port, protocol }] of Object.entries(ports)) {
    const key = `${port}/${protocol}`;
    const other = taken.get(key);
    if (other === undefined) taken.set(key, name);
    else if (!isRefused(["ports", name]) && !isRefused(["ports", other]))
      say("FW1215", ["ports", name], `the ports ${other} and ${name} are both ${key}`);
  }
  const known = Object.values(ports).map(({ port }) => port);
  for (const [index, { port }] of routes.entries())
    if (port !== undefined && known.length > 0 && !known.includes(port) && !isRefused(["ports"]))
      say(
        "FW1104",
        ["routes", index, "port"],
        `the route leads to port ${port}: expected ${choiceOf(known.map(String))}`,
      );
}

/** Score's schema takes any text as an image; `.` is the one that the release gives. */
function images({ containers }: Service, say: Say): void {
  for (const [name, { image }] of Object.entries(containers))
    if (image !== undefined && image !== "." && !isImage(image))
      say(
        "FW1104",
        ["containers", name, "image"],
        `image is the text ${JSON.stringify(image.slice(0, 120))}: ${IMAGE_EXPECTED}`,
      );
}

/** `before`: other containers of the workload, and not in a circle. */
function order({ containers }: Service, isRefused: IsRefused, say: Say): void {
  const names = Object.keys(containers);
  for (const [name, { before }] of Object.entries(containers))
    for (const other of Object.keys(before))
      if (!names.includes(other) && !isRefused(["containers", other]))
        say(
          "FW1302",
          ["containers", name, "before", other],
          `no container ${other} in this workload: expected ${choiceOf(names.filter((one) => one !== name))}`,
          didYouMean(other, names),
        );
  const graph = new Map(
    Object.entries(containers).map(([name, { before }]) => [name, Object.keys(before)]),
  );
  for (const cycle of cyclesOf(graph))
    say(
      "FW1302",
      ["containers", cycle[0] ?? "", "before", cycle[1] ?? ""],
      `the containers wait for each other: ${cycle.join(" → ")}`,
    );
}

function memory({ containers }: Service, say: Say): void {
  for (const [name, { resources }] of Object.entries(containers))
    for (const kind of ["requests", "limits"] as const) {
      const text = resources[kind].memory;
      const fault = text === undefined ? undefined : memoryFault(text);
      if (fault)
        say(
          fault.code,
          ["containers", name, "resources", kind, "memory"],
          fault.message,
          fault.hint,
        );
    }
}
