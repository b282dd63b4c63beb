import { existsSync, readFileSync } from "node:fs";
import { kubeconfigPath } from "../../../tools/cluster/cluster.ts";
import { fail } from "../../contract/problem.ts";
import type { Run } from "../command.ts";
import { clusterFolder } from "../surroundings.ts";

/** `fairway cluster kubeconfig`: prints the file itself. It lets its reader do everything in the local control plane, and nothing elsewhere. */
export const run: Run = async (context) => {
  const file = kubeconfigPath(clusterFolder(context));
  if (!existsSync(file))
    fail("FW7019", "there is no local control plane", { hint: "run `fairway cluster up`" });
  const text = readFileSync(file, "utf8");
  return { exit: 0, data: { file, kubeconfig: text }, text: text.trimEnd() };
};
