import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { forgetUnrecorded, openWorld, stackOf, veiled, type Thing } from "./world.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "fairway-world-"));
  folders.push(made);
  return made;
}

const thing = (stack: string, name: string): Thing => ({
  urn: `urn:pulumi:${stack}::fairway::aws:s3/bucket:Bucket::${name}`,
  type: "aws:s3/bucket:Bucket",
  id: name,
  inputs: {},
  outputs: { bucket: name },
});

describe("the world", () => {
  test("forgets of one stack what its state does not know, and how often it was made stays", async () => {
    const place = folder();
    const world = openWorld(place);
    for (const name of ["kept", "left"]) await world.put(thing("a.prod", name), 3);
    await world.put(thing("b.prod", "other"), 1);
    const { urn, id } = thing("a.prod", "kept");
    forgetUnrecorded(place, "a.prod", (one, known) => one === urn && known === id);
    forgetUnrecorded(place, "never.prod", () => false);
    expect(world.all().map((one) => one.id)).toEqual(["kept", "other"]);
    expect(world.generation(thing("a.prod", "left").urn)).toBe(3);
    expect(readdirSync(place).toSorted()).toEqual(["a.prod.json", "b.prod.json"]);
    expect(statSync(join(place, "a.prod.json")).mode & 0o777).toBe(0o600);
  });

  test("keeps a file for each stack, which only its owner may read, and no draft", async () => {
    const place = folder();
    const world = openWorld(place);
    await Promise.all([
      ...Array.from({ length: 20 }, (_, i) => world.put(thing("a.prod", `a${i}`), 1)),
      world.put(thing("b.prod", "b"), 1),
    ]);
    expect(readdirSync(place).toSorted()).toEqual(["a.prod.json", "b.prod.json"]);
    expect(statSync(join(place, "a.prod.json")).mode & 0o777).toBe(0o600);
    const written = JSON.parse(readFileSync(join(place, "a.prod.json"), "utf8")) as {
      things: object;
    };
    expect(Object.keys(written.things)).toHaveLength(20);
  });

  test("is the same to another server, which sees what changed in a file", async () => {
    const place = folder();
    const [mine, theirs] = [openWorld(place), openWorld(place)];
    await mine.put(thing("a", "one"), 3);
    expect(theirs.all().map(({ id }) => id)).toEqual(["one"]);
    expect(theirs.generation(thing("a", "one").urn)).toBe(3);
    const file = join(place, "a.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("one", "two"));
    expect(mine.all().map(({ id }) => id)).toEqual(["two"]);
  });

  test("counts creations, also after a deletion", async () => {
    const world = openWorld(undefined);
    const { urn, type, id } = thing("a", "one");
    expect([world.knows(urn), world.nextGeneration(urn)]).toEqual([false, 1]);
    await world.put(thing("a", "one"), 1);
    await world.remove(urn, type, id);
    expect([world.knows(urn), world.nextGeneration(urn)]).toEqual([true, 2]);
    expect(world.get(urn, type, id)).toBeUndefined();
  });

  test("says so when it cannot write", async () => {
    const place = folder();
    const world = openWorld(join(place, "file"));
    writeFileSync(join(place, "file"), "");
    await expect(world.put(thing("a", "one"), 1)).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});

test("secrets are veiled, however deep", () => {
  const value = { a: "s", b: [{ c: "s", d: "plain" }], e: { f: "s" } };
  const secrets = [["a"], ["b", 0, "c"], ["e"], ["gone"]];
  const text = JSON.stringify(veiled({ value, secrets }));
  expect(text).toBe('{"a":"[secret]","b":[{"c":"[secret]","d":"plain"}],"e":"[secret]"}');
});

test("a stack is named by its URNs", () => {
  expect(stackOf("urn:pulumi:shop-api.prod::fairway::aws:x/y:Y::z")).toBe("shop-api.prod");
});
