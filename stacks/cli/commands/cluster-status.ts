import { clusterStatus } from "../../../tools/cluster/cluster.ts";
import { table } from "../../report/style.ts";
import type { Run } from "../command.ts";
import { clusterFolder } from "../surroundings.ts";

/** `fairway cluster status`: exit 1 where a part is down. */
export const run: Run = async (context) => {
  const status = await clusterStatus(clusterFolder(context));
  const rows = status.parts.map((part) => [
    part.name,
    part.pid === undefined ? "down" : `pid ${part.pid}`,
    part.log,
  ]);
  const head =
    status.server === undefined
      ? `control plane: ${status.state}`
      : `control plane: ${status.state} at ${status.server} (Kubernetes ${status.version})`;
  return {
    exit: status.state === "partial" ? 1 : 0,
    data: status,
    text: `${head}\n${table(rows, "  ")}`,
  };
};
