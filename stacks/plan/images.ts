import type { Environment } from "../contract/environment.ts";
import type { Plan } from "../contract/plan.ts";
import type { Origin } from "../contract/origin.ts";
import { problem, type Problem } from "../contract/problem.ts";
import type { Release } from "../contract/release.ts";
import type { Service } from "../contract/service.ts";
import { sourceOf } from "../contract/source.ts";
import { joinPath } from "../contract/path.ts";
import { fromDescriptor, fromEnvironment } from "./origins.ts";

/** How the image of a container was chosen. */
export interface ChosenImage {
  readonly image: string;
  readonly from: Plan["images"][string]["from"];
  readonly origin: Origin;
}

/**
 * The image of each container: `--image`, the release file, the descriptor, and else a constant that an environment
 * may allow. Where it does not, each container without an image is a refusal (FW3006) that names the command to run.
 */
export function chooseImages(
  service: Service,
  release: Release,
  environment: Environment,
): {
  readonly images: Readonly<Record<string, ChosenImage>>;
  readonly refusals: readonly Problem[];
} {
  const images: Record<string, ChosenImage> = {};
  const refusals: Problem[] = [];
  for (const [name, container] of Object.entries(service.containers)) {
    const released = release.containers[name];
    if (released)
      images[name] = {
        ...released,
        origin:
          released.from === "flag"
            ? { from: "flag", flag: `--image ${service.name}/${name}=${released.image}` }
            : {
                from: "release",
                file: release.file ?? `${service.folder}/release.yaml`,
                path: joinPath([
                  "services",
                  service.name,
                  "environments",
                  environment.name,
                  "containers",
                  name,
                ]),
              },
      };
    else if (container.image !== undefined && container.image !== ".")
      images[name] = {
        image: container.image,
        from: "descriptor",
        origin: fromDescriptor(service, `containers.${name}.image`),
      };
    else {
      images[name] = {
        image: `${environment.registry}/${service.name}:unreleased`,
        from: "unreleased",
        origin: fromEnvironment(environment, "images.unreleased"),
      };
      if (environment.images.unreleased === "block")
        refusals.push(
          problem(
            "FW3006",
            `no image of ${service.name}/${name} is released to ${environment.name}`,
            {
              ...sourceOf(service, `containers.${name}`),
              hint: `run \`fairway release ${service.name} --env ${environment.name} ${name}=${environment.registry}/${service.name}@sha256:<digest>\``,
            },
          ),
        );
    }
  }
  return { images, refusals };
}
