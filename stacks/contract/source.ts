import { underPath } from "./path.ts";
import type { Service } from "./service.ts";

/** The folder's file whose content is merged over its Score document. */
export const OVERRIDES_FILE = "overrides.score.yaml";

/** Where a part of the model was written: file relative to the root, dotted path inside it. */
export function sourceOf(
  service: Pick<Service, "file" | "folder" | "sources">,
  path: string,
): { file: string; path: string } {
  let prefix = path;
  while (!Object.hasOwn(service.sources, prefix) && prefix !== "") prefix = parentOf(prefix);
  const source = Object.hasOwn(service.sources, prefix) ? (service.sources[prefix] ?? "") : "";
  const rest = prefix === "" ? path : path.slice(prefix.length + 1);
  const override = `${OVERRIDES_FILE}#`;
  return source.startsWith(override)
    ? {
        file: `${service.folder}/${OVERRIDES_FILE}`,
        path: underPath(source.slice(override.length), rest),
      }
    : { file: service.file, path: underPath(source, rest) };
}

/** `a.b\.c` → `a`; a path of one key → the empty path. */
function parentOf(path: string): string {
  let dot = path.lastIndexOf(".");
  while (dot > 0 && path[dot - 1] === "\\") dot = path.lastIndexOf(".", dot - 1);
  return dot === -1 ? "" : path.slice(0, dot);
}
