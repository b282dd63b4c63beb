import { groupOf } from "./discovery.ts";
import { mapScalars, textAt, type Json, type JsonObject, type Path } from "./json.ts";

const SUFFIX: Readonly<Record<string, [base: bigint, power: number]>> = {
  n: [10n, -9], u: [10n, -6], m: [10n, -3], "": [10n, 0], k: [10n, 3], M: [10n, 6], G: [10n, 9], T: [10n, 12], P: [10n, 15], E: [10n, 18],
  Ki: [1024n, 1], Mi: [1024n, 2], Gi: [1024n, 3], Ti: [1024n, 4], Pi: [1024n, 5], Ei: [1024n, 6],
}; // prettier-ignore
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const NANO = 10n ** 9n;

/** Fields of built-in kinds whose entries are quantities. */
const HOLDERS = new Set([
  "requests",
  "limits",
  "hard",
  "capacity",
  "default",
  "defaultRequest",
  "max",
  "min",
  "maxLimitRequestRatio",
  "podFixed",
  "overhead",
]);
const SINGLE = new Set(["sizeLimit", "divisor", "averageValue"]);

/**
 * The canonical form of a quantity as the API server writes it: `0.5` → `500m`, `1024Mi` → `1Gi`, 2 → `2`.
 * Text that is no quantity, or one with an exponent, is returned as it came.
 */
export function canonicalQuantity(given: string | number): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(
    String(given),
  );
  if (!match || !(match[2] || match[3])) return String(given);
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match;
  const [base, power] = SUFFIX[suffix] ?? [10n, 0];
  const scaled =
    BigInt((whole || "0") + fraction) *
    NANO *
    (power > 0 ? (base === 10n ? 10n ** BigInt(power) : base ** BigInt(power)) : 1n);
  const divisor = 10n ** BigInt(fraction.length) * (power < 0 ? 10n ** BigInt(-power) : 1n);
  const nano = (scaled + divisor - 1n) / divisor;
  if (nano === 0n) return "0";
  return (
    (sign === "-" ? "-" : "") +
    (base === 1024n && nano % NANO === 0n ? binaryText(nano / NANO) : decimalText(nano))
  );
}

/** A copy of a built-in kind's object with its quantities in canonical form; objects of other groups are left alone. */
export function withCanonicalQuantities(object: JsonObject): JsonObject {
  const group = groupOf(textAt(object, "apiVersion"));
  if (group.includes(".") && !group.endsWith(".k8s.io")) return object;
  return mapScalars(
    object,
    (scalar, path) =>
      (isQuantity(path) && (typeof scalar === "number" || typeof scalar === "string")
        ? canonicalQuantity(scalar)
        : scalar) as Json,
  ) as JsonObject;
}

function isQuantity(path: Path): boolean {
  const [holder, key] = [path.at(-2), path.at(-1)];
  if (path[0] !== "spec") return false;
  if (typeof key === "string" && SINGLE.has(key)) return true;
  return typeof holder === "string" && HOLDERS.has(holder) && typeof key === "string";
}

function decimalText(nano: bigint): string {
  let [rest, step] = [nano, 0];
  while (rest % 1000n === 0n && step < DECIMAL.length - 1) [rest, step] = [rest / 1000n, step + 1];
  return `${rest}${DECIMAL[step]}`;
}

function binaryText(bytes: bigint): string {
  let [rest, step] = [bytes, 0];
  while (rest % 1024n === 0n && step < BINARY.length - 1) [rest, step] = [rest / 1024n, step + 1];
  return `${rest}${BINARY[step]}`;
}
