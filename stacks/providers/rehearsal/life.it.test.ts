import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findEngine } from "../../../tools/engine/engine.ts";
import { openWorkspace, resourcesOf, type Run } from "../kubernetes/harness.ts";
import { at, objectAt, textAt, type JsonObject } from "../kubernetes/json.ts";
import { house, PLANTED, RESOURCES } from "./house.ts";
import { serveRehearsal, type RehearsalServer } from "./index.ts";

let folder: string;
let server: RehearsalServer;
let workspace: ReturnType<typeof openWorkspace>;
let stack: Awaited<ReturnType<typeof workspace.stack>>;

beforeAll(async () => {
  const engine = await findEngine();
  if (!engine) throw new Error("the engine is missing");
  folder = mkdtempSync(join(tmpdir(), "fairway-rehearsal-"));
  server = await serveRehearsal({ world: folder });
  const providers = `aws:${server.port},kubernetes:${server.port}`;
  workspace = openWorkspace({ pulumi: engine.path, providers });
  stack = await workspace.stack("house");
});
afterAll(async () => {
  workspace?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Steps on AWS resources that change something, as `op Type name`. */
const stepsOf = ({ all }: Run): string[] =>
  all
    .filter(({ op, type }) => op !== "same" && op !== "refresh" && type.startsWith("aws:"))
    .map(({ op, type, urn }) => `${op} ${type.split(":").at(-1)} ${urn.split("::").at(-1)}`)
    .sort();

const world = (): JsonObject =>
  JSON.parse(readFileSync(join(folder, "house.json"), "utf8")) as JsonObject;
const inputs = (name: string): JsonObject =>
  objectAt(resourcesOf(stack.state()).get(name), "inputs");
const outputs = (name: string): JsonObject =>
  objectAt(resourcesOf(stack.state()).get(name), "outputs");

describe.sequential("a house of more than sixty resources", () => {
  let runs: Run[] = [];

  test("is previewed, deployed, and then unchanged", async () => {
    const preview = await stack.preview(house());
    expect(preview.diagnostics).toBe("");
    expect(preview.code).toBe(0);
    expect(stepsOf(preview).filter((step) => step.startsWith("create "))).toHaveLength(RESOURCES);
    const begun = process.cpuUsage();
    const up = await stack.up(house());
    const { user, system } = process.cpuUsage(begun);
    expect(up.diagnostics).toBe("");
    expect(up.code).toBe(0);
    // Program and provider together, in time of the processor: other work on the machine does not count.
    expect((user + system) / 1000 / RESOURCES).toBeLessThan(50);
    expect(stepsOf(up)).toHaveLength(RESOURCES);
    expect(
      new Set(up.all.map(({ type }) => type).filter((type) => /^aws:\w+\//.test(type))).size,
    ).toBeGreaterThan(30);
    const again = await stack.preview(house());
    expect(again.code).toBe(0);
    expect(stepsOf(again)).toEqual([]);
    runs = [preview, up, again];
  });

  test("has ids, ARNs and endpoints of AWS's own form, in the right account and region", () => {
    expect(outputs("Instance db")["endpoint"]).toMatch(
      /^db\.[a-z0-9]{12}\.eu-central-1\.rds\.amazonaws\.com:5432$/,
    );
    expect(outputs("Queue other")["arn"]).toMatch(
      /^arn:aws:sqs:eu-west-1:111122223333:other-[0-9a-f]{7}$/,
    );
    expect(resourcesOf(stack.state()).get("Vpc vpc")?.["id"]).toMatch(/^vpc-[0-9a-f]{17}$/);
    const policy = JSON.parse(textAt(outputs("Role role"), "assumeRolePolicy")) as JsonObject;
    expect(at(policy, "Statement", 0, "Principal", "Service")).toBe("vpc-flow-logs.amazonaws.com");
  });

  test("keeps the default tags of two providers apart", () => {
    expect(inputs("Bucket main")["tagsAll"]).toEqual({ team: "main" });
    expect(inputs("Bucket other")["tagsAll"]).toEqual({ team: "other" });
    expect(inputs("Vpc vpc")["tagsAll"]).toEqual({ team: "main", Name: "vpc" });
  });

  test("holds no secret in clear: state, events, output, world; and its world is its owner's only", () => {
    expect(stack.stateText()).not.toContain(PLANTED);
    expect(JSON.stringify(runs)).not.toContain(PLANTED);
    const files = readdirSync(folder).map((name) => join(folder, name));
    expect(files).not.toEqual([]);
    for (const file of files) {
      expect(readFileSync(file, "utf8")).not.toContain(PLANTED);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  test("replaces what AWS would replace, and updates what only has other tags", async () => {
    const change = house({ engine: "mysql", tags: { team: "main", cost: "1" } });
    const preview = await stack.preview(change);
    expect(preview.code).toBe(0);
    const steps = stepsOf(preview);
    expect(steps).toContain("replace Instance db");
    expect(steps).toContain("update Vpc vpc");
    expect(steps).not.toContain("update Bucket other");
    expect(steps.filter((step) => step.startsWith("replace "))).toEqual(["replace Instance db"]);
    const before = resourcesOf(stack.state()).get("Instance db")?.["id"];
    const up = await stack.up(change);
    expect(up.diagnostics).toBe("");
    expect(up.code).toBe(0);
    expect(stepsOf(up)).toEqual(steps);
    expect(resourcesOf(stack.state()).get("Instance db")?.["id"]).not.toBe(before);
    expect(outputs("Instance db")["endpoint"]).toMatch(/:3306$/);
    expect(stepsOf(await stack.preview(change))).toEqual([]);
  });

  test("shows in a refresh what was changed behind its back, and nothing else", async () => {
    const program = house({ engine: "mysql", tags: { team: "main", cost: "1" } });
    expect(stepsOf(await stack.refresh(program, "--yes"))).toEqual([]);
    const changed = world();
    const things = objectAt(changed, "things");
    for (const [key, thing] of Object.entries(things)) {
      if (textAt(thing, "urn").endsWith("::db")) objectAt(thing)["drift"] = { multiAz: true };
      if (key.startsWith("aws:ec2/flowLog")) delete things[key];
    }
    writeFileSync(join(folder, "house.json"), JSON.stringify(changed));
    const refresh = await stack.refresh(program, "--yes");
    expect(refresh.code).toBe(0);
    expect(outputs("Instance db")["multiAz"]).toBe(true);
    expect(resourcesOf(stack.state()).has("FlowLog flow")).toBe(false);
    const up = await stack.up(program);
    expect(up.diagnostics).toBe("");
    expect(stepsOf(up)).toEqual(["create FlowLog flow"]);
  });

  test("is destroyed and leaves nothing", async () => {
    const destroy = await stack.destroy();
    expect(destroy.diagnostics).toBe("");
    expect(destroy.code).toBe(0);
    expect(world()["things"]).toEqual({});
  });
});
