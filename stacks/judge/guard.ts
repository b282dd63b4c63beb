import { Unproven } from "./unproven.ts";
import { isUnknown } from "./wire.ts";

/**
 * Shows values to rules such that an unknown one can neither be read nor go unnoticed: reading it throws
 * {@link Unproven}, and what was read is remembered even where the rule goes on. Nothing can be written.
 */
export class Guard {
  readonly #touched = new Set<string>();
  readonly #views = new WeakMap<object, object>();

  /** A read-only view of a value whose path is `path`. */
  view<T extends object>(value: T, path = ""): T {
    const known = this.#views.get(value);
    if (known) return known as T;
    const view = new Proxy(value, {
      get: (target, key) => this.#read(target, key, path),
      set: refuse,
      defineProperty: refuse,
      deleteProperty: refuse,
      setPrototypeOf: refuse,
    });
    this.#views.set(value, view);
    return view;
  }

  /** Paths of the unknown values that were read since the last call, in order. */
  take(): string[] {
    if (this.#touched.size === 0) return [];
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }

  #read(target: object, key: string | symbol, path: string): unknown {
    if (typeof key === "symbol") return Reflect.get(target, key);
    let value: unknown;
    try {
      value = Reflect.get(target, key);
    } catch {
      // A view of somebody else's that throws on unknown values, such as that of `@pulumi/policy`.
      throw this.#unproven(step(target, key, path));
    }
    if (isUnknown(value)) throw this.#unproven(step(target, key, path));
    if (typeof value !== "object" || value === null) return value;
    return this.#views.get(value) ?? this.view(value, step(target, key, path));
  }

  #unproven(path: string): Unproven {
    this.#touched.add(path);
    return new Unproven(path);
  }
}

/** `path` with one more step: `.key`, `[0]`, or `["key.with.dots"]`. */
function step(target: object, key: string, path: string): string {
  if (Array.isArray(target)) return `${path}[${key}]`;
  if (!/^[\w$-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function refuse(): never {
  throw new TypeError("a rule may not change a resource");
}
