import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { obtainEngine } from "../../../tools/engine/engine.ts";
import { checkoutRoot } from "../../../tools/setup/checkout.ts";
import { splitStack } from "../../contract/names.ts";
import type { Plan, PlanItem } from "../../contract/plan.ts";
import type { RunResult } from "../../contract/result.ts";
import { lockFolder } from "../../state/backend.ts";
import { orphanPlan } from "../orphan.ts";
import { prewarm } from "../pool.ts";
import { type RunRequest, runStacks } from "../run.ts";
import { LOCAL } from "./environment.ts";

/** A root of its own with warm workers, for tests on the real engine. */
export interface Setting {
  readonly root: string;
  /** The built worker. */
  readonly module: string;
  /** Path of the engine. */
  readonly engine: string;
  run(
    operation: RunRequest["operation"],
    plans: readonly Plan[],
    more?: Partial<RunRequest>,
  ): Promise<RunResult>;
  close(): Promise<void>;
}

/** Builds a module of the checkout by itself, so that half-done work elsewhere does not matter. */
export function buildModule(source: string): { module: string; remove(): void } {
  const builds = join(checkoutRoot(), ".fairway", "test-workers");
  mkdirSync(builds, { recursive: true });
  const folder = mkdtempSync(join(builds, "build-"));
  const module = join(folder, "module.mjs");
  buildSync({
    entryPoints: [join(checkoutRoot(), source)],
    outfile: module,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
  });
  return { module, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Opens a setting with the worker of a module of the checkout. */
export async function openSetting(
  worker = "stacks/engine/testing/component-worker.ts",
): Promise<Setting> {
  const root = mkdtempSync(join(tmpdir(), "fairway-engine-"));
  const { module, remove } = buildModule(worker);
  const engine = await obtainEngine({});
  const workers = prewarm(1, module);
  return {
    root,
    module,
    engine: engine.path,
    run: (operation, plans, more = {}) =>
      runStacks({ operation, plans, root, engine, workers, environment: LOCAL, ...more }),
    async close() {
      await workers.close();
      rmSync(root, { recursive: true, force: true });
      remove();
    },
  };
}

/** Locks that the engine left on a stack. */
export const locksOf = (folder: string, stack: string): string[] =>
  existsSync(lockFolder(folder, stack)) ? readdirSync(lockFolder(folder, stack)) : [];

/** A plan of bare items. */
export function planOf(
  stack: string,
  items: Readonly<Record<string, PlanItem["args"]>>,
  more: Partial<Plan> = {},
): Plan {
  return {
    ...orphanPlan(stack),
    name: splitStack(stack).name,
    digest: "0".repeat(64),
    items: Object.entries(items).map(([id, args]) => ({
      id,
      component: "test",
      args,
      origins: {},
      after: [],
      stateful: false,
    })),
    ...more,
  };
}
