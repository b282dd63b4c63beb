import type { Problem } from "../contract/problem.ts";

/** An option of a command. */
export interface Flag {
  /** Long name without dashes. */
  readonly name: string;
  readonly type: "boolean" | "string" | "number" | "list";
  /** What stands for the value in help: `NAME`. */
  readonly value?: string;
  readonly summary: string;
  /** One letter. */
  readonly short?: string;
}

/** A command as data: help, completion, the CLI page and the parser are all made from it. */
export interface CommandFace {
  /** One or two words: `validate`, `cluster up`. */
  readonly name: string;
  /** One line, lower case. */
  readonly summary: string;
  /** Positional arguments as written in help: `[SERVICE…]`. */
  readonly operands: string;
  /** Least and most operands; most absent: any number. */
  readonly arity: readonly [least: number, most?: number];
  readonly flags: readonly Flag[];
  /** Command lines, without the leading `fairway`, with what they do. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** More help, a paragraph. */
  readonly more?: string;
  /** What operands complete to. */
  readonly completes?: "service" | "template" | "explain" | "none";
  readonly load: () => Promise<{ run: Run }>;
}

/** Parsed flags, by name. */
export type FlagValues = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/** What surrounds a command: the only way to the process, the clock and the terminal. */
export interface Context {
  /** Absolute folder with `services/` and `environments/`. */
  readonly root: string;
  /** Absolute folder of the tool's own checkout. */
  readonly checkout: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  /** Width of the terminal; infinite where there is none, so that nothing is cut in a pipe. */
  readonly columns: number;
  readonly terminal: boolean;
  /** The first Ctrl-C: nothing new is begun, what runs ends in order. */
  readonly signal: AbortSignal;
  /** The second Ctrl-C: what runs breaks off. */
  readonly terminate: AbortSignal;
  readonly progress: Progress;
  now(): Date;
  /** All of standard input. */
  stdin(): Promise<string>;
}

/** A named step that runs. */
export interface Step {
  /** What it is doing now. */
  readonly say: (text: string) => void;
  /** Ends it, with a word on how it went. */
  readonly end: (result?: string, failed?: boolean) => void;
}

/** Live progress on standard error: a line per step where there is no terminal. */
export interface Progress {
  step(name: string): Step;
  /** Takes the live lines away before anything else is printed. */
  clear(): void;
}

/** What a command gives back; the edge prints it. */
export interface CommandResult {
  readonly exit: number;
  /** `data` of the JSON output; its schema is published under docs/schemas. */
  readonly data: unknown;
  /** For people, without a trailing newline. */
  readonly text: string;
  readonly problems?: readonly Problem[];
  readonly notes?: readonly Problem[];
  readonly rehearsed?: boolean;
}

export interface Input {
  readonly operands: readonly string[];
  readonly flags: FlagValues;
}

export type Run = (context: Context, input: Input) => Promise<CommandResult>;
