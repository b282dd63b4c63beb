import { hkdfSync } from "node:crypto";
import { fail } from "../../stacks/contract/problem.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** The largest multiple of the alphabet's size in a byte: greater bytes are skipped, so that no letter is likelier. */
const LIMIT = 256 - (256 % ALPHABET.length);

/**
 * A password nobody has to keep: HKDF-SHA256 (RFC 5869) of the environment's key, spelled in letters and digits so
 * that it needs no escaping in URLs, shells and configuration files.
 * @param key The environment's key, 32 bytes.
 * @param identity What the password is for: the resource's recorded identity, which survives renames.
 * @param rotation Raised to change it.
 * @param length Characters, 1 to 64; 24 hold 142 bits.
 */
export function derivePassword(
  key: Uint8Array,
  identity: string,
  rotation: number,
  length = 24,
): string {
  if (key.length !== 32)
    fail("FW9000", `a key of 32 bytes is needed to derive passwords, found ${key.length}`);
  const info = `fairway password\n${identity}\n${rotation}`;
  const letters: string[] = [];
  for (const byte of new Uint8Array(hkdfSync("sha256", key, "", info, 512)))
    if (byte < LIMIT) letters.push(ALPHABET.charAt(byte % ALPHABET.length));
  return letters.slice(0, length).join("");
}
