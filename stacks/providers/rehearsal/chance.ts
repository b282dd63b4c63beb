import { createHash } from "node:crypto";

/** Texts that look like chance and are the same whenever the same resource is created the same time. */
export interface Chance {
  /** Hexadecimal digits. */
  hex(length: number, label?: string): string;
  /** Lower-case letters and digits. */
  lower(length: number, label?: string): string;
  /** Upper-case letters and digits. */
  upper(length: number, label?: string): string;
  digits(length: number, label?: string): string;
  uuid(label?: string): string;
  /** A number from 0 to `below` - 1. */
  number(below: number, label?: string): number;
}

/** Chance from a seed such as a URN and how often it was created. */
export function chanceOf(seed: string): Chance {
  const draw = (alphabet: string, length: number, label: string): string => {
    let text = "";
    for (let block = 0; text.length < length; block++) {
      const bytes = createHash("sha512").update(`${seed}\n${label}\n${block}`).digest();
      for (const byte of bytes) text += alphabet[byte % alphabet.length] ?? "";
    }
    return text.slice(0, length);
  };
  const chance: Chance = {
    hex: (length, label = "") => draw("0123456789abcdef", length, label),
    lower: (length, label = "") => draw("abcdefghijklmnopqrstuvwxyz0123456789", length, label),
    upper: (length, label = "") => draw("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length, label),
    digits: (length, label = "") => draw("0123456789", length, label),
    uuid(label = "") {
      const hex = chance.hex(32, `uuid ${label}`);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    number: (below, label = "") => Number.parseInt(chance.hex(8, label), 16) % below,
  };
  return chance;
}
