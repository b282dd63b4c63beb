import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CATALOG } from "../../components/catalog.ts";
import type { Driver } from "../../stacks/contract/driver.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { MARKER, type Outputs } from "./outputs.ts";
import { table } from "./table.ts";

const END = "<!-- End of what is generated. -->";

/** Folder of a resource type where it is not the type's own. */
const FOLDERS: Readonly<Record<string, string>> = { "postgres-instance": "postgres" };

/** A page for each folder of drivers: text by hand, then params, outputs and proof of its drivers. */
export function driverPages(): Outputs {
  const folderOf = ({ type }: Driver): string => FOLDERS[type] ?? type;
  return Object.fromEntries(
    [...new Set(CATALOG.map(folderOf))].map((folder) => {
      const faces = CATALOG.filter((face) => folderOf(face) === folder);
      const file = `components/${folder}/${folder}.md`;
      const path = join(checkoutRoot(), file);
      const old = existsSync(path) ? readFileSync(path, "utf8") : `# ${folder}\n`;
      const [before = ""] = old.split(MARKER);
      const [, after = "\n"] = old.split(END);
      const block = [MARKER, ...faces.map(describe), ...examplesIn(folder), END].join("\n\n");
      return [file, `${before.trimEnd()}\n\n${block}${after}`];
    }),
  );
}

const describe = (face: Driver): string =>
  [
    `## ${face.name}`,
    `${face.title}. Type \`${face.type}\`. ${proofOf(face)}`,
    table(["param", "default", "what"], paramsOf(face)),
    table(
      ["output", "secret", "what"],
      Object.entries(face.outputs).map(([name, { secret, description }]) => [
        `\`${name}\``,
        secret ? "yes" : "no",
        description,
      ]),
    ),
  ]
    .filter(Boolean)
    .join("\n\n");

/** How the folder's components are used from any Pulumi program; nothing where it has none. */
function examplesIn(folder: string): string[] {
  const path = join(checkoutRoot(), "components", folder, "examples");
  const files = existsSync(path) ? readdirSync(path).sort() : [];
  const links = files.map((file) => `[examples/${file}](examples/${file})`);
  return links.length === 0
    ? []
    : [`As components of any Pulumi program: ${links.join(", ")}, which the tests run.`];
}

function proofOf({ proof, rotation }: Driver): string {
  if (proof.kind === "no-server") return "Runs no server.";
  if (proof.kind === "rehearsed")
    return "**Rehearsed, never run**: what AWS would be asked is checked against its schema, no account has seen it.";
  const ran =
    proof.kind === "real-server"
      ? `Proven against the real server by [${proof.test}](../../${proof.test}).`
      : "**Admitted, never run**: the API server accepts its objects, no real server was ever started from them.";
  if (rotation === "restart")
    return `${ran} Raising \`rotation\` restarts the server with another key.`;
  return rotation === "server"
    ? `${ran} Raising \`rotation\` ${proof.kind === "real-server" ? "changes" : "should change"} the password in the server.`
    : ran;
}

const schema = z.object({
  properties: z
    .record(
      z.string(),
      z.object({
        description: z.string().optional(),
        default: z.json().optional(),
        enum: z.array(z.json()).optional(),
      }),
    )
    .default({}),
  required: z.array(z.string()).default([]),
});

function paramsOf(face: Driver): string[][] {
  const { properties, required } = schema.parse(z.toJSONSchema(face.params, { io: "input" }));
  return Object.entries(properties).map(([name, { description = "", enum: values, ...rest }]) => [
    `\`${name}\``,
    rest.default === undefined
      ? required.includes(name)
        ? "needed"
        : "–"
      : `\`${String(rest.default)}\``,
    values ? `${description}: ${values.join(", ")}` : description,
  ]);
}
