import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  backupFolder,
  checkpointFile,
  createStack,
  fileBackend,
  fullName,
  historyFolder,
  openBackend,
} from "./backend.ts";
import { listStacks, orphansOf, readCheckpoint, readOutputs, readResources } from "./checkpoint.ts";
import { pruneHistory } from "./prune.ts";
import { SECRET } from "./secret.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fairway-state-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:abc",
};
const write = (stack: string, latest: object): void => {
  createStack(folder, stack);
  writeFileSync(
    checkpointFile(folder, stack),
    JSON.stringify({ version: 3, checkpoint: { stack: fullName(stack), latest } }),
  );
};
const stackResource = {
  urn: "urn:stack",
  type: "pulumi:pulumi:Stack",
  outputs: { url: "http://a", token: secret },
};

describe("the state in a folder", () => {
  test("is read without the engine, with secrets hidden wherever they stand", async () => {
    const inputs = { data: { password: secret, list: [secret, "open"] } };
    write("a.local", {
      resources: [
        stackResource,
        { urn: "urn:x", type: "t", id: "ns/x", parent: "urn:stack", inputs },
      ],
    });
    const backend = fileBackend(folder);
    expect(await readOutputs(backend, "a.local")).toEqual({ url: "http://a", token: SECRET });
    expect(await readResources(backend, "a.local")).toEqual([
      {
        urn: "urn:stack",
        type: "pulumi:pulumi:Stack",
        protect: false,
        inputs: {},
        outputs: { url: "http://a", token: SECRET },
      },
      {
        urn: "urn:x",
        type: "t",
        id: "ns/x",
        parent: "urn:stack",
        protect: false,
        inputs: { data: { password: SECRET, list: [SECRET, "open"] } },
        outputs: {},
      },
    ]);
  });
  test("is absent where the stack was never updated, and holds only whole stacks", async () => {
    createStack(folder, "made.local");
    write("b.local", { resources: [] });
    writeFileSync(`${checkpointFile(folder, "b.local")}.bak`, "{}");
    expect(readCheckpoint(folder, "made.local")).toBeUndefined();
    expect(readCheckpoint(folder, "never.local")).toBeUndefined();
    expect(await listStacks(fileBackend(folder))).toEqual(["b.local", "made.local"]);
    expect(await listStacks(fileBackend(join(folder, "absent")))).toEqual([]);
  });
  test.each([
    "",
    "null",
    "[]",
    '{"version":3}',
    '{"version":3,"checkpoint":{"latest":{"resources":{}}}}',
  ])("fails on a damaged file and never takes it for an empty one: %j", (text) => {
    createStack(folder, "a.local");
    writeFileSync(checkpointFile(folder, "a.local"), text);
    expect(() => readCheckpoint(folder, "a.local")).toThrow(/FW5004/);
  });
  test("keeps the newest updates of its history", () => {
    const [history, backups] = [historyFolder(folder, "a.local"), backupFolder(folder, "a.local")];
    for (const path of [history, backups]) mkdirSync(path, { recursive: true });
    const times = Array.from({ length: 5 }, (_, index) => `179526049238088680${index}`);
    for (const time of times) {
      writeFileSync(join(history, `a.local-${time}.history.json`), "");
      writeFileSync(join(history, `a.local-${time}.checkpoint.json`), "");
      writeFileSync(join(backups, `a.local.${time}.json`), "");
    }
    writeFileSync(join(history, "somebody's notes"), "");
    pruneHistory(folder, "a.local", 2);
    expect(readdirSync(history).sort()).toEqual([
      "a.local-1795260492380886803.checkpoint.json",
      "a.local-1795260492380886803.history.json",
      "a.local-1795260492380886804.checkpoint.json",
      "a.local-1795260492380886804.history.json",
      "somebody's notes",
    ]);
    expect(readdirSync(backups)).toHaveLength(2);
  });
});

describe("a backend", () => {
  test("is a folder of the root unless the environment names another", () => {
    expect(openBackend("/root", { state: {} })).toMatchObject({ folder: "/root/.fairway/state" });
    expect(openBackend("/root", { state: { backend: "file:///srv/team%20state" } })).toMatchObject({
      folder: "/srv/team state",
    });
    expect(openBackend("/root", { state: { backend: "s3://bucket?region=x" } })).toEqual({
      url: "s3://bucket?region=x",
    });
  });
  test("of a Pulumi service names its stacks after the organization of the environment", () => {
    const state = { backend: "https://api.pulumi.com", organization: "acme" };
    const { organization } = openBackend("/root", { state });
    expect(fullName("a.prod", organization)).toBe("acme/fairway/a.prod");
    const own = openBackend("/root", { state: { backend: "s3://bucket" } });
    expect(fullName("a.prod", own.organization)).toBe("organization/fairway/a.prod");
  });
  test("that is not a folder is read only with the engine", async () => {
    await expect(listStacks({ url: "s3://bucket" })).rejects.toThrow(
      /FW5011.*read through the engine/,
    );
  });
});

test("orphans are stacks of the environment that no plan stands for", () => {
  const stacks = ["a.local", "gone.local", "a.dev", "platform.local"];
  expect(orphansOf(stacks, "local", ["a.local", "platform.local"])).toEqual(["gone.local"]);
});
