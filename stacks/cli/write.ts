import { closeSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FairwayError, problem } from "../contract/problem.ts";

/** Writes a file that the command line names; throws FW7048 where it cannot be. */
export function writeNamed(file: string, text: string): void {
  writing(file, () => writeFileSync(path.resolve(file), text));
}

/**
 * Refuses a file that cannot be written, before what will stand in it is done. Where there is none it is empty then.
 * @throws FairwayError FW7048
 */
export function demandWritable(file: string): void {
  writing(file, () => closeSync(openSync(path.resolve(file), "a")));
}

/**
 * Runs what writes a file or folder that the command line names, and tells where the file system refuses it.
 * @throws FairwayError FW7048
 */
export function writing<T>(named: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const found = problem("FW7048", `${named} cannot be written: ${REASONS[code] ?? code}`, {
      hint: "name one in a folder that is there and that you may write to",
    });
    throw new FairwayError(found, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "its folder is not there",
  ENOTDIR: "its folder is a file",
  EISDIR: "it is a folder",
  EACCES: "you may not",
  EPERM: "you may not",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};
