import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let found: string | undefined;

/** The folder of the tool's own checkout, from source as from a built bundle (both stand below it). */
export function checkoutRoot(): string {
  if (found) return found;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "fairway.mjs")) && dirname(folder) !== folder)
    folder = dirname(folder);
  found = folder;
  return found;
}
