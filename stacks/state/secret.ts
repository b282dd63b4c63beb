import type { Json } from "../contract/value.ts";

/** What is shown for a secret. */
export const SECRET = "[secret]";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value is a secret as the engine writes it, in state and events. */
export function isSecret(value: unknown): boolean {
  return (
    value === SECRET ||
    (typeof value === "object" &&
      value !== null &&
      (value as Record<string, unknown>)[SIGNATURE] === SECRET_SIGNATURE)
  );
}

/** A value with `"[secret]"` in place of each secret, also where only `other`, its twin, is secret at that place. */
export function hideSecrets(value: unknown, other?: unknown): Json {
  if (isSecret(value) || isSecret(other)) return SECRET;
  if (Array.isArray(value))
    return value.map((item, index) =>
      hideSecrets(item, Array.isArray(other) ? other[index] : undefined),
    );
  if (typeof value !== "object" || value === null) return (value ?? null) as Json;
  const twin = (typeof other === "object" && other !== null ? other : {}) as Record<
    string,
    unknown
  >;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      hideSecrets(member, Object.hasOwn(twin, key) ? twin[key] : undefined),
    ]),
  );
}
