/** `${metadata.name}` in a text, as score-go's `framework/substitution.go` reads it. */
export interface Placeholder {
  /** Split at dots that are not escaped with a backslash; the first is `metadata` or `resources`, the second is there. */
  readonly path: readonly [root: "metadata" | "resources", name: string, ...rest: string[]];
  /** Offset of the `$` in the text. */
  readonly start: number;
  /** Offset behind the `}`. */
  readonly end: number;
}

/** What is wrong with a placeholder by itself, whatever it names. */
interface PlaceholderError {
  /** Lower case, no full stop. */
  readonly message: string;
  readonly hint: string;
  readonly start: number;
  readonly end: number;
}

type ParsedText =
  | { readonly parts: readonly (string | Placeholder)[]; readonly errors?: undefined }
  | { readonly errors: readonly PlaceholderError[]; readonly parts?: undefined };

const PATTERN = /\$(?:\$?\{([^}]*)\}|\$)/g;

/** Splits `a.b\.c` into `a` and `b.c`. */
export function splitReference(text: string): string[] {
  return text
    .replaceAll("\\.", "\0")
    .split(".")
    .map((part) => part.replaceAll("\0", "."));
}

/**
 * Cuts a text into literals (already unescaped: `$$` is `$`, `$${x}` is `${x}`) and placeholders. Empty literals are
 * left out; a `${` that is never closed is literal. What a placeholder names is not looked up here.
 */
export function parsePlaceholders(text: string): ParsedText {
  if (!text.includes("$")) return { parts: text === "" ? [] : [text] };
  const parts: (string | Placeholder)[] = [];
  const errors: PlaceholderError[] = [];
  let literal = "";
  let read = 0;
  for (const match of text.matchAll(PATTERN)) {
    const [whole, reference] = match;
    const [start, end] = [match.index, match.index + whole.length];
    literal += text.slice(read, start);
    read = end;
    if (whole.startsWith("$$")) {
      literal += whole.slice(1);
      continue;
    }
    if (literal !== "") parts.push(literal);
    literal = "";
    const [root, name, ...rest] = splitReference(reference ?? "");
    if (root !== "metadata" && root !== "resources")
      errors.push({
        message: `unknown root of the placeholder ${whole}: allowed are metadata and resources`,
        hint: `write $${whole} for the text ${whole} itself`,
        start,
        end,
      });
    else if (name === undefined)
      errors.push({
        message: `the placeholder ${whole} names nothing under ${root}`,
        hint: root === "metadata" ? "write ${metadata.name}" : "write ${resources.<name>.<output>}",
        start,
        end,
      });
    else parts.push({ path: [root, name, ...rest], start, end });
  }
  literal += text.slice(read);
  if (literal !== "") parts.push(literal);
  return errors.length > 0 ? { errors } : { parts };
}
