import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Document, parseDocument } from "yaml";
import { FairwayError, problem, type Problem } from "../../contract/problem.ts";
import { isImage, namesVersion } from "../../contract/image.ts";
import { loadWorkspace } from "../../load/workspace.ts";
import type { Run } from "../command.ts";
import { selectEnvironments, selectServices } from "../select.ts";

const HEADER = " Written by `fairway release`; reviewed like code.";
/** `fairway release SERVICE --env E CONTAINER=REF…`: writes the service's release file; comments and other entries stay. */
export const run: Run = async (context, input) => {
  const workspace = await loadWorkspace(context.root);
  const [name = "", ...pairs] = input.operands;
  const environment = selectEnvironments(workspace, input, "local")[0]!;
  // A descriptor that does not load has no containers to release.
  if (!(name in workspace.services) && workspace.problems.length > 0)
    throw new FairwayError(workspace.problems);
  selectServices(Object.keys(workspace.services), { operands: [name], flags: {} }, "none");
  const service = workspace.services[name]!;
  const containers = Object.keys(service.in[environment]!.containers);
  const images = readPairs(
    pairs,
    containers,
    workspace.environments[environment]!.images.digest === "required",
  );
  const file = path.join(context.root, service.folder, "release.yaml");
  const document = existsSync(file)
    ? parseDocument(readFileSync(file, "utf8"))
    : new Document({ services: {} });
  if (document.errors.length > 0) throw new FairwayError(workspace.problems);
  if (!existsSync(file)) document.commentBefore = HEADER;
  const entry = ["services", name, "environments", environment];
  for (const [container, image] of Object.entries(images))
    document.setIn([...entry, "containers", container], image);
  const source = input.flags["source"] as string | undefined;
  if (source === undefined) document.deleteIn([...entry, "source"]);
  else document.setIn([...entry, "source"], source);
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, document.toString({ lineWidth: 0 }));
  renameSync(temporary, file);
  const relative = path.posix.join(service.folder, "release.yaml");
  return {
    exit: 0,
    data: { service: name, environment, images, source: source ?? null, file: relative },
    text: [
      `wrote ${relative}`,
      ...Object.entries(images).map(
        ([container, image]) => `  ${environment} ${container}: ${image}`,
      ),
    ].join("\n"),
  };
};

function readPairs(
  pairs: readonly string[],
  containers: readonly string[],
  digest: boolean,
): Record<string, string> {
  const images: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const pair of pairs) {
    const [container = "", ...rest] = pair.split("=");
    const image = rest.join("=");
    if (rest.length === 0)
      problems.push(
        problem("FW7004", `\`${pair}\` is not CONTAINER=REFERENCE`, {
          hint: `write \`${containers[0]}=${pair}\``,
        }),
      );
    else if (!containers.includes(container))
      problems.push(
        problem("FW7004", `there is no container \`${container}\`: ${containers.join(", ")}`, {
          hint: `write \`${containers[0]}=${image}\``,
        }),
      );
    else if (!isImage(image))
      problems.push(
        problem("FW7004", `\`${image}\` is not an image reference`, {
          hint: "write registry/repository@sha256:…, all lower case",
        }),
      );
    else if (!namesVersion(image))
      problems.push(
        problem("FW7004", `\`${image}\` has neither tag nor digest`, {
          hint: `write \`${container}=${image}@sha256:…\`${digest ? "" : ` or \`${container}=${image}:1.2\``}`,
        }),
      );
    else if (digest && !image.includes("@sha256:"))
      problems.push(
        problem("FW7004", `\`${image}\` has no digest, which this environment requires`, {
          hint: "write registry/repository@sha256:…",
        }),
      );
    else images[container] = image;
  }
  if (problems.length > 0) throw new FairwayError(problems);
  return images;
}
