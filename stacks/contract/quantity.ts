const FACTORS: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity as a number of its unit (cores, bytes), or undefined where the text is none. */
export function parseQuantity(text: string): number | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+)([a-zA-Z]{0,2})$/.exec(text);
  const factor = FACTORS[match?.[2] ?? "none"];
  return match && factor !== undefined ? Number(match[1]) * factor : undefined;
}

/** Whether a text is a Kubernetes quantity above nothing. */
export const isQuantity = (text: string): boolean => (parseQuantity(text) ?? 0) > 0;

/** Millicores, rounded up: `0.25` → 250, `500m` → 500. */
export function millicores(text: string): number | undefined {
  const cores = parseQuantity(text);
  return cores === undefined ? undefined : Math.ceil(Number((cores * 1000).toFixed(6)));
}

/** Canonical CPU quantity: `500m`, `2`. */
export function cpuText(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** Canonical binary memory quantity: the largest unit that keeps it whole. Bytes are rounded up. */
export function memoryText(bytes: number): string {
  let whole = Math.ceil(bytes);
  for (const unit of ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]) {
    if (whole % 1024 !== 0 || whole === 0 || unit === "Ei") return `${whole}${unit}`;
    whole /= 1024;
  }
  return String(whole);
}
