import { z } from "zod";
import { COST_UNITS, type CostItem, type Price } from "../contract/cost.ts";
import type { Environment } from "../contract/environment.ts";
import document from "./prices.json" with { type: "json" };

const schema = z.strictObject({
  /** ISO date of all prices. */
  date: z.iso.date(),
  /** Short name → where prices are from. */
  sources: z.record(z.string(), z.string().min(1)),
  /** Region → SKU → price. */
  prices: z.record(
    z.string(),
    z.record(
      z.string(),
      z.strictObject({ usd: z.number().positive(), unit: z.enum(COST_UNITS), source: z.string() }),
    ),
  ),
});

/** Prices of a cloud by region, with their date and sources. */
export type PriceTable = z.infer<typeof schema>;

/** The table of prices.json. An environment's own prices (`spec.costs.prices`) go before it. */
export const PRICES: PriceTable = schema.parse(document);

/** A price, or why there is none. */
export type Found = { readonly price: Price } | { readonly missing: string };

/** What an environment pays for a unit of an item: its own price, or that of the table for its region. */
export function findPrice(
  { sku, unit }: Pick<CostItem, "sku" | "unit">,
  environment: Environment,
  table: PriceTable = PRICES,
): Found {
  return ownPrice({ sku, unit }, environment) ?? listed({ sku, unit }, environment, table);
}

/** What the environment file says of a SKU; undefined where it says nothing. */
export function ownPrice(
  { sku, unit }: Pick<CostItem, "sku" | "unit">,
  { file, costs: { prices } }: Environment,
): Found | undefined {
  const own = Object.hasOwn(prices, sku) ? prices[sku] : undefined;
  if (!own) return undefined;
  if (own.unit !== unit)
    return { missing: `${file} gives a price for a ${own.unit}, and it is counted in ${unit}` };
  const { usd, date, source = file } = own;
  return { price: { usd, source, ...(date !== undefined && { date }) } };
}

function listed(
  { sku, unit }: Pick<CostItem, "sku" | "unit">,
  { name, cloud }: Environment,
  { prices, sources, date }: PriceTable,
): Found {
  if (cloud.provider === "none")
    return { missing: `${name} has no region whose prices would count` };
  const { region } = cloud;
  const inRegion = Object.hasOwn(prices, region) ? prices[region]! : undefined;
  if (!inRegion) return { missing: `there is no table of prices for ${region}` };
  const found = Object.hasOwn(inRegion, sku) ? inRegion[sku] : undefined;
  if (found?.unit !== unit)
    return { missing: `the table of ${region} has no price by the ${unit}` };
  const source = sources[found.source] ?? found.source;
  return { price: { usd: found.usd, region, date, source } };
}
