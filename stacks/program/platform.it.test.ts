import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkoutRoot } from "../../tools/setup/checkout.ts";
import { findEngine } from "../../tools/engine/engine.ts";
import { loadWorkspace } from "../load/workspace.ts";
import { resolvePlatform } from "../plan/platform.ts";
import { type Run, openWorkspace, resourcesOf } from "../providers/kubernetes/harness.ts";
import { type JsonObject, objectAt } from "../providers/kubernetes/json.ts";
import { type RehearsalServer, serveRehearsal } from "../providers/rehearsal/index.ts";
import type { Workspace } from "../contract/workspace.ts";
import { program } from "./program.ts";

let world: string;
let server: RehearsalServer;
let pulumi: ReturnType<typeof openWorkspace>;
let descriptors: Workspace;

beforeAll(async () => {
  const engine = await findEngine();
  if (!engine) throw new Error("the engine is missing");
  descriptors = await loadWorkspace(checkoutRoot());
  world = mkdtempSync(join(tmpdir(), "fairway-platform-"));
  server = await serveRehearsal({ world });
  const { port } = server;
  pulumi = openWorkspace({ pulumi: engine.path, providers: `aws:${port},kubernetes:${port}` });
});
afterAll(async () => {
  pulumi?.close();
  await server?.close();
  rmSync(world, { recursive: true, force: true });
});

const changed = ({ all }: Run): string[] =>
  all
    .filter(({ op, type }) => !["same", "read", "refresh"].includes(op) && type !== "")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);

const outputsOf = (state: JsonObject): JsonObject => {
  const root = [...resourcesOf(state).values()].find(({ type }) => type === "pulumi:pulumi:Stack");
  return objectAt(root?.["outputs"]);
};

test.each(["prod", "staging", "dev"])(
  "the account and the cluster of %s are built, and stay as they are",
  async (name) => {
    const built = new Set<string>();
    for (const plan of resolvePlatform(descriptors.environments[name]!)) {
      const stack = await pulumi.stack(plan.stack);
      const run = () =>
        program(plan, { key: new Uint8Array(32), sharedStacks: built, kubernetes: {} });
      const up = await stack.up(run);
      expect([plan.stack, up.code, up.diagnostics]).toEqual([plan.stack, 0, ""]);
      built.add(plan.stack);
      expect(changed(await stack.preview(run))).toEqual([]);
      const outputs = outputsOf(stack.state());
      expect(Object.keys(outputs).sort()).toEqual([...Object.keys(plan.outputs), "digest"].sort());
      for (const value of Object.values(outputs)) expect(value).toMatch(/./);
    }
  },
);
