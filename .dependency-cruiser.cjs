/** Who may import whom: docs/ARCHITECTURE.md, "Rooms". */
const NOT_TEST = {
  pathNot:
    "\\.(test|it\\.test|fixture)\\.ts$|/harness\\.ts$|/testing(\\.ts$|/)|/examples?/|^tools/test/",
};
const only = (name, from, ...allowed) => ({
  name,
  severity: "error",
  comment: `${from} may import only ${allowed.join(", ")} of ours`,
  from: { path: `^${from}`, ...NOT_TEST },
  to: {
    path: "^(stacks|components|policies|tools|portal)/",
    pathNot: [`^${from}`, ...allowed.map((place) => `^${place}`)],
  },
});

module.exports = {
  forbidden: [
    only("contract", "stacks/contract/"),
    only("load", "stacks/load/", "stacks/contract/"),
    only(
      "plan",
      "stacks/plan/",
      "stacks/contract/",
      "components/catalog\\.ts",
      "components/.*\\.plan\\.ts",
    ),
    only("report", "stacks/report/", "stacks/contract/", "stacks/plan/"),
    only(
      "record",
      "stacks/record/",
      "stacks/contract/",
      "stacks/program/",
      "components/registry\\.ts",
      "components/base/",
    ),
    only(
      "program",
      "stacks/program/",
      "stacks/contract/",
      "stacks/plan/",
      "stacks/load/",
      "stacks/state/(key|backend)\\.ts",
      "stacks/providers/kubernetes/reach\\.ts",
      "components/registry\\.ts",
      "components/base/",
      "components/.*\\.plan\\.ts",
      "tools/setup/",
    ),
    only("compose", "stacks/compose/", "stacks/contract/"),
    only("cost", "stacks/cost/", "stacks/contract/", "components/.*\\.plan\\.ts"),
    only("judge", "stacks/judge/", "stacks/contract/", "policies/", "tools/setup/"),
    only("providers", "stacks/providers/", "stacks/contract/"),
    only("state", "stacks/state/", "stacks/contract/", "tools/setup/"),
    only(
      "engine",
      "stacks/engine/",
      "stacks/contract/",
      "stacks/program/",
      "stacks/providers/",
      "stacks/state/",
      "stacks/judge/",
      "tools/setup/",
    ),
    only("tools", "tools/(setup|engine|cluster|servers)/", "stacks/contract/", "tools/"),
    only("rules", "policies/rules/", "stacks/contract/"),
    only(
      "pack",
      "policies/pack/",
      "policies/",
      "stacks/contract/",
      "stacks/load/",
      "stacks/judge/",
      "tools/setup/",
    ),
    {
      name: "nothing-imports-cli",
      severity: "error",
      from: { pathNot: "^(stacks/cli/|tools/(generate|test)/)" },
      to: { path: "^stacks/cli/" },
    },
    {
      name: "rules-only-for-judge-and-pack",
      severity: "error",
      from: {
        pathNot:
          "^(policies/|stacks/judge/|stacks/cli/commands/explain\\.ts|tools/generate/|tools/test/)",
      },
      to: { path: "^policies/" },
    },
    {
      name: "pure-faces",
      severity: "error",
      comment: "a driver's pure face knows the contract and other pure faces",
      from: { path: "^components/.*\\.plan\\.ts$" },
      to: {
        path: "^(stacks|components|policies|tools)/",
        pathNot:
          "^stacks/contract/|^components/.*\\.plan\\.ts$|^components/images\\.ts$|^components/service/peer\\.ts$",
      },
    },
    {
      name: "components-only-contract-and-base",
      severity: "error",
      from: { path: "^components/", ...NOT_TEST },
      to: { path: "^(stacks/(?!contract/)|policies/|tools/)" },
    },
    {
      name: "no-pulumi-in-pure-rooms",
      severity: "error",
      from: {
        path: "^(stacks/(contract|load|plan|report|compose|cost)/|policies/rules/|components/.*\\.plan\\.ts$)",
        ...NOT_TEST,
      },
      to: { path: "@pulumi" },
    },
    {
      name: "provider-sdks-by-file",
      severity: "error",
      comment: "importing a provider's SDK whole takes seconds",
      from: { path: "^(stacks|components|policies)/", ...NOT_TEST },
      to: { path: "node_modules/@pulumi/(kubernetes|aws)/index\\.js$" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only", "dynamic-import"] } },
    },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.fairway|components/templates)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
      extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
};
