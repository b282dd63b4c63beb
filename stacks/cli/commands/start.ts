import { clusterStatus } from "../../../tools/cluster/cluster.ts";
import type { RunResult } from "../../contract/result.ts";
import { duration, style, table } from "../../report/style.ts";
import { isUnchanged, summarize, verdictsText } from "../../report/summary.ts";
import type { Run } from "../command.ts";
import { operate } from "../operation.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { clusterFolder, engineFor } from "../surroundings.ts";
import { run as clusterUp } from "./cluster-up.ts";

/** `fairway start`: what `npm start` runs once the dependencies are there. */
export const run: Run = async (context, input) => {
  await engineFor(context);
  if ((await clusterStatus(clusterFolder(context))).state !== "running")
    await clusterUp(context, input);
  const result = await operate(
    context,
    { operands: [], flags: { ...input.flags, all: true, env: "local" } },
    "up",
  );
  const run = result.data as RunResult;
  if (result.exit !== 0) return result;
  const s = style(context.color);
  const images = new Map(
    plansOf(context, await readWorkspace(context), input, ["local"]).map((plan) => [
      plan.stack,
      Object.values(plan.images),
    ]),
  );
  const rows = run.stacks.map((stack) => {
    const released = (images.get(stack.stack) ?? []).map(({ image }) => image).join(", ") || "-";
    return [
      s.green("✓"),
      stack.stack,
      released,
      "ready",
      verdictsText(summarize([stack])),
      duration(stack.duration),
    ];
  });
  const text = [
    table([["", "STACK", "RELEASE", "READY", "RULES", "TIME"], ...rows]),
    "",
    isUnchanged(run) ? "nothing changed" : "deployed to the local control plane",
    "",
    "try next:",
    "  npx fairway plan user-service --env local     what a service becomes, and why",
    "  npx fairway new node-service cart             your own service in services/cart",
    "  npx fairway preview --all --env local         what your change would do",
  ].join("\n");
  return { ...result, text };
};
