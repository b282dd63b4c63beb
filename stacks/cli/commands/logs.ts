import type { Environment } from "../../contract/environment.ts";
import { LABELS } from "../../contract/names.ts";
import { fail } from "../../contract/problem.ts";
import { ApiError } from "../../providers/kubernetes/failure.ts";
import { plain, style } from "../../report/style.ts";
import { withCluster, type KubernetesObject } from "../cluster.ts";
import type { Run } from "../command.ts";
import { plansOf, readWorkspace } from "../planning.ts";
import { selectEnvironments, selectServices } from "../select.ts";

interface PodLog {
  readonly pod: string;
  readonly container: string;
  readonly lines: readonly string[];
  /** Why there are none. */
  readonly error?: string;
}

/** `fairway logs SERVICE`: the last lines of each container of its pods. */
export const run: Run = async (context, input) => {
  const workspace = await readWorkspace(context);
  const environment = workspace.environments[selectEnvironments(workspace, input, "local")[0]!]!;
  const [name] = selectServices(Object.keys(workspace.services), input, "none");
  const plan = plansOf(context, workspace, input, [environment.name], [name!]).find(
    (candidate) => candidate.name === name,
  )!;
  const tail = String(input.flags["tail"] ?? 100);
  const wanted = input.flags["container"] as string | undefined;
  const logs = await withCluster(context, environment, async (reader) => {
    const pods = await reader.list(`/api/v1/namespaces/${plan.namespace}/pods`, {
      labelSelector: `${LABELS.service}=${name!}`,
    });
    if (pods.length === 0)
      fail("FW7006", `${name!} has no pods in ${environment.name}`, {
        hint: `run \`fairway up ${name!} --env ${environment.name}\`, or \`fairway status\``,
      });
    const found: PodLog[] = [];
    for (const pod of pods) {
      for (const container of containersOf(pod).filter(
        (each) => wanted === undefined || each === wanted,
      )) {
        const log = { pod: pod.metadata.name, container };
        try {
          const { body } = await reader.client.request({
            method: "GET",
            path: `/api/v1/namespaces/${plan.namespace}/pods/${pod.metadata.name}/log`,
            query: { container, tailLines: tail },
            signal: context.signal,
          });
          found.push({ ...log, lines: typeof body === "string" ? linesOf(body) : [] });
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          found.push({ ...log, lines: [], error: whyNone(error, environment) });
        }
      }
    }
    return found;
  });
  const s = style(context.color);
  const text = logs
    .map((log) =>
      [
        s.bold(`${log.pod} ${log.container}`),
        ...(log.error ? [s.yellow(log.error)] : log.lines.map(plain)),
      ].join("\n"),
    )
    .join("\n\n");
  return {
    exit: logs.every((log) => log.error) ? 1 : 0,
    data: { service: name, environment: environment.name, logs },
    text,
  };
};

const linesOf = (text: string): string[] => text.split("\n").filter(Boolean);

const whyNone = (error: ApiError, environment: Environment): string =>
  "embedded" in environment.cluster
    ? "the local control plane runs no containers, so there are no logs"
    : error.message;

function containersOf(pod: KubernetesObject): string[] {
  const spec = pod["spec"] as { containers?: readonly { name: string }[] } | undefined;
  return (spec?.containers ?? []).map((container) => container.name);
}
