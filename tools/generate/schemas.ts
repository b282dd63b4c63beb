import { editorSchemas } from "../../stacks/load/json-schema.ts";
import { JSON_MARKER, type Outputs } from "./outputs.ts";

/** JSON Schemas of the documents that people write, beside those documents. */
export function documentSchemas(): Outputs {
  return Object.fromEntries(
    Object.entries(editorSchemas()).map(([file, schema]) => [
      file,
      `${JSON.stringify({ $comment: JSON_MARKER, ...schema }, null, 2)}\n`,
    ]),
  );
}
