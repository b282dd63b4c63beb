import { joinPath, type Path } from "../contract/path.ts";
import type { ScoreContainer, ScoreDocument } from "../contract/score.ts";
import type {
  Container,
  ContainerFile,
  ContainerVolume,
  Port,
  Probe,
} from "../contract/service.ts";
import type { Service, Use } from "../contract/service.ts";
import type { Json } from "../contract/value.ts";
import { WAS, fromAnnotations, objectAnnotations, wasIn } from "./annotations.ts";
import { given, quantities } from "./service-request.ts";

/** A file of a container with the path in the document where it stands, and the target it is mounted at. */
export interface ScoreFile {
  readonly container: string;
  readonly target: string;
  readonly path: Path;
  readonly file: { readonly source?: string; readonly content?: string } & Readonly<
    Record<string, unknown>
  >;
}

/** Where each part of the model stands in a Score document; containers stand where they are. */
const SOURCES: Readonly<Record<string, string>> = {
  "": "",
  name: "metadata.name",
  owner: "metadata.owner",
  description: "metadata.description",
  annotations: "metadata.annotations",
  ports: "service.ports",
  uses: "resources",
};

/** What the loader read for the document: contents of files by joined path, which only it can read. */
export type Contents = ReadonlyMap<string, ContainerFile>;

/** A Score document as a `Service`. Entries of the list forms without a target are left out; the loader reports them. */
export function fromScore(
  document: ScoreDocument,
  place: { readonly folder: string; readonly file: string },
  contents: Contents,
): Service {
  const sources: Record<string, string> = { ...SOURCES };
  const { metadata, service, resources = {} } = document;
  const annotations = metadata.annotations ?? {};
  const ports = service?.ports ?? {};
  const { owner, description } = metadata;
  const { type, ...rest } = fromAnnotations(annotations, sources);
  return {
    name: metadata.name,
    ...place,
    type: type ?? (Object.keys(ports).length > 0 ? "microservice" : "worker"),
    ...given({
      owner: typeof owner === "string" ? owner : undefined,
      description: typeof description === "string" ? description : undefined,
    }),
    ...rest,
    links: [],
    annotations: objectAnnotations(annotations),
    metadata: metadata as Readonly<Record<string, Json>>,
    containers: Object.fromEntries(
      Object.entries(document.containers).map(([name, container]) => [
        name,
        containerOf(name, container, contents, sources),
      ]),
    ),
    ports: Object.fromEntries(
      Object.entries(ports).map(
        ([name, { port, protocol = "TCP", targetPort = port }]): [string, Port] => [
          name,
          { port, protocol, targetPort },
        ],
      ),
    ),
    uses: Object.fromEntries(
      Object.entries(resources).map(([name, resource]): [string, Use] => {
        const { annotations: own = {}, ...more } = resource.metadata ?? {};
        sources[joinPath(["uses", name, "annotations"])] = joinPath([
          "resources",
          name,
          "metadata",
          "annotations",
        ]);
        return [
          name,
          {
            type: resource.type,
            class: resource.class ?? "default",
            ...given({ id: resource.id, was: wasOf(own) }),
            params: resource.params ?? {},
            annotations: own,
            ...(Object.keys(more).length > 0 && { metadata: more as Record<string, Json> }),
          },
        ];
      }),
    ),
    routes: [],
    consumes: [],
    provides: [],
    monitoring: rest.monitoring ?? rest.tier === "critical",
    patches: [],
    consents: rest.consents ?? [],
    sources,
  };
}

/** Names that a resource had; what cannot be read is reported by the loader. */
function wasOf(annotations: Readonly<Record<string, string>>): readonly string[] | undefined {
  const text = annotations[WAS];
  return text === undefined ? undefined : wasIn(text);
}

function containerOf(
  name: string,
  container: ScoreContainer,
  contents: Contents,
  sources: Record<string, string>,
): Container {
  const files: Record<string, ContainerFile> = {};
  for (const { target, path } of filesOf(name, container)) {
    const content = contents.get(joinPath(path));
    if (content) files[target] = content;
    const model = joinPath(["containers", name, "files", target]);
    if (joinPath(path) !== model) sources[model] = joinPath(path);
    if (content && !Object.hasOwn(fileAt(container, path), "content"))
      sources[`${model}.content`] = joinPath([
        ...path,
        content.encoding === "binary" && Object.hasOwn(fileAt(container, path), "binaryContent")
          ? "binaryContent"
          : "source",
      ]);
  }
  const volumes: Record<string, ContainerVolume> = {};
  for (const [key, volume] of entries<Volume>(container.volumes)) {
    const target = typeof key === "string" ? key : volume.target;
    if (target === undefined) continue;
    volumes[target] = {
      source: volume.source,
      ...given({ path: volume.path }),
      readOnly: volume.readOnly ?? false,
    };
    if (typeof key === "number")
      sources[joinPath(["containers", name, "volumes", target])] = joinPath([
        "containers",
        name,
        "volumes",
        key,
      ]);
  }
  return {
    image: container.image,
    ...given({ command: container.command, args: container.args }),
    variables: container.variables ?? {},
    files,
    volumes,
    before: Object.fromEntries(
      Object.entries(container.before ?? {}).map(([other, { ready }]) => [other, ready]),
    ),
    resources: {
      requests: quantities(container.resources?.requests ?? {}),
      limits: quantities(container.resources?.limits ?? {}),
    },
    ...given({
      livenessProbe: probeOf(container.livenessProbe),
      readinessProbe: probeOf(container.readinessProbe),
    }),
  };
}

/** A volume of either form. */
interface Volume {
  readonly target?: string;
  readonly source: string;
  readonly path?: string;
  readonly readOnly?: boolean;
}

export type Keyed<T> = Readonly<Record<string, T>> | readonly T[] | undefined;

/** Entries of the map form by key, of the list form by index. */
export function entries<T>(keyed: Keyed<T>): [string | number, T][] {
  return Array.isArray(keyed)
    ? (keyed as readonly T[]).map((entry, index) => [index, entry])
    : Object.entries((keyed ?? {}) as Readonly<Record<string, T>>);
}

/** Files of a container that have a target. */
export function filesOf(container: string, { files }: ScoreContainer): ScoreFile[] {
  return entries<ScoreFile["file"]>(files).flatMap(([key, file]) => {
    const target = typeof key === "string" ? key : file["target"];
    return typeof target === "string"
      ? [{ container, target, path: ["containers", container, "files", key], file }]
      : [];
  });
}

function fileAt({ files }: ScoreContainer, path: Path): object {
  return entries<object>(files).find(([key]) => key === path.at(-1))?.[1] ?? {};
}

/** Exec where both are given, as Score's schema prefers. */
function probeOf(probe: ScoreContainer["livenessProbe"]): Probe | undefined {
  if (probe?.exec) return { exec: probe.exec.command };
  if (!probe?.httpGet) return undefined;
  const { path, port, host, scheme = "HTTP", httpHeaders = [] } = probe.httpGet;
  return { httpGet: { path, port, ...given({ host }), scheme, headers: httpHeaders } };
}
