import { isImage, namesVersion } from "../contract/image.ts";
import { problem } from "../contract/problem.ts";
import { releaseSchema, type ReleaseDocument } from "../contract/release.ts";
import { joinPath, type Path } from "../contract/path.ts";
import { judge, judgedFile } from "./document.ts";
import type { Found } from "./found.ts";
import { choiceOf, closest, didYouMean } from "./suggest.ts";
import type { Yaml } from "./yaml.ts";

/** What a folder's release file may name. */
export interface Releasable {
  /** Service → containers. */
  readonly services: ReadonlyMap<string, readonly string[]>;
  readonly environments: readonly string[];
}

/** A release file, its names checked against the folder's services. */
export function readRelease(
  yaml: Yaml,
  may: Releasable,
  found: Found,
): ReleaseDocument | undefined {
  const document = judge(releaseSchema, judgedFile(yaml), [yaml], found);
  if (!document) return undefined;
  const say = (
    code: "FW2101" | "FW2102" | "FW2103" | "FW2104",
    path: Path,
    message: string,
    hint?: string,
  ) =>
    found.problems.push(
      problem(code, message, {
        ...yaml.at(path, code === "FW2104" ? "value" : "key"),
        path: joinPath(path),
        ...(hint && { hint }),
      }),
    );
  for (const [service, { environments }] of Object.entries(document.services)) {
    const containers = may.services.get(service);
    if (!containers) {
      const known = [...may.services.keys()];
      say(
        "FW2101",
        ["services", service],
        `no service ${service} in this folder: expected ${choiceOf(known)}`,
        didYouMean(service, known),
      );
      continue;
    }
    for (const [environment, release] of Object.entries(environments)) {
      const path = ["services", service, "environments", environment];
      if (!may.environments.includes(environment))
        say(
          "FW2102",
          path,
          `unknown environment ${environment}: expected ${choiceOf(may.environments)}`,
          didYouMean(environment, may.environments),
        );
      for (const [container, image] of Object.entries(release.containers)) {
        const at = [...path, "containers", container];
        if (!containers.includes(container))
          say(
            "FW2103",
            at,
            `${service} has no container ${container}: expected ${choiceOf(containers)}`,
            closest(container, containers)
              ? didYouMean(container, containers)
              : `write ${containers[0]}`,
          );
        if (!isImage(image) || !namesVersion(image))
          say(
            "FW2104",
            at,
            `${JSON.stringify(image.slice(0, 120))} ${isImage(image) ? "has neither tag nor digest" : "is not an image reference"}`,
            "write <registry>/<repository>@sha256:<64 hex digits>",
          );
      }
    }
  }
  return document;
}
