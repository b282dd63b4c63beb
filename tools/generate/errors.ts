import { CODES, type CodeEntry } from "../../stacks/contract/codes.ts";
import { MARKER, type Outputs } from "./outputs.ts";

/** A page a code, and one list of all. */
export function errorPages(): Outputs {
  const entries = Object.entries(CODES as Readonly<Record<string, CodeEntry>>).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const pages = entries.map(
    ([code, entry]) => [`docs/errors/${code}.md`, page(code, entry)] as const,
  );
  const list = [
    "# Error codes",
    "",
    MARKER,
    "",
    "Codes never change their meaning. The exit code is that of the process.",
    "",
    "| code | what | exit |",
    "| --- | --- | --- |",
    ...entries.map(([code, entry]) => `| [${code}](${code}.md) | ${entry.title} | ${entry.exit} |`),
    "",
  ];
  return { ...Object.fromEntries(pages), "docs/errors/README.md": list.join("\n") };
}

function page(code: string, entry: CodeEntry): string {
  return [
    `# ${code}: ${entry.title}`,
    "",
    MARKER,
    "",
    `**Why.** ${entry.why}`,
    "",
    `**What to do.** ${entry.fix}`,
    "",
    `Exit code ${entry.exit}.`,
    "",
  ].join("\n");
}
