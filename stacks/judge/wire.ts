import { UNKNOWN } from "../contract/value.ts";

/** Pulumi's wire form of values: https://github.com/pulumi/pulumi/blob/v3.255.0/sdk/go/common/resource/plugin/rpc.go */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Stand for a value that is not known yet; one text per type, the first for strings and anything else. */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether a value stands for one that is not known yet. */
export const isUnknown = (value: unknown): boolean =>
  typeof value === "string" && UNKNOWNS.has(value);

/** Plain values read from the wire form. */
export interface Unwrapped {
  readonly props: Readonly<Record<string, unknown>>;
  /** Texts that were marked secret: they must not be shown. */
  readonly secrets: readonly string[];
}

/** Takes secrets and outputs out of their envelopes and remembers the secret texts. Unknown values stay as they are. */
export function unwrap(props: Readonly<Record<string, unknown>>): Unwrapped {
  const secrets: string[] = [];
  return { props: open(props, false, secrets) as Record<string, unknown>, secrets };
}

function open(value: unknown, secret: boolean, secrets: string[]): unknown {
  if (typeof value === "string") {
    if (secret && value !== "" && !isUnknown(value)) secrets.push(value);
    return value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => open(item, secret, secrets));
  const members = value as Readonly<Record<string, unknown>>;
  const signature = members[SIGNATURE];
  if (signature === SECRET) return open(members["value"], true, secrets);
  if (signature === OUTPUT)
    return "value" in members
      ? open(members["value"], secret || members["secret"] === true, secrets)
      : UNKNOWN;
  return Object.fromEntries(
    Object.entries(members).map(([key, member]) => [key, open(member, secret, secrets)]),
  );
}

/** The text without any of the secrets in it. Shorter ones than three characters cannot be told from other text. */
export function redact(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .filter((secret) => secret.length >= 3)
    .sort((a, b) => b.length - a.length)
    .reduce((left, secret) => left.replaceAll(secret, "[secret]"), text);
}
