/** A block of IPv4 addresses. */
export interface Block {
  first: number;
  last: number;
  /** Bits of the prefix. */
  bits: number;
}

/** The block that a text such as `10.0.0.0/16` names; undefined where it is none, or its address is not its first. */
export function blockOf(text: string): Block | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!found) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = found.slice(1).map(Number);
  if ([a, b, c, d].some((part) => part > 255) || bits > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - bits);
  return first % size === 0 ? { first, last: first + size - 1, bits } : undefined;
}

/** True where every address of `inner` is one of `outer`. */
export const isInside = (inner: Block, outer: Block): boolean =>
  inner.first >= outer.first && inner.last <= outer.last;

/** True where the blocks share an address. */
export const overlaps = (a: Block, b: Block): boolean => a.first <= b.last && b.first <= a.last;
