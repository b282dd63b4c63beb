import { homedir } from "node:os";
import { join } from "node:path";

/** Where tools are kept that are built or downloaded once for a machine: `$XDG_CACHE_HOME/fairway`, else `~/.cache/fairway`. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "fairway");
}
