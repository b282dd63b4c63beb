/** A path inside a document: keys and array indices. */
export type Path = readonly (string | number)[];

/** Dotted form of a path; dots inside a key are escaped with a backslash: `spec.files./etc/a\.yaml.mode`. */
export function joinPath(path: Path): string {
  return path.map((part) => String(part).replaceAll(".", "\\.")).join(".");
}

/** The keys of a dotted path; array indices stay text. */
export function splitPath(text: string): string[] {
  return text === ""
    ? []
    : text
        .replaceAll("\\.", "\0")
        .split(".")
        .map((part) => part.replaceAll("\0", "."));
}

/** One path under another, both dotted. */
export function underPath(parent: string, rest: string): string {
  return parent === "" || rest === "" ? parent + rest : `${parent}.${rest}`;
}
