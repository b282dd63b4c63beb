import type { CommandFace, Flag } from "./command.ts";
import { COMMANDS, COMMON_FLAGS } from "./commands.ts";

/** `fairway --help`. */
export function overview(): string {
  const width = Math.max(...COMMANDS.map((face) => face.name.length));
  return [
    "Fairway: a service descriptor in, a judged and deployed service out.",
    "",
    "usage: fairway COMMAND [OPERANDS] [FLAGS]",
    "",
    ...COMMANDS.map((face) => `  ${face.name.padEnd(width)}  ${face.summary}`),
    "",
    "Every command takes --help, --json, --root DIR, --quiet and --yes.",
    "Exit codes: 0 fine, 1 failed, 2 usage, 3 invalid input, 4 refused, 5 drift or stale, 6 busy, 7 not found, 130 cancelled.",
  ].join("\n");
}

/** `fairway cluster --help`. */
export function groupHelp(group: string): string {
  return COMMANDS.filter((face) => face.name.startsWith(`${group} `))
    .map((face) => `  fairway ${face.name}  ${face.summary}`)
    .join("\n");
}

/** `fairway up --help`. */
export function commandHelp(face: CommandFace): string {
  const rows = [...face.flags, ...COMMON_FLAGS].map(
    (flag) => [flagText(flag), flag.summary] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    face.summary.charAt(0).toUpperCase() + face.summary.slice(1),
    "",
    `usage: fairway ${[face.name, face.operands, "[FLAGS]"].filter(Boolean).join(" ")}`,
    ...(face.more ? ["", face.more] : []),
    "",
    "flags:",
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    "",
    "examples:",
    ...face.examples.flatMap(([line, does]) => [`  fairway ${line}`, `      ${does}`]),
  ].join("\n");
}

function flagText(flag: Flag): string {
  const long = `--${flag.name}${flag.value ? ` ${flag.value}` : ""}`;
  return flag.short ? `-${flag.short}, ${long}` : `    ${long}`;
}
