import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { cleanRoots, environmentFile, makeRoot, requestFile, scoreFile } from "./root.fixture.ts";
import { remembered } from "./cache.ts";
import { loadWorkspace } from "./workspace.ts";

cleanRoots();

const two = {
  "environments/local.yaml": environmentFile("local"),
  "environments/prod.yaml": environmentFile("prod"),
};

describe("the cache", () => {
  const files = {
    ...two,
    CODEOWNERS: "* @all\n",
    "services/a/service.yaml": requestFile(
      "  type: web\n  environments: {local: {tier: critical}}\n",
    ),
    "services/b/score.yaml": scoreFile(
      "    files: {/a: {source: a.txt}}\n    variables: {A: on}\n",
    ),
    "services/b/a.txt": "one\n",
    "services/c/service.yaml": requestFile("  type: wb\n", "broken"),
  };
  const load = async (root: string, fingerprint = "code") => {
    const { positions: _, ...workspace } = await loadWorkspace(root, {
      cacheDir: path.join(root, ".fairway/cache"),
      fingerprint,
    });
    return workspace;
  };
  const cacheFile = (root: string) => path.join(root, ".fairway/cache/load.json");

  it("gives the same workspace as reading", async () => {
    const root = makeRoot(files);
    const { positions: _, ...read } = await loadWorkspace(root);
    const first = await load(root);
    const second = await load(root);
    expect(JSON.stringify(first)).toBe(JSON.stringify(read));
    expect(JSON.stringify(second)).toBe(JSON.stringify(read));
    expect(read.problems.map(({ code }) => code)).toEqual(["FW1104"]);
  });

  it.each<
    [
      string,
      (root: string) => void,
      (workspace: Awaited<ReturnType<typeof load>>) => unknown,
      unknown,
    ]
  >([
    [
      "a descriptor of the same size",
      (root) =>
        writeFileSync(
          path.join(root, "services/a/service.yaml"),
          files["services/a/service.yaml"].replace("type: web", "type: job"),
        ),
      ({ services }) => services["user-service"]?.in["prod"]?.type,
      "job",
    ],
    [
      "a companion file",
      (root) => writeFileSync(path.join(root, "services/b/a.txt"), "two\n"),
      ({ services }) => services["web"]?.in["prod"]?.containers["app"]?.files["/a"]?.content,
      "two\n",
    ],
    [
      "a companion file that is gone",
      (root) => rmSync(path.join(root, "services/b/a.txt")),
      ({ problems }) => problems.map(({ code }) => code),
      ["FW1217", "FW1104"],
    ],
    [
      "a release that is added",
      (root) =>
        writeFileSync(
          path.join(root, "services/a/release.yaml"),
          "services: {nobody: {environments: {}}}\n",
        ),
      ({ problems }) => problems.map(({ code }) => code),
      ["FW2101", "FW1104"],
    ],
    [
      "an environment that is gone",
      (root) => rmSync(path.join(root, "environments/local.yaml")),
      ({ problems }) => problems.map(({ code }) => code),
      ["FW1206", "FW1104"],
    ],
    [
      "CODEOWNERS",
      (root) => writeFileSync(path.join(root, "CODEOWNERS"), "* @new\n"),
      ({ services }) => services["web"]?.in["prod"]?.owner,
      "@new",
    ],
    [
      "a folder that is added",
      (root) => {
        mkdirSync(path.join(root, "services/d"));
        writeFileSync(path.join(root, "services/d/score.yaml"), scoreFile("", "more"));
      },
      ({ services }) => Object.keys(services),
      ["more", "user-service", "web"],
    ],
  ])("sees a change: %s", async (_, change, look, expected) => {
    const root = makeRoot(files);
    await load(root);
    change(root);
    expect(look(await load(root))).toEqual(expected);
  });

  it("is used where nothing changed, and only with the same fingerprint", async () => {
    const root = makeRoot(files);
    await load(root);
    const text = readFileSync(cacheFile(root), "utf8");
    await load(root);
    expect(readFileSync(cacheFile(root), "utf8")).toBe(text);
    await load(root, "other code");
    expect(readFileSync(cacheFile(root), "utf8").split(" ")[0]).toBe("other");
  });

  it("is ignored where it is damaged, and mended", async () => {
    const root = makeRoot(files);
    const whole = JSON.stringify(await load(root));
    const text = readFileSync(cacheFile(root), "utf8");
    for (const damaged of ["", "{}", text.slice(0, 500), text.replace("web", "job")]) {
      writeFileSync(cacheFile(root), damaged);
      expect(JSON.stringify(await load(root))).toBe(whole);
      expect(readFileSync(cacheFile(root), "utf8")).toBe(text);
    }
  });

  it("is done without where it cannot be written", async () => {
    const root = makeRoot({ ...files, ".fairway": "a file, not a folder" });
    expect((await load(root)).services).toHaveProperty("web");
  });

  it("has a digest that changes with what was read, and with nothing else", async () => {
    const root = makeRoot(files);
    const { digest } = await load(root);
    expect((await load(root)).digest).toBe(digest);
    expect((await load(makeRoot(files))).digest).toBe(digest);
    writeFileSync(path.join(root, "services/b/a.txt"), "two\n");
    expect((await load(root)).digest).not.toBe(digest);
  });
});

describe("remembered", () => {
  it("does the work again only with another key, or where the file is damaged", () => {
    const root = makeRoot({});
    let worked = 0;
    const result = (key: string | undefined) =>
      remembered(root, "x.json", key, () => ({ worked: ++worked }));
    expect([result("a"), result("a"), result("b"), result("b")].map((each) => each.worked)).toEqual(
      [1, 1, 2, 2],
    );
    expect(result(undefined)).toEqual({ worked: 3 });
    writeFileSync(path.join(root, "x.json"), "damaged");
    expect([result("b"), result("b")]).toEqual([{ worked: 4 }, { worked: 4 }]);
  });
});
