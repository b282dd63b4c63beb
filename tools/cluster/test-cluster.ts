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

/** Starts a control plane in a temporary folder. A watchdog ends it where the test dies before `stop`. */
export async function startTestCluster(work: Work = {}): Promise<TestCluster> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "fairway-cluster-")));
  const watchdog = spawn(
    process.execPath,
    [join(checkoutRoot(), "tools/cluster/watchdog.mjs"), String(process.pid), dir],
    {
      detached: true,
      stdio: "ignore",
      env: {},
    },
  );
  watchdog.unref();
  const stop = async (): Promise<void> => {
    await removeCluster(dir);
    watchdog.kill("SIGKILL");
  };
  try {
    return { ...(await startCluster({ dir, ...work })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
