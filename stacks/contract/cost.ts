/** What an hour, a gigabyte or a request is counted in. A month has 730 hours; a gigabyte is a GiB, as bills count it. */
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

/** What a unit costs, and where that is known from. */
export interface Price {
  /** US dollars. */
  readonly usd: number;
  /** Of the cloud; absent: the environment's own price. */
  readonly region?: string;
  /** ISO date of the price. */
  readonly date?: string;
  /** A sentence. */
  readonly source: string;
}

/** A line of an estimate. Without `usd` it is in no sum. */
export interface CostLine extends CostItem {
  readonly price?: Price;
  /** US dollars a month, to the millionth. Absent with `missing`, and alone where nothing is billed. */
  readonly usd?: number;
  /** Why there is no price. */
  readonly missing?: string;
}

/** What one item of a plan costs in a month. */
export interface ItemCost {
  readonly id: string;
  readonly component: string;
  readonly lines: readonly CostLine[];
  readonly usd: number;
}

/** What a stack costs in a month. Items that cost nothing are left out. */
export interface StackCost {
  readonly stack: string;
  readonly kind: "service" | "shared" | "platform";
  readonly name: string;
  readonly environment: string;
  readonly items: readonly ItemCost[];
  /** US dollars a month of all lines that have a price. */
  readonly usd: number;
  /** How much of it follows from assumed usage. */
  readonly assumed: number;
  /** SKUs without a price, in order: the sum is too low by what they cost. */
  readonly missing: readonly string[];
}

/** What an environment, or the chosen part of it, costs in a month. */
export interface EnvironmentCost {
  readonly environment: string;
  /** Region whose prices were taken; absent: no cloud. */
  readonly region?: string;
  readonly stacks: readonly StackCost[];
  /** Nodes of the platform that pods pay for, taken off once: 0 or less. */
  readonly nodes: number;
  /** Sum of the stacks and `nodes`. */
  readonly usd: number;
  readonly assumed: number;
  readonly missing: readonly string[];
}

/** What a change does to what a stack costs. */
export interface CostChange {
  readonly stack: string;
  /** US dollars a month; absent: the stack was, or is, not there. */
  readonly before?: number;
  readonly after?: number;
  /** US dollars a month, more or less. */
  readonly difference: number;
  /** SKUs without a price on either side. */
  readonly missing: readonly string[];
}

/** Two estimates of an environment, compared. */
export interface CostComparison {
  readonly environment: string;
  /** Git revision that the change is measured against. */
  readonly base: string;
  readonly before: number;
  readonly after: number;
  readonly difference: number;
  readonly missing: readonly string[];
  /** Stacks whose costs differ, the dearest difference first. */
  readonly changes: readonly CostChange[];
}

/** An estimate beside what it may be at most: what the rule `budget` judges. */
export interface Bill {
  /** Who it is for: a service's name, or `everything in <environment>`. */
  readonly about: string;
  readonly usd: number;
  readonly missing: readonly string[];
  /** US dollars a month. */
  readonly ceiling: number;
}
