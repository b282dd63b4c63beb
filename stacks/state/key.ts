import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../contract/problem.ts";
import { stateFolder } from "./folder.ts";
import { guardStorage } from "./storage.ts";

const HEX = /^[0-9a-f]{64}$/;

/** The key of a root: passphrase of its state (as hex) and source of derived passwords. */
export interface Key {
  readonly bytes: Uint8Array;
  /** 64 hex digits: what `PULUMI_CONFIG_PASSPHRASE` holds. */
  readonly hex: string;
}

/**
 * Reads a root's key: `given` (the variable `FAIRWAY_KEY`, for pipelines), else `<root>/.fairway/key`, which is
 * created with mode 0600 the first time. Two that create it at once end with the same one.
 * @param remote Where state is kept that others share: they need the same key, so that none is made up here.
 * @throws FairwayError FW5001 where it is not 64 hex digits, FW5018 where there is none and none may be made.
 */
export function readKey(root: string, given?: string, remote?: string): Key {
  const file = join(stateFolder(root), "key");
  const hex = (given ?? guardStorage(file, () => readOrCreate(file, remote))).trim();
  if (!HEX.test(hex))
    fail("FW5001", `${given === undefined ? file : "FAIRWAY_KEY"} does not hold 64 hex digits`, {
      hint: "put the original key back; with another one nothing that is encrypted in the state can be read",
    });
  return { bytes: Buffer.from(hex, "hex"), hex };
}

function readOrCreate(file: string, remote: string | undefined): string {
  const present = read(file);
  if (present !== undefined) return present;
  if (remote !== undefined)
    fail("FW5018", `there is no key for the state in ${remote}, which others share`, {
      hint: `set FAIRWAY_KEY to the environment's key, or put it into ${file}; for a new environment make one with \`openssl rand -hex 32\` and keep it with your pipeline's secrets`,
    });
  mkdirSync(join(file, ".."), { recursive: true });
  // A root of its own may have no .gitignore, and a key in Git is no key.
  writeFileSync(join(file, "..", ".gitignore"), "*\n");
  const hex = randomBytes(32).toString("hex");
  const draft = `${file}.${hex.slice(0, 8)}`;
  writeFileSync(draft, hex, { mode: 0o600, flag: "wx" });
  try {
    linkSync(draft, file);
    return hex;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return readFileSync(file, "utf8");
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
