import { statfsSync } from "node:fs";
import { type Problem, FairwayError, problem } from "../contract/problem.ts";

/** Runs something that reads or writes under `.fairway`, and names what is wrong with the disk where it fails for that. */
export function guardStorage<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const { code = "", syscall } = error as NodeJS.ErrnoException;
    // On a read-only disk Node says of a folder and its parents that a parent is missing.
    const found = storageProblem(code === "ENOENT" && syscall === "mkdir" ? "EROFS" : code, path);
    throw found ? new FairwayError(found, { cause: error }) : error;
  }
}

/** Bytes that must be free before anything is changed, beside what the state itself needs. */
const ROOM = 4 * 1024 * 1024;

/**
 * Refuses to begin where the disk has no room for the state: the engine writes it whole, several times, and a write that
 * fails in the middle of an update would leave resources that nobody recorded.
 * @param size Bytes of the state as it is.
 * @throws FairwayError FW5002
 */
export function demandRoom(folder: string, size: number): void {
  const { bavail, bsize } = guardStorage(folder, () => statfsSync(folder));
  if (bavail * bsize < ROOM + 4 * size) throw new FairwayError(full(folder));
}

const full = (path: string): Problem =>
  problem("FW5002", `the disk that holds ${path} is full`, {
    hint: "free space there, then run the command again: what was done is recorded and continued",
  });

const SIGNS: readonly (readonly [RegExp, (path: string) => Problem])[] = [
  [/ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i, full],
  [
    /EROFS|EACCES|EPERM|read-only file system|permission denied|operation not permitted/i,
    (path) =>
      problem("FW5003", `${path} cannot be written`, {
        hint: "make the folder writable for this user, or name another root with --root",
      }),
  ],
];

/** What a system error, by its code or its text, says of the disk; undefined where it says nothing of it. */
export function storageProblem(text: string, path: string): Problem | undefined {
  return SIGNS.find(([sign]) => sign.test(text))?.[1](path);
}
