import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkoutRoot } from "../setup/checkout.ts";
import type { Work } from "../setup/work.ts";
import { removeCluster, startCluster, type Cluster } from "./cluster.ts";

/** A control plane of a test's own. */
export interface TestCluster extends Cluster {
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** A temporary folder for a control plane. Where this process dies before `remove`, a watchdog ends what runs there. */
export function guardedFolder(): { dir: string; remove: () => Promise<void> } {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "fairway-cluster-")));
  const script = join(checkoutRoot(), "tools/cluster/watchdog.mjs");
  const watchdog = spawn(process.execPath, [script, String(process.pid), dir], {
    detached: true,
    stdio: "ignore",
    env: {},
  });
  watchdog.unref();
  const remove = async (): Promise<void> => {
    await removeCluster(dir);
    watchdog.kill("SIGKILL");
  };
  return { dir, remove };
}

/** Starts a control plane in a guarded folder. */
export async function startTestCluster(work: Work = {}): Promise<TestCluster> {
  const { dir, remove } = guardedFolder();
  try {
    return { ...(await startCluster({ dir, ...work })), stop: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
