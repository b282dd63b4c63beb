import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Change } from "../../stacks/contract/result.ts";
import { isOp } from "../../stacks/report/summary.ts";
import { apiOf } from "./api.ts";
import { FOREIGN_SPEC, IMAGES, present, stageAll } from "./foreign-examples.ts";
import { type Document, type TestRoot, testRoot } from "./root.ts";

if (!present) process.stdout.write("left out: ../shared/fixtures/score is not here\n");

describe.runIf(present).sequential("Score documents that other people wrote", () => {
  let root: TestRoot;
  let services: readonly string[];
  const images = Object.values(IMAGES).flatMap((image) => ["--image", image]);
  const stacksOf = ({ data }: Document) =>
    data!["stacks"] as { stack: string; status: string; changes: Change[] }[];

  beforeAll(() => {
    root = testRoot({ environment: FOREIGN_SPEC });
    services = stageAll(path.join(root.folder, "services"));
  });
  afterAll(async () => {
    await root.fairway("destroy", "--all", "--yes", "--quiet", "--parallel", "6");
    root.remove();
  });

  test("are deployed, all 41 of them, and ready", async () => {
    const up = await root.json("up", "--all", ...images);
    expect({ exit: up.exit, problems: up.problems }).toEqual({ exit: 0, problems: [] });
    const deployed = stacksOf(up).filter(({ status }) => status === "succeeded");
    expect(services).toHaveLength(41);
    expect(deployed.map(({ stack }) => stack)).toEqual(
      expect.arrayContaining(services.map((name) => `${name}.local`)),
    );
    const workloads = await (await apiOf()).workloads(services);
    expect(workloads.length).toBeGreaterThanOrEqual(41);
    expect(workloads.filter(({ ready }) => !ready)).toEqual([]);
  });

  test("are clean afterwards", async () => {
    const preview = await root.json("preview", "--all", ...images);
    const changes = stacksOf(preview).flatMap((stack) =>
      stack.changes.filter(({ op }) => isOp(op)),
    );
    expect({ exit: preview.exit, changes }).toEqual({ exit: 0, changes: [] });
  });

  test("are removed without a remainder", async () => {
    // Most of it is waiting for namespaces to end.
    const destroy = await root.json("destroy", "--all", "--yes", "--parallel", "6");
    expect({ exit: destroy.exit, problems: destroy.problems }).toEqual({ exit: 0, problems: [] });
    const names = stacksOf(destroy).map(({ stack }) => stack.split(".")[0]!);
    expect(names).toEqual(expect.arrayContaining([...services]));
    expect(await (await apiOf()).objectsOf(names)).toEqual([]);
  });
});
