export { serveRehearsal, type RehearsalServer } from "./server.ts";
export { readScenario } from "./scenario.ts";
