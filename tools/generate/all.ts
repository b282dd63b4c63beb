import { rehearsalPage } from "./aws/page.ts";
import { awsTables } from "./aws/tables.ts";
import { commandPage, commandSchemas } from "./cli.ts";
import { driverPages } from "./drivers.ts";
import { errorPages } from "./errors.ts";
import type { Outputs } from "./outputs.ts";
import { documentSchemas } from "./schemas.ts";
import { scorePage } from "./score.ts";

/** Everything that is generated and committed. Add a generator here; a test holds that the committed files are current. */
const GENERATORS: readonly (() => Outputs)[] = [
  errorPages,
  commandPage,
  commandSchemas,
  documentSchemas,
  driverPages,
  scorePage,
  awsTables,
  rehearsalPage,
];

/** All generated files. */
export const allOutputs = (): Outputs =>
  Object.assign({}, ...GENERATORS.map((generate) => generate())) as Outputs;

/** Folders that hold generated files only: whatever else is there is removed. */
export const GENERATED_FOLDERS = ["docs/errors", "docs/schemas"] as const;
