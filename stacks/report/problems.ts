import type { Problem } from "../contract/problem.ts";
import { plain, style } from "./style.ts";

/** Problems for people: one block each, place first, as compilers write them. */
export function problemsText(
  problems: readonly Problem[],
  color: boolean,
  level: "error" | "note" = "error",
): string {
  const s = style(color);
  const word = level === "error" ? s.red("error") : s.yellow("note");
  return problems
    .map((p) => {
      const at = place(p);
      const head = `${at === "" ? "" : `${s.bold(at)}: `}${word} ${p.code}: ${plain(p.message)}`;
      return p.hint ? `${head}\n    ${s.cyan("fix:")} ${plain(p.hint)}` : head;
    })
    .join("\n");
}

/** `file:line:column`, as far as known. */
export function place(at: {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}): string {
  return [at.file, at.line, at.column].filter((part) => part !== undefined).join(":");
}
