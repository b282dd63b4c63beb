/** How a text was recognised as a secret. */
export type Sign = "by its name" | "by its form" | "by its randomness";

/** Ends of names that mean a secret; what is only about one (`TOKEN_URL`, `PASSWORD_FILE`, `MAX_TOKENS`) ends otherwise. */
const SECRET_NAME =
  /(?:^|_)(?:password|passwd|passphrase|pass|pwd|secret|token|credentials?|(?:api|access|private|secret|signing|encryption|account|shared|master|session|auth)_?key)$/;

/** Forms that issuers give to their secrets. */
const FORMS: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bgh[opsur]_[A-Za-z0-9]{36,}\b/,
  /\bgithub_pat_\w{50,}\b/,
  /\bglpat-[\w-]{20,}/,
  /\bxox[abeprs]-[\w-]{10,}/,
  /\b[rs]k_live_[A-Za-z0-9]{16,}\b/,
  /\bAIza[\w-]{35}\b/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /\bhvs\.[\w-]{24,}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  /\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}/,
  // A password in a URL, unless it is a reference.
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@$]*:(?![^\s/@]*(?:\$[({]|<))[^\s/@]{3,}@/i,
];

/** Values that no name makes a secret: references, switches, paths, addresses, placeholders. */
const HARMLESS =
  /^$|\$|^(?:true|false|yes|no|on|off|enabled|disabled|none|null|nil|undefined)$|^\.{0,2}\/[\w./-]*$|^[a-z][a-z0-9+.-]*:\/\/[^\s@]*$|^(?:arn|vault|secretref|ref|op|file):|^<.*>$|^\{\{.*\}\}$|^\*+$/i;

/** Why a named value is taken for a secret, or undefined where it is not. */
export function signOf(name: string, value: string): Sign | undefined {
  const trimmed = value.trim();
  if (FORMS.some((form) => form.test(trimmed))) return "by its form";
  if (HARMLESS.test(trimmed)) return undefined;
  if (SECRET_NAME.test(words(name))) return "by its name";
  return isRandom(trimmed) ? "by its randomness" : undefined;
}

/** Assignments in a text (`name=value`, `name: value`, `--name value`) that hold a secret, by the assigned name. */
export function secretsIn(text: string): { readonly name: string; readonly sign: Sign }[] {
  if (FORMS.some((form) => form.test(text))) return [{ name: "", sign: "by its form" }];
  return [...text.matchAll(ASSIGNMENT)].flatMap((match) => {
    const { name = "", double, single, bare } = match.groups ?? {};
    const value = double ?? single ?? bare ?? "";
    const sign = TYPE_NAMES.test(value) ? undefined : signOf(name, value);
    return sign === undefined || sign === "by its randomness" ? [] : [{ name, sign }];
  });
}

/** SQL writes `N'…'` for a text of any script. */
const ASSIGNMENT =
  /(?<![\w$])(?<name>[A-Za-z][\w.-]{0,80})"?(?:[ \t]*[=:][ \t]*|(?<=--[\w.-]{1,80})[ \t]+)(?:"(?<double>[^"\n]*)"|N?'(?<single>[^'\n]*)'|(?<bare>[^\s,;"']+))/g;
/** What stands in schemas and templates where a value would stand. */
const TYPE_NAMES =
  /^(?:string|str|text|bytes|number|integer|object|array|bearer|basic|optional|required)$/i;

/** `dbPassword`, `db-password` and `DB_PASSWORD` → `db_password`. */
const words = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();

/**
 * Whether a text looks like a generated secret: one word of 24 characters or more, in which lower case, upper case and
 * digits follow each other as by chance and nearly every character is a new one. Hashes and UUIDs are of one case.
 */
function isRandom(text: string): boolean {
  if (!/^[A-Za-z0-9+/_=-]{24,200}$/.test(text)) return false;
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text) || (text.match(/\d/g)?.length ?? 0) < 2)
    return false;
  const kinds = [...text].map((one) => (/\d/.test(one) ? 0 : /[a-z]/.test(one) ? 1 : 2));
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return changes / text.length >= 0.42 && entropy(text) >= 3.8;
}

/** Shannon entropy in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const one of text) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => {
    const share = count / text.length;
    return sum - share * Math.log2(share);
  }, 0);
}
