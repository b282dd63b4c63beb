/** US dollars are added as whole millionths, so that sums do not depend on their order. */
const MILLIONTHS = 1e6;

/** US dollars to the millionth. */
export const exact = (usd: number): number => Math.round(usd * MILLIONTHS) / MILLIONTHS;

/** Sum of amounts that are exact to the millionth. */
export const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, usd) => total + Math.round(usd * MILLIONTHS), 0) / MILLIONTHS;
