import type { ComposeFile, ComposeMount, ComposeVolume } from "./document.ts";
import { literal } from "./document.ts";
import type { EnvFile } from "./env-file.ts";
import type { Container, Mount, Objects, Owner, Texts, Volume } from "./objects.ts";

/** What is said of everything in a Compose file beside its services. */
export interface Shelves {
  readonly configs: Record<string, { content: string }>;
  readonly secrets: Record<string, { environment: string }>;
  readonly volumes: Record<string, ComposeVolume>;
  readonly env: EnvFile;
  /** What cannot be said. */
  readonly notes: string[];
}

/** What a container sees of its pod's volumes. */
export interface Seen {
  readonly configs: ComposeFile[];
  readonly secrets: ComposeFile[];
  readonly volumes: ComposeMount[];
  readonly tmpfs: string[];
  /** Named volumes that must be made writable first: volume → paths in it. */
  readonly owned: Map<string, Set<string>>;
}

/** The mounts of a container: files of ConfigMaps and Secrets one by one, volumes by name, scratch space as tmpfs. */
export function mountsOf(
  key: string,
  owner: Owner,
  container: Container,
  objects: Objects,
  shelves: Shelves,
): Seen {
  const seen: Seen = { configs: [], secrets: [], volumes: [], tmpfs: [], owned: new Map() };
  const volumes = new Map((owner.pod.volumes ?? []).map((volume) => [volume.name, volume]));
  for (const mount of container.volumeMounts ?? []) {
    const volume = volumes.get(mount.name);
    if (owner.claims.includes(mount.name)) named(`${key}-${mount.name}`, mount, seen, shelves);
    else if (volume?.persistentVolumeClaim)
      named(claimName(owner, volume.persistentVolumeClaim.claimName), mount, seen, shelves);
    else if (volume?.emptyDir) scratch(key, owner, mount, seen, shelves);
    else if (volume?.configMap)
      files(
        mount,
        volume.configMap,
        objects.configs.get(volume.configMap.name),
        (path, item, text) => {
          if (typeof text !== "string") {
            shelves.notes.push(`${key}: ${path} is binary, which no Compose file can hold`);
            return;
          }
          const source = nameOf(owner.metadata.namespace, volume.configMap!.name, item.key);
          shelves.configs[source] = { content: literal(text) };
          seen.configs.push({ source, target: literal(path), ...item.mode });
        },
      );
    else if (volume?.secret)
      files(
        mount,
        volume.secret,
        objects.secrets.get(volume.secret.secretName),
        (path, item, text) => {
          if (typeof text !== "string") {
            shelves.notes.push(`${key}: ${path} is binary, which no env file can hold`);
            return;
          }
          const source = nameOf(owner.metadata.namespace, volume.secret!.secretName, item.key);
          shelves.secrets[source] = { environment: shelves.env.add(source, text) };
          const { runAsUser, runAsGroup } = owner.pod.securityContext ?? {};
          seen.secrets.push({
            source,
            target: literal(path),
            ...(runAsUser !== undefined && { uid: String(runAsUser) }),
            ...(runAsGroup !== undefined && { gid: String(runAsGroup) }),
            ...item.mode,
          });
        },
      );
    else
      shelves.notes.push(`${key}: the volume at ${mount.mountPath} is of the cluster's own kind`);
  }
  return seen;
}

interface Item {
  readonly key: string;
  readonly mode: { readonly mode?: string };
}

/** Each file that a mount of texts shows. */
function files(
  { mountPath, subPath }: Mount,
  { items, defaultMode }: NonNullable<Volume["configMap"] | Volume["secret"]>,
  texts: Texts = {},
  show: (path: string, item: Item, text: string | Buffer) => void,
): void {
  const all = items ?? Object.keys(texts).map((key) => ({ key, path: key, mode: undefined }));
  for (const { key, path, mode = defaultMode } of all) {
    if (subPath !== undefined && path !== subPath) continue;
    const octal = mode === undefined ? {} : { mode: `0${mode.toString(8)}` };
    const target = subPath === undefined ? `${mountPath}/${path}` : mountPath;
    show(target, { key, mode: octal }, texts[key] ?? "");
  }
}

function named(source: string, mount: Mount, seen: Seen, shelves: Shelves): void {
  shelves.volumes[source] = {};
  const paths = seen.owned.get(source) ?? new Set();
  seen.owned.set(source, paths.add(mount.subPath ?? "."));
  seen.volumes.push({
    type: "volume",
    source,
    target: literal(mount.mountPath),
    ...(mount.readOnly && { read_only: true }),
    ...(mount.subPath !== undefined && { volume: { subpath: literal(mount.subPath) } }),
  });
}

/** Scratch space: of one container alone, or shared by several of the pod. */
function scratch(key: string, { pod }: Owner, mount: Mount, seen: Seen, shelves: Shelves): void {
  const users = [...pod.containers, ...(pod.initContainers ?? [])].filter(({ volumeMounts = [] }) =>
    volumeMounts.some(({ name }) => name === mount.name),
  );
  if (users.length < 2 || mount.mountPath === "/tmp") {
    seen.tmpfs.push(literal(mount.mountPath));
    return;
  }
  const source = `${key}-${mount.name}`;
  shelves.volumes[source] = {
    driver: "local",
    driver_opts: { type: "tmpfs", device: "tmpfs", o: "mode=1777" },
  };
  seen.volumes.push({
    type: "volume",
    source,
    target: literal(mount.mountPath),
    ...(mount.readOnly && { read_only: true }),
  });
}

const claimName = ({ metadata }: Owner, claim: string): string =>
  claim === metadata.namespace ? claim : `${metadata.namespace}-${claim}`;

/** Name of a config, secret or variable: where its text stands in the cluster. */
export const nameOf = (namespace: string, object: string, key: string): string =>
  [namespace, object, key]
    .filter((part, index, all) => part !== all[index - 1])
    .join("-")
    .replace(/[^a-zA-Z0-9._-]/g, "_");
