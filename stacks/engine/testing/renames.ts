import type { Sketch, SketchUse } from "./sketch.ts";

/** One way in which a descriptor changes and what it stands for stays. */
interface Rename {
  readonly called: string;
  /** Services that change, by their recorded names. */
  readonly of: readonly string[];
  edit(sketches: readonly Sketch[]): Sketch[];
}

/** Where the descriptors of the matrix are deployed. */
export type Place = "prod" | "local";

/** Recorded names of the three services: one with private resources, one with replicas that keep data, and who shares one. */
export const [SHOP, LEDGER, BILLING] = ["walk-shop", "walk-ledger", "walk-billing"] as const;

/** Private resources: of the account and of the cluster, with passwords that AWS makes and that are derived. */
const OWN: Readonly<Record<Place, Readonly<Record<string, SketchUse>>>> = {
  prod: {
    database: { type: "postgres" },
    sessions: { type: "redis" },
    files: { type: "s3" },
    archive: { type: "postgres", class: "in-cluster" },
    papers: { type: "volume", class: "in-cluster" },
  },
  local: {
    database: { type: "postgres" },
    sessions: { type: "redis" },
    files: { type: "s3" },
    papers: { type: "volume" },
  },
};
const COMMON: SketchUse = { type: "postgres", id: "walk-common" };

/** The services as they begin. */
export const walkers = (place: Place): Sketch[] => [
  {
    name: SHOP,
    folder: "shop",
    kind: "ServiceRequest",
    cpu: "100m",
    uses: { ...OWN[place], common: COMMON },
  },
  {
    name: LEDGER,
    folder: "ledger",
    kind: "Score",
    cpu: "100m",
    keeps: "data",
    uses: { data: { type: "volume", ...(place === "prod" && { class: "in-cluster" }) } },
  },
  { name: BILLING, folder: "billing", kind: "Score", cpu: "100m", uses: { common: COMMON } },
];

const began = ({ name, was }: Sketch): string => was?.[0] ?? name;
const recordedUse = (name: string, { was }: SketchUse): string => was?.[0] ?? name;

/** An edit of the one service that began under a name. */
const of =
  (name: string, change: (sketch: Sketch) => Partial<Sketch>) =>
  (sketches: readonly Sketch[]): Sketch[] =>
    sketches.map((one) => (began(one) === name ? { ...one, ...change(one) } : one));

const called =
  (name: string) =>
  (sketch: Sketch): Partial<Sketch> => ({ name, was: [...(sketch.was ?? []), sketch.name] });

/** Changes the use that began under a name. */
const use =
  (name: string, change: (key: string, found: SketchUse) => readonly [string, SketchUse]) =>
  ({ uses }: Sketch): Partial<Sketch> => ({
    uses: Object.fromEntries(
      Object.entries(uses).map(([key, found]) =>
        recordedUse(key, found) === name ? change(key, found) : [key, found],
      ),
    ),
  });

const useCalled = (name: string, to: string) =>
  use(name, (key, found) => [to, { ...found, was: [...(found.was ?? []), key] }]);

/** What is shared is known by its id. */
const sharedCalled = (name: string, to: string) => use(name, (_, found) => [to, found]);

const useOfClass = (name: string, to: string) =>
  use(name, (key, found) => [key, { ...found, class: to }]);

/** The matrix: in this order one after the other, or each for itself. */
export const RENAMES: readonly Rename[] = [
  { called: "a service is renamed", of: [SHOP], edit: of(SHOP, called("walk-store")) },
  {
    called: "its folder moves",
    of: [SHOP],
    edit: of(SHOP, () => ({ folder: "store-elsewhere" })),
  },
  {
    called: "a resource is renamed",
    of: [SHOP],
    edit: of(SHOP, useCalled("database", "orders")),
  },
  {
    called: "a class changes that the same driver answers",
    of: [SHOP],
    edit: (sketches) =>
      of(
        SHOP,
        useOfClass("sessions", "fast"),
      )(of(SHOP, useOfClass("database", "reporting"))(sketches)),
  },
  { called: "the kind is swapped", of: [SHOP], edit: of(SHOP, () => ({ kind: "Score" })) },
  {
    called: "a resource is renamed in the other kind",
    of: [SHOP],
    edit: of(SHOP, useCalled("sessions", "carts")),
  },
  {
    called: "the kind is swapped back",
    of: [SHOP],
    edit: of(SHOP, () => ({ kind: "ServiceRequest" })),
  },
  { called: "a service is renamed again", of: [SHOP], edit: of(SHOP, called("walk-bazaar")) },
  {
    called: "a workload that keeps data is renamed, with its container and its volume",
    of: [LEDGER],
    edit: (sketches) =>
      of(LEDGER, (sketch) => ({
        ...called("walk-book")(sketch),
        ...useCalled("data", "pages")(sketch),
        container: "keeper",
        keeps: "pages",
      }))(sketches),
  },
  {
    called: "those who share a resource are renamed, and what they call it",
    of: [SHOP, BILLING],
    edit: (sketches) =>
      of(
        SHOP,
        sharedCalled("common", "pool"),
      )(
        of(BILLING, (sketch) => ({
          ...called("walk-invoices")(sketch),
          ...sharedCalled("common", "everybodys")(sketch),
        }))(sketches),
      ),
  },
];
