import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { problem, type Problem } from "../contract/problem.ts";

/** Larger files are refused unread. */
export const MAX_BYTES = 1024 * 1024;

export type Read =
  | { readonly bytes: Buffer; readonly problem?: undefined }
  | { readonly bytes?: undefined; readonly problem: Problem | "absent" };

export interface Entry {
  readonly name: string;
  readonly kind: "file" | "folder";
}

/** A file that a folder's models were made from, and the SHA-1 of its content; `absent` where there is none. */
export type Trace = Record<string, string>;

/** Reads below one folder and never outside of it, whatever links say. Paths are relative, with forward slashes. */
export class Root {
  /** Absolute, links resolved. */
  readonly path: string;

  constructor(path: string) {
    this.path = realpathSync(path);
  }

  /** Files and folders, sorted by name; links that lead outside are problems. An absent folder is empty. */
  list(folder: string, problems: Problem[]): Entry[] {
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
