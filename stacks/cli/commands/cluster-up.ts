import { startCluster } from "../../../tools/cluster/cluster.ts";
import type { Run } from "../command.ts";
import { clusterFolder } from "../surroundings.ts";

/** `fairway cluster up`. */
export const run: Run = async (context) => {
  const step = context.progress.step("local control plane");
  const cluster = await startCluster({
    dir: clusterFolder(context),
    progress: step.say,
    signal: context.signal,
  });
  step.end();
  const { server, version, kubeconfig, started } = cluster;
  return {
    exit: 0,
    data: { server, version, kubeconfig, started },
    text: `Kubernetes ${version} answers at ${server}\nkubeconfig: ${kubeconfig}`,
  };
};
