import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { addAbortSignal } from "node:stream";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { exitOf, FairwayError, problem, sortProblems, type Problem } from "../contract/problem.ts";
import { problemsText } from "../report/problems.ts";
import type { CommandFace, CommandResult, Context, FlagValues } from "./command.ts";
import { cancelling } from "./cancel.ts";
import { commandHelp, groupHelp, overview } from "./help.ts";
import { parse } from "./parse.ts";
import { progressOn, SILENT } from "./progress.ts";

/** Runs one command line and gives the exit code. The only place that knows the process. */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that went away (`fairway plan | head`) is no error of ours.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  // Which Node runs is the platform's to choose, not that of whoever reads the warning.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  const parsed = parse(argv);
  switch (parsed.kind) {
    case "version": {
      const { readFileSync } = await import("node:fs");
      const { version } = JSON.parse(
        readFileSync(path.join(checkoutRoot(), "package.json"), "utf8"),
      ) as { version: string };
      await write(process.stdout, `${version}\n`);
      return 0;
    }
    case "help":
      await write(
        process.stdout,
        `${parsed.command ? commandHelp(parsed.command) : parsed.group ? groupHelp(parsed.group) : overview()}\n`,
      );
      return 0;
    case "usage": {
      const json = argv.includes("--json");
      return print(
        parsed.command?.name ?? "",
        { exit: 2, data: null, text: "", problems: parsed.problems },
        json,
        color({}, process.stderr),
      );
    }
    case "run":
      return run(parsed.command, parsed.input);
  }
}

async function run(
  command: CommandFace,
  input: { operands: readonly string[]; flags: FlagValues },
): Promise<number> {
  const { flags } = input;
  const json = flags["json"] === true;
  const quiet = flags["quiet"] === true || (json && !process.stderr.isTTY);
  const cancel = cancelling(
    (text) => {
      progress.clear();
      process.stderr.write(`${text}\n`);
    },
    () => process.exit(130),
  );
  const terminal =
    process.stderr.isTTY === true && process.env["TERM"] !== "dumb" && !process.env["CI"];
  const progress = quiet
    ? SILENT
    : progressOn({
        write: (text) => process.stderr.write(text),
        terminal,
        color: color(flags, process.stderr),
        columns: () => process.stderr.columns ?? 100,
        now: () => performance.now(),
        tick: (draw) => {
          const timer = setInterval(draw, 200).unref();
          return () => clearInterval(timer);
        },
      });
  process.on("SIGINT", cancel.press);
  process.on("SIGTERM", cancel.press);
  let result: CommandResult;
  try {
    const context: Context = {
      root: rootOf(flags["root"] as string | undefined),
      checkout: checkoutRoot(),
      env: process.env,
      json,
      quiet,
      color: color(flags, process.stdout),
      columns: process.stdout.isTTY ? process.stdout.columns : Infinity,
      terminal: process.stdout.isTTY === true,
      signal: cancel.signal,
      terminate: cancel.terminate,
      progress,
      now: () => new Date(),
      stdin: () => readStdin(cancel.signal),
    };
    result = await (await command.load()).run(context, input);
  } catch (error) {
    result = failure(error, cancel.signal.aborted);
  } finally {
    progress.clear();
    process.off("SIGINT", cancel.press);
    process.off("SIGTERM", cancel.press);
  }
  if (flags["quiet"] === true && !json) result = { ...result, notes: [] };
  return print(command.name, result, json, color(flags, process.stderr));
}

/** A thrown error as a result: problems for people, a stack trace for a defect of ours. What breaks after Ctrl-C broke by it. */
function failure(error: unknown, cancelled: boolean): CommandResult {
  if (cancelled)
    return {
      exit: 130,
      data: null,
      text: "",
      problems: [problem("FW5016", "cancelled")],
    };
  if (FairwayError.is(error))
    return { exit: exitOf(error.problems), data: null, text: "", problems: error.problems };
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exit: 1,
    data: null,
    text: "",
    problems: [
      problem("FW9000", trace, { hint: "report it with this trace and the command line" }),
    ],
  };
}

async function print(
  command: string,
  result: CommandResult,
  json: boolean,
  coloured: boolean,
): Promise<number> {
  const problems = sortProblems(result.problems ?? []);
  const notes = sortProblems(result.notes ?? []);
  if (json) {
    const document = {
      command,
      exit: result.exit,
      rehearsed: result.rehearsed ?? false,
      data: result.data,
      problems,
      notes,
    };
    await write(process.stdout, `${JSON.stringify(document, null, 2)}\n`);
    return result.exit;
  }
  if (result.text !== "") await write(process.stdout, `${result.text}\n`);
  const blocks: string[] = [];
  if (notes.length > 0) blocks.push(problemsText(notes, coloured, "note"));
  if (problems.length > 0) blocks.push(problemsText(problems, coloured), footer(problems));
  if (blocks.length > 0) await write(process.stderr, `${blocks.join("\n")}\n`);
  return result.exit;
}

function footer(problems: readonly Problem[]): string {
  const codes = [...new Set(problems.map((p) => p.code))];
  return `${problems.length} ${problems.length === 1 ? "problem" : "problems"}; more with \`fairway explain ${codes[0]}\``;
}

/** The folder given, else this folder or the nearest above that has environments/, else the checkout. */
function rootOf(given: string | undefined): string {
  if (given !== undefined) {
    const folder = path.resolve(given);
    if (!existsSync(path.join(folder, "environments"))) {
      throw new FairwayError(
        problem("FW7009", `\`${given}\` has no folder \`environments\``, {
          hint: "give a folder that holds environments/ and services/",
        }),
      );
    }
    return realpathSync(folder);
  }
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "environments")) && existsSync(path.join(folder, "services")))
      return realpathSync(folder);
    if (folder === path.dirname(folder)) return checkoutRoot();
  }
}

function color(flags: FlagValues, stream: NodeJS.WriteStream): boolean {
  if (flags["no-color"] === true || process.env["NO_COLOR"]) return false;
  return stream.isTTY === true && process.env["TERM"] !== "dumb";
}

async function readStdin(signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of addAbortSignal(signal, process.stdin)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Waits until a pipe took the text, so that leaving the process loses nothing. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}
