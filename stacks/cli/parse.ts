import { parseArgs, type ParseArgsConfig } from "node:util";
import { problem, type Problem } from "../contract/problem.ts";
import { nearest } from "../contract/nearest.ts";
import type { CommandFace, Flag, FlagValues, Input } from "./command.ts";
import { COMMANDS, COMMON_FLAGS } from "./commands.ts";

/** What a command line asks for. */
export type Parsed =
  | { readonly kind: "run"; readonly command: CommandFace; readonly input: Input }
  | { readonly kind: "help"; readonly command?: CommandFace; readonly group?: string }
  | { readonly kind: "version" }
  | {
      readonly kind: "usage";
      readonly problems: readonly Problem[];
      readonly command?: CommandFace;
    };

const PARSE_ERROR: Readonly<Record<string, (message: string) => string>> = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: (message) => message.split(". ")[0]!,
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: (message) => message.split("\n")[0]!,
};

/** Reads a command line by the table of commands. Pure. */
export function parse(argv: readonly string[]): Parsed {
  const words = wordsOf(argv);
  const flagsOnly = words.length === 0;
  if (flagsOnly && argv.some((word) => word === "--version" || word === "-v"))
    return { kind: "version" };
  if (
    flagsOnly &&
    argv.every((word) => word === "--help" || word === "-h" || word === "--no-color")
  )
    return { kind: "help" };
  if (words[0] === "help") return helpFor(words.slice(1));
  const command = COMMANDS.find(
    (face) => face.name === words.slice(0, face.name.split(" ").length).join(" "),
  );
  if (!command) return unknownCommand(words, argv);
  return readFlags(command, argv);
}

/** Flags that take a value, as they are written: `--env`, `-e`. */
const TAKES_VALUE: ReadonlySet<string> = new Set(
  [...COMMON_FLAGS, ...COMMANDS.flatMap((face) => face.flags)]
    .filter((flag) => flag.type !== "boolean")
    .flatMap((flag) => [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])]),
);

/** What is neither a flag nor the value of one. */
const wordsOf = (argv: readonly string[]): string[] =>
  argv.filter((word, i) => !word.startsWith("-") && !TAKES_VALUE.has(argv[i - 1] ?? ""));

function helpFor(words: readonly string[]): Parsed {
  const name = words.join(" ");
  const command = COMMANDS.find((face) => face.name === name);
  if (command || name === "") return { kind: "help", command };
  if (COMMANDS.some((face) => face.name.startsWith(`${name} `)))
    return { kind: "help", group: name };
  return usage([problem("FW7001", `there is no command \`${name}\``, { hint: suggest(name) })]);
}

function unknownCommand(words: readonly string[], argv: readonly string[]): Parsed {
  const [first = "", second] = words;
  const group = COMMANDS.filter((face) => face.name.startsWith(`${first} `));
  if (group.length > 0) {
    if (argv.includes("--help") || argv.includes("-h")) return { kind: "help", group: first };
    const allowed = group.map((face) => face.name.slice(first.length + 1)).join(", ");
    const found =
      second === undefined
        ? `\`${first}\` needs one more word`
        : `there is no command \`${first} ${second}\``;
    return usage([
      problem("FW7001", `${found}: ${allowed}`, { hint: `write \`fairway ${group[0]!.name}\`` }),
    ]);
  }
  return usage([
    problem("FW7001", first === "" ? "no command was given" : `there is no command \`${first}\``, {
      hint: suggest(first),
    }),
  ]);
}

function suggest(word: string): string {
  const near = nearest(
    word,
    COMMANDS.map((face) => face.name),
  );
  return near ? `did you mean \`fairway ${near}\`?` : "run `fairway --help` for all commands";
}

function readFlags(command: CommandFace, argv: readonly string[]): Parsed {
  const flags = [...command.flags, ...COMMON_FLAGS];
  const options: NonNullable<ParseArgsConfig["options"]> = {};
  for (const flag of flags) {
    options[flag.name] = {
      type: flag.type === "boolean" ? "boolean" : "string",
      multiple: flag.type === "list",
      ...(flag.short && { short: flag.short }),
    };
  }
  let values: Record<string, unknown>;
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      strict: true,
    }));
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const text = PARSE_ERROR[code]?.(message) ?? message;
    const option = /'(--?[^\s']+)/.exec(text)?.[1];
    const near =
      option &&
      nearest(
        option.replace(/^-+/, ""),
        flags.map((flag) => flag.name),
      );
    const hint =
      code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" && near
        ? `did you mean \`--${near}\`?`
        : `run \`fairway ${command.name} --help\``;
    return usage(
      [problem("FW7002", text.charAt(0).toLowerCase() + text.slice(1), { hint })],
      command,
    );
  }
  if (values["help"] === true) return { kind: "help", command };
  const operands = positionals.slice(command.name.split(" ").length);
  const { numbers, problems } = readNumbers(flags, values);
  const [least, most] = command.arity;
  if (operands.length < least)
    problems.push(
      problem("FW7003", `\`${command.name}\` needs ${command.operands}`, {
        hint: `for example \`fairway ${command.examples[0]![0]}\``,
      }),
    );
  if (most !== undefined && operands.length > most) {
    problems.push(
      problem(
        "FW7003",
        `\`${command.name}\` takes ${most === 0 ? "no operands" : command.operands}, got \`${operands.slice(most).join(" ")}\` too`,
        { hint: `run \`fairway ${command.name} --help\`` },
      ),
    );
  }
  if (problems.length > 0) return usage(problems, command);
  return {
    kind: "run",
    command,
    input: { operands, flags: { ...(values as FlagValues), ...numbers } },
  };
}

function readNumbers(
  flags: readonly Flag[],
  values: Record<string, unknown>,
): { numbers: Record<string, number>; problems: Problem[] } {
  const numbers: Record<string, number> = {};
  const problems: Problem[] = [];
  for (const flag of flags) {
    const text = values[flag.name];
    if (flag.type !== "number" || text === undefined) continue;
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1) numbers[flag.name] = value;
    else
      problems.push(
        problem(
          "FW7004",
          `\`--${flag.name}\` is \`${String(text)}\`, expected a whole number from 1`,
          { hint: `write \`--${flag.name} 2\`` },
        ),
      );
  }
  return { numbers, problems };
}

const usage = (problems: readonly Problem[], command?: CommandFace): Parsed => ({
  kind: "usage",
  problems,
  command,
});
