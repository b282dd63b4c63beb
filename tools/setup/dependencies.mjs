import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How the locked dependencies are installed. No install script of a dependency runs. */
export const INSTALL = ["ci", "--ignore-scripts", "--no-fund", "--no-audit"];

function packages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages ?? {};
  } catch {
    return undefined;
  }
}

/**
 * Whether `node_modules` holds just what package-lock.json says, by npm's own note of what it installed.
 * @param {string} root the checkout
 * @param {{ dev?: boolean }} [options] `dev`: the development dependencies too
 */
export function dependenciesInstalled(root, { dev = false } = {}) {
  const wanted = packages(join(root, "package-lock.json"));
  const present = packages(join(root, "node_modules/.package-lock.json"));
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (
      path === "" ||
      entry.optional ||
      entry.devOptional ||
      entry.peer ||
      entry.link ||
      (entry.dev && !dev)
    )
      return true;
    return present[path]?.version === entry.version;
  });
}
