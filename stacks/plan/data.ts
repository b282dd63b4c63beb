import type {
  CloudSecretSpec,
  DataSpec,
  MountSpec,
  VolumeSpec,
} from "../../components/workload/workload.plan.ts";
import { doubled, kubeletText } from "../contract/kubelet.ts";
import { cut, shortHash } from "../contract/names.ts";
import { joinPath } from "../contract/path.ts";
import type { Container } from "../contract/service.ts";
import {
  isSecretText,
  isTemplate,
  joinText,
  type Json,
  type Reference,
  referencesOf,
  type Text,
} from "../contract/value.ts";
import { type Scope, expand } from "./expand.ts";

interface Item {
  readonly key: string;
  readonly path: string;
  readonly mode: number;
}

/** Files are for reading: the platform's root file systems are read-only anyway. */
const FILE_MODE = 0o444;

/** Variables of a container, by how their values reach it. */
export interface Variables {
  /** As the kubelet reads them. */
  readonly env: Readonly<Record<string, Text>>;
  readonly secretEnv: Readonly<Record<string, string>>;
  readonly cloudEnv?: Readonly<Record<string, string>>;
}

/** What a pod reads, as the workload's spec has it. */
export interface Data {
  readonly config?: DataSpec;
  readonly secret?: DataSpec;
  readonly cloudSecret?: Pick<CloudSecretSpec, "name" | "objects">;
  readonly volumes: readonly VolumeSpec[];
}

/** A file whose text is known only in the pod. */
export interface Rendered {
  /** Name in the volume. */
  readonly key: string;
  readonly text: Text;
  readonly mode: number;
}

/** Name of the volume of the files that an init container writes. */
export const RENDERED = "rendered";

/** Collects what a pod's containers read from a ConfigMap, a Secret and the cloud's store of secrets. */
export class PodData {
  readonly #scope: Scope;
  readonly #config = new Shelf();
  readonly #secret = new Shelf();
  /** Key → the reference. */
  readonly #cloud = new Map<string, Reference>();
  readonly #rendered: Rendered[] = [];

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** Puts secrets among a container's variables where they belong. */
  addVariables(container: string, variables: Readonly<Record<string, Text>>): Variables {
    const env: Record<string, Text> = {};
    const secretEnv: Record<string, string> = {};
    const cloudEnv: Record<string, string> = {};
    for (const name of Object.keys(variables).sort()) {
      const value = variables[name]!;
      const whole = isTemplate(value) && value.$template.length === 1 ? value.$template[0] : "";
      if (typeof whole === "object" && whole.held) cloudEnv[name] = this.#hold(whole);
      else if (isHeldText(value)) env[name] = this.#inPod(container, value, secretEnv, cloudEnv);
      else if (isSecretText(value)) secretEnv[name] = this.#hide(container, name, value);
      else env[name] = plainText(value);
    }
    return { env, secretEnv, ...(Object.keys(cloudEnv).length > 0 && { cloudEnv }) };
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
        const mode = file.mode === undefined ? FILE_MODE : Number.parseInt(file.mode, 8);
        const mount = { path: target, subPath: key, readOnly: true };
        if (isHeldText(text)) {
          this.#rendered.push({ key, text, mode: mode | FILE_MODE });
          return { volume: RENDERED, ...mount };
        }
        const shelf = isSecretText(text) ? this.#secret : this.#config;
        if (file.encoding === "binary") shelf.binaryData[key] = file.content;
        else shelf.data[key] = text;
        shelf.items.push({ key, path: key, mode });
        return { volume: shelf === this.#secret ? "secret" : "config", ...mount };
      });
  }

  /** ConfigMap, Secret and cloud secret of a name, with the volumes that show their files. */
  finish(name: string): Data {
    const config = this.#config.finish(name);
    const secret = this.#secret.finish(name);
    const volumes: VolumeSpec[] = [];
    const [plain, hidden] = [this.#config.sorted(), this.#secret.sorted()];
    if (plain.length > 0)
      volumes.push({ name: "config", source: { configMap: { name, items: plain } } });
    if (hidden.length > 0)
      volumes.push({ name: "secret", source: { secret: { secretName: name, items: hidden } } });
    if (this.#rendered.length > 0)
      volumes.push({
        name: RENDERED,
        source: { emptyDir: { medium: "Memory", sizeLimit: RENDERED_LIMIT } },
      });
    const objects = [...this.#cloud]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { ref, output }]) => ({
        key,
        secret: { $template: [{ ref, output: "secretArn", secret: false }] },
        property: output,
      }));
    return {
      ...(config && { config }),
      ...(secret && { secret }),
      ...(objects.length > 0 && { cloudSecret: { name: cut(`${name}-cloud`, 63), objects } }),
      volumes,
    };
  }

  /** Puts a secret variable into the Secret and gives its key. */
  #hide(container: string, name: string, value: Text): string {
    const key = keyOf(container, "env", name);
    this.#secret.data[key] = value;
    return key;
  }

  /** Has a secret read from the cloud's store and gives its key. */
  #hold(reference: Reference): string {
    const key = `${reference.ref}.${reference.output}`;
    this.#cloud.set(key, reference);
    return key;
  }

  /** A text whose secrets the kubelet fills in, from variables of their own. */
  #inPod(
    container: string,
    text: Text,
    secretEnv: Record<string, string>,
    cloudEnv: Record<string, string>,
  ): Text {
    const parts = isTemplate(text) ? text.$template : [text];
    return joinText(
      parts.map((part) => {
        if (typeof part === "string") return doubled(part);
        if (!part.secret) return part;
        const variable = variableOf(part);
        if (part.held) cloudEnv[variable] = this.#hold(part);
        else secretEnv[variable] = this.#hide(container, variable, { $template: [part] });
        return `$(${variable})`;
      }),
    );
  }

  /** The variables with which an init container writes files, by the files' keys, and those that these need. */
  renderVariables(container: string): Variables & { readonly files: readonly Rendered[] } {
    const secretEnv: Record<string, string> = {};
    const cloudEnv: Record<string, string> = {};
    const env = Object.fromEntries(
      this.#rendered.map(({ text }, index) => [
        `FILE_${index}`,
        this.#inPod(container, text, secretEnv, cloudEnv),
      ]),
    );
    return { env, secretEnv, cloudEnv, files: this.#rendered };
  }
}

/** Memory that rendered files may take. */
const RENDERED_LIMIT = "16Mi";

/** A text without secrets as the kubelet has to read it. What a reference stands for holds no dollar. */
const plainText = (text: Text): Text =>
  isTemplate(text)
    ? joinText(text.$template.map((part) => (typeof part === "string" ? doubled(part) : part)))
    : kubeletText(text);

const isHeldText = (text: Text): boolean => referencesOf(text).some(({ held }) => held);

/** Variable that holds one secret, for others to use. */
const variableOf = ({ ref, output }: Reference): string =>
  `FAIRWAY_${ref}_${output}`.toUpperCase().replace(/[^A-Z0-9]+/g, "_");

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
