/** What an hour, a gigabyte or a request is counted in. A month has 730 hours. */
export const COST_UNITS = ["hour", "GB-month", "GB", "million-requests", "month"] as const;
export type CostUnit = (typeof COST_UNITS)[number];

/** Something that is paid for, as a line of a bill: the price is looked up by `sku`. */
export interface CostItem {
  /** Key of the price table, such as `rds.postgres.db.t4g.small.multi-az`. */
  readonly sku: string;
  /** Units in a month. */
  readonly quantity: number;
  readonly unit: CostUnit;
  /** What the quantity was assumed from, where it is not given by the plan (requests, traffic). */
  readonly assumed?: string;
}
