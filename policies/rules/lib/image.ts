/** A container image reference, taken apart. */
export interface Image {
  /** With the registry that Docker means where none is written, lower case: `docker.io/library/redis`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest?: string;
}

const NAME =
  /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/** Reads an image reference (grammar of https://github.com/distribution/reference), or undefined where it is none. */
export function parseImage(reference: string): Image | undefined {
  if (reference.length > 500) return undefined;
  const [named = "", digest, ...more] = reference.split("@");
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const slash = named.indexOf("/");
  const path = colon === -1 ? named : named.slice(0, colon);
  // Only the host may be written in capitals.
  const name = `${path.slice(0, slash + 1).toLowerCase()}${path.slice(slash + 1)}`;
  const wellFormed =
    more.length === 0 &&
    NAME.test(name) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!wellFormed) return undefined;
  return {
    repository: complete(name),
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** `redis` → `docker.io/library/redis`. The first part is a registry if it has a dot or a port, or is `localhost`. */
function complete(name: string): string {
  const slash = name.indexOf("/");
  const first = slash === -1 ? "" : name.slice(0, slash);
  if (/[.:]/.test(first) || first === "localhost")
    return name.replace(/^(?:index|registry-1)\.docker\.io\//, "docker.io/");
  return slash === -1 ? `docker.io/library/${name}` : `docker.io/${name}`;
}
