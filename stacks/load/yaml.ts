import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type Pair,
  type ParsedNode,
  type YAMLParseError,
} from "yaml";
import type { Code } from "../contract/codes.ts";
import type { Position } from "../contract/origin.ts";
import { joinPath, type Path } from "../contract/path.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Json } from "../contract/value.ts";

/** Deepest nesting of maps and lists. */
const MAX_DEPTH = 64;

/** Which place of a path is meant: a scalar's own (else its key's), or always the key's. */
export type Place = "value" | "key";

/** A parsed file. */
export interface Yaml {
  /** Relative to the root. */
  readonly file: string;
  /** Undefined where the file is so broken that there is no value; then there are problems. */
  readonly value: Json | undefined;
  readonly problems: readonly Problem[];
  /** Plain scalars that other readers take for something else, kept until the schema said what is expected there. */
  readonly doubtful: readonly Doubtful[];
  /** Values that are null, and maps that lack fields, because what they say stands elsewhere in the file: aliases and merge keys. */
  readonly elsewhere: readonly Path[];
  /** Where a path stands; the nearest parent that exists answers for a path that does not. */
  at(path: Path, place?: Place): Position;
  /** Source text of a scalar: `0644` for a number written so. */
  written(path: Path): string | undefined;
}

interface Doubtful {
  readonly path: Path;
  readonly kind: "boolean" | "octal" | "unsafe";
  readonly written: string;
}

/** Reads a YAML 1.2 document strictly. Never throws. A byte order mark is tolerated. */
export function parseYaml(file: string, source: string): Yaml {
  const text = source.startsWith("\uFEFF") ? source.slice(1) : source;
  const lines = new LineCounter();
  const reader = new Reader(file, lines);
  const root = compose(text, lines, reader);
  const value = root === undefined ? undefined : reader.value(root, [], 0);
  return {
    file,
    value: reader.broken ? undefined : value,
    problems: reader.problems,
    doubtful: reader.doubtful,
    elsewhere: reader.elsewhere,
    at: (path, place = "value") => reader.position(offsetOf(root, path, place)),
    written: (path) => {
      const node = find(root, path);
      return isScalar(node) ? node.source : undefined;
    },
  };
}

/** Text → node tree; problems of the syntax go to the reader. Undefined: nothing to read. */
function compose(text: string, lines: LineCounter, reader: Reader): ParsedNode | undefined {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > 2 * MAX_DEPTH + 2) {
      reader.report("FW1014", parser.offset, `nested more than ${MAX_DEPTH} levels deep`);
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  const composer = new Composer({
    version: "1.2",
    schema: "core",
    merge: false,
    // Ours: the library's check takes time quadratic in the number of keys.
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
    logLevel: "silent",
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  const [document, ...others] = documents;
  for (const error of document?.errors ?? []) reader.syntax(error, text);
  const second = others.find((other) => !isEmpty(other));
  if (second)
    reader.report("FW1007", second.range[0], "several documents in one file: one is allowed", {
      hint: "keep one document; the others need files of their own",
    });
  if (reader.broken) return undefined;
  if (!document?.contents || isEmpty(document)) {
    reader.report("FW1008", 0, "the file is empty");
    return undefined;
  }
  return document.contents;
}

/** Whether a document says nothing, not even an anchor or a tag: what follows a last `---`. */
function isEmpty({ contents, errors }: Document.Parsed): boolean {
  if (errors.length > 0) return false;
  if (!contents) return true;
  return (
    isScalar(contents) &&
    contents.value === null &&
    !contents.source &&
    contents.anchor === undefined &&
    contents.tag === undefined
  );
}

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const SYNTAX: Readonly<Record<string, string>> = {
  BAD_ALIAS: "an alias cannot be read",
  BAD_INDENT: "the indentation does not fit the lines around it",
  BLOCK_AS_IMPLICIT_KEY:
    "a second `: ` in one line (a text that holds one needs quotes), or a next line that is indented too far",
  MISSING_CHAR: "a character is missing",
  MULTILINE_IMPLICIT_KEY: "a key runs over several lines",
};

/** Turns nodes into plain values and collects what is wrong. */
class Reader {
  readonly problems: Problem[] = [];
  readonly doubtful: Doubtful[] = [];
  readonly elsewhere: Path[] = [];
  /** Set where the value cannot be trusted at all. */
  broken = false;
  private readonly file: string;
  private readonly lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.file = file;
    this.lines = lines;
  }

  position(offset: number): Position {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  report(
    code: Code,
    offset: number,
    message: string,
    details: { path?: Path; hint?: string; breaks?: boolean } = {},
  ): void {
    if (details.breaks ?? true) this.broken = true;
    this.problems.push(
      problem(code, message, {
        ...this.position(offset),
        ...(details.path && { path: joinPath(details.path) }),
        ...(details.hint && { hint: details.hint }),
      }),
    );
  }

  /** One problem a line, at most ten: what follows an error is most often its echo. */
  syntax(error: YAMLParseError, text: string): void {
    const [offset] = error.pos;
    const { line } = this.position(offset);
    if (this.problems.length >= 10 || this.problems.some((known) => known.line === line)) return;
    const lineText = text.slice(text.lastIndexOf("\n", offset - 1) + 1).split("\n", 1)[0] ?? "";
    if (error.code === "TAB_AS_INDENT" || /^ *\t/.test(lineText))
      this.report("FW1004", offset, "a tab in the indentation: only spaces are allowed", {
        hint: "indent with spaces",
      });
    else
      this.report(
        "FW1003",
        offset,
        `${SYNTAX[error.code] ?? "not YAML"}: ${quoteless(error.message)}`,
      );
  }

  value(node: unknown, path: Path, depth: number): Json {
    if (isAlias(node)) {
      this.report("FW1006", node.range?.[0] ?? 0, `the alias *${node.source} is not allowed`, {
        path,
        hint: "write the value out",
        breaks: false,
      });
      this.elsewhere.push(path);
      return null;
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    const offset = node.range?.[0] ?? 0;
    if (node.anchor !== undefined)
      this.report("FW1006", offset, `the anchor &${node.anchor} is not allowed`, {
        path,
        hint: "write the value out where it is needed",
        breaks: false,
      });
    if (node.tag)
      this.report("FW1011", offset, `the tag ${shortTag(node.tag)} is not allowed`, {
        path,
        hint: "leave the tag out; write text in quotes",
        breaks: false,
      });
    if (depth > MAX_DEPTH) {
      this.report("FW1014", offset, `nested more than ${MAX_DEPTH} levels deep`, { path });
      return null;
    }
    if (isScalar(node)) return this.scalar(node, path);
    if (isSeq(node))
      return node.items.map((item, index) => this.value(item, [...path, index], depth + 1));
    const map: Record<string, Json> = {};
    const seen = new Map<string, number>();
    for (const pair of node.items) {
      const key = this.key(pair, path);
      if (key === undefined) continue;
      const at = startOf(pair.key) ?? offset;
      const first = seen.get(key);
      if (first !== undefined) {
        this.report(
          "FW1005",
          at,
          `the key ${key} stands twice: first in line ${this.position(first).line}`,
          { path: [...path, key], hint: "keep one of the two", breaks: false },
        );
        continue;
      }
      seen.set(key, at);
      map[key] = this.value(pair.value, [...path, key], depth + 1);
    }
    return map;
  }

  /** The key of a pair, or undefined where it is not usable. */
  private key(pair: Pair, path: Path): string | undefined {
    const key = pair.key;
    const offset = startOf(key) ?? startOf(pair.value) ?? 0;
    if (isScalar(key) && typeof key.value === "string") {
      if (key.anchor !== undefined)
        this.report("FW1006", offset, `the anchor &${key.anchor} is not allowed`, {
          path,
          hint: "leave the anchor out",
          breaks: false,
        });
      if (key.value === "<<" && key.type === "PLAIN") {
        this.report("FW1006", offset, "the merge key << is not allowed", {
          path,
          hint: "write the fields out",
          breaks: false,
        });
        this.elsewhere.push(path);
        return undefined;
      }
      if (!FORBIDDEN.has(key.value)) return key.value;
      this.report("FW1009", offset, `the key ${key.value} is not allowed`, {
        path,
        hint: "choose another key",
        breaks: false,
      });
      return undefined;
    }
    const written = isScalar(key) && key.source ? key.source : undefined;
    this.report("FW1010", offset, `the key ${written ?? "here"} is not text`, {
      path,
      hint: written ? `write "${written}" in quotes` : "write a text as key",
      breaks: false,
    });
    return undefined;
  }

  private scalar(node: { value: unknown; type?: string; source?: string }, path: Path): Json {
    const { value, source = "" } = node;
    const doubt = (kind: Doubtful["kind"]) => this.doubtful.push({ path, kind, written: source });
    if (typeof value === "string") {
      if (node.type === "PLAIN" && /^(yes|no|on|off)$/i.test(value)) doubt("boolean");
      return value;
    }
    if (typeof value === "number") {
      if (/^[-+]?0[0-9]/.test(source)) doubt("octal");
      else if (Number.isInteger(value) && !Number.isSafeInteger(value)) doubt("unsafe");
      return value;
    }
    return typeof value === "boolean" ? value : null;
  }
}

/** The library's message, lower case, without text of the file, which may be a secret. */
const quoteless = (message: string): string =>
  `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replace(/:? "[^]*$/, "");
const shortTag = (tag: string): string => tag.replace(/^tag:yaml\.org,2002:/, "!!");

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)
    ? node.range?.[0]
    : undefined;
}

function pairOf(node: unknown, key: string | number): Pair | undefined {
  return isMap(node)
    ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === String(key))
    : undefined;
}

function find(root: unknown, path: Path): unknown {
  let node = root;
  for (const part of path)
    node = isSeq(node) ? node.items[Number(part)] : pairOf(node, part)?.value;
  return node;
}

/** Offset of the place that a path names, or of its nearest parent. */
function offsetOf(root: unknown, path: Path, place: Place): number {
  let offset = startOf(root) ?? 0;
  let node = root;
  for (const [index, part] of path.entries()) {
    const pair = pairOf(node, part);
    const next: unknown = isSeq(node) ? node.items[Number(part)] : pair?.value;
    if (!pair && next === undefined) break;
    const last = index === path.length - 1;
    const own = startOf(next);
    const scalar = isScalar(next) && next.source !== "" && next.source !== undefined;
    offset = (pair && !(last && place === "value" && scalar) ? startOf(pair.key) : own) ?? offset;
    node = next;
  }
  return offset;
}
