import { startTestCluster } from "../cluster/test-cluster.ts";
import { obtainEngine } from "../engine/engine.ts";

/**
 * Before integration tests: the engine is there, and one control plane of the run's own answers at the kubeconfig named
 * by `FAIRWAY_TEST_KUBECONFIG`. Tests share it, each with namespaces of its own. Where the variable is set already, that
 * control plane serves and none is started.
 */
export default async function setup(): Promise<() => Promise<void>> {
  let last = "";
  const progress = (message: string): void => {
    const step = message.split(":")[0]!;
    if (step !== last) process.stderr.write(`${step}\n`);
    last = step;
  };
  await obtainEngine({ progress });
  if (process.env["FAIRWAY_TEST_KUBECONFIG"]) return async () => undefined;
  const cluster = await startTestCluster({ progress });
  process.env["FAIRWAY_TEST_KUBECONFIG"] = cluster.kubeconfig;
  return cluster.stop;
}
