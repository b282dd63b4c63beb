export { serveRehearsal, type RehearsalOptions, type RehearsalServer } from "./server.ts";
export { forgetUnrecorded } from "./world.ts";
export { readScenario, type Scenario } from "./scenario.ts";
