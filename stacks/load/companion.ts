import { posix } from "node:path";
import type { Code } from "../contract/codes.ts";
import type { Path } from "../contract/path.ts";
import type { Root } from "./files.ts";

/** Says something of a path of the document. */
export type SayAt = (code: Code, path: Path, message: string, hint?: string) => void;

/** A file that a descriptor names, relative to its folder. Undefined: it cannot be had, and that is reported. */
export function readCompanion(
  root: Root,
  folder: string,
  name: string,
  path: Path,
  say: SayAt,
): Buffer | undefined {
  const file = posix.isAbsolute(name) ? undefined : posix.join(folder, name);
  const read = file === undefined ? undefined : root.read(file, true);
  if (read?.bytes) return read.bytes;
  const shown = JSON.stringify(name.slice(0, 120));
  if (!read || (read.problem !== "absent" && read.problem.code === "FW1015"))
    say(
      "FW1015",
      path,
      `the file ${shown} lies outside of the root`,
      "write a path relative to the descriptor that stays inside the root",
    );
  else if (read.problem === "absent")
    say("FW1217", path, `no file ${shown} beside the descriptor`, `add ${file}, or mend the path`);
  else say(read.problem.code, path, `the file ${shown}: ${read.problem.message}`);
  return undefined;
}
