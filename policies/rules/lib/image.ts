/** A container image reference, taken apart. */
export interface Image {
  /** With the registry that Docker means where none is written: `docker.io/library/redis`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest?: string;
}

/** Grammar of https://github.com/distribution/reference, without its length limits. */
const REFERENCE =
  /^(?<name>[a-zA-Z0-9][\w.:-]*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*?)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})))?$/;

/** Reads an image reference, or undefined where it is none. */
export function parseImage(reference: string): Image | undefined {
  const parts = REFERENCE.exec(reference)?.groups;
  const name = parts?.["name"];
  if (!parts || name === undefined) return undefined;
  const { tag, digest } = parts;
  return {
    repository: complete(name),
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** `redis` → `docker.io/library/redis`, `bitnami/redis` → `docker.io/bitnami/redis`. The first part is a registry if it has a dot or a port, or is `localhost`. */
function complete(name: string): string {
  const slash = name.indexOf("/");
  const first = slash === -1 ? "" : name.slice(0, slash);
  if (/[.:]/.test(first) || first === "localhost") return name;
  return slash === -1 ? `docker.io/library/${name}` : `docker.io/${name}`;
}
