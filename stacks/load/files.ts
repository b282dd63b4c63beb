import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { problem, type Problem } from "../contract/problem.ts";

/** Larger files are refused unread. */
const MAX_BYTES = 1024 * 1024;

type Read =
  | { readonly bytes: Buffer; readonly problem?: undefined }
  | { readonly bytes?: undefined; readonly problem: Problem | "absent" };

interface Entry {
  readonly name: string;
  readonly kind: "file" | "folder";
}

/** What was looked at, and how it was: folders listed and files read, each with a hash of what was found. */
export type Trace = readonly (readonly [
  how: "list" | "read" | "linked",
  path: string,
  hash: string,
])[];

/** Reads below one folder and never outside of it, whatever links say. Paths are relative, with forward slashes. */
export class Root {
  /** Absolute, links resolved. */
  readonly path: string;
  private trace: [Trace[number][0], string, string][] | undefined;

  constructor(path: string) {
    this.path = realpathSync(path);
  }

  /** Runs a function and says everything that it looked at. */
  traced<T>(body: () => T): { result: T; trace: Trace } {
    this.trace = [];
    try {
      return { result: body(), trace: this.trace };
    } finally {
      this.trace = undefined;
    }
  }

  /** Whether everything looked at is still as it was. */
  unchanged(trace: Trace): boolean {
    return trace.every(
      ([how, path, hash]) =>
        hash ===
        (how === "list"
          ? listHash(this.entries(path, []))
          : readHash(this.look(path, how === "linked"))),
    );
  }

  /** Files and folders, sorted by name; links that lead outside are problems. An absent folder is empty. */
  list(folder: string, problems: Problem[]): Entry[] {
    const found = this.entries(folder, problems);
    this.trace?.push(["list", folder, listHash(found)]);
    return found;
  }

  private entries(folder: string, problems: Problem[]): Entry[] {
    // Folders further down were found by listing, where links are followed only inside.
    if (!folder.includes("/") && this.inside(folder) === undefined) {
      problems.push(outside(folder));
      return [];
    }
    let entries;
    try {
      entries = readdirSync(join(this.path, folder), { withFileTypes: true });
    } catch (error) {
      const code = codeOf(error);
      if (code !== "ENOENT" && code !== "ENOTDIR") problems.push(unreadable(folder, code));
      return [];
    }
    const found: Entry[] = [];
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) found.push({ name: entry.name, kind: "folder" });
      else if (entry.isFile()) found.push({ name: entry.name, kind: "file" });
      else if (entry.isSymbolicLink()) {
        const inside = this.inside(path);
        if (inside === undefined) problems.push(outside(path));
        else if (inside !== "absent")
          found.push({
            name: entry.name,
            kind: statSync(inside).isDirectory() ? "folder" : "file",
          });
      }
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Content of a file; `linked` says that a link may stand somewhere on the way. */
  read(file: string, linked = false): Read {
    const found = this.look(file, linked);
    this.trace?.push([linked ? "linked" : "read", file, readHash(found)]);
    return found;
  }

  private look(file: string, linked: boolean): Read {
    try {
      let path = join(this.path, file);
      if (linked) {
        const inside = this.inside(file);
        if (inside === undefined) return { problem: outside(file) };
        if (inside === "absent") return { problem: "absent" };
        path = inside;
      }
      const bytes = readSmall(path);
      return bytes
        ? { bytes }
        : {
            problem: problem("FW1002", `the file is larger than ${MAX_BYTES / 1024} KiB`, {
              file,
              line: 1,
              column: 1,
            }),
          };
    } catch (error) {
      const code = codeOf(error);
      return {
        problem: code === "ENOENT" || code === "ENOTDIR" ? "absent" : unreadable(file, code),
      };
    }
  }

  /** Text of a file that must be UTF-8. */
  text(file: string, linked = false): { text: string } | { problem: Problem | "absent" } {
    const { bytes, problem: failed } = this.read(file, linked);
    if (!bytes) return { problem: failed };
    return isText(bytes)
      ? { text: bytes.toString("utf8") }
      : { problem: problem("FW1001", "the file is not UTF-8 text", { file, line: 1, column: 1 }) };
  }

  /** The real path, undefined where it lies outside of the root. */
  private inside(path: string): string | "absent" | undefined {
    const full = join(this.path, path);
    if (full !== this.path && !full.startsWith(this.path + sep)) return undefined;
    try {
      const real = realpathSync(full);
      return real === this.path || real.startsWith(this.path + sep) ? real : undefined;
    } catch (error) {
      if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return "absent";
      throw error;
    }
  }
}

/** Whether bytes are text: UTF-8 without NUL. */
export const isText = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0);

const listHash = (entries: readonly Entry[]): string =>
  entries.map(({ name, kind }) => `${kind} ${name}`).join("\n");

const readHash = ({ bytes, problem: failed }: Read): string =>
  bytes ? hashOf(bytes) : failed === "absent" ? "absent" : failed.code;

/** SHA-1: tells contents apart, protects nothing. */
export const hashOf = (bytes: Buffer | string): string =>
  createHash("sha1").update(bytes).digest("base64");

function readSmall(path: string): Buffer | undefined {
  const stat = statSync(path);
  if (!stat.isFile()) throw Object.assign(new Error("not a file"), { code: "EISDIR" });
  return stat.size > MAX_BYTES ? undefined : readFileSync(path);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown error";
}

const unreadable = (file: string, code: string): Problem =>
  problem("FW1016", `the file cannot be read: ${code}`, { file, line: 1, column: 1 });

const outside = (file: string): Problem =>
  problem("FW1015", "the path leads out of the root", {
    file,
    line: 1,
    column: 1,
    hint: "copy the file into the root",
  });
