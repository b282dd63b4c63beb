import { describe, expect, it } from "vitest";
import { joinPath, splitPath } from "./path.ts";
import { sourceOf } from "./source.ts";

describe("sourceOf", () => {
  const service = {
    folder: "services/a",
    file: "services/a/score.yaml",
    sources: {
      "": "spec",
      "containers.main.variables": "spec.env",
      "containers.main.files./etc/a\\.yaml": "containers.main.files.0",
      "scaling.min": "overrides.score.yaml#x.min",
    },
  };

  it.each([
    ["type", "services/a/score.yaml", "spec.type"],
    ["containers.main.variables.A", "services/a/score.yaml", "spec.env.A"],
    [
      "containers.main.files./etc/a\\.yaml.mode",
      "services/a/score.yaml",
      "containers.main.files.0.mode",
    ],
    [
      "containers.main.files./etc/b\\.yaml",
      "services/a/score.yaml",
      "spec.containers.main.files./etc/b\\.yaml",
    ],
    ["scaling.min", "services/a/overrides.score.yaml", "x.min"],
    ["scaling.max", "services/a/score.yaml", "spec.scaling.max"],
    ["", "services/a/score.yaml", "spec"],
  ])("of %j is %s %s", (path, file, source) => {
    expect(sourceOf(service, path)).toEqual({ file, path: source });
  });
});

describe("paths", () => {
  it("keep dots inside keys apart from dots between them", () => {
    const path = ["spec", "files", "/etc/a.yaml", 0];
    expect(joinPath(path)).toBe("spec.files./etc/a\\.yaml.0");
    expect(splitPath(joinPath(path))).toEqual(path.map(String));
    expect(splitPath("")).toEqual([]);
  });
});
