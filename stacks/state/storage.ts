import { type Problem, FairwayError, problem } from "../contract/problem.ts";

/** Runs something that reads or writes under `.fairway`, and names what is wrong with the disk where it fails for that. */
export function guardStorage<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const found = storageProblem((error as NodeJS.ErrnoException).code ?? "", path);
    throw found ? new FairwayError(found, { cause: error }) : error;
  }
}

const SIGNS: readonly (readonly [RegExp, (path: string) => Problem])[] = [
  [
    /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i,
    (path) =>
      problem("FW5002", `the disk that holds ${path} is full`, {
        hint: "free space there, then run the command again: what was done is recorded and continued",
      }),
  ],
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
