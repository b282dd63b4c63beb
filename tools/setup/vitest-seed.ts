import { configureGlobal } from "fast-check";

/** Every property test starts from the seed of the run (tools/setup/test.mjs), so that no run differs from another by chance. */
configureGlobal({ seed: Number(process.env["FAIRWAY_TEST_SEED"] ?? "1") });
