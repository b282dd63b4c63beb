import type { Position, Positions } from "../contract/origin.ts";
import { splitPath } from "../contract/path.ts";
import type { Root } from "./files.ts";
import { parseYaml, type Yaml } from "./yaml.ts";

/** Positions that read and parse a file when it is first asked for. Files that cannot be read have none. */
export function lazyPositions(root: Root): Positions {
  const parsed = new Map<string, Yaml | undefined>();
  return {
    at(file: string, path: string): Position | undefined {
      if (!parsed.has(file)) {
        const read = root.text(file, true);
        parsed.set(file, "text" in read ? parseYaml(file, read.text) : undefined);
      }
      return parsed.get(file)?.at(splitPath(path));
    },
  };
}
