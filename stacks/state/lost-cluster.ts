import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withLock } from "../../tools/setup/lock.ts";
import { splitStack } from "../contract/names.ts";
import { checkpointFile } from "./backend.ts";
import { stacksIn } from "./checkpoint.ts";
import { stateFolder } from "./folder.ts";
import { guardStorage } from "./storage.ts";

/**
 * State of an embedded control plane that is gone describes nothing: its stacks are moved to `.fairway/lost/` (ADR 0008).
 * @param cluster identity of the control plane that answers now.
 * @param folder of the `file://` backend.
 * @param stamp names the folder that they are moved to.
 * @returns the stacks that were moved; none where the control plane is the one that the state describes.
 */
export async function setLostStateAside(
  root: string,
  environment: string,
  cluster: string,
  folder: string,
  stamp: string,
): Promise<readonly string[]> {
  const marker = join(stateFolder(root), "clusters", environment);
  if (known(marker) === cluster) return [];
  guardStorage(marker, () => mkdirSync(dirname(marker), { recursive: true, mode: 0o700 }));
  return withLock(`${marker}.lock`, async () => {
    const before = known(marker);
    if (before === cluster) return [];
    const lost =
      before === undefined
        ? []
        : stacksIn(folder).filter((stack) => splitStack(stack).environment === environment);
    const target = join(stateFolder(root), "lost", stamp);
    guardStorage(target, () => {
      if (lost.length > 0) mkdirSync(target, { recursive: true, mode: 0o700 });
      for (const stack of lost)
        renameSync(checkpointFile(folder, stack), join(target, `${stack}.json`));
      writeFileSync(marker, cluster, { mode: 0o600 });
    });
    return lost;
  });
}

const known = (marker: string): string | undefined =>
  existsSync(marker) ? readFileSync(marker, "utf8") : undefined;
