import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../../setup/checkout.ts";
import type { Tables } from "../../../stacks/providers/rehearsal/facts.ts";
import { MARKER, type Outputs } from "../outputs.ts";
import models from "./botocore.json" with { type: "json" };
import { disagreements, type Model } from "./disagreements.ts";
import { tablesOf } from "./tables.ts";

const FILE = "docs/REHEARSAL.md";
const END = "<!-- End of what is generated. -->";

/** The part of the page on rehearsal that is generated: the types of the tables, and where the sources do not agree. */
export function rehearsalPage(): Outputs {
  const path = join(checkoutRoot(), FILE);
  const old = existsSync(path) ? readFileSync(path, "utf8") : "# Rehearsal\n";
  const [before = ""] = old.split(MARKER);
  const [, after = "\n"] = old.split(END);
  const block = [MARKER, ...generated(tablesOf()), END].join("\n\n");
  return { [FILE]: `${before.trimEnd()}\n\n${block}${after}` };
}

function generated({ source, types }: Tables): string[] {
  const all = models.types as unknown as Readonly<Record<string, Model>>;
  const found = disagreements(types, all);
  const conditional = Object.entries(types).filter(([, { conditional: is }]) => is);
  const members = Object.values(all).reduce((sum, one) => sum + Object.keys(one.members).length, 0);
  return [
    "### Sources of the tables",
    Object.entries(source)
      .map(([name, what]) => `- **${name}** ${what}.`)
      .join("\n"),
    `### Types in the tables (${Object.keys(types).length})`,
    `With an asterisk: the provider's schema says that further replacement hangs on conditions (${conditional.length} types).`,
    Object.entries(types)
      .map(([token, { conditional: is }]) => `\`${short(token)}\`${is ? "*" : ""}`)
      .join(", "),
    `### Where the sources do not agree (${found.length})`,
    `Compared are ${members} properties of ${Object.keys(all).length} types with the service models of botocore 1.44.5. The tables are followed, because the provider speaks to AWS: it updates by other operations than the one of that name, and checks values before AWS does.`,
    table(
      ["type", "property", "about", "tables", "botocore"],
      found.map((one) => [
        `\`${short(one.type)}\``,
        `\`${one.property}\``,
        one.about,
        one.tables,
        one.botocore,
      ]),
    ),
  ];
}

const short = (token: string): string => token.replace(/^aws:/, "").replace(/\/\w+:/, ".");

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
