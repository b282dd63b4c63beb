import { shortHash } from "../contract/names.ts";
import { fail } from "../contract/problem.ts";

/** The variables of an env file: every secret of a Compose file, by a name that is made from where it stands. */
export class EnvFile {
  readonly #values = new Map<string, { readonly place: string; readonly value: string }>();

  /** Keeps a value and gives the variable that holds it. */
  add(place: string, value: string): string {
    const plain = place.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
    const taken = this.#values.get(plain);
    const name =
      taken === undefined || taken.place === place
        ? plain
        : `${plain}_${shortHash(place).toUpperCase()}`;
    this.#values.set(name, { place, value });
    return name;
  }

  /** Variables whose value nobody knows here. */
  get missing(): string[] {
    return [...this.#values].flatMap(([name, { value }]) => (value === "" ? [name] : [])).sort();
  }

  /** Names of all variables, in order. */
  get names(): string[] {
    return [...this.#values.keys()].sort();
  }

  /**
   * The file's text, as Docker Compose reads it: single quotes take everything but themselves.
   * @param kept What the file held before: other services' secrets, and values filled in by hand.
   */
  text(kept: Readonly<Record<string, string>> = {}): string {
    const names = [...new Set([...this.names, ...Object.keys(kept)])].sort();
    const lines = names.map((name) => {
      const value = this.#values.get(name)?.value || kept[name] || "";
      if (/\\('|$)/.test(value))
        fail("FW7045", `the secret ${name} has a backslash that no env file can hold`, {
          hint: "choose a text without a backslash before a quote or at its end",
        });
      return `${name}='${value.replaceAll("'", "\\'")}'`;
    });
    return ["# Written by `fairway compose`. Holds passwords: never into Git.", ...lines, ""].join(
      "\n",
    );
  }
}

/** The values of an env file that `EnvFile.text` wrote. */
export function readEnvFile(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^([A-Z0-9_]+)='((?:[^'\\]|\\.)*)'$/gms)].map(([, name = "", value = ""]) => [
      name,
      value.replaceAll("\\'", "'"),
    ]),
  );
}
