import { underPath } from "./path.ts";
import type { Service } from "./service.ts";

/** The file of a folder whose content is merged over the folder's `score.yaml`, or over its only Score document. */
export const OVERRIDES_FILE = "overrides.score.yaml";

/** Stands for a file where a value came from `--override-property`. */
export const OVERRIDE_FLAG = "--override-property";

/** Sources of these files begin with the file's name and `#`. */
const ELSEWHERE = /^(overrides\.score[^#]*\.yaml|--override-property)#/;

/** Where a part of the model was written: file relative to the root (or `--override-property`), dotted path inside it. */
export function sourceOf(
  service: Pick<Service, "file" | "folder" | "sources">,
  path: string,
): { file: string; path: string } {
  let prefix = path;
  while (!Object.hasOwn(service.sources, prefix) && prefix !== "") prefix = parentOf(prefix);
  const source = Object.hasOwn(service.sources, prefix) ? (service.sources[prefix] ?? "") : "";
  const rest = prefix === "" ? path : path.slice(prefix.length + 1);
  const [mark, name] = ELSEWHERE.exec(source) ?? [];
  if (mark === undefined || name === undefined)
    return { file: service.file, path: underPath(source, rest) };
  return {
    file: name === OVERRIDE_FLAG ? name : `${service.folder}/${name}`,
    path: underPath(source.slice(mark.length), rest),
  };
}

/** `a.b\.c` → `a`; a path of one key → the empty path. */
function parentOf(path: string): string {
  let dot = path.lastIndexOf(".");
  while (dot > 0 && path[dot - 1] === "\\") dot = path.lastIndexOf(".", dot - 1);
  return dot === -1 ? "" : path.slice(0, dot);
}
