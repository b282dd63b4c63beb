import { attempt, each } from "./each.ts";
import type { PodView } from "./pods.ts";
import { fields, list, text } from "./read.ts";

/** A volume of a pod. */
export interface VolumeView {
  readonly name: string;
  /** The fields that say what it is made of: one, such as `configMap`, in what the API accepts. */
  readonly sources: readonly string[];
  readonly path: string;
}

/** Collects what `check` finds in each volume of a pod. */
export function eachVolume<F>(pod: PodView, check: (volume: VolumeView) => readonly F[]): F[] {
  return [
    ...attempt(() => {
      const volumes = list(pod.spec["volumes"]);
      return each(volumes.length, (index) => {
        const volume = fields(volumes[index]);
        return check({
          name: text(volume["name"]) ?? "",
          sources: Object.keys(volume).filter((key) => key !== "name" && volume[key] != null),
          path: `${pod.specPath}.volumes[${index}]`,
        });
      });
    }),
  ];
}
