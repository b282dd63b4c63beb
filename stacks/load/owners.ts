import type { Root } from "./files.ts";

/** Where GitHub looks for the file, in this order; the first that is there counts. */
const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** Path relative to the root → its first owner, or undefined. */
export type Owners = (file: string) => string | undefined;

/** Reads CODEOWNERS of a root; without one nobody owns anything. */
export function readOwners(root: Root): Owners {
  for (const place of PLACES) {
    const read = root.text(place, true);
    if ("text" in read) return parseOwners(read.text);
  }
  return () => undefined;
}

/**
 * CODEOWNERS as GitHub reads it: the last line that matches wins, and a line without owners leaves the path unowned.
 * Patterns are gitignore's without `!` and `[ ]`; of several owners the first answers.
 */
export function parseOwners(text: string): Owners {
  const rules = text.split("\n").flatMap((line) => {
    const [pattern, owner] = line
      .replace(/(^|[^\\])#.*$/, "$1")
      .trim()
      .split(/(?<!\\)\s+/);
    return pattern ? [{ matches: globOf(pattern), owner }] : [];
  });
  return (file) => rules.findLast(({ matches }) => matches.test(file))?.owner;
}

/** A pattern as an expression over paths without a leading slash. */
function globOf(pattern: string): RegExp {
  const plain = pattern.replaceAll("\\ ", " ").replaceAll("\\#", "#");
  const body = plain.replace(/^\//, "").replace(/\/$/, "");
  const anchored = plain.startsWith("/") || body.includes("/");
  const expression = body
    .split(/(\*\*\/|\/\*\*$|\*\*|\*|\?)/)
    .map((piece) => TOKENS[piece] ?? piece.replace(/[.+^${}()|[\]\\]/g, "\\$&"))
    .join("");
  // `docs/*` takes the files of docs only; other patterns take whole folders too.
  const below = plain.endsWith("/") ? "/.*" : plain.endsWith("/*") ? "" : "(?:/.*)?";
  return new RegExp(`^${anchored ? "" : "(?:.*/)?"}${expression}${below}$`);
}

const TOKENS: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "/**": "/.*",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};
