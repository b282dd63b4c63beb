import { describe, expect, it } from "vitest";
import { holdsData } from "../contract/data.ts";
import { stackBase } from "../contract/names.ts";
import type { Plan } from "../contract/plan.ts";
import { lossesOf } from "./consent.ts";
import { type Registered, changesOf, registered, secretsIn } from "./testing/registered.ts";
import { BILLING, LEDGER, type Place, RENAMES, SHOP, walkers } from "./testing/renames.ts";
import { type Sketch, plansOf } from "./testing/sketch.ts";

type Planned = ReadonlyMap<string, Plan>;

/** Plans of services and of what they share, by the names of their stacks. */
async function planned(sketches: readonly Sketch[], place: Place): Promise<Planned> {
  const { plans, shared } = await plansOf(sketches, place);
  return new Map([...shared, ...plans].map((plan) => [stackBase(plan.stack), plan]));
}

/** What each plan registers over what is recorded. */
async function registeredBy(
  plans: Planned,
  before?: ReadonlyMap<string, Registered>,
): Promise<Map<string, Registered>> {
  const all = new Map<string, Registered>();
  for (const [name, plan] of plans) all.set(name, await registered(plan, before?.get(name)));
  return all;
}

/** Names of what holds data, as their providers know them. */
const namesIn = ({ resources }: Registered): unknown[] =>
  resources
    .filter(({ type }) => holdsData(type))
    .map(({ urn, inputs }) => {
      const { metadata, identifier, bucket, replicationGroupId } = inputs as Record<
        string,
        unknown
      >;
      const { name, namespace } = (metadata ?? {}) as Record<string, unknown>;
      return [urn, name, namespace, identifier, bucket, replicationGroupId];
    });

/** Expects that everything recorded with data stays: stacks, URNs, names, passwords. */
function expectKept(
  plans: Planned,
  before: ReadonlyMap<string, Registered>,
  after: ReadonlyMap<string, Registered>,
): void {
  expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
  for (const [name, recorded] of before) {
    const now = after.get(name)!;
    const changes = changesOf(recorded, now);
    expect(lossesOf(plans.get(name)!, recorded.resources, changes)).toEqual([]);
    expect(changes.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
    expect(secretsIn(now.resources)).toEqual(secretsIn(recorded.resources));
    expect(namesIn(now)).toEqual(namesIn(recorded));
  }
}

describe.each(["prod", "local"] as const)("identity in %s", (place) => {
  it("stays through every rename, one after the other", async () => {
    let sketches = walkers(place);
    const first = await registeredBy(await planned(sketches, place));
    expect([...first.keys()].sort()).toEqual(
      [SHOP, LEDGER, BILLING, "shared-postgres-default-walk-common"].sort(),
    );
    expect(Object.keys(secretsIn(first.get(SHOP)!.resources)).length).toBeGreaterThan(1);
    expect(namesIn(first.get(LEDGER)!).length).toBeGreaterThan(1);
    let recorded = first;
    for (const { called, of, edit } of RENAMES) {
      const edited = edit(sketches);
      const changed = edited.filter((one, index) => one !== sketches[index]).length;
      expect([called, changed]).toEqual([called, of.length]);
      const plans = await planned(edited, place);
      const after = await registeredBy(plans, recorded);
      expectKept(plans, recorded, after);
      [sketches, recorded] = [edited, after];
    }
    expectKept(await planned(sketches, place), first, recorded);
  });

  it("stays when a driver is built anew around the same resources", async () => {
    const plans = await planned(walkers(place), place);
    // As an earlier driver would have it: other components around the same resources.
    const former = (urn: string): string =>
      urn.replace(/::fairway:[^:$]+:[^:$]+(\$|::)/, "::fairway:former:Driver$1");
    const before = new Map(
      [...(await registeredBy(plans))].map(([name, one]): [string, Registered] => [
        name,
        {
          ...one,
          resources: one.resources.map((resource) => ({
            ...resource,
            urn: former(resource.urn),
            ...(resource.parent !== undefined && { parent: former(resource.parent) }),
          })),
        },
      ]),
    );
    const after = await registeredBy(plans, before);
    for (const [name, recorded] of before) {
      const moved = recorded.resources.filter(
        ({ urn, type }) => holdsData(type) && urn.includes("fairway:former:Driver"),
      );
      expect(moved.length).toBeGreaterThan(0);
      const known = new Set([...after.get(name)!.aliases.values()].flat());
      expect(moved.filter(({ urn }) => !known.has(urn))).toEqual([]);
      const changes = changesOf(recorded, after.get(name)!);
      expect(lossesOf(plans.get(name)!, recorded.resources, changes)).toEqual([]);
    }
  });
});

describe("environments that the first release deployed", () => {
  const sketch: Sketch = {
    name: "shop",
    folder: "shop",
    kind: "ServiceRequest",
    cpu: "100m",
    uses: {
      store: { type: "postgres" },
      stats: { type: "postgres", class: "reporting" },
      cache: { type: "redis", class: "sessions" },
      docs: { type: "mongodb" },
      files: { type: "s3" },
      common: { type: "postgres", id: "common" },
    },
  };
  /** Derived by the code of the first release, from the same descriptor and the same key. */
  const PASSWORDS = {
    shop: {
      "shop-store-secret": { password: "8qLjqKfov18sB3sGWHgt1Gm9" },
      "shop-stats-secret": { password: "UvIONBghVmC1Ovl355WHAp6m" },
      "shop-cache-secret": {
        "auth.conf": 'requirepass "UGVpzYsCI2MdbroT1qkOUFLm"\n',
        password: "UGVpzYsCI2MdbroT1qkOUFLm",
      },
      "shop-docs-secret": { password: "AU2GfVivr0mFEqMuAHp7hQ28" },
      "shop-files-secret": { password: "0WnmGPKIZS6uc1yDrwvXNfkg" },
    },
    "shared-postgres-default-common": {
      "shared-postgres-default-common-common-secret": { password: "zFfMTcL4ili6gQQK6Acdx9Mx" },
    },
  };
  const passwordsOf = (all: ReadonlyMap<string, Registered>) =>
    Object.fromEntries(
      Object.keys(PASSWORDS).map((name) => [name, secretsIn(all.get(name)!.resources)]),
    );

  it("keep their passwords, and whatever class follows", async () => {
    const first = await registeredBy(await planned([sketch], "local"));
    // Nothing was remembered then.
    const recorded = new Map(
      [...first].map(([name, one]): [string, Registered] => [name, { ...one, identities: {} }]),
    );
    const upgraded = await registeredBy(await planned([sketch], "local"), recorded);
    expect(passwordsOf(upgraded)).toEqual(PASSWORDS);
    const { uses } = sketch;
    const other = {
      ...sketch,
      uses: {
        ...uses,
        store: { ...uses["store"]!, class: "reporting" },
        stats: { ...uses["stats"]!, class: "archive" },
        cache: { ...uses["cache"]!, class: "default" },
      },
    };
    const changed = await registeredBy(await planned([other], "local"), upgraded);
    expect(passwordsOf(changed)).toEqual(PASSWORDS);
  });

  it("keep the URNs of what holds data", async () => {
    const { resources } = (await registeredBy(await planned([sketch], "local"))).get("shop")!;
    const server = (noun: string, component: string, name: string) =>
      ["core/v1:PersistentVolumeClaim::data", "apps/v1:StatefulSet::server"].map((child) => {
        const [type, suffix] = child.split("::");
        return `urn:pulumi:shop.local::fairway::fairway:${noun}:${component}$kubernetes:${type}::shop-${name}-${suffix}`;
      });
    expect(
      resources
        .map(({ urn }) => urn)
        .filter((urn) => /PersistentVolumeClaim|StatefulSet/.test(urn)),
    ).toEqual(
      [
        ...server("postgres", "Postgres", "store"),
        ...server("postgres", "Postgres", "stats"),
        ...server("redis", "Redis", "cache"),
        ...server("mongodb", "Mongodb", "docs"),
        ...server("s3", "S3", "files"),
      ].sort(),
    );
  });
});
