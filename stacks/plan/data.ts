import type { DataSpec, MountSpec, VolumeSpec } from "../../components/workload/workload.plan.ts";
import { shortHash } from "../contract/names.ts";
import { joinPath } from "../contract/path.ts";
import type { Container } from "../contract/service.ts";
import { isSecretText, type Json, type Text } from "../contract/value.ts";
import { type Scope, expand } from "./expand.ts";

interface Item {
  readonly key: string;
  readonly path: string;
  readonly mode: number;
}

/** Files are for reading: the platform's root file systems are read-only anyway. */
const FILE_MODE = 0o444;

/** Collects what a pod's containers read from a ConfigMap and a Secret. */
export class PodData {
  readonly #scope: Scope;
  readonly #config = new Shelf();
  readonly #secret = new Shelf();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Puts a secret variable into the Secret and gives its key. */
  addVariable(container: string, name: string, value: Text): string {
    const key = keyOf(container, "env", name);
    this.#secret.data[key] = value;
    return key;
  }

  /** Puts a container's files into the ConfigMap, or the Secret where they hold secrets, and gives their mounts. */
  addFiles(container: string, files: Container["files"]): MountSpec[] {
    return Object.keys(files)
      .sort()
      .map((target) => {
        const file = files[target]!;
        const at = joinPath(["containers", container, "files", target, "content"]);
        const text =
          file.encoding === "text" && file.expand
            ? expand(file.content, this.#scope, at)
            : file.content;
        const key = keyOf(container, "file", target.replace(/^\//, ""));
        const shelf = isSecretText(text) ? this.#secret : this.#config;
        if (file.encoding === "binary") shelf.binaryData[key] = file.content;
        else shelf.data[key] = text;
        const mode = file.mode === undefined ? FILE_MODE : Number.parseInt(file.mode, 8);
        shelf.items.push({ key, path: key, mode });
        const volume = shelf === this.#secret ? "secret" : "config";
        return { volume, path: target, subPath: key, readOnly: true };
      });
  }

  /** ConfigMap and Secret of a name, with the volumes that show their files. */
  finish(name: string): {
    readonly config?: DataSpec;
    readonly secret?: DataSpec;
    readonly volumes: readonly VolumeSpec[];
  } {
    const config = this.#config.finish(name);
    const secret = this.#secret.finish(name);
    const volumes: VolumeSpec[] = [];
    const [plain, hidden] = [this.#config.sorted(), this.#secret.sorted()];
    if (plain.length > 0)
      volumes.push({ name: "config", source: { configMap: { name, items: plain } } });
    if (hidden.length > 0)
      volumes.push({ name: "secret", source: { secret: { secretName: name, items: hidden } } });
    return { ...(config && { config }), ...(secret && { secret }), volumes };
  }
}

class Shelf {
  readonly data: Record<string, Text> = {};
  readonly binaryData: Record<string, string> = {};
  readonly items: Item[] = [];

  sorted(): Json[] {
    return this.items.sort((a, b) => (a.key < b.key ? -1 : 1)).map((item) => ({ ...item }));
  }

  finish(name: string): DataSpec | undefined {
    const { data, binaryData } = this;
    if (Object.keys(data).length + Object.keys(binaryData).length === 0) return undefined;
    return { name, data: byKey(data), binaryData: byKey(binaryData) };
  }
}

/** A record in the order of its keys. */
export const byKey = <V>(record: Readonly<Record<string, V>>): Record<string, V> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** Key of a variable or file; what a key cannot hold (letters, digits, `-`, `_`, `.`) is told apart by a hash. */
function keyOf(container: string, kind: "env" | "file", name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 170);
  const lossless = (kind === "env" ? /^[\w.-]{1,170}$/ : /^[A-Za-z0-9./-]{1,170}$/).test(name);
  return `${container}.${kind}.${safe}${lossless ? "" : `.${shortHash(name)}`}`;
}
