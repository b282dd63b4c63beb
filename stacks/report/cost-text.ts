import type { CostComparison, CostLine, EnvironmentCost, StackCost } from "../contract/cost.ts";
import { count, cut, plain, style } from "./style.ts";

/** How an estimate is shown. */
export interface CostStyle {
  readonly color: boolean;
  readonly columns: number;
  /** Each line of each resource, too. */
  readonly lines: boolean;
}

const dollars = new Intl.NumberFormat("en-US", {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const amount = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 });

/** `$1,234.50`, `-$3.00`. */
export function money(usd: number): string {
  const text = dollars.format(Math.abs(usd));
  return `${usd < 0 && text !== "0.00" ? "-" : ""}$${text}`;
}

/** `+$3.00`, `-$3.00`, `$0.00`. */
export const signed = (usd: number): string => (usd > 0 ? `+${money(usd)}` : money(usd));

/** A row: what, how much, and what there is to say about it. */
type Row = readonly [what: string, amount: string, more: string];

/** What an environment costs in a month: a block for each stack, then the total. */
export function costText(cost: EnvironmentCost, { color, columns, lines }: CostStyle): string {
  const s = style(color);
  const all = cost.stacks.flatMap((stack) => stack.items.flatMap((item) => item.lines));
  const region = cost.region === undefined ? "" : ` (${cost.region})`;
  const head = s.bold(`${cost.environment}${region}`);
  if (all.length > 0 && all.every(({ usd, missing }) => usd === undefined && missing === undefined))
    return `${head}: nothing is billed, it runs on your own machine`;
  const rows: Row[] = [
    ...cost.stacks
      .filter(({ items }) => items.length > 0)
      .flatMap((stack) => stackRows(stack, lines)),
    ...(cost.nodes === 0
      ? []
      : [["nodes that pods pay for", money(cost.nodes), "counted with the pods"] as const]),
    ["total a month", money(cost.usd), sayAssumed(cost.assumed)],
  ];
  return [
    head,
    ...aligned(rows).map((line, index) => {
      const isTotal = index === rows.length - 1;
      return cut(
        isTotal ? s.bold(line) : rows[index]![0].startsWith("  ") ? s.dim(line) : line,
        columns,
      );
    }),
    ...(cost.missing.length > 0
      ? [s.yellow(`  without a price, and in no sum: ${cost.missing.map(plain).join(", ")}`)]
      : []),
    ...sourcesOf(all).map((source) => cut(s.dim(`  ${source}`), columns)),
  ].join("\n");
}

/** Where prices are from, and how many lines are counted with each source. */
function sourcesOf(lines: readonly CostLine[]): string[] {
  const counts = new Map<string, number>();
  for (const { price } of lines)
    if (price) {
      // What a node's parts cost is as certain as what the node costs.
      const source = price.source.replace(/^share of a [^:]+: /, "");
      const told = [source, price.date].filter(Boolean).join(", ");
      counts.set(told, (counts.get(told) ?? 0) + 1);
    }
  return [...counts]
    .map(([source, number]) => `${count(number, "price")}: ${plain(source)}`)
    .sort();
}

function stackRows({ stack, items, usd, assumed, missing }: StackCost, lines: boolean): Row[] {
  return [
    [stack, total(usd, missing), sayAssumed(assumed)],
    ...items.flatMap((item): Row[] => [
      [
        `  ${item.id}`,
        total(
          item.usd,
          item.lines.flatMap(({ missing: why }) => why ?? []),
        ),
        item.component,
      ],
      ...(lines ? item.lines.map(lineRow) : []),
    ]),
  ];
}

function lineRow({ sku, quantity, unit, usd, price, missing, assumed }: CostLine): Row {
  const each = price ? ` × $${Number(price.usd.toPrecision(4))}` : "";
  const because = [missing, assumed && `assumed: ${assumed}`].filter(Boolean).join("; ");
  return [
    `    ${sku}`,
    usd === undefined ? (missing === undefined ? "not billed" : "?") : money(usd),
    `${amount.format(quantity)} ${unit}${each}${because ? ` (${plain(because)})` : ""}`,
  ];
}

const total = (usd: number, missing: readonly string[]): string =>
  missing.length === 0 ? money(usd) : `${money(usd)} + ?`;

const sayAssumed = (usd: number): string => (usd === 0 ? "" : `${money(usd)} of it assumed`);

/** Rows in columns, amounts to the right. */
function aligned(rows: readonly Row[]): string[] {
  const first = Math.max(...rows.map(([what]) => what.length));
  const second = Math.max(...rows.map(([, amount]) => amount.length));
  return rows.map(([what, amount, more]) =>
    `  ${what.padEnd(first)}  ${amount.padStart(second)}  ${more}`.trimEnd(),
  );
}

/** What a change does to what an environment costs. */
export function comparisonText(comparison: CostComparison, { color, columns }: CostStyle): string {
  const s = style(color);
  const { environment, base, changes, missing } = comparison;
  const head = `${s.bold(environment)}: ${comparisonLine(comparison)}`;
  const sides = (usd: number | undefined): string => (usd === undefined ? "-" : money(usd));
  const rows = changes.map(({ stack, before, after, difference }): Row => [
    stack,
    signed(difference),
    `${sides(before)} → ${sides(after)}`,
  ]);
  return [
    head,
    ...(rows.length === 0
      ? [s.dim(`  nothing costs anything else than at ${base}`)]
      : aligned(rows)),
    ...(missing.length > 0
      ? [s.yellow(`  without a price, and in no sum: ${missing.map(plain).join(", ")}`)]
      : []),
  ]
    .map((line) => cut(line, columns))
    .join("\n");
}

/** `$10.00 → $12.00 a month (+$2.00 against main, 1 stack)`. */
export const comparisonLine = ({
  before,
  after,
  difference,
  base,
  changes,
}: CostComparison): string =>
  `${money(before)} → ${money(after)} a month (${signed(difference)} against ${base}, ${count(changes.length, "stack")})`;
