import { posix } from "node:path";
import type { Path } from "../contract/path.ts";
import type { SayAt } from "./companion.ts";

/** A file or volume of a container: its target, and the path inside the volume where one is given. */
export interface Mount {
  readonly target: string;
  /** Where the target is written. */
  readonly at: Path;
  readonly subPath?: { readonly text: string; readonly at: Path } | undefined;
}

/**
 * The files and volumes of one container: each has a target of its own that a container can have. A relative target, as
 * Score allows it, begins at the container's root.
 */
export function checkTargets(mounts: readonly Mount[], say: SayAt): void {
  const taken = new Map<string, string>();
  for (const { target, at, subPath } of mounts) {
    const place = posix.join("/", target, ".");
    const other = taken.get(place);
    const expected =
      place === "/"
        ? "a path below /"
        : target.includes(":")
          ? "a path without a colon"
          : undefined;
    if (expected !== undefined)
      say(
        "FW1303",
        at,
        `the target ${JSON.stringify(target.slice(0, 120))} is not allowed: expected ${expected}`,
        "choose another target",
      );
    else if (other !== undefined)
      say(
        "FW1303",
        at,
        `the target ${target} is taken by ${other === target ? "another entry" : other}`,
        "choose another target",
      );
    else taken.set(place, target);
    if (subPath?.text.split("/").includes(".."))
      say(
        "FW1104",
        subPath.at,
        `path is the text ${JSON.stringify(subPath.text.slice(0, 120))}: expected a path inside the volume, without ..`,
        "leave .. out",
      );
  }
}
