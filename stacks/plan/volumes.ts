import type { MountSpec, VolumeSpec } from "../../components/workload/workload.plan.ts";
import { cut } from "../contract/names.ts";
import { joinPath } from "../contract/path.ts";
import type { Container } from "../contract/service.ts";
import { isTemplate, type Json } from "../contract/value.ts";
import { type Scope, expand } from "./expand.ts";
import { identityOf, itemId } from "./names.ts";
import { problemAt } from "./origins.ts";
import type { Uses } from "./uses.ts";

/** Collects the volumes that a pod's containers mount. */
export class PodVolumes {
  readonly #scope: Scope;
  readonly #uses: Uses;
  readonly #volumes = new Map<string, VolumeSpec>();
  /** Resource by what a source may call it: identity (`${resources.data}`) or name. */
  readonly #named = new Map<string, string>();

  /** Whether one of them can be used by one node at a time, so that a new pod has to wait for the old one to end. */
  exclusive = false;

  constructor(scope: Scope, uses: Uses) {
    this.#scope = scope;
    this.#uses = uses;
    const { name: service, uses: resources } = scope.service;
    for (const [name, use] of Object.entries(resources)) {
      this.#named.set(name, name);
      this.#named.set(identityOf(service, name, use), name);
    }
  }

  /** Mounts of a container, in the order of their targets. */
  addVolumes(container: string, volumes: Container["volumes"]): MountSpec[] {
    return Object.keys(volumes)
      .sort()
      .flatMap((target) => {
        const { source, path, readOnly } = volumes[target]!;
        const volume = this.#volume(
          source,
          joinPath(["containers", container, "volumes", target, "source"]),
        );
        return volume === undefined
          ? []
          : [
              {
                volume,
                path: target,
                ...(path !== undefined && { subPath: path.replace(/^\/+/, "") }),
                readOnly,
              },
            ];
      });
  }

  /** The pod's volumes by name; claims of each replica are none of them. */
  finish(): VolumeSpec[] {
    return [...this.#volumes.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Name of the volume that a source means. */
  #volume(source: string, at: string): string | undefined {
    const { service, problems } = this.#scope;
    const before = problems.length;
    // `${resources.data.source}` is what `${resources.data}` means.
    const text = expand(source.replace(/^(\$\{resources\..+)\.source\}$/, "$1}"), this.#scope, at);
    if (problems.length > before) return undefined;
    const use = typeof text === "string" ? this.#named.get(text) : undefined;
    if (use !== undefined && !this.#uses.outputs.has(use)) return undefined;
    const claim = use !== undefined && this.#uses.claims.get(use);
    if (claim) return claim.name;
    const found = use === undefined ? undefined : this.#uses.outputs.get(use)?.["source"];
    if (use === undefined || typeof found !== "object" || found === null || isTemplate(found)) {
      const fitting = [...this.#uses.outputs].flatMap(([name, outputs]) =>
        "source" in outputs ? [name] : [],
      );
      problems.push(
        problemAt(
          service,
          at,
          "FW3007",
          `${source} is no volume: resources of type volume are ${fitting.join(", ") || "none"}`,
          `write \${resources.${fitting[0] ?? "data"}}${fitting.length > 0 ? "" : ", and add the resource data of type volume"}`,
        ),
      );
      return undefined;
    }
    const name = cut(`volume-${use}`, 63);
    const id = itemId(use, service.uses[use]!);
    const built = this.#uses.items.find((item) => item.id === id);
    this.exclusive ||= built !== undefined && built.args["accessMode"] !== "ReadWriteMany";
    this.#volumes.set(name, { name, source: found as Readonly<Record<string, Json>> });
    return name;
  }
}
