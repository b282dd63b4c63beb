import { z } from "zod";
import { environmentSchema } from "../contract/environment.ts";
import { releaseSchema } from "../contract/release.ts";
import { serviceRequestSchema } from "../contract/service-request.ts";

/** Documents that people write and editors help with: file of the schema, and what it describes. */
const DOCUMENTS = {
  "services/service.schema.json": { title: "ServiceRequest", schema: serviceRequestSchema },
  "services/release.schema.json": { title: "Release", schema: releaseSchema },
  "environments/environment.schema.json": { title: "Environment", schema: environmentSchema },
} as const satisfies Record<string, { title: string; schema: z.ZodType }>;

/**
 * JSON Schemas for editors, by path relative to the checkout: draft 7, which YAML editors know best, of what is written
 * (defaults are not required). They take everything that the loader takes; the loader's own checks go further.
 */
export function editorSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(DOCUMENTS).map(([file, { title, schema }]) => [
      file,
      { title, ...z.toJSONSchema(schema, { io: "input", target: "draft-7" }) },
    ]),
  );
}
