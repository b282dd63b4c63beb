import { z } from "zod";
import { commandHelp, overview } from "../../stacks/cli/help.ts";
import { COMMANDS } from "../../stacks/cli/commands.ts";
import { DATA_SCHEMAS, documentSchema } from "../../stacks/cli/schemas.ts";
import { JSON_MARKER, MARKER, type Outputs } from "./outputs.ts";

/** The page of commands: their help as it is printed. */
export function commandPage(): Outputs {
  const sections = COMMANDS.flatMap((face) => [
    `## fairway ${face.name}`,
    "",
    "```text",
    commandHelp(face),
    "```",
    "",
  ]);
  return {
    "docs/CLI.md": [
      "# Commands",
      "",
      MARKER,
      "",
      "```text",
      overview(),
      "```",
      "",
      ...sections,
    ].join("\n"),
  };
}

/** A JSON Schema a command: what it prints with `--json`. */
export function commandSchemas(): Outputs {
  return Object.fromEntries(
    Object.keys(DATA_SCHEMAS).map((command) => {
      const schema = { $comment: JSON_MARKER, ...z.toJSONSchema(documentSchema(command)) };
      return [
        `docs/schemas/${command.replaceAll(" ", "-")}.json`,
        `${JSON.stringify(schema, null, 2)}\n`,
      ];
    }),
  );
}
