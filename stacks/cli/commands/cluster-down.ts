import { removeCluster, stopCluster } from "../../../tools/cluster/cluster.ts";
import { fail } from "../../contract/problem.ts";
import type { Run } from "../command.ts";
import { clusterFolder } from "../surroundings.ts";

/** `fairway cluster down`: ends the daemons and removes their data; `--keep` leaves the data. */
export const run: Run = async (context, { flags }) => {
  const keep = flags["keep"] === true;
  if (!keep && flags["yes"] !== true)
    fail(
      "FW7008",
      "this would end the local control plane and remove all that was deployed to it",
      { hint: "run it again with `--yes`, or with `--keep` to keep its data" },
    );
  await (keep ? stopCluster : removeCluster)(clusterFolder(context));
  return {
    exit: 0,
    data: { kept: keep },
    text: keep ? "ended; its data is kept" : "ended and removed",
  };
};
