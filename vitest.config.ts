import { configDefaults, defineConfig } from "vitest/config";

const exclude = [
  ...configDefaults.exclude,
  "**/.fairway/**",
  "components/templates/**",
  "tools/test/work/**",
];
const common = {
  pool: "forks" as const,
  maxWorkers: 2,
  setupFiles: ["tools/setup/vitest-seed.ts"],
};

/** Unit tests first; then what needs the engine and an API server, for which one control plane is started where any is selected. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...exclude, "**/*.it.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: "integration",
          include: ["**/*.it.test.ts"],
          exclude,
          globalSetup: ["tools/setup/vitest-cluster.ts"],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
