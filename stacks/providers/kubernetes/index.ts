export type { Served } from "../serve.ts";
export { serveKubernetes } from "./server.ts";
