import { describe, expect, test } from "vitest";
import { recordProgram } from "../stacks/record/record.ts";
import { REGISTRY } from "./registry.ts";
import { CLOUD_CASES } from "./transforms-cloud.fixture.ts";
import { CLUSTER_CASES } from "./transforms-cluster.fixture.ts";
import type { Case } from "./transforms.fixture.ts";

/** Components that make nothing of their own. */
const WITHOUT = ["fairway:secret:BroughtSecret", "fairway:secret:HeldSecret"];
/** Drivers that build the component of another. */
const SHARING = ["postgres-instance-cluster", "postgres-instance-rds", "volume-aws"];
const MARK = "test/transform";

/** Transform → names of the children that carry its mark; under `none` the children that carry no mark. */
async function marked(one: Case, transforms: object): Promise<Record<string, string[]>> {
  const views = await recordProgram("example.local", async () => one.build(transforms));
  const found: Record<string, string[]> = {};
  for (const { name, type, props } of views) {
    const { metadata } = props as { metadata?: { annotations?: Record<string, string> } };
    // What is only read has no arguments to change.
    if (!type.startsWith("kubernetes:") || !metadata) continue;
    (found[metadata.annotations?.[MARK] ?? "none"] ??= []).push(name);
  }
  for (const names of Object.values(found)) names.sort();
  return found;
}

const mark = (name: string) => ({ metadata: { annotations: { [MARK]: name } } });

describe.each(CLUSTER_CASES)("transforms of $component", (one) => {
  const names = Object.keys(one.names);
  const all = Object.values(one.names).flat().sort();

  test.each(names)("%s changes its children and no other", async (name) => {
    const changed = [...one.names[name]!].sort();
    const rest = all.filter((child) => !changed.includes(child));
    expect(await marked(one, { [name]: mark(name) })).toEqual({
      ...(changed.length > 0 && { [name]: changed }),
      ...(rest.length > 0 && { none: rest }),
    });
  });

  test("together reach every child", async () => {
    const found = await marked(
      one,
      Object.fromEntries(names.map((name) => [name, mark(name)] as const)),
    );
    expect(Object.keys(found)).not.toContain("none");
    expect(Object.values(found).flat().sort()).toEqual(all);
  });
});

describe.each(CLOUD_CASES)("transforms of $component", (one) => {
  test.each(Object.entries(one.names))(
    "%s is asked about its children and no other",
    async (name, children) => {
      const asked: string[] = [];
      const transform = (args: object, child: string) => {
        asked.push(child);
        return args;
      };
      const views = await recordProgram("example.local", async () =>
        one.build({ [name]: transform }),
      );
      expect(asked.sort()).toEqual([...children].sort());
      const registered = new Set(views.map((view) => view.name));
      expect(asked.filter((child) => !registered.has(child))).toEqual([]);
      expect(asked).not.toEqual([]);
    },
  );
});

test("every component of the registry is in the tables", () => {
  const cases = [...CLUSTER_CASES, ...CLOUD_CASES];
  const listed = new Set([...cases.map(({ component }) => component), ...WITHOUT]);
  const building = Object.keys(REGISTRY).filter((key) => !SHARING.includes(key));
  expect(building).toHaveLength(listed.size);
});
