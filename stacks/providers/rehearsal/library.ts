import { factsOfSdk, readSdk, sdkOf } from "./sdk.ts";
import type { Tables, TypeFacts } from "./facts.ts";

/** Where facts of types come from: the committed tables, else the installed SDK. */
export interface Library {
  /** Undefined for a type that neither knows. */
  find(token: string): Promise<TypeFacts | undefined>;
  /** Types that were read from an SDK: which changes replace them is not known. */
  readonly unknown: ReadonlySet<string>;
}

/** A library that reads each type once. */
export function openLibrary(): Library {
  const unknown = new Set<string>();
  const found = new Map<string, TypeFacts | undefined>();
  let tables: Promise<Tables["types"]> | undefined;
  return {
    unknown,
    async find(token) {
      tables ??= import("./tables.json", { with: { type: "json" } }).then(
        (module) => (module.default as unknown as Tables).types,
      );
      const known = (await tables)[token];
      if (known) return known;
      if (!found.has(token)) {
        const [name = "", ...rest] = token.split(":");
        const sdk = sdkOf(name);
        const type = sdk && readSdk(sdk.folder, rest.join(":"));
        found.set(token, type && factsOfSdk(type));
        if (type) unknown.add(token);
      }
      return found.get(token);
    },
  };
}
